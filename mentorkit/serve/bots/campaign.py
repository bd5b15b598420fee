"""A room full of bots: they arrive, answer, are disturbed, and at the end everything acknowledged is looked for."""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.simple_httpclient import HTTPStreamClosedError
from tornado.websocket import WebSocketClosedError

from mentorkit.serve.bots.visitor import Lost, Visitor

TROUBLE = (Lost, OSError, TimeoutError, WebSocketClosedError, HTTPStreamClosedError)
LONGEST_AWAY = 300.0  # seconds within which everybody is to be back
MOST_FAILURES = 8  # kinds of them that are told
LOOKS = 30  # tries, a few seconds apart
LOOKING = 8  # bots that look at the end at the same time


@dataclass(frozen=True)
class Plan:
    """What the bots do. Times are in seconds."""

    address: str
    join: str
    students: int
    seed: int = 1
    arrive_within: float = 60.0  # all are there by then
    think: float = 3.0  # between two answers, on average
    work: float = 120.0  # from when the first one arrives
    kill_server_at: float | None = None
    server: Callable[[], int] | None = None  # the process to be killed
    drop_network: float | None = None  # each loses its connection once, and is away for so long


@dataclass
class Outcome:
    """What came of it."""

    students: int
    at_work: int = 0  # had an answer acknowledged
    answers: int = 0  # acknowledged
    lost: int = 0  # acknowledged, and not there at the end
    not_back: int = 0  # never got back to work after a fault
    failures: list[str] = field(default_factory=list)
    all_at_work: float | None = None  # seconds until everybody had an answer acknowledged
    arrivals: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    away: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    browsers: Any = None  # what real browsers saw, when there were any

    @property
    def good(self) -> bool:
        """Whether nothing was lost and everybody worked."""
        browsed = self.browsers is None or self.browsers.worked == self.browsers.asked
        return browsed and not self.lost and not self.not_back and self.at_work == self.students


class Campaign:
    """Runs a plan; `say` hears how far it is."""

    def __init__(self, plan: Plan, say: Callable[[str, int, int], None] = lambda *_: None) -> None:
        AsyncHTTPClient.configure(None, max_clients=plan.students + 10)
        self._plan, self._say = plan, say
        self._bots = [Visitor(plan.address, plan.join, plan.seed * 100_003 + one) for one in range(plan.students)]
        self._began = 0.0
        self._at_work: dict[int, float] = {}
        self._not_back: set[int] = set()
        self._failures: list[str] = []

    async def run(self) -> Outcome:
        """Play it, then look for every acknowledged answer with the return codes alone."""
        self._began = time.monotonic()
        faults = asyncio.ensure_future(self._faults())
        await asyncio.gather(*(self._play(place, bot) for place, bot in enumerate(self._bots)))
        faults.cancel()
        lost = await self._look()
        return self._outcome(lost)

    # Playing

    @property
    def _now(self) -> float:
        return time.monotonic() - self._began

    async def _play(self, place: int, bot: Visitor) -> None:
        await asyncio.sleep(self._plan.arrive_within * place / max(1, self._plan.students))
        came, away_since = self._now, None
        dropping = self._plan.drop_network and bot.chance.uniform(0.3, 0.7) * self._plan.work
        while self._now < self._plan.work or place not in self._at_work or away_since is not None:
            try:
                await self._be_there(bot)
                bot.seen.arrived = bot.seen.arrived or self._now - came
                await self._answer_one(bot)
            except TROUBLE as trouble:
                away_since = self._now if away_since is None else away_since
                if not await self._again(place, bot, trouble, away_since):
                    return
                continue
            if away_since is not None:
                bot.seen.away.append(self._now - away_since)
                away_since = None
            self._worked(place, bot, came)
            if dropping and self._now > dropping and self._now < self._plan.work:
                dropping, away_since = None, self._now
                bot.drop()
                await asyncio.sleep(self._plan.drop_network or 0)
            elif self._now < self._plan.work:
                await asyncio.sleep(bot.chance.expovariate(1 / self._plan.think))
        bot.close()

    async def _be_there(self, bot: Visitor) -> None:
        if not bot.code:
            await bot.come()
        if not bot.is_open:
            await bot.open()

    async def _answer_one(self, bot: Visitor) -> None:
        model = bot.form()
        item = bot.next_item(model) or dict(bot.chance.choice(bot.items(model)))
        await bot.give(model, item)

    async def _again(self, place: int, bot: Visitor, trouble: BaseException, since: float) -> bool:
        bot.drop()
        if self._now - since > LONGEST_AWAY:
            self._not_back.add(place)
            self._failures.append(f"{type(trouble).__name__}: {trouble}")
            return False
        await asyncio.sleep(bot.chance.uniform(0.5, 3))
        return True

    def _worked(self, place: int, bot: Visitor, came: float) -> None:
        if place not in self._at_work:
            self._at_work[place] = self._now
            bot.seen.first = self._now - came
            self._say("at work", len(self._at_work), self._plan.students)

    async def _faults(self) -> None:
        plan = self._plan
        if plan.kill_server_at is not None and plan.server is not None:
            await asyncio.sleep(plan.kill_server_at)
            os.kill(plan.server(), signal.SIGKILL)
            self._say("server killed", 1, 1)

    # Looking

    async def _look(self) -> int:
        gate, done, lost = asyncio.Semaphore(LOOKING), 0, 0

        async def look(bot: Visitor) -> None:
            nonlocal done, lost
            async with gate:
                gone = await self._look_at(bot)  # before it is added: others add meanwhile
            lost += gone
            done += 1
            self._say("looked at", done, len(self._bots))

        await asyncio.gather(*(look(bot) for bot in self._bots if bot.code))
        return lost

    async def _look_at(self, bot: Visitor) -> int:
        """How many acknowledged answers are gone; all of them when the return code no longer opens the door."""
        for tries in range(LOOKS):
            try:
                await bot.come_back()
                await bot.open()
                missing = bot.missing()
                bot.close()
                return len(missing)
            except TROUBLE as trouble:
                bot.drop()
                self._failures.append(f"looking, try {tries + 1}: {trouble}")
                await asyncio.sleep(2)
        return len(bot.acknowledged)

    def _outcome(self, lost: int) -> Outcome:
        seen = [bot.seen for bot in self._bots]
        return Outcome(
            students=self._plan.students,
            at_work=len(self._at_work),
            answers=sum(len(one.saves) for one in seen),
            lost=lost,
            not_back=len(self._not_back),
            failures=self._failures,
            all_at_work=max(self._at_work.values()) if len(self._at_work) == self._plan.students else None,
            arrivals=_known(one.arrived for one in seen),
            firsts=_known(one.first for one in seen),
            saves=[save for one in seen for save in one.saves],
            away=[away for one in seen for away in one.away],
            megabytes=sum(one.bytes for one in seen) / 1e6,
        )


def _known(values: Iterable[Any]) -> list[float]:
    return [float(value) for value in values if value is not None]


def report(outcome: Outcome) -> str:
    """The figures, a line each."""
    lines = [
        f"students          {outcome.students}, of whom {outcome.at_work} got to work",
        f"answers           {outcome.answers} acknowledged, {outcome.lost} of them lost",
        f"all at work       {_seconds(outcome.all_at_work)} after the first one arrived",
        f"opening the page  {_spread(outcome.arrivals)}",
        f"first answer      {_spread(outcome.firsts)} after arriving",
        f"a save            {_spread(outcome.saves)}",
    ]
    if outcome.away:
        lines.append(f"away after faults {_spread(outcome.away)}; {outcome.not_back} never came back")
    if seen := outcome.browsers:
        lines.append(f"real browsers     {seen.worked} of {seen.asked} worked; first answer {_spread(seen.firsts)}")
        lines += [f"{'':18}{text}" for text in seen.failures[:MOST_FAILURES]]
    kinds = sorted(set(outcome.failures))[:MOST_FAILURES]
    lines += [f"{'':18}{text}: {outcome.failures.count(text)} times" for text in kinds]
    verdict = "Every acknowledged answer is there." if outcome.good else "NOT GOOD: see the lines above."
    return "\n".join([*lines, verdict])


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} s"


def _spread(values: list[float]) -> str:
    if not values:
        return "none"
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    return f"median {_short(statistics.median(ordered))}, p99 {_short(p99)}, longest {_short(ordered[-1])}"


def _short(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"
