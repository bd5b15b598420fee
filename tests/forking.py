"""Start forked kernels and talk to them as a page does."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from protocol import run

PATIENCE = 20  # seconds for anything to happen
HERE = str(Path(__file__).parent)


class OneSpec(KernelSpecManager):
    """Knows one kernel: forked, with these settings."""

    settings: dict[str, Any]

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        provisioner = {"provisioner_name": "mentorkit-forked", "config": self.settings}
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Forked",
            language="python",
            env={"PYTHONPATH": HERE},
            metadata={"kernel_provisioner": provisioner},
        )


SETTINGS = {"warm": "forked_hooks:warm", "arrive": "forked_hooks:arrive"}


def starter(**settings: Any) -> AsyncKernelManager:
    """A manager of one kernel that is not started yet."""
    return AsyncKernelManager(kernel_spec_manager=one_spec(**settings), kernel_name="forked")


def one_spec(**settings: Any) -> OneSpec:
    """Where a server finds that kernel."""
    specs = OneSpec()
    specs.settings = {**SETTINGS, **settings}
    return specs


@contextlib.asynccontextmanager
async def kernel(settings: dict[str, Any] | None = None, **start: Any) -> AsyncIterator["Kernel"]:
    """A running kernel, and its end."""
    manager = starter(**(settings or {}))
    await manager.start_kernel(**start)
    one = Kernel(manager)
    try:
        await one.connect()
        yield one
    finally:
        one.client.stop_channels()
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)


class Kernel:
    """A kernel and a connection to it."""

    def __init__(self, manager: AsyncKernelManager):
        self.manager = manager
        self.client: AsyncKernelClient = manager.client()  # type: ignore[assignment]

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.pid)  # type: ignore[union-attr]

    @property
    def nursery(self) -> Any:
        return self.manager.provisioner.nursery()  # type: ignore[union-attr]

    async def connect(self) -> None:
        self.client.start_channels(hb=False)
        await self.client.wait_for_ready(timeout=PATIENCE)

    def say(self, kind: str, content: dict[str, Any], **metadata: Any) -> str:
        """Send a message on the shell channel; its id."""
        message = self.client.session.msg(kind, content, metadata=metadata)
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    async def until_idle(self, *asked: str) -> list[dict[str, Any]]:
        """All that is published until the last of these messages is done."""
        heard: list[dict[str, Any]] = []
        while True:
            message = await self.client.get_iopub_msg(timeout=PATIENCE)
            heard.append(message)
            done = message["content"].get("execution_state") == "idle"
            if done and message["parent_header"].get("msg_id") == asked[-1]:
                return heard

    async def run(self, code: str) -> str:
        """What the code prints; its error as text."""
        heard = await self.until_idle(self.client.execute(code))
        texts = [message["content"] for message in heard]
        return "".join(text.get("text", "") + text.get("ename", "") for text in texts).strip()


def play(story: Any) -> Any:
    """Run a coroutine in a loop of its own."""
    return run(asyncio.wait_for(story, 50))
