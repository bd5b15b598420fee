"""The room: who comes in, the page each one gets, and what the advisor may know of it."""

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
from tornado.ioloop import IOLoop

from mentorkit.content import load_content
from mentorkit.errors import Unknown
from mentorkit.serve.forked import Given
from mentorkit.serve.keeper import Operator, RoomCounts, grant, locker_of, new_code, read_code
from mentorkit.serve.room.health import Health
from mentorkit.serve.room.kernels import Full, RoomKernels
from mentorkit.serve.room.keys import RoomKeys, room_keys
from mentorkit.serve.room.limits import Limits
from mentorkit.serve.room.page import DrawnPage
from mentorkit.serve.room.sessions import Seal, Session
from mentorkit.serve.room.showing import Around, Joining

GRACE = 2.0  # seconds in which a closed page's last answers still reach the kernel
OPENS_WITHIN = 20.0  # seconds that a first visitor may wait until the pages are drawn
DERIVING = 2  # keys that are derived at the same time: each takes a processor for some hundredths of a second
NOT_FINISHED = ("start-here", "what-changed")  # pages that ask for nothing
LONGEST_LINE = 200  # people who may wait for theirs


@dataclass(frozen=True)
class Setup:
    """What the command said about the room."""

    home: Path
    address: str  # the public one, with the path prefix, ending in a slash
    students: int = 300
    cohort: str = ""
    hosts: tuple[str, ...] = ()  # further names under which it is reached
    keeper: str = ""  # where the keeper listens
    tls_cert: str = ""
    tls_key: str = ""
    behind_proxy: bool = False  # which says for whom it asks

    @property
    def base(self) -> str:
        """The path below which everything lies, such as `/` or `/mentor/`."""
        return urlsplit(self.address).path or "/"

    @property
    def secure(self) -> bool:
        """Whether students reach it encrypted."""
        return self.address.startswith("https://")

    @property
    def all_hosts(self) -> frozenset[str]:
        """The names by which a browser may ask for it."""
        return frozenset({urlsplit(self.address).netloc.lower(), *(host.lower() for host in self.hosts)})

    @property
    def tls(self) -> ssl.SSLContext | None:
        """The encryption that it does itself, if any."""
        if not self.tls_cert:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.tls_cert, self.tls_key)
        return context


@dataclass
class Room:
    """The state of a running room; none of it is lost with it."""

    setup: Setup
    keys: RoomKeys
    kernels: RoomKernels
    keeper: Operator
    run_id: str
    scripts: str = ""  # the path below the base of those that the page needs
    pages: tuple[tuple[str, str], ...] = ()  # address and label of each page that can be finished
    health: Health = field(default_factory=Health)

    def __post_init__(self) -> None:
        self.seal = Seal(self.keys.cookies)
        self.base = self.setup.base
        self.pages_of_one = Limits(most=20, each_second=0.5)
        self.wrong_joins = Limits(most=60, each_second=1)
        self._wrong_codes = Limits(most=60, each_second=1)
        self._deriving = asyncio.Semaphore(DERIVING)
        self._in_line = 0
        self._salt = b""  # the keeper tells it once: it stays as long as the room
        self._drawn: asyncio.Future[DrawnPage] = asyncio.get_event_loop().create_future()

    def around(self) -> Around:
        """What every page outside the workbook needs to know."""
        setup = self.setup
        return Around(self.base, setup.secure, setup.address, setup.cohort, self.scripts)

    def open_with(self, page: DrawnPage) -> None:
        """Let students in: the page is drawn."""
        self._drawn.set_result(page)
        self.pages = tuple((one["slug"], one["label"]) for one in page.about if one["slug"] not in NOT_FINISHED)

    # Coming in

    async def begin(self) -> Session:
        """A new return code and an empty locker; raises `Full`."""
        session = await self._session(new_code())
        await self.keeper.open(session.locker.id)
        return session

    async def come_back(self, typed: str, address: str) -> Session:
        """The session of a return code; raises `Unknown` when nothing lies under it, or a sentence about a word.

        Who has tried many wrong ones from one network `address` is asked to wait.
        """
        code = read_code(typed).decode()
        session = await self._session(code)
        if await self.keeper.has(session.locker.id):
            return session
        words = load_content().words
        raise Unknown(words["return_nothing" if self._wrong_codes.take(address) else "refused_too_many"])

    async def _session(self, typed: str) -> Session:
        if self._in_line >= LONGEST_LINE:
            raise Full(self._in_line)
        self._in_line += 1
        try:
            async with self._deriving:
                self._salt = self._salt or await self.keeper.salt()
                locker = await asyncio.to_thread(locker_of, typed, self._salt)
        finally:
            self._in_line -= 1
        return Session(typed, locker)

    # The page

    async def page_for(self, session: Session) -> str:
        """The workbook's page, with a kernel that was handed the student's locker; raises `Full`."""
        try:
            page = await asyncio.wait_for(asyncio.shield(self._drawn), OPENS_WITHIN)
        except TimeoutError:
            raise Full(0) from None
        kernel_id = await self.kernels.start_for(session, Given(json.dumps(self._given(session)).encode()))
        return page.for_kernel(kernel_id)

    def _given(self, session: Session) -> dict[str, Any]:
        locker = session.locker
        capability = grant(bytes.fromhex(self.keys.keeper), locker.id)
        return {
            "keeper": self.setup.keeper,
            "locker": locker.id.hex(),
            "key": locker.key.hex(),
            "capability": capability.hex(),
        }

    def end_soon(self, kernel_id: str) -> None:
        """End a kernel when it has worked off what its page sent last."""
        IOLoop.current().call_later(GRACE, self.kernels.end, kernel_id)

    # The advisor

    def joining(self) -> Joining:
        """How to join, for the projector."""
        address = f"{self.setup.address}join/{self.keys.join}"
        qr = segno.make(address, error="m").svg_inline(omitsize=True, border=2)
        return Joining(self.setup.address, self.keys.join, qr)

    def saving(self, kept: RoomCounts | None) -> dict[str, Any]:
        """Whether everything is saved, in the keeper's own words; `kept` is None when it does not answer."""
        if kept is None:
            return {"ok": False, "since": None, "pending": None, "p50_ms": None, "p99_ms": None}
        return {
            "ok": kept.failing_since is None,
            "since": kept.failing_since,
            "pending": kept.waiting,
            "p50_ms": kept.p50_ms,
            "p99_ms": kept.p99_ms,
        }


def room_of(setup: Setup, kernels: RoomKernels, run_id: str) -> Room:
    """The room for this setup; its keys and its salt are where they were, or new."""
    keys = room_keys(setup.home)
    kernels.make_room_for(setup.students)
    return Room(setup, keys, kernels, Operator(setup.keeper, bytes.fromhex(keys.keeper)), run_id)
