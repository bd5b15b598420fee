"""The one meeting that a page is about: which one, planning another, and its form before and after."""

from collections.abc import Callable
from datetime import date
from typing import Any

from ipywidgets import VBox

from mentorkit.errors import BadAnswer, Unknown
from mentorkit.pages.chosen import Chosen, FormAbout
from mentorkit.pages.desk import panel
from mentorkit.reports.html import Html, join, notice
from mentorkit.reports.meeting import (
    day_of,
    did_it_take_place,
    earlier_meetings,
    is_past,
    meeting_choices,
    next_up,
    plan_meeting,
)
from mentorkit.scorecard import Meeting
from mentorkit.widgets.panel import Reply
from mentorkit.widgets.picker import Picker
from mentorkit.workbook import Workbook

YEARS = range(2000, 2200)


class Meetings:
    """The meetings with the chosen mentor, the next one first."""

    def __init__(self, book: Workbook, chosen: Chosen) -> None:
        self._book = book
        self._chosen = chosen
        self._followers: list[Callable[[], None]] = []
        self._id: str | None = None
        self._before = FormAbout(book, "meeting", ("when", "prepare"))
        self._after = FormAbout(book, "meeting", ("after",))
        self.before, self.after = self._before.box, self._after.box
        self._picker = Picker(self._options, self._choose)
        self._asked = panel(self._drawn_asked, {"held": self._held, "cancelled": self._cancelled})
        self._others = panel(self._drawn_others, {"plan": self._add, "look": self._look})
        self.choosing = VBox([self._asked, self._picker, self._others])
        self._take(self._first())
        chosen.follow(lambda: self._take(self._first()))
        book.on_change(self._look_again)

    def follow(self, follower: Callable[[], None]) -> None:
        """Call `follower` when another meeting is chosen."""
        self._followers.append(follower)

    @property
    def meeting(self) -> Meeting | None:
        """The chosen meeting as it now stands."""
        return next((one for one in self._all() if one.id == self._id), None)

    def _all(self) -> tuple[Meeting, ...]:
        return self._book.meetings(self._chosen.mentor.id) if self._chosen.mentor else ()

    def _first(self) -> str | None:
        found = next_up(self._all(), self._book.today)
        return found.id if found else None

    def _choose(self, meeting_id: str) -> None:
        if meeting_id not in {one.id for one in self._all()}:
            raise Unknown("This meeting is not in the workbook any more.")
        self._take(meeting_id)

    def _take(self, meeting_id: str | None) -> None:
        self._id = meeting_id
        self._show()
        self._asked.draw()
        self._others.draw()
        for follower in self._followers:
            follower()

    def _show(self) -> None:
        """Both forms about the chosen meeting; the one for afterwards from the day of the meeting on."""
        meeting, today = self.meeting, self._book.today
        begun = meeting and (is_past(meeting, today) or day_of(meeting) == today)
        self._before.show(meeting.id if meeting else None)
        self._after.show(meeting.id if meeting and begun else None)
        self._picker.show()

    def _look_again(self) -> None:
        if self.meeting is None and (self._id or self._all()):
            self._take(self._first())
        else:
            self._show()

    # Planning, and what became of it

    def _add(self, values: dict[str, str]) -> Reply:
        words = self._book.content.words
        try:
            day = date.fromisoformat(values["day"])
        except ValueError:
            raise BadAnswer(words["meeting_no_day"]) from None
        if day.year not in YEARS:
            raise BadAnswer(words["meeting_no_day"])
        self._take(self._book.add_meeting(values["mentor"], day))
        return words["meeting_added"]

    def _look(self, values: dict[str, str]) -> Reply:
        self._choose(values["of"])
        return None

    def _held(self, values: dict[str, str]) -> Reply:
        return self._became(values["of"], "held", self._book.content.words["meeting_held_said"])

    def _cancelled(self, values: dict[str, str]) -> Reply:
        return self._became(values["of"], "cancelled", self._book.content.words["meeting_cancelled_said"])

    def _became(self, meeting_id: str, state: str, said: str) -> Reply:
        self._book.answer("meeting", "meeting.state", state, mentor=meeting_id)
        self._choose(meeting_id)
        return said

    # Drawing

    def _drawn_asked(self) -> Html:
        return did_it_take_place(self._book.content, self._all(), self._book.today)

    def _drawn_others(self) -> Html:
        content, mentor, found = self._book.content, self._chosen.mentor, self._all()
        if mentor is None:
            return notice(content.words["mentor_first"])
        earlier = earlier_meetings(content, found, self._id, self._book.today)
        return join(earlier, plan_meeting(content, mentor.id, found))

    def _options(self) -> dict[str, Any]:
        return meeting_choices(self._book.content, self._all(), self._id, self._book.today)
