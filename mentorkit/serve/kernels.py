"""The kernels of the app: this very Python, few of them, one always ready, and none that outlives its page."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Dict, Integer

NAME = "python3"  # what a notebook asks for; here it is always this interpreter
SPARE_AFTER = 8.0  # seconds
YOUNG = 15.0  # seconds in which a page may still be loading
TOO_MANY = "The workbook is open in many tabs. Close some of them, then reload this one."


class OwnPython(KernelSpecManager):
    """Knows one kernel, the running interpreter, whatever is registered on this machine."""

    kernel_env = Dict(help="Environment given to each kernel.").tag(config=True)

    def find_kernel_specs(self) -> dict[str, str]:
        """The one name, and a folder that has no files to read."""
        return {NAME: str(Path(__file__).parent)}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The running interpreter with the lean kernel; any other name is unknown."""
        if kernel_name != NAME:
            raise NoSuchKernel(kernel_name)
        return KernelSpec(
            argv=[sys.executable, "-m", "mentorkit.serve.kernel", "-f", "{connection_file}"],
            env=dict(self.kernel_env),
            display_name="Python 3 (Mentorkit)",
            language="python",
        )


class FewKernels(AsyncMappingKernelManager):
    """At most `max_kernels` pages at a time, and one kernel that is started before a page asks for it."""

    max_kernels = Integer(12, help="Tabs that can be open at once.").tag(config=True)
    _spare: asyncio.Task[str] | None = None
    _spare_due: asyncio.TimerHandle | None = None

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """The kernel for a page: the spare one, or a new one; 503 when there are too many."""
        kernel_id = await self._take_spare()
        if kernel_id is None:
            await self._make_room()
            kernel_id = await self._new()
        self._prepare_spare_later()
        return kernel_id

    async def _make_room(self) -> None:
        """At the limit, end the kernel that was left longest ago: its page went before it could say so. Else 503."""
        if len(self) < self.max_kernels:
            return
        every: list[dict[str, Any]] = self.list_kernels()  # type: ignore[no-untyped-call]
        quiet = [one for one in every if not one["connections"] and _age(one) > YOUNG]
        if not quiet:
            raise HTTPError(503, TOO_MANY)
        longest_left: str = max(quiet, key=_age)["id"]
        await ensure_async(self.shutdown_kernel(longest_left, now=True))  # type: ignore[no-untyped-call]

    def _prepare_spare_later(self) -> None:
        """After this page has opened: until then it needs the processor itself."""
        if self._spare_due:
            self._spare_due.cancel()
        self._spare_due = asyncio.get_running_loop().call_later(SPARE_AFTER, self.prepare_spare)

    def prepare_spare(self) -> None:
        """Start the next page's kernel now. It has run nothing, so it belongs to nobody yet."""
        if self._spare is None and len(self) < self.max_kernels:
            self._spare = asyncio.ensure_future(self._new())

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Leave the spare one; end the others when their page has gone without a word."""
        if self._spare is None or not self._spare.done() or self._spare.result() != kernel_id:
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    async def shutdown_all(self, now: bool = False) -> None:  # type: ignore[override]
        """End them all, one that is just starting included."""
        if self._spare_due:
            self._spare_due.cancel()
        await self._take_spare()
        await ensure_async(super().shutdown_all(now=now))

    async def _new(self) -> str:
        kernel_id: str = await super().start_kernel(kernel_name=NAME, path="")  # type: ignore[arg-type]
        return kernel_id

    async def _take_spare(self) -> str | None:
        spare, self._spare = self._spare, None
        if spare is None:
            return None
        try:
            kernel_id = await spare
        except Exception:
            self.log.exception("The spare kernel did not start.")
            return None
        return kernel_id if kernel_id in self and await ensure_async(self.is_alive(kernel_id)) else None


def _age(kernel: dict[str, Any]) -> float:
    """Seconds since a kernel was last heard of."""
    last = datetime.fromisoformat(kernel["last_activity"])
    return (datetime.now(UTC) - last).total_seconds()
