"""The keeper's process: opens the file, listens, says that it is ready, and ends cleanly when it is told to."""

import argparse
import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from mentorkit.errors import MentorkitError
from mentorkit.serve.keeper.address import Address, listening, read_address
from mentorkit.serve.keeper.capability import SECRET
from mentorkit.serve.keeper.door import Door
from mentorkit.serve.keeper.group import GroupCommit
from mentorkit.store.home import find_home
from mentorkit.store.lockers import Lockers
from mentorkit.store.lockers_file import FILE

NO_SECRET = f"The keeper reads its secret from standard input: one line of at least {2 * SECRET} hexadecimal digits."
EXAMPLE = "Example: python -m mentorkit.serve.keeper --home room --address unix:/tmp/keeper.sock < secret.txt"


def main(argv: Sequence[str] | None = None, commits: type[GroupCommit] = GroupCommit) -> int:
    """The exit code: 0 when it ended as it was told to, 1 with a sentence when it could not start."""
    asked = _arguments().parse_args(argv)
    try:
        address, secret = read_address(asked.address), read_secret(sys.stdin.readline())
        lockers = Lockers(find_home(asked.home).path / FILE)
        _prepare_process()
        asyncio.run(keep(commits, lockers, secret, address, asked.socket_mode, asked.while_stdin_open))
    except MentorkitError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def read_secret(line: str) -> bytes:
    """The keeper's secret; raises `MentorkitError`."""
    with suppress(ValueError):
        if len(secret := bytes.fromhex(line.strip())) >= SECRET:
            return secret
    raise MentorkitError(NO_SECRET)


async def keep(
    commits: type[GroupCommit], lockers: Lockers, secret: bytes, address: Address, mode: int, while_stdin_open: bool
) -> None:
    """Listen until the process is told to end; what waits then is still saved and acknowledged."""
    stop = asyncio.Event()
    _when_told(stop.set, while_stdin_open)
    group = commits(lockers)
    door = Door(group, secret)
    socket, where = listening(address, mode)
    server = await asyncio.start_server(door.receive, sock=socket, backlog=1024)
    saving = asyncio.create_task(group.run())
    print(f"ready {where}", flush=True)
    await stop.wait()
    server.close()
    group.end()
    await saving
    await door.close()
    group.close()
    if where.path:
        Path(where.path).unlink(missing_ok=True)


def _when_told(stop: Callable[[], None], while_stdin_open: bool) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
    if while_stdin_open:
        threading.Thread(target=_wait_for_end, args=(loop, stop), daemon=True).start()


def _wait_for_end(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    while sys.stdin.readline():
        pass
    with suppress(RuntimeError):  # it ends already
        loop.call_soon_threadsafe(stop)


def _prepare_process() -> None:
    """Room for a connection of every page, and no memory in a file should this process crash."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _octal(text: str) -> int:
    return int(text, 8)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mentorkit.serve.keeper", description="Keep the sealed records of a room.", epilog=EXAMPLE
    )
    parser.add_argument("--home", required=True, help=f"the folder in which {FILE} lies, or is made")
    parser.add_argument("--address", required=True, help="unix:PATH, or tcp:127.0.0.1:PORT (0: any free port)")
    who = "who may connect: 0666 when kernels run as other users (0600: this user alone)"
    parser.add_argument("--socket-mode", type=_octal, default=0o600, metavar="MODE", help=who)
    parser.add_argument("--while-stdin-open", action="store_true", help="end when whoever started it is gone")
    return parser
