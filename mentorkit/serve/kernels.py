"""The kernels of the app: this very Python, few of them, and none that outlives its page."""

import sys
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Dict, Integer

NAME = "mentorkit"
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
            display_name="Mentorkit",
            language="python",
        )


class FewKernels(AsyncMappingKernelManager):
    """At most `max_kernels` at a time; one that died stays dead, since a new one would not know the page."""

    max_kernels = Integer(12, help="Tabs that can be open at once.").tag(config=True)

    async def start_kernel(self, **kwargs: Any) -> str:
        """Start a kernel for a page, or refuse with 503 when there are too many."""
        if len(self) >= self.max_kernels:
            raise HTTPError(503, TOO_MANY)
        kernel_id: str = await super().start_kernel(**kwargs)
        return kernel_id

    # jupyter_server's base class binds its own start_kernel under this name as well
    _async_start_kernel = start_kernel
