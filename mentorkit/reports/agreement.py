"""What a student and a mentor agree on: a start from what is known, the page for both, and words to propose it."""

from collections.abc import Iterable
from datetime import date, timedelta

from mentorkit.content import Content
from mentorkit.reports.html import Html, day, join, tag
from mentorkit.reports.letters import Addressee, for_both, to_copy
from mentorkit.reports.paper import Block, Heading, Pairs, Points, Ruled, Sheet, Words
from mentorkit.scorecard import Mentor
from mentorkit.worksheet import Answers, Choice, Choices, Day, Item, Value

FIRST_LOOK = timedelta(days=30)  # a judgment; no trial compared rhythms
ON_THE_PAGE = (  # only these are ever on the page that the mentor sees
    "agreement.goals",
    "agreement.often",
    "agreement.channel",
    "agreement.reply",
    "agreement.limits",
    "agreement.hats",
    "agreement.apart",
    "agreement.confidential",
    "agreement.review",
)


def is_friend(mentor: Mentor, agreed: Answers) -> bool:
    """Whether the mentor is a classmate or a friend: as the student says, else by the kind of mentor."""
    return str(agreed.get("agreement.kind", "peer" if mentor.type == "peer" else "senior")) == "peer"


def head_start(content: Content, mentor: Mentor, agreed: Answers, goals: Iterable[str], today: date) -> Html | None:
    """The student's goals and a day to look again, each a button away from the form."""
    parts = (_goals(content, agreed, goals), _review(content, agreed, today))
    if not any(parts):
        return None
    about = tag("input", type="hidden", name_="mentor", value=mentor.id)
    return tag("div", about, parts, data_ask=f"start/{mentor.id}")


def _goals(content: Content, agreed: Answers, goals: Iterable[str]) -> Html | None:
    words, written = content.words, str(agreed.get("agreement.goals", "")).splitlines()
    rows = [tag("li", tag("span", goal), _use(content, goal)) for goal in goals if goal not in written]
    return join(tag("p", words["agreement_goals"]), tag("ul", rows, class_="mk-list")) if rows else None


def _use(content: Content, goal: str) -> Html:
    word = content.words["agreement_use"]
    name = f"{word}: {goal}"
    button = tag(
        "button", word, type="button", class_="mk-button mk-quiet", data_do="goal", data_of=goal, aria_label=name
    )
    return tag("span", button, class_="mk-state")


def with_goal(agreed: Answers, goal: str) -> str:
    """What the two want to get done, with one more goal on a line of its own."""
    return "\n".join(filter(None, (str(agreed.get("agreement.goals", "")).rstrip(), goal)))


def _review(content: Content, agreed: Answers, today: date) -> Html | None:
    words, set_for = content.words, agreed.get("agreement.review")
    if set_for and date.fromisoformat(set_for) > today:
        return None
    said = words["agreement_review_due"].format(day=day(set_for)) if set_for else words["agreement_review"]
    label = words["agreement_review_set"].format(day=day((today + FIRST_LOOK).isoformat()))
    button = tag("button", label, type="button", class_="mk-button mk-quiet", data_do="review")
    return join(tag("p", said), tag("div", button, class_="mk-buttons"))


def agreement_sheet(content: Content, mentor: Mentor, agreed: Answers, today: date) -> Sheet | None:
    """The page for both: what is answered, what is still open, and lines to sign by hand; None while nothing is."""
    asked = [item for item in content.worksheet("agreement").asked(agreed) if item.id in ON_THE_PAGE]
    rows = tuple((item.text, said(item, agreed[item.id])) for item in asked if item.id in agreed)
    if not rows:
        return None
    words = content.words
    left = tuple(item.text for item in asked if item.id not in agreed and not item.optional)
    blocks: tuple[Block, ...] = (Pairs(rows), Words(words["agreement_danger"]))
    if left:
        blocks = (*blocks, Heading(words["agreement_open"]), Points(left))
    blocks = (*blocks, Ruled(words["agreement_signed"], 2))
    about = for_both(words, mentor.name, today)
    return Sheet("agreement", words["agreement_title"], about, blocks, words["agreement_foot"])


def said(item: Item, value: Value) -> str:
    """An answer as people read it: the labels of what was chosen, a day in words, a text as it was typed."""
    match item:
        case Choice() | Choices():
            codes = value if isinstance(value, list) else [value]
            return "\n".join(option.label for option in item.options if option.code in codes)
        case Day():
            return day(value)
    return str(value)


def propose(content: Content, to: Addressee) -> Html:
    """Words with which to bring it up."""
    words = content.words
    said = words["propose_say_friend"] if to.is_friend else words["propose_say"]
    return join(tag("h3", words["propose_title"]), to_copy(words, words["propose_title"], said))
