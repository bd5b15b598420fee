"""`python -m mentorkit.serve.forked install`: a kernel in Jupyter's list whose start costs next to nothing."""

import argparse
import importlib.util
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from mentorkit.errors import MentorkitError
from mentorkit.serve.forked.here import FORKED, provisioner_for_here

EXAMPLE = "example: python -m mentorkit.serve.forked install --name fast-python --preload pandas --preload ipywidgets"


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for; 0, or 1 with a sentence."""
    asked = _parser().parse_args(arguments)
    try:
        _check(asked)
        folder = install(asked.name, spec(asked), asked.prefix or sys.prefix)
    except (MentorkitError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Installed {asked.name} in {folder}. {provisioner_for_here().why}")
    return 0


def spec(asked: Any) -> dict[str, Any]:
    """The kernelspec. Its command is the stock kernel's, for whoever reads it without the provisioner."""
    settings = {name: getattr(asked, name) for name in ("preload", "warm", "arrive", "memory", "uid")}
    config = {name: value for name, value in settings.items() if value}
    return {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": asked.display_name or f"Python 3 ({asked.name})",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": FORKED, "config": config}},
    }


def install(name: str, content: dict[str, Any], prefix: str) -> str:
    """Write it where Jupyter of that prefix looks; gives the folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(content, indent=1))
        return str(KernelSpecManager().install_kernel_spec(folder, name, prefix=prefix))


def _check(asked: Any) -> None:
    hooks = [hook for hook in (asked.warm, asked.arrive) if hook]
    for hook in hooks:
        if hook.count(":") != 1:
            raise MentorkitError(f'"{hook}" names no function. Write it as module:function.')
    for name in [*asked.preload, *(hook.split(":")[0] for hook in hooks)]:
        if importlib.util.find_spec(name.split(".")[0]) is None:
            raise MentorkitError(f'There is no module "{name}" here. Install it, or leave it out.')


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mentorkit.serve.forked", epilog=EXAMPLE)
    command = parser.add_subparsers(required=True, metavar="install").add_parser("install", epilog=EXAMPLE)
    command.add_argument("--name", required=True, help="the kernel's name, as in notebooks")
    command.add_argument("--display-name", default="", help="as people see it")
    command.add_argument("--preload", action="append", default=[], help="a module to import before the fork (repeat)")
    command.add_argument("--warm", default="", help="module:function to call once before the fork")
    command.add_argument("--arrive", default="", help="module:function to call in each kernel")
    command.add_argument("--memory", type=int, default=0, help="MB each kernel may need beside what is shared")
    command.add_argument("--uid", type=int, default=0, help="user of the kernels, when the server is root")
    command.add_argument("--prefix", default="", help="where to install (default: this environment)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
