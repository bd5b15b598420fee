"""Who may ask the keeper for what: each connection is of one locker, or of the operator, and hears of nothing else."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from mentorkit.errors import Damaged, MentorkitError
from mentorkit.serve.keeper.capability import OPERATOR, admits
from mentorkit.serve.keeper.group import GroupCommit, tell
from mentorkit.serve.keeper.messages import LENGTH, MOST, MOST_GREETING, Message, Unreadable, packed, size_of, unpacked
from mentorkit.sharing import as_text, read_share
from mentorkit.store.changes import LIFE, Added, Change, Emptied, Finished, Opened, Shared, Withdrawn
from mentorkit.store.shares import KEY, place_of

GREETING_WITHIN = 5.0  # seconds
MESSAGE_WITHIN = 10.0  # seconds for a whole message, once its length is there
MOST_CONNECTIONS = 4000
LARGE = 256 * 1024  # bytes; few messages of this size are in memory at a time
LONGEST_ROW = 1024 * 1024  # bytes
PAGE_NAME = re.compile(r"[a-z0-9-]{1,40}")
MOST_PAGES = 30
STRANGER = "This page may not open these records. Open the workbook again with your return code."
TOO_LONG = "This answer is too long to be kept: shorten it."
FAILED = "The keeper of the records made a mistake. Your answer is kept in the page and sent again."
Reply = tuple[dict[str, Any], tuple[bytes, ...]]


class Door:
    """Hears connections, and answers each within what its capability allows."""

    def __init__(self, group: GroupCommit, secret: bytes) -> None:
        self._group = group
        self._secret = secret
        self._large = asyncio.Semaphore(8)
        self._open: set[asyncio.Task[Any]] = set()
        self._locker: dict[object, Callable[[bytes, Message], Awaitable[Reply]]] = {
            "open": self._opened, "has": self._has, "read": self._read, "append": self._added,
            "finished": self._finished, "erase": self._emptied,
            "share": self._share, "shared": self._shared, "withdraw": self._withdrawn,
        }  # fmt: skip
        self._operator: dict[object, Callable[[bytes, Message], Awaitable[Reply]]] = {
            "counts": self._counts, "salt": self._salt, "copy": self._copied,
        }  # fmt: skip

    async def receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its greeting to its end. Whatever comes in, nothing is raised."""
        task = asyncio.current_task()
        if task is None or len(self._open) >= MOST_CONNECTIONS:
            writer.close()
            return
        self._open.add(task)
        try:
            await self._talk(reader, writer)
        except (OSError, EOFError, TimeoutError, Unreadable, asyncio.CancelledError):
            pass
        except Exception as error:  # its text might hold what nobody is to read
            tell(f"A connection failed: {type(error).__name__}.")
        finally:
            self._open.discard(task)
            writer.close()

    async def close(self) -> None:
        """End every connection."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(GREETING_WITHIN):
            greeting = unpacked(await reader.readexactly(size_of(await reader.readexactly(LENGTH.size), MOST_GREETING)))
        who = greeting.raw("who")
        if not admits(self._secret, who, greeting.raw("capability")):
            await _send(writer, ({"no": STRANGER, "kind": "stranger"}, ()))
            return
        await _send(writer, ({"ok": True}, ()))
        while True:
            size = size_of(await reader.readexactly(LENGTH.size), MOST)
            if size > LARGE:
                async with self._large:
                    reply = await self._reply(who, await _whole(reader, size))
            else:
                reply = await self._reply(who, await _whole(reader, size))
            await _send(writer, reply)

    async def _reply(self, who: bytes, message: Message) -> Reply:
        deeds = self._operator if who == OPERATOR else self._locker
        what = message.head.get("do")
        if not isinstance(what, str) or what not in deeds:
            raise Unreadable("do")
        try:
            return await deeds[what](who, message)
        except MentorkitError as error:
            return {"no": str(error), "kind": "damaged" if isinstance(error, Damaged) else "not saved"}, ()
        except (Unreadable, asyncio.CancelledError):
            raise
        except Exception as error:
            tell(f"A request failed: {type(error).__name__}.")
            return {"no": FAILED, "kind": "not saved"}, ()

    # What a locker's capability allows

    async def _opened(self, who: bytes, message: Message) -> Reply:
        return await self._make(Opened(who))

    async def _has(self, who: bytes, message: Message) -> Reply:
        return {"has": await self._group.ask(lambda lockers: lockers.has(who))}, ()

    async def _read(self, who: bytes, message: Message) -> Reply:
        after = message.number("after")
        rows = await self._group.ask(lambda lockers: lockers.rows(who, after))
        if not rows.life:
            await self._group.make(Opened(who))
            rows = await self._group.ask(lambda lockers: lockers.rows(who, after))
        return {"life": rows.life.hex(), "more": rows.more}, rows.sealed

    async def _added(self, who: bytes, message: Message) -> Reply:
        if any(len(row) > LONGEST_ROW for row in message.pieces):
            return {"no": TOO_LONG, "kind": "not saved"}, ()
        change = Added(who, message.raw("life", LIFE), message.number("after"), message.pieces)
        return await self._make(change)

    async def _finished(self, who: bytes, message: Message) -> Reply:
        pages = message.head.get("pages")
        if not isinstance(pages, list) or len(pages) > MOST_PAGES:
            raise Unreadable("pages")
        if not all(isinstance(page, str) and PAGE_NAME.fullmatch(page) for page in pages):
            raise Unreadable("pages")
        return await self._make(Finished(who, pages))

    async def _emptied(self, who: bytes, message: Message) -> Reply:
        return await self._make(Emptied(who))

    async def _share(self, who: bytes, message: Message) -> Reply:
        place = place_of(message.raw("key", KEY))
        if len(message.pieces) != 1:
            raise Unreadable("pieces")
        share = read_share(message.pieces[0])  # nothing else lies there: whoever compares cohorts reads it
        return await self._make(Shared(who, place, share.term, as_text(share)))

    async def _shared(self, who: bytes, message: Message) -> Reply:
        place = place_of(message.raw("key", KEY))
        found = await self._group.ask(lambda lockers: lockers.shared(place))
        return {}, () if found is None else (found.encode(),)

    async def _withdrawn(self, who: bytes, message: Message) -> Reply:
        return await self._make(Withdrawn(place_of(message.raw("key", KEY))))

    async def _make(self, change: Change) -> Reply:
        return {"outcome": await self._group.make(change)}, ()

    # What the operator's allows

    async def _counts(self, who: bytes, message: Message) -> Reply:
        counts = await self._group.ask(lambda lockers: lockers.counts())
        health = self._group.health
        figures = {
            "waiting": self._group.waiting,
            "last_commit": health.last_commit,
            "failing_since": health.failing_since,
            "commits": health.commits(),
            "p50_ms": health.wait_ms(0.5),
            "p99_ms": health.wait_ms(0.99),
        }
        return {**asdict(counts), **figures}, ()

    async def _salt(self, who: bytes, message: Message) -> Reply:
        return {"salt": (await self._group.ask(lambda lockers: lockers.salt)).hex()}, ()

    async def _copied(self, who: bytes, message: Message) -> Reply:
        return {"copy": (await self._group.ask(lambda lockers: lockers.back_up())).name}, ()


async def _whole(reader: asyncio.StreamReader, size: int) -> Message:
    async with asyncio.timeout(MESSAGE_WITHIN):
        return unpacked(await reader.readexactly(size))


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    writer.write(packed(*reply))
    async with asyncio.timeout(MESSAGE_WITHIN):
        await writer.drain()
