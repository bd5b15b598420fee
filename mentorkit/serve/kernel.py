"""What a kernel of the app runs: ipykernel without a debugger and without a history file."""

import sys

LEAN = (
    "--HistoryManager.enabled=False",
    "--IPKernelApp.capture_fd_output=False",
    "--InteractiveShell.colors=NoColor",
)

if __name__ == "__main__":
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # ipykernel then starts without its debugger
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance([*sys.argv[1:], *LEAN])
