"""An IPython kernel without debugger, history and captured descriptors, in two halves: before the fork and after it."""

# mypy: disable-error-code="no-untyped-call"

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # ipykernel then starts without its debugger

import ipykernel.debugger  # noqa: E402, F401  # this and the next are imported on the way, too late to be shared
import tornado.platform.asyncio  # noqa: E402, F401
from ipykernel import ipkernel  # noqa: E402
from ipykernel.comm.comm import BaseComm  # noqa: E402
from ipykernel.compiler import XCachingCompiler  # noqa: E402
from ipykernel.iostream import IOPubThread, OutStream  # noqa: E402
from ipykernel.kernelapp import IPKernelApp  # noqa: E402
from ipykernel.zmqshell import ZMQInteractiveShell  # noqa: E402

END_WITHIN = 2.0  # seconds
LEAN = (
    "--HistoryManager.enabled=False",
    "--IPKernelApp.capture_fd_output=False",
    "--InteractiveShell.colors=NoColor",
    f"--Session.copy_threshold={2**30}",  # else a large message starts one more thread, which lends it out
    f"--IPKernelApp.outstream_class={__name__}.Output",
)


class Output(OutStream):
    """As ipykernel's; but when nothing was printed, a flush (there are two for each message) waits for no thread."""

    def flush(self) -> None:
        """Send what was printed, and wait until it is on its way."""
        if self._flush_pending or self._subprocess_flush_pending:
            super().flush()


class LeanKernelApp(IPKernelApp):
    """`prepare` before the fork, `answer` after it."""

    def prepare(self) -> None:
        """All that needs neither thread nor socket: the configuration and the shell."""
        self.default_extensions: Any = []  # %store would open its database
        super(IPKernelApp, self).initialize([*LEAN])
        self.init_pdb()
        self.init_path()
        self.shell: Any = ZMQInteractiveShell.instance(
            parent=self, profile_dir=self.profile_dir, compiler_class=XCachingCompiler
        )

    def run_startup(self) -> None:
        """The user's own startup files and lines, once for all kernels."""
        self.init_code()

    def answer(self, connection_file: str, connection: Any, ready: Callable[[], None]) -> None:
        """Bind the sockets of this connection, call `ready`, and answer until shutdown."""
        self.connection_file = connection_file
        self.load_connection_info(connection)
        self._connect()
        self._take_shell()
        sys.stdout.flush()
        sys.stderr.flush()
        self.kernel.start()
        self.kernel.io_loop.add_callback(ready)
        with contextlib.suppress(KeyboardInterrupt):
            self.kernel.io_loop.start()
        self._let_control_end()

    def watch_starter(self) -> None:
        """End with the process that started this one (JPY_PARENT_PID); for a kernel that was not forked."""
        self.init_poller()
        if self.poller is not None:
            self.poller.start()

    def _connect(self) -> None:
        self.init_sockets()
        self.init_heartbeat()
        self._ports = {name: getattr(self, f"{name}_port") for name in ("shell", "iopub", "stdin", "hb", "control")}
        self.init_io()
        self.init_signal()
        with _no_walk():
            self.init_kernel()
        BaseComm.kernel = self.kernel  # else the comms that were made before the fork stay silent

    def _take_shell(self) -> None:
        self.init_shell()
        self.shell.kernel = self.kernel
        self.shell.init_environment()
        self.init_gui_pylab()
        self.init_extensions()

    def _let_control_end(self) -> None:
        """It closes its own sockets; `close`, at exit, would close them a second time meanwhile."""
        with contextlib.suppress(RuntimeError):  # its loop was closed already
            self.control_thread.stop()
        self.control_thread.join(END_WITHIN)

    def init_control(self, context: Any) -> None:
        """As ipykernel's, but without subshells: a thread less, and comm messages come one after another."""
        super().init_control(context)
        self.shell_channel_thread = None

    def init_iopub(self, context: Any) -> None:
        """As ipykernel's, but without its TCP port for the output of subprocesses."""
        with patch("ipykernel.kernelapp.IOPubThread", _without_port):
            super().init_iopub(context)


def _without_port(socket: Any, pipe: bool, session: Any) -> IOPubThread:
    return IOPubThread(socket, pipe=False, session=session)


@contextlib.contextmanager
def _no_walk() -> Iterator[None]:
    """While IPythonKernel is made. For its debugger it lists the file of every module, which un-shares them all."""
    with patch.object(ipkernel, "sys", SimpleNamespace(modules={})):
        yield


def register_widgets() -> None:
    """Let a page ask for all widgets in one message; ipywidgets does it itself only when imported inside a kernel."""
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].register_comm_target()
