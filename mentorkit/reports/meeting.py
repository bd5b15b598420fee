"""A meeting with a mentor: which one, the sheet for oneself, and what goes to the mentor ahead of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mentorkit.content import Content
from mentorkit.reports.html import Html, day, details, join, tag
from mentorkit.reports.letters import Addressee, for_both, letter, to_send, weekday, when_words
from mentorkit.reports.paper import Block, Heading, Pairs, Points, Ruled, Sheet, Words
from mentorkit.scorecard import Meeting
from mentorkit.steps import Step
from mentorkit.worksheet import Choice

AHEAD = timedelta(days=2)
ASKED_ABOUT = 3  # past meetings of which nothing is said yet that are asked about at once


@dataclass(frozen=True)
class Agenda:
    """What one meeting is made of: its answers, what was finished since the two last met, and what is still open."""

    meeting: Meeting
    to: Addressee
    news: tuple[Step, ...]
    open: tuple[Step, ...]
    today: date

    @property
    def day(self) -> date | None:
        """The day of the meeting, if one is set."""
        return day_of(self.meeting)

    def text(self, item: str) -> str:
        """What the student wrote for `meeting.<item>`."""
        return str(self.meeting.answers.get(f"meeting.{item}", "")).strip()


def day_of(meeting: Meeting) -> date | None:
    """The day of a meeting, if one is set."""
    return date.fromisoformat(meeting.day) if meeting.day else None


def is_past(meeting: Meeting, today: date) -> bool:
    """Whether a meeting lies behind: its day has passed, or it was held or called off."""
    when = day_of(meeting)
    return meeting.state != "planned" or (when is not None and when < today)


def next_up(meetings: Sequence[Meeting], today: date) -> Meeting | None:
    """The meeting to show first: the next one, else the latest one."""
    ahead = [meeting for meeting in meetings if not is_past(meeting, today)]
    return ahead[0] if ahead else meetings[-1] if meetings else None


# Choosing and planning


def meeting_choices(content: Content, meetings: Sequence[Meeting], chosen: str | None, today: date) -> dict[str, Any]:
    """What the picker shows: the meetings ahead, the next one first."""
    ahead = [one for one in meetings if not is_past(one, today)]
    options = [{"code": one.id, "label": _label(content, one), "help": _standing(content, one, today)} for one in ahead]
    return {"title": content.words["meeting_choose"], "options": options, "chosen": chosen, "adding": None}


def earlier_meetings(content: Content, meetings: Sequence[Meeting], chosen: str | None, today: date) -> Html | None:
    """The meetings that lie behind, the latest first, one click away."""
    earlier = [one for one in reversed(meetings) if is_past(one, today)]
    if not earlier:
        return None
    title = content.words["meeting_earlier"].format(count=len(earlier))
    rows = [_earlier(content, one, one.id == chosen, today) for one in earlier]
    return tag(
        "details", tag("summary", title), tag("ul", rows, class_="mk-list"), open=chosen in [one.id for one in earlier]
    )


def _earlier(content: Content, meeting: Meeting, is_chosen: bool, today: date) -> Html:
    words, label = content.words, _label(content, meeting)
    name = tag("strong" if is_chosen else "span", label, aria_current=is_chosen and "true")
    state = tag("span", _standing(content, meeting, today), class_="mk-state")
    look = tag(
        "button",
        words["meeting_look"],
        type="button",
        class_="mk-button mk-quiet",
        data_do="look",
        data_of=meeting.id,
        aria_label=f"{words['meeting_look']}: {label}",
    )
    return tag("li", name, state, None if is_chosen else look)


def _label(content: Content, meeting: Meeting) -> str:
    when = day_of(meeting)
    return f"{when:%A}, {day(meeting.day)}" if when else content.words["meeting_no_date"]


def _standing(content: Content, meeting: Meeting, today: date) -> str:
    """How a meeting stands: that it took place or fell through, else how far off it is."""
    words, when = content.words, day_of(meeting)
    states = {"held": words["meeting_held"], "cancelled": words["meeting_cancelled"]}
    still = when_words(words, when, today) or words["meeting_unsaid"] if when else ""
    return states.get(meeting.state, still)


def plan_meeting(content: Content, mentor_id: str, meetings: Sequence[Meeting]) -> Html:
    """Asks for the day of a meeting; one click away when there are meetings already."""
    words = content.words
    field = tag(
        "div",
        tag("label", words["meeting_day"], for_="mk-plan-day"),
        tag("p", words["meeting_day_hint"], class_="mk-hint", id="mk-plan-hint"),
        tag("input", type="date", name_="day", id="mk-plan-day", aria_describedby="mk-plan-hint"),
        class_="mk-field",
    )
    about = tag("input", type="hidden", name_="mentor", value=mentor_id)
    add = tag("button", words["meeting_add"], type="button", class_="mk-button", data_do="plan")
    ask = tag(
        "div", field, about, tag("div", add, class_="mk-buttons"), class_="mk-ask", data_ask=f"plan/{len(meetings)}"
    )
    if meetings:
        return details(words["meeting_plan_next"], ask)
    return join(tag("h3", words["meeting_plan"]), ask)


def did_it_take_place(content: Content, meetings: Iterable[Meeting], today: date) -> Html:
    """Asks about meetings whose day has passed and of which nothing is said, the latest first."""
    unsaid = [one for one in meetings if one.state == "planned" and is_past(one, today)]
    return join(_asked(content, meeting) for meeting in unsaid[: -ASKED_ABOUT - 1 : -1])


def _asked(content: Content, meeting: Meeting) -> Html:
    state = content.worksheet("meeting").item("meeting.state")
    assert isinstance(state, Choice)
    when = weekday(date.fromisoformat(meeting.day))
    answers = [
        tag(
            "button",
            option.label,
            type="button",
            class_="mk-button mk-quiet",
            data_do=option.code,
            data_of=meeting.id,
            aria_label=f"{option.label}: {when}",
        )
        for option in state.options
        if option.code != "planned"
    ]
    said = content.words["meeting_asked"].format(day=when)
    return tag("div", tag("p", said), tag("div", answers, class_="mk-buttons"), class_="mk-notice")


# Sheets


def meeting_sheet(content: Content, agenda: Agenda) -> Sheet:
    """Everything about the meeting, for the student alone."""
    words = content.words
    written = (("bring", agenda.text("bring")), ("decision", agenda.text("decision")), ("know", agenda.text("know")))
    own = [*_written(content, written), *_agreed(content, agenda, agenda.news, words["meeting_theirs_open"])]
    if notes := agenda.text("notes"):
        own += [Heading(_question(content, "notes")), Words(notes)]
    else:
        own.append(Ruled(words["meeting_by_hand"], 6))
    title = words["meeting_sheet"].format(mentor=agenda.to.nickname)
    blocks = (*_where_and_when(content, agenda), *own)
    return Sheet("meeting", title, words["meeting_for_me"], blocks, words["sheet_foot_own"])


def meeting_ahead(content: Content, agenda: Agenda) -> Sheet | None:
    """What goes to the mentor ahead of a meeting: never notes. None while the student brings nothing."""
    words = content.words
    written = (("bring", agenda.text("bring")), ("decision", agenda.text("decision")))
    blocks = _written(content, written)
    if not blocks or is_past(agenda.meeting, agenda.today):
        return None
    agreed = _agreed(content, agenda, _mine(agenda.news), words["meeting_yours_open"])
    about = for_both(words, agenda.to.nickname, agenda.today)
    sheet = (*_where_and_when(content, agenda), *blocks, *agreed)
    return Sheet("meeting-ahead", words["meeting_ahead_sheet"], about, sheet, words["sheet_foot_show"])


def _where_and_when(content: Content, agenda: Agenda) -> tuple[Block, ...]:
    words, minutes = content.words, agenda.text("minutes")
    when = [f"{agenda.day:%A}, {day(agenda.meeting.day)}" if agenda.day else "", agenda.text("time")]
    if minutes:
        when.append(words["meeting_minutes"].format(count=minutes))
    rows = [(words["meeting_when"], ", ".join(filter(None, when))), (words["meeting_where"], agenda.text("where"))]
    said = tuple((label, value) for label, value in rows if value)
    return (Pairs(said),) if said else ()


def _written(content: Content, written: Iterable[tuple[str, str]]) -> list[Block]:
    return [block for item, text in written if text for block in (Heading(_question(content, item)), Words(text))]


def _question(content: Content, item: str) -> str:
    return content.worksheet("meeting").item(f"meeting.{item}").text


def _agreed(content: Content, agenda: Agenda, news: Sequence[Step], theirs: str) -> list[Block]:
    """What came of what was agreed, and what is open on either side; a mentor is never told that they are late."""
    words = content.words
    blocks: list[Block] = []
    if news:
        rows = tuple((step.what, finished(content, step)) for step in news)
        blocks += [Heading(words["meeting_agreed"]), Pairs(rows)]
    mine = tuple(step_line(content, step, agenda.today) for step in agenda.open if step.mine)
    yours = tuple(step_line(content, step, agenda.today) for step in agenda.open if not step.mine)
    for label, lines in ((words["meeting_mine_open"], mine), (theirs, yours)):
        if lines:
            blocks += [Heading(label), Points(lines)]
    return blocks


def _mine(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.mine)


def finished(content: Content, step: Step) -> str:
    """That a step is done or dropped, and what came of it."""
    how = content.words["step_done"] if step.state == "done" else content.words["step_dropped"]
    return f"{how}. {step.came}".strip()


def step_line(content: Content, step: Step, today: date) -> str:
    """An open step with its day; that it is late is said of one's own only."""
    if step.by is None:
        return step.what
    late = step.mine and step.is_late(today)
    pattern = content.words["step_was_due"] if late else content.words["step_by"]
    return pattern.format(what=step.title, day=f"{step.by:%B} {step.by.day}")


# A message


def send_ahead(content: Content, agenda: Agenda) -> Html:
    """The message to send two days ahead, and when that is; nothing while there is nothing to send."""
    words = content.words
    if is_past(agenda.meeting, agenda.today) or not (agenda.text("bring") or agenda.text("decision")):
        return Html("")
    by = agenda.day - AHEAD if agenda.day else agenda.today
    on = words["ahead_on"].format(day=weekday(by)) if by > agenda.today else words["ahead_now"]
    subject = words["ahead_subject"].format(day=_on(content, agenda))
    message = to_send(words, words["ahead_title"], ahead_message(content, agenda), subject, agenda.to.email)
    return join(tag("h3", words["ahead_title"]), tag("p", on), message)


def ahead_message(content: Content, agenda: Agenda) -> str:
    """What the student brings, the one decision, and what came of what was agreed, as a message."""
    words = content.words
    time = agenda.text("time")
    when = words["ahead_at"].format(day=_on(content, agenda), time=time) if time else _on(content, agenda)
    came = [f"– {step.title}: {finished(content, step)}" for step in _mine(agenda.news)]
    still = [f"– {step_line(content, step, agenda.today)}" for step in agenda.open if step.mine]
    parts = (
        (words["ahead_bring"], agenda.text("bring")),
        (words["ahead_leave"], agenda.text("decision")),
        (words["ahead_came"], "\n".join(came)),
        (f"{words['meeting_mine_open']}:", "\n".join(still)),
    )
    said = [f"{label}\n{text}" for label, text in parts if text]
    return letter(words, agenda.to, words["ahead_opening"].format(when=when), *said, words["ahead_end"])


def _on(content: Content, agenda: Agenda) -> str:
    return weekday(agenda.day) if agenda.day else content.words["ahead_no_day"]
