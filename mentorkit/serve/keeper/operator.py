"""The server's way to the keeper: how many are there and whether all is saved, the room's salt, and opening lockers."""

import asyncio
from dataclasses import dataclass
from typing import Any

from mentorkit.errors import NotSaved, StoreRefused
from mentorkit.serve.keeper.address import read_address
from mentorkit.serve.keeper.capability import OPERATOR, grant
from mentorkit.serve.keeper.line import SILENT
from mentorkit.serve.keeper.messages import LENGTH, Message, Unreadable, packed, size_of, unpacked

ANSWER_WITHIN = 10.0  # seconds


@dataclass(frozen=True)
class RoomCounts:
    """How many, and how well; times of the clock are in seconds since 1970."""

    lockers: int  # return codes that were given out
    with_rows: int  # of those, with anything saved
    finished: dict[str, int]  # lockers in which a page is finished, by page
    waiting: int  # changes that are not yet on disk
    last_commit: float | None
    failing_since: float | None  # None when everything is saved
    commits: int  # in the last minute, each of everything that waited
    p50_ms: float | None  # of the last minute's changes: from asked to on disk; None when there were none
    p99_ms: float | None


class Operator:
    """Asks the keeper, a connection for each request. Every method raises `NotSaved` when it does not answer.

    The operator's capability opens no locker. `open` and `has` use one that is made for that locker.
    """

    def __init__(self, address: str, secret: bytes) -> None:
        self._address = read_address(address)
        self._secret = secret

    async def counts(self) -> RoomCounts:
        """How many are there, and whether all is saved."""
        answer = await self._ask(OPERATOR, "counts")
        return RoomCounts(**answer.head)

    async def salt(self) -> bytes:
        """The room's salt, for `locker_of`; it stays the same as long as the room's file."""
        return (await self._ask(OPERATOR, "salt")).raw("salt")

    async def back_up(self) -> str:
        """Have a verified copy made beside the file; returns its name. Nothing is saved meanwhile."""
        return str((await self._ask(OPERATOR, "copy")).head["copy"])

    async def open(self, locker: bytes) -> None:
        """See to it that a locker is there, so that its code is known from now on."""
        await self._ask(locker, "open")

    async def has(self, locker: bytes) -> bool:
        """Whether this locker was ever opened."""
        return bool((await self._ask(locker, "has")).head["has"])

    async def _ask(self, who: bytes, what: str) -> Message:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self._asked(packed(self._greeting(who)), packed({"do": what}))
        except (OSError, EOFError, TimeoutError, Unreadable):
            raise NotSaved(SILENT) from None

    def _greeting(self, who: bytes) -> dict[str, Any]:
        return {"who": who.hex(), "capability": grant(self._secret, who).hex()}

    async def _asked(self, *messages: bytes) -> Message:
        if self._address.path:
            reader, writer = await asyncio.open_unix_connection(self._address.path)
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._address.port)
        try:
            for message in messages:
                writer.write(message)
                answer = unpacked(await reader.readexactly(size_of(await reader.readexactly(LENGTH.size))))
                if "no" in answer.head:
                    raise (StoreRefused if answer.head.get("kind") == "stranger" else NotSaved)(str(answer.head["no"]))
            return answer
        finally:
            writer.close()
