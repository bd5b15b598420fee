"""The kernel provisioner `mentorkit-forked`: kernels from a forker, or started as usual where none can run."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Integer, List, Unicode

from mentorkit.serve.forked.here import can_fork
from mentorkit.serve.forked.nursery import Nursery, nursery_for
from mentorkit.serve.forked.place import own_place
from mentorkit.serve.forked.process import ForkedProcess
from mentorkit.serve.forked.recipe import Birth, Given, Recipe


class ForkedProvisioner(LocalProvisioner):
    """For a kernelspec's `metadata.kernel_provisioner`: its name is `mentorkit-forked`, its `config` the traits below.

    `start_kernel(given=…)` hands something to the kernel's `arrive`, kept from arguments, environment, files and logs
    (wrap it in `Given`, so that a log of the call has nothing to say). `start_kernel(uid=…)` overrides `uid`.
    """

    preload: Any = List(Unicode(), help="Modules to import before the fork.").tag(config=True)
    warm: Any = Unicode("", help='"module:function" to call once before the fork.').tag(config=True)
    arrive: Any = Unicode("", help='"module:function" to call in each kernel with what it is given.').tag(config=True)
    memory: Any = Integer(0, help="MB a kernel may need beside what is shared; 0 for no limit.").tag(config=True)
    connectable: Any = Bool(True, help="Leave the connection file for `jupyter console --existing`.").tag(config=True)
    uid: Any = Integer(0, help="User and group of the kernels, when the server is root; 0 for its own.").tag(
        config=True
    )

    process: Any = None
    parent: Any
    _given: Given | None = None
    _place: Path | None = None

    def recipe(self) -> Recipe:
        """What its kernels' forker warms."""
        environment = tuple(sorted((self.kernel_spec.env if self.kernel_spec else {}).items()))
        return Recipe(tuple(self.preload), self.warm, self.arrive, sys.executable, environment)

    def nursery(self) -> Nursery:
        """The forker's side in this process."""
        return nursery_for(self.recipe())

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Write the connection file, for ipc sockets in a folder of its own; put aside what the kernel is given."""
        self._put_aside(kwargs)
        if can_fork() is None and self.parent is not None:
            self.parent.transport = "ipc"
            self.parent.ip = str(self._own_place() / "s")
        ready: dict[str, Any] = await super().pre_launch(**kwargs)
        return ready

    def _put_aside(self, kwargs: dict[str, Any]) -> None:
        """Restarts get it again; nothing that jupyter_client stores or writes does."""
        given = kwargs.pop("given", None)
        if given is not None:
            self._given = Given(given)
        self.uid = kwargs.pop("uid", self.uid)
        for name in ("given", "uid"):
            (self.parent._launch_args if self.parent is not None else {}).pop(name, None)

    def _own_place(self) -> Path:
        if self._place is None:
            self._place = own_place(self.uid)
        return self._place

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork it; it answers when this returns."""
        reason = can_fork()
        if reason:
            self.log.warning("%s This kernel starts by itself.", reason)
            return await self._launch_alone(kwargs)
        self.process = await self.nursery().fork(self._birth(kwargs["env"], kwargs.get("cwd")))
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def _launch_alone(self, kwargs: dict[str, Any]) -> Any:
        """The same kernel in a process that does all by itself; what it is given goes through its standard input."""
        command = [sys.executable, "-m", "mentorkit.serve.forked.alone", self.recipe().as_json()]
        birth = self._birth({}, kwargs.get("cwd")).as_bytes()
        info = await super().launch_kernel(command, **{**kwargs, "stdin": subprocess.PIPE})
        with self.process.stdin as pipe:
            pipe.write(birth)
        return info

    async def post_launch(self, **kwargs: Any) -> None:
        """Remove the connection file if nobody else is to find the kernel."""
        await super().post_launch(**kwargs)
        if not self.connectable and isinstance(self.process, ForkedProcess):  # another could be reading it yet
            Path(self.parent.connection_file).unlink(missing_ok=True)

    def _birth(self, environment: Mapping[str, str], folder: Any) -> Birth:
        return Birth(
            connection_file=self.parent.connection_file,
            connection=self.connection_info,
            environment=environment,
            folder=str(folder or Path.cwd()),
            memory=self.memory,
            uid=self.uid,
            given=self._given or Given(None),
        )

    async def wait(self) -> int | None:
        """Its exit code, at its end."""
        if not isinstance(self.process, ForkedProcess):
            code: int | None = await super().wait()
            return code
        code = await self.process.until_ended()
        self.process = None
        return code

    async def cleanup(self, restart: bool = False) -> None:
        """Forget what it was given, and remove its sockets' folder."""
        await super().cleanup(restart=restart)
        if not restart:
            self._given = None
            place, self._place = self._place, None
            if place is not None:
                await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)


def recipe_of(kernel_spec: Any) -> Recipe:
    """What a kernelspec's forker warms. `nursery_for(recipe_of(spec)).start()` warms it before the first kernel."""
    config = kernel_spec.metadata["kernel_provisioner"].get("config", {})
    return ForkedProvisioner(kernel_spec=kernel_spec, **config).recipe()
