"""The kernels of a room: one for each open page, each owned by one student, and no more than the machine bears."""

import asyncio
import os
import subprocess
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from traitlets import Float, Integer

from mentorkit.errors import MentorkitError
from mentorkit.serve.forked import Given, can_fork
from mentorkit.serve.forked.here import FORKED, is_root
from mentorkit.serve.forked.many import allow_many_kernels
from mentorkit.serve.forked.nursery import nursery_for
from mentorkit.serve.forked.provisioner import recipe_of
from mentorkit.serve.kernels import NAME, OwnPython
from mentorkit.serve.room.comms import RoomComms
from mentorkit.serve.room.sessions import Session

LOOK_EVERY = 3.0  # seconds between looks for pages that are gone
SPARE = 20  # pages more than students, at least
MEMORY = 256  # MB that a kernel may need beside what all share; most need 15
FIRST_USER, MOST_USERS = 61184, 4000  # numbers that Linux keeps for users without a name
WARM, ARRIVE = "mentorkit.serve.room.arrival:get_ready", "mentorkit.serve.room.arrival:arrive"
PRELOAD = ("mentorkit.serve.room.arrival", "mentorkit.reports.exchange", "mentorkit.reports.calendar")


class Full(MentorkitError):
    """There is no room for a moment; `ahead` others wait."""

    def __init__(self, ahead: int) -> None:
        super().__init__("The room is full for a moment.")
        self.ahead = ahead


def drawn_by_itself(python: str, env: Mapping[str, str]) -> str:
    """The drawn pages, from a process that does nothing else."""
    program = "from mentorkit.serve.room import drawn; print(drawn.draw())"
    said = subprocess.run([python, "-c", program], env={**os.environ, **env}, stdout=subprocess.PIPE, check=True)
    return said.stdout.decode()


class RoomPython(OwnPython):
    """The running interpreter, forked where that works; elsewhere the provisioner starts it as usual."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """As on a laptop, with pages that are drawn before anybody comes."""
        spec = super().get_kernel_spec(kernel_name)
        config = {"preload": list(PRELOAD), "warm": WARM, "arrive": ARRIVE, "memory": MEMORY, "connectable": False}
        spec.metadata = {"kernel_provisioner": {"provisioner_name": FORKED, "config": config}}
        return spec


class QuietKernel(ServerKernelManager):
    """A kernel's manager that tells no event: nobody listens, and each would keep a copy of the schemas."""

    def emit(self, schema_id: Any, data: Any) -> None:
        """Say nothing."""


class RoomKernels(AsyncMappingKernelManager):
    """Starts kernels a few at a time, remembers whose each one is, and ends those whose page is gone."""

    most = Integer(330, help="Pages that can be open at once.").tag(config=True)
    at_once = Integer(3, help="Kernels that are started at the same time.").tag(config=True)
    longest_line = Integer(400, help="Pages that may wait for one to be started.").tag(config=True)
    each = Integer(3, help="Pages that one student can have open: a phone, a laptop, one more.").tag(config=True)
    unseen = Float(45.0, help="Seconds that a page may take until it first connects.").tag(config=True)
    gone = Float(10.0, help="Seconds until a page that has lost its connection is taken for closed.").tag(config=True)
    quiet = Float(1800.0, help="Seconds until a page on which nothing happens is ended; it resumes.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._owners: OrderedDict[str, str] = OrderedDict()  # by kernel, the oldest first
        self._disconnected: dict[str, float] = {}  # by kernel: since when it has no page
        self._seen: set[str] = set()  # kernels that had a page
        self._starting = asyncio.Semaphore(self.at_once)
        self.waiting = 0
        self._users = 0

    def make_room_for(self, students: int) -> None:
        """Let so many students in, some with two pages; raises `MentorkitError` where the system does not."""
        self.most = students + max(SPARE, students // 10)
        if self.kind == "forked":
            self.context = allow_many_kernels(self.most, self.context)

    # Whose they are

    def owner_of(self, kernel_id: str) -> str | None:
        """The name of the student whose kernel this is; None when there is none of this id."""
        return self._owners.get(kernel_id) if kernel_id in self else None

    def open_pages(self, name: str) -> list[str]:
        """The kernels of one student, the oldest first."""
        return [kernel for kernel, owner in self._owners.items() if owner == name and kernel in self]

    @property
    def people(self) -> int:
        """Students with a page that is connected."""
        return len({owner for kernel, owner in self._owners.items() if kernel in self and self._connected(kernel)})

    # Starting and ending

    async def drawn(self) -> str:
        """The drawn pages as a notebook in JSON; where kernels are forked, the forker is warm when this returns."""
        assert self.kernel_spec_manager is not None
        spec = self.kernel_spec_manager.get_kernel_spec(NAME)
        if self.kind == "stock":
            return await asyncio.to_thread(drawn_by_itself, spec.argv[0], spec.env)
        said: str = await asyncio.to_thread(nursery_for(recipe_of(spec)).start)
        return said

    @property
    def kind(self) -> str:
        """How kernels start here: `forked` or `stock`."""
        return "stock" if can_fork() else "forked"

    @property
    def are_apart(self) -> bool:
        """Whether each kernel runs as a user of its own."""
        return self.kind == "forked" and is_root()

    @property
    def is_full(self) -> bool:
        """Whether somebody has to wait."""
        return len(self) >= self.most or self.waiting >= self.longest_line

    def _own_user(self) -> dict[str, int]:
        """A user that no other kernel has, where the system lets us choose."""
        if not self.are_apart:
            return {}
        self._users = (self._users + 1) % MOST_USERS
        return {"uid": FIRST_USER + self._users}

    async def start_for(self, session: Session, given: Given) -> str:
        """A kernel for a page of this student; `given` is handed to it in memory. Raises `Full`."""
        if self.waiting >= self.longest_line:
            raise Full(self.waiting)
        self.waiting += 1
        try:
            async with self._starting:
                await self._make_room(session.name)
                started = super().start_kernel(kernel_name=NAME, path=None, cwd="/", given=given, **self._own_user())  # type: ignore[arg-type]
                kernel_id: str = await started
        finally:
            self.waiting -= 1
        self._owners[kernel_id] = session.name
        self._disconnected[kernel_id] = asyncio.get_running_loop().time()
        return kernel_id

    async def _make_room(self, name: str) -> None:
        own = self.open_pages(name)
        if len(own) >= self.each:
            await self.end(next((one for one in own if not self._connected(one)), own[0]))
        if len(self) >= self.most:
            left = [one for one in self._disconnected if one in self and one in self._seen]
            if not left:
                raise Full(self.waiting)
            await self.end(left[0])

    async def end(self, kernel_id: str) -> None:
        """End a kernel at once; what it acknowledged is kept elsewhere."""
        self._owners.pop(kernel_id, None)
        self._disconnected.pop(kernel_id, None)
        self._seen.discard(kernel_id)
        RoomComms.hang_up(kernel_id)
        if kernel_id in self:
            await ensure_async(self.shutdown_kernel(kernel_id, now=True))  # type: ignore[no-untyped-call]

    async def end_all_of(self, name: str) -> None:
        """End every page of one student."""
        for kernel_id in self.open_pages(name):
            await self.end(kernel_id)

    # Pages that come and go

    def start_watching_activity(self, kernel_id: str) -> None:
        """Listen to no kernel for that: `RoomComms` notes when a page last said something."""
        if self.kind == "stock":
            super().start_watching_activity(kernel_id)  # type: ignore[no-untyped-call]
            return
        kernel: Any = self._kernels[kernel_id]
        kernel.execution_state, kernel.last_activity = "idle", datetime.now(UTC)

    def notify_connect(self, kernel_id: str) -> None:
        """A page has connected."""
        super().notify_connect(kernel_id)  # type: ignore[no-untyped-call]
        self._disconnected.pop(kernel_id, None)
        self._seen.add(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """A page has lost its connection, or was closed."""
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        if kernel_id in self and not self._connected(kernel_id):
            self._disconnected[kernel_id] = asyncio.get_running_loop().time()

    async def look_after(self) -> None:
        """End the kernels of pages that are gone, again and again."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for kernel_id in self._left_behind():
                try:
                    await self.end(kernel_id)
                except Exception:
                    self.log.exception("A kernel whose page is gone did not end.")

    def _left_behind(self) -> list[str]:
        now = asyncio.get_running_loop().time()
        gone = [
            kernel
            for kernel, since in self._disconnected.items()
            if now - since > (self.gone if kernel in self._seen else self.unseen)
        ]
        return [*gone, *(kernel for kernel in self.list_kernel_ids() if self._idle_for(kernel) > self.quiet)]

    def _connected(self, kernel_id: str) -> bool:
        return bool(self._kernel_connections.get(kernel_id, 0))

    def _idle_for(self, kernel_id: str) -> float:
        last: datetime | None = getattr(self._kernels.get(kernel_id), "last_activity", None)
        return (datetime.now(UTC) - last).total_seconds() if last else 0.0
