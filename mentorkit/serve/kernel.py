"""What a kernel of the app runs: ipykernel without a debugger and without a history file, and the pages imported."""

import contextlib
import importlib
import pkgutil
import sys

LEAN = (
    "--HistoryManager.enabled=False",
    "--IPKernelApp.capture_fd_output=False",
    "--InteractiveShell.colors=NoColor",
    "--IPKernelApp.extensions=ipywidgets",  # it was imported before there was a shell to register with
)

if __name__ == "__main__":
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # ipykernel then starts without its debugger
    from ipykernel.kernelapp import launch_new_instance

    with contextlib.suppress(Exception):  # the page's own import says what is wrong
        for page in pkgutil.iter_modules(importlib.import_module("mentorkit.pages").__path__, "mentorkit.pages."):
            importlib.import_module(page.name)
        importlib.import_module("mentorkit.content").load_content()
    launch_new_instance([*sys.argv[1:], *LEAN])
