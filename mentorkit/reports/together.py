"""What was agreed and what came of it, thanks and what to offer, and the eight practices in short."""

from collections.abc import Iterable, Sequence
from datetime import date

from mentorkit.content import Content
from mentorkit.content.model import Practice, Prompt
from mentorkit.reports.html import Html, details, join, notice, tag
from mentorkit.reports.letters import Addressee, letter, to_copy, to_send
from mentorkit.steps import Step

GIVING = ("appreciation", "reciprocity")


def how_steps_stand(content: Content, to: Addressee, open_: Iterable[Step], news: Sequence[Step], today: date) -> Html:
    """Steps whose day has passed, kindly; and for each that was finished, words to tell the mentor."""
    late = [step for step in open_ if step.is_late(today)]
    return join(_late(content, late), _told(content, to, [step for step in news if step.mine]))


def _late(content: Content, late: Sequence[Step]) -> Html | None:
    if not late:
        return None
    words = content.words
    mine = [_line(words["steps_late"], step) for step in late if step.mine]
    theirs = [_line(words["steps_theirs_late"], step) for step in late if not step.mine]
    what_to_do = tag("p", words["steps_late_say"]) if mine else None
    return tag(
        "div", (tag("p", line) for line in mine), what_to_do, (tag("p", line) for line in theirs), class_="mk-notice"
    )


def _line(pattern: str, step: Step) -> str:
    assert step.by is not None  # else it could not be late
    return pattern.format(what=f"“{step.title}”", day=f"{step.by:%B} {step.by.day}")


def _told(content: Content, to: Addressee, finished_: Sequence[Step]) -> Html:
    words = content.words
    if not finished_:
        return notice(words["came_waiting"])
    return join(tag("h3", words["came_title"]), (_message(content, to, step) for step in reversed(finished_)))


def _message(content: Content, to: Addressee, step: Step) -> Html:
    subject = content.words["came_subject"].format(what=step.title)
    return details(step.title, to_send(content.words, step.title, came_of(content, to, step), subject, to.email))


def came_of(content: Content, to: Addressee, step: Step) -> str:
    """A message that says what came of one step, also when it was dropped."""
    words = content.words
    done = step.state == "done"
    missing = words["came_to_say"] if done else words["came_reason"]
    pattern = words["came_done"] if done else words["came_dropped"]
    said = pattern.format(what=step.title, came=step.came or missing)
    return letter(words, to, said, words["came_thanks"])


def giving(content: Content) -> Html:
    """Small things to do for a mentor: prompts, never a score."""
    cards = [_card(content, content.practices[name]) for name in GIVING if name in content.practices]
    return join(tag("p", content.words["prompts_hint"]), tag("div", cards, class_="mk-cards"))


def _card(content: Content, practice: Practice) -> Html:
    return tag("div", tag("h3", practice.name), (_prompt(content, one) for one in practice.prompts), class_="mk-card")


def _prompt(content: Content, prompt: Prompt) -> Html:
    if not prompt.say:
        return tag("p", prompt.what)
    return details(prompt.what, to_copy(content.words, prompt.what, prompt.say))


def habits(content: Content) -> Html:
    """The practices as short reminders: a name and a line each, what to do this week one click away."""
    rows = [habit(content, one) for one in content.practices.values()]
    return join(tag("h3", content.words["habits_title"]), tag("ul", rows, class_="mk-habits"))


def habit(content: Content, one: Practice) -> Html:
    """One practice as a short reminder."""
    advice = details(content.words["habit_advice"], tag("p", one.advice))
    return tag("li", tag("strong", one.name), tag("p", one.definition), advice, data_id=f"keep.{one.id}")


def habits_by_name(content: Content) -> Html:
    """The practices by their names, all else one click away."""
    rows = [
        tag("li", details(one.name, tag("p", one.definition), tag("p", one.advice)), data_id=f"keep.{one.id}")
        for one in content.practices.values()
    ]
    return join(tag("h3", content.words["habits_title"]), tag("ul", rows, class_="mk-habits"))
