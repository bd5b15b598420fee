"""00: What is this, who sees it, where was I?"""

from collections.abc import Iterator
from typing import Any

from ipywidgets import DOMWidget

from mentorkit import agenda
from mentorkit.pages import along
from mentorkit.pages.desk import link, panel, shown, texts, workbook
from mentorkit.pages.paper import take_along as sheet_to_take
from mentorkit.reports.home import Next, Step, TermSoFar, due_list, due_words, next_step, pages_list, timeline, welcome
from mentorkit.reports.html import Html, and_, join, tag
from mentorkit.reports.paper import Sheet
from mentorkit.reports.sheets import home_sheet
from mentorkit.scorecard import Mentor
from mentorkit.widgets.panel import File, Reply
from mentorkit.widgets.picker import Picker
from mentorkit.workbook import Workbook


@shown
def where_i_am() -> DOMWidget:
    """The next step and why, and the pages with their state in this term."""
    return panel(_where_i_am)


@shown
def due() -> DOMWidget:
    """What is overdue or due soon, and a calendar file with all that lies ahead."""
    return panel(_due, {"calendar": _calendar})


@shown
def terms() -> DOMWidget:
    """The terms so far."""
    return panel(_timeline)


@shown
def term() -> DOMWidget:
    """The term worked on, to be changed when a new one begins."""
    picker = Picker(_terms, _choose_term)
    workbook().on_change(picker.show)
    return picker


@shown
def take_along() -> DOMWidget:
    """A file, a copy, bringing in a file, and erasing everything."""
    return along.take_along()


@shown
def sheet() -> DOMWidget:
    """What lies ahead, on paper."""
    return sheet_to_take(_sheet)


@shown
def good_to_know() -> DOMWidget:
    """The texts for this page, one click away."""
    return texts("00_start_here")


# Where the student is


def _where_i_am() -> Html:
    book = workbook()
    content, next_ = book.content, next_page(book)
    if not book.records:
        assert next_ is not None
        return join(welcome(content, next_, link), tag("p", content.words["first_visit"], class_="mk-hint"))
    term = content.calendar.name(book.term)
    every = pages_list(content, steps(book), next_, link)
    return join(next_step(content, term, next_, link), every, _last_saved(book))


def _last_saved(book: Workbook) -> Html:
    words = book.content.words
    when = max(record.at for record in book.records).astimezone()
    said = words["last_saved"].format(when=f"{when:%B} {when.day}, {when.year}, {when:%H:%M}")
    return tag("p", said, " ", words["kept_in"].format(folder=book.home and book.home.path), class_="mk-hint")


def next_page(book: Workbook) -> Next | None:
    """The page to open next, and why this one: what is late first, then the pages in their order."""
    words = book.content.words
    titles = {step.page: step.title for step in steps(book)}
    late = [one for one in agenda.due(book) if one.day <= book.today and one.kind not in ("goal", "plan")]
    if late:
        first = due_words(book.content, late[0])
        why = (words["why_late_one"] if len(late) == 1 else words["why_late"]).format(count=len(late), first=first)
        return Next(late[0].page, titles[late[0].page], why)
    return next((Next(page, titles[page], why) for page, why in _reasons(book)), None)


def _reasons(book: Workbook) -> Iterator[tuple[str, str]]:
    words, mentors = book.content.words, book.present_mentors
    chosen = [book.content.types[one].name for one in book.answers("mentor_types").get("chosen.types", [])]
    if not book.is_sealed("needs"):
        yield "goals", words["why_goals_on"] if book.draft("needs") else words["why_goals"]
    unseen = [mentor.name for mentor in mentors if mentor.id not in _looked_at(book)]
    if unseen:
        yield "network", words["why_network"].format(names=and_(unseen))
    if not chosen:
        yield "mentor-types", words["why_types"]
    if not mentors and not _approached(book):
        yield "reaching-out", words["why_reaching"].format(kinds=and_(chosen))
    waiting = [one.name for one in _approached(book) if _stage(book, one.id) == "to_approach"]
    if waiting:
        yield "reaching-out", words["why_send"].format(names=and_(waiting))
    without = [one.name for one in mentors if not book.draft("agreement", mentor=one.id)]
    if without:
        yield "working-together", words["why_together"].format(names=and_(without))
    if any(len(book.sealed("relationship", mentor=one.id)) > 1 for one in mentors) and not agenda.to_reassess(book):
        yield "what-changed", words["why_changed"]


def _looked_at(book: Workbook) -> set[str]:
    """The mentors of whom something was said in this term's network."""
    return {member.mentor for member in book.network().members if member.looked_at}


def _approached(book: Workbook) -> list[Mentor]:
    """The people to approach who were not taken off the list."""
    return [person for person in book.prospects if not person.left]


def _stage(book: Workbook, person: str) -> str:
    return str(book.answers("approach", mentor=person).get("approach.state", ""))


def steps(book: Workbook) -> list[Step]:
    """The pages in the order that makes sense, each with its state in this term."""
    words = book.content.words
    chosen = bool(book.answers("mentor_types").get("chosen.types"))
    return [
        _needs_step(book),
        _network_step(book),
        Step("mentor-types", words["page_types"], words["done"] if chosen else words["open"], chosen),
        _reaching_step(book),
        _together_step(book),
        _reassess_step(book),
        _changed_step(book),
    ]


def _needs_step(book: Workbook) -> Step:
    words, sheet, draft = book.content.words, book.worksheet("needs"), book.draft("needs")
    sealed = book.is_sealed("needs")
    total = sum(not item.optional for item in sheet.asked(draft))
    answered = words["answered"].format(answered=total - len(sheet.missing(draft)), total=total) if draft else ""
    return Step("goals", sheet.title, words["done"] if sealed else answered or words["open"], sealed)


def _network_step(book: Workbook) -> Step:
    words, mentors = book.content.words, book.present_mentors
    seen = _looked_at(book) & {mentor.id for mentor in mentors}
    said = words["looked_at"].format(count=len(seen), total=len(mentors)) if mentors else words["nobody_yet"]
    done = bool(mentors) and len(seen) == len(mentors)
    return Step("network", words["page_network"], words["done"] if done else said, done)


def _reaching_step(book: Workbook) -> Step:
    words, people = book.content.words, _approached(book)
    open_ = [one for one in people if not book.content.stages[_stage(book, one.id) or "to_approach"].over]
    said = words["people_open"].format(names=and_(one.name for one in open_)) if open_ else words["open"]
    done = not open_ and bool(people or book.mentors)
    return Step("reaching-out", words["page_reaching"], words["done"] if done else said, done)


def _together_step(book: Workbook) -> Step:
    words, mentors = book.content.words, book.present_mentors
    without = [one.name for one in mentors if not book.draft("agreement", mentor=one.id)]
    said = words["no_agreement"].format(names=and_(without)) if without else words["when_mentor"]
    done = bool(mentors) and not without
    return Step("working-together", words["page_together"], words["done"] if done else said, done)


def _reassess_step(book: Workbook) -> Step:
    words, present, left = book.content.words, book.present_mentors, agenda.to_reassess(book)
    said = words["due"].format(mentors=and_(one.name for one in left)) if left else words["when_mentor"]
    done = bool(present) and not left
    return Step("reassess", words["page_reassess"], words["done"] if done else said, done)


def _changed_step(book: Workbook) -> Step:
    words = book.content.words
    met = [None, *(mentor.id for mentor in book.mentors)]
    ready = any(len(book.sealed("relationship" if one else "needs", mentor=one)) > 1 for one in met)
    return Step("what-changed", words["page_changed"], words["ready"] if ready else words["next_semester"], done=True)


# What is due


def _due() -> Html:
    book = workbook()
    words = book.content.words
    if not book.records:
        return tag("p", words["due_first_visit"])
    save = tag("button", words["calendar_save"], type="button", class_="mk-button mk-quiet", data_do="calendar")
    offer = join(tag("div", save, class_="mk-buttons"), tag("p", words["calendar_hint"], class_="mk-hint"))
    return join(due_list(book.content, agenda.due(book), book.today, link), offer if agenda.events(book) else None)


def _calendar(_: dict[str, str]) -> Reply:
    from mentorkit.reports.calendar import MEDIA, NAME, calendar_file

    return File(NAME, MEDIA, calendar_file(workbook()))


def _sheet() -> Sheet | None:
    book = workbook()
    found = agenda.due(book, within=agenda.SOON * 8)
    return home_sheet(book.content, found, book.today) if found else None


# The terms


def _timeline() -> Html:
    book = workbook()
    return timeline(book.content, [_so_far(book, term) for term in book.terms])


def _so_far(book: Workbook, term: str) -> TermSoFar:
    calendar = book.content.calendar
    looked = sum(term in (card.term for card in book.sealed("relationship", mentor=one.id)) for one in book.mentors)
    begin, end = calendar.starts(term).isoformat(), calendar.starts(calendar.after(term)).isoformat()
    held = sum(begin <= meeting.day < end for meeting in book.meetings() if meeting.state == "held")
    needs = term in (card.term for card in book.sealed("needs"))
    return TermSoFar(calendar.name(term), term == book.term, needs, looked, held)


def _choose_term(term: str) -> None:
    workbook().term = term


def _terms() -> dict[str, Any]:
    book = workbook()
    calendar = book.content.calendar
    offered = [*book.terms, calendar.after(book.terms[-1])][-4:]
    options = [{"code": term, "label": calendar.name(term), "help": ""} for term in offered]
    return {"title": book.content.words["term_choose"], "options": options, "chosen": book.term, "adding": None}
