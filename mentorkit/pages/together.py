"""05: How do we work well together?"""

from collections.abc import Callable, Mapping
from functools import cache

from ipywidgets import DOMWidget, VBox

from mentorkit import steps
from mentorkit.message import email_address
from mentorkit.pages.chosen import Chosen
from mentorkit.pages.desk import panel, shown, texts, workbook
from mentorkit.pages.goals import goals
from mentorkit.pages.meetings import Meetings
from mentorkit.pages.paper import take_along
from mentorkit.reports.agreement import FIRST_LOOK, agreement_sheet, is_friend, propose, with_goal
from mentorkit.reports.agreement import head_start as draw_head_start
from mentorkit.reports.html import Html, notice
from mentorkit.reports.letters import Addressee
from mentorkit.reports.meeting import Agenda, is_past, meeting_ahead, meeting_sheet, send_ahead
from mentorkit.reports.paper import Sheet
from mentorkit.reports.together import giving, habits, how_steps_stand
from mentorkit.scorecard import Mentor
from mentorkit.widgets.panel import Deed, Panel, Reply
from mentorkit.workbook import Workbook


@shown
def who() -> DOMWidget:
    """The mentors to choose from, and how to add one."""
    return _together().chosen.picker


@shown
def head_start() -> DOMWidget:
    """The student's goals and a day to look again, each a button away from the form."""
    return _together().head_start()


@shown
def agreement_form() -> DOMWidget:
    """What the two agree on."""
    return _together().chosen.form("agreement")


@shown
def agreement_page() -> DOMWidget:
    """The agreement as a page for both, and words to propose it."""
    return _together().agreement_page()


@shown
def which_meeting() -> DOMWidget:
    """The meetings with this mentor, how to plan one, and whether past ones took place."""
    return _together().meetings.choosing


@shown
def meeting_form() -> DOMWidget:
    """What the student brings to the chosen meeting."""
    return _together().meetings.before


@shown
def meeting_pages() -> DOMWidget:
    """The meeting on paper, for oneself and to send ahead, and a message."""
    return _together().meeting_pages()


@shown
def afterwards_form() -> DOMWidget:
    """Whether the meeting took place, and notes; from its day on."""
    return _together().meetings.after


@shown
def steps_form() -> DOMWidget:
    """Who does what by when."""
    return _together().chosen.form("actions")


@shown
def what_came() -> DOMWidget:
    """Steps whose day has passed, and words to tell what came of those that are finished."""
    return _together().what_came()


@shown
def thanks() -> DOMWidget:
    """Thanks, and what to offer."""
    content = workbook().content
    return panel(lambda: giving(content))


@shown
def reminders() -> DOMWidget:
    """The eight practices in short."""
    content = workbook().content
    return panel(lambda: habits(content))


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts("05_working_together")


@cache
def _together() -> "Together":
    return Together(workbook())


class Together:
    """The parts of this page, about the one mentor who is chosen on it."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.chosen = Chosen(book, self._in_hand)
        self.meetings = Meetings(book, self.chosen)

    def head_start(self) -> Panel:
        """Goals and a day to look again."""
        does = {"goal": self._use_goal, "review": self._set_review}
        return self._panel(self._head_start, self._book.content.words["together_nobody"], does)

    def agreement_page(self) -> VBox:
        """The page for both, and words to propose it."""
        page = self._about_mentor(take_along(self._agreement, "agreement_waiting"))
        words = self._panel(lambda mentor: propose(self._book.content, self._addressee(mentor)))
        return self._arranged(lambda: (page, words) if self.chosen.mentor else ())

    def meeting_pages(self) -> VBox:
        """Both sheets of the chosen meeting, and the message."""
        own = self._of_meeting(take_along(self._meeting_sheet, "meeting_waiting"))
        ahead = self._of_meeting(take_along(self._ahead_sheet, "meeting_ahead_waiting"))
        message = self._of_meeting(panel(self._message))

        def shown() -> tuple[Panel, ...]:
            meeting = self.meetings.meeting
            if meeting is None or is_past(meeting, self._book.today):
                return (own,) if self.chosen.mentor else ()
            return ahead, message, own

        return self._arranged(shown)

    def what_came(self) -> Panel:
        """How the steps stand."""
        return self._panel(self._what_came, self._book.content.words["mentor_first"])

    # Drawing

    def _panel(
        self, draw: Callable[[Mentor], Html | None], nobody: str = "", does: Mapping[str, Deed] | None = None
    ) -> Panel:
        """A panel about the chosen mentor; `nobody` is said while there is none."""

        def drawn() -> Html:
            if self.chosen.mentor is None:
                return notice(nobody) if nobody else Html("")
            return draw(self.chosen.mentor) or Html("")

        return self._about_mentor(panel(drawn, does))

    def _arranged(self, shown: Callable[[], tuple[Panel, ...]]) -> VBox:
        """Panels of which only those are on the page that have something to say."""
        box = VBox()

        def arrange() -> None:
            box.children = shown()

        arrange()
        self.meetings.follow(arrange)  # and so whenever another mentor is chosen
        self._book.on_change(arrange)
        return box

    def _about_mentor(self, made: Panel) -> Panel:
        self.chosen.follow(made.draw)
        return made

    def _of_meeting(self, made: Panel) -> Panel:
        self.meetings.follow(made.draw)
        return made

    def _in_hand(self) -> Mentor | None:
        """The mentor about whom something was written here last; else the first one."""
        present = self._book.present_mentors
        return max(present, key=self._touched, default=None)

    def _touched(self, mentor: Mentor) -> float:
        book = self._book
        drafts = [book.draft(sheet, mentor=mentor.id) for sheet in ("agreement", "actions")]
        drafts += [book.draft("meeting", mentor=meeting.id) for meeting in book.meetings(mentor.id)]
        return max(draft.saved_at.timestamp() if draft.saved_at else 0.0 for draft in drafts)

    def _agreed(self, mentor: Mentor) -> dict[str, object]:
        return dict(self._book.answers("agreement", mentor=mentor.id))

    def _addressee(self, mentor: Mentor) -> Addressee:
        typed = str(self._book.answers("approach", mentor=mentor.id).get("approach.email", ""))
        return Addressee(mentor.name, is_friend(mentor, self._agreed(mentor)), email_address(typed) or "")

    # The agreement

    def _head_start(self, mentor: Mentor) -> Html | None:
        book = self._book
        return draw_head_start(book.content, mentor, self._agreed(mentor), goals(self._book), book.today)

    def _agreement(self) -> Sheet | None:
        mentor = self.chosen.mentor
        return agreement_sheet(self._book.content, mentor, self._agreed(mentor), self._book.today) if mentor else None

    def _use_goal(self, values: dict[str, str]) -> Reply:
        mentor = self._book.mentor(values["mentor"])
        text = with_goal(self._agreed(mentor), values["of"])
        self._book.answer("agreement", "agreement.goals", text, mentor=mentor.id)
        return self._book.content.words["agreement_used"]

    def _set_review(self, values: dict[str, str]) -> Reply:
        mentor = self._book.mentor(values["mentor"])
        day = self._book.today + FIRST_LOOK
        self._book.answer("agreement", "agreement.review", day.isoformat(), mentor=mentor.id)
        return self._book.content.words["agreement_used"]

    # The meeting

    def _agenda(self) -> Agenda | None:
        book, meeting = self._book, self.meetings.meeting
        if meeting is None:
            return None
        to = self._addressee(book.mentor(meeting.mentor))
        news = steps.news(book, meeting.mentor, before=meeting.day)
        return Agenda(meeting, to, news, steps.open_steps(book, meeting.mentor), book.today)

    def _meeting_sheet(self) -> Sheet | None:
        agenda = self._agenda()
        return meeting_sheet(self._book.content, agenda) if agenda else None

    def _ahead_sheet(self) -> Sheet | None:
        agenda = self._agenda()
        return meeting_ahead(self._book.content, agenda) if agenda else None

    def _message(self) -> Html:
        agenda = self._agenda()
        return send_ahead(self._book.content, agenda) if agenda else Html("")

    def _what_came(self, mentor: Mentor) -> Html:
        book = self._book
        open_, news = steps.open_steps(book, mentor.id), steps.news(book, mentor.id)
        return how_steps_stand(book.content, self._addressee(mentor), open_, news, book.today)
