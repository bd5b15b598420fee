"""Two or three tabs on one worksheet, in any order of answers, clears, looks, seals and restarts."""

import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from mentorkit.errors import Conflict, NotReady
from mentorkit.store import Answered, Sealed
from mentorkit.workbook import Workbook, open_workbook
from verify.campaign import Campaign, Outcome
from verify.sample import scratch

SHEET = "needs"
ANSWERS = {
    "need.academic.strategies": st.sampled_from((0, 1, 4)),
    "support.academic": st.sampled_from((0, 2, 4)),
    "area.own": st.sampled_from(("being the first doctor in my family", "Ærlig talt 😀", "x" * 80)),
}
ITEMS = st.sampled_from(sorted(ANSWERS))
TABS = st.integers(0, 2)
EVERYTHING = 10**9  # a revision that no tab can have looked at yet


class Tab:
    """One window: a workbook, and what the form in it last showed of each item."""

    def __init__(self, home: Path):
        self.home = home
        self.open()

    def open(self) -> None:
        self.workbook: Workbook = open_workbook(self.home, today=lambda: date(2026, 11, 22))
        self.look()

    def look(self) -> None:
        self.seen = dict(self.workbook.draft(SHEET).revisions)

    def restart(self) -> None:
        self.workbook.close()
        self.open()


class Tabs(RuleBasedStateMachine):
    """The model: every acknowledged answer in order, and of each item the last one with its revision."""

    checks_conflicts = True
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=scratch())
        self.tabs = [Tab(Path(self.folder.name)) for _ in range(3)]
        self.history: list[tuple[str, Any]] = []
        self.now: dict[str, tuple[Any, int]] = {}
        self.cards: list[dict[str, Any]] = []
        self.refused: tuple[Tab, str, Any] | None = None
        self.counts["histories"] += 1

    @rule(tab=TABS, item=ITEMS, data=st.data())
    def answers(self, tab: int, item: str, data: Any) -> None:
        self._answer(self.tabs[tab], item, data.draw(ANSWERS[item]))

    @rule(tab=TABS, item=ITEMS)
    def clears(self, tab: int, item: str) -> None:
        self._answer(self.tabs[tab], item, None)

    @rule(tab=TABS)
    def looks_again(self, tab: int) -> None:
        self.tabs[tab].workbook.refresh()
        self.tabs[tab].look()

    @rule(tab=TABS)
    def restarts(self, tab: int) -> None:
        self.tabs[tab].restart()

    @precondition(lambda self: self.refused)
    @rule()
    def insists_after_a_conflict(self) -> None:
        tab, item, value = self.refused
        tab.seen[item] = tab.workbook.draft(SHEET).revisions[item]
        self._answer(tab, item, value)
        self.counts["insisted after a conflict"] += 1

    @rule(tab=TABS)
    def seals(self, tab: int) -> None:
        answers = self._current()
        try:
            card = self.tabs[tab].workbook.seal(SHEET)
        except NotReady:
            assert not answers, "there were answers, and nothing was sealed"
            return
        assert card.answers == answers, f"sealed {dict(card.answers)}, but the answers are {answers}"
        if not self.cards or self.cards[-1] != answers:
            self.cards.append(answers)
        self.counts["seals"] += 1

    def _answer(self, tab: Tab, item: str, value: Any) -> None:
        seen = tab.seen.get(item, 0)
        there, revision = self.now.get(item, (None, 0))
        repeated = revision > 0 and there == value
        overwrites = revision > seen and not repeated
        self.refused = None
        try:
            saved = tab.workbook.answer(SHEET, item, value, seen=seen if self.checks_conflicts else EVERYTHING)
        except Conflict as conflict:
            assert overwrites, "a conflict is claimed where there is none"
            assert conflict.theirs == there, "the conflict shows another answer than the one that is there"
            self.refused = (tab, item, value)
            self.counts["conflicts"] += 1
            return
        assert not overwrites, f"{item}: {there!r} was silently overwritten by {value!r}"
        if not repeated:
            self.history.append((item, value))
            self.now[item] = (value, len(self.history))
        assert saved >= self.now[item][1], "an answer got a revision that was given before"
        tab.seen[item] = saved
        self.counts["acknowledged answers"] += 1

    def _current(self) -> dict[str, Any]:
        return {item: value for item, (value, _) in self.now.items() if value is not None}

    def teardown(self) -> None:
        if sys.exc_info()[0] is None:
            self._look_at_everything()
        for tab in self.tabs:
            tab.workbook.close()
        self.folder.cleanup()

    def _look_at_everything(self) -> None:
        """Whatever was acknowledged is in the file, in order, and every tab that looks again shows it."""
        for tab in self.tabs:
            tab.workbook.refresh()
            assert dict(tab.workbook.draft(SHEET)) == self._current(), "a tab shows something else than was saved"
        records = self.tabs[0].workbook.records
        saved = [(record.item, record.value) for record in records if isinstance(record, Answered)]
        assert saved == self.history, "what was acknowledged is not what the file holds"
        sealed = [dict(record.answers) for record in records if isinstance(record, Sealed)]
        assert sealed == self.cards, "the scorecards are not those that were sealed"


class Overwriting(Tabs):
    """Worse: no tab is asked what it was looking at."""

    checks_conflicts = False


def play(times: int, seed: int, machine: type[Tabs] = Tabs) -> Outcome:
    """Play histories of a dozen steps until one breaks a promise, at most `times`."""
    machine.counts = Counter()
    outcome = Outcome(counts=machine.counts)
    chosen = settings(
        max_examples=times,
        stateful_step_count=14,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if machine is Tabs else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except AssertionError as error:
        outcome.broken.append("\n    ".join([str(error), *getattr(error, "__notes__", [])]))
    outcome.trials = machine.counts.pop("histories")
    return outcome


CAMPAIGN = Campaign(
    "tabs",
    "is an answer lost or silently overwritten when the workbook is open in three tabs?",
    1000,
    play,
    {"worse: nobody asks what a tab was looking at": lambda times, seed: play(times, seed, Overwriting)},
)
