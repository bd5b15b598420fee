"""What a kernel of the app runs: ipykernel without a debugger and without a history file, and the widgets imported."""

import contextlib
import importlib
import sys

LEAN = (
    "--HistoryManager.enabled=False",
    "--IPKernelApp.capture_fd_output=False",
    "--InteractiveShell.colors=NoColor",
)
USED_BY_EVERY_PAGE = ("ipywidgets", "mentorkit", "mentorkit.widgets")

if __name__ == "__main__":
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # ipykernel then starts without its debugger
    from ipykernel.kernelapp import launch_new_instance

    for name in USED_BY_EVERY_PAGE:
        with contextlib.suppress(Exception):  # the page's own import says what is wrong
            importlib.import_module(name)
    launch_new_instance([*sys.argv[1:], *LEAN])
