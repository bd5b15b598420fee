"""What `mentorkit orientation` says and does before the room runs: where it listens, and how to join."""

import ipaddress
import socket
import ssl
import sys
import threading
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import segno

from mentorkit.errors import MentorkitError
from mentorkit.serve.forked.here import is_root
from mentorkit.serve.open import has_display
from mentorkit.serve.room.keys import room_keys
from mentorkit.serve.room.room import Setup
from mentorkit.serve.room.supervisor import Supervisor
from mentorkit.store import find_home

USUAL_PORT = 8872
NOT_ENCRYPTED = (
    "The connection is not encrypted: whoever shares the network could read along. "
    "Use --tls-cert and --tls-key, or a proxy with --address."
)
ONE_USER = (
    "All workbooks run as the user who started this, kept apart by their keys alone. "
    "Started by root on Linux, each runs as a user of its own."
)
BACKLOG = 1024  # visitors who may wait while the server is replaced


@dataclass(frozen=True)
class Asked:
    """What the command was asked for."""

    students: int
    cohort: str
    port: int
    home: Path
    address: str | None  # the public one, when it is not this computer's own
    tls_cert: Path | None
    tls_key: Path | None
    hosts: tuple[str, ...]
    here_only: bool  # for trying it out: nobody else can reach it
    while_stdin_open: bool = False  # for programs that start a room: it ends when they do


def open_room(asked: Asked, browser: bool) -> None:
    """Run the room until Ctrl-C. Raises `MentorkitError` when it cannot be opened as asked."""
    check_tls(asked.tls_cert, asked.tls_key)
    keys = room_keys(find_home(asked.home).path)
    listener = listen("127.0.0.1" if asked.here_only else "", asked.port)
    address = public_address(asked, listener.getsockname()[1])
    setup = Setup(
        home=asked.home.absolute(),
        address=address,
        students=asked.students,
        cohort=asked.cohort,
        hosts=(*asked.hosts, *own_names(listener.getsockname()[1])),
        tls_cert=str(asked.tls_cert.absolute()) if asked.tls_cert else "",
        tls_key=str(asked.tls_key.absolute()) if asked.tls_key else "",
        behind_proxy=asked.address is not None and asked.tls_cert is None,
    )
    advisor = f"{address}advisor/?token={keys.advisor}"
    tell(setup, f"{address}join/{keys.join}", advisor)
    if browser and has_display():
        webbrowser.open(advisor)
    supervisor = Supervisor(setup, keys, listener, lambda line: print(line, flush=True))
    if asked.while_stdin_open:
        threading.Thread(target=_end_with_stdin, args=(supervisor,), daemon=True).start()
    supervisor.run()


def _end_with_stdin(supervisor: Supervisor) -> None:
    while sys.stdin.readline():
        pass
    supervisor.end()


def tell(setup: Setup, join: str, advisor: str) -> None:
    """Say how to join, with a code for the camera where there is a terminal to show it."""
    print(f"The room is open: students join at {join}")
    print(f"Your own page, for the projector: {advisor}")
    if not setup.secure:
        print(NOT_ENCRYPTED)
    if not is_root():
        print(ONE_USER)
    if sys.stdout.isatty():
        segno.make(join).terminal(compact=True)
    print("Ctrl-C ends it; the same command opens it again where it was.", flush=True)


def listen(host: str, port: int) -> socket.socket:
    """Listen on a port of this computer; raises `MentorkitError` when that cannot be."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise MentorkitError(f"Port {port} cannot be used ({error.strerror}). Choose another with --port.") from error
    listener.setblocking(False)
    return listener


def public_address(asked: Asked, port: int) -> str:
    """What students type: as given, or this computer's own; raises `MentorkitError` for one that is none."""
    if asked.address is None:
        scheme = "https" if asked.tls_cert else "http"
        return f"{scheme}://{'127.0.0.1' if asked.here_only else own_ip()}:{port}/"
    parts = urlsplit(asked.address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise MentorkitError("--address takes the whole address, such as https://mentoring.example.edu/orientation/.")
    return asked.address.rstrip("/") + "/"


def own_ip() -> str:
    """The address of this computer in its network, as far as it can tell; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # an address that is nobody's: a route is looked up, no more
            found = str(asked.getsockname()[0])
        except OSError:
            return "127.0.0.1"
    return found if not ipaddress.ip_address(found).is_unspecified else "127.0.0.1"


def own_names(port: int) -> tuple[str, ...]:
    """The names under which this computer is reached directly."""
    names = {"127.0.0.1", "localhost", own_ip(), socket.gethostname().lower()}
    return tuple(f"{name}:{port}" for name in sorted(names))


def check_tls(cert: Path | None, key: Path | None) -> None:
    """Raises `MentorkitError` unless both or neither are given, and can be used together."""
    if (cert is None) != (key is None):
        raise MentorkitError("--tls-cert and --tls-key go together: give both, or neither.")
    if cert is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise MentorkitError(f"{cert} and {key} cannot be used for encryption ({error}): check both files.") from error
