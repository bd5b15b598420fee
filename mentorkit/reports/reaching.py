"""Finding people and approaching them: ways to look, how to ask, how far it has come, and the plan on paper."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from mentorkit.content import Content
from mentorkit.content.model import Reach, Way
from mentorkit.message import subject_and_body
from mentorkit.reports.drafts import Approach, draft, draft_button
from mentorkit.reports.html import Html, and_, day, details, join, notice, table, tag
from mentorkit.reports.letters import to_copy, to_send
from mentorkit.reports.paper import Block, Grid, Heading, Pairs, Sheet, Words
from mentorkit.worksheet import Answers

Order = Literal["next", "name", "stage"]

ORDERS: tuple[Order, ...] = ("next", "name", "stage")
MANY = 6  # people from which the table can be put in order
NEVER = date.max  # sorts what has no day behind what has one


# Ways to look


def ways_list(content: Content) -> Html:
    """Every way of finding somebody, one click away, and the national groups."""
    words = content.words
    ways = (details(way.name, _way(content, way), data_id=f"find.{way.id}") for way in content.ways.values())
    return join(tag("h3", words["ways_title"]), ways, _national(content))


def _way(content: Content, way: Way) -> Html:
    return join(tag("p", way.what), _begin(content, way.first))


def _national(content: Content) -> Html | None:
    found = content.types.get("national")
    if found is None:
        return None
    begin = _begin(content, found.begin)
    return details(content.words["ways_national"], tag("p", found.what), begin, data_id="type.national")


def _begin(content: Content, first: str) -> Html:
    return tag("p", tag("strong", content.words["begin"]), " ", first)


def plan_lines(content: Content, plan: Iterable[Answers]) -> list[tuple[str, str]]:
    """What the student will do, and by when; a way without a step of the student's own has its first step."""
    words = content.words
    lines = []
    for entry in plan:
        way = content.ways.get(str(entry.get("way", "")))
        first = str(entry.get("first", "")).strip() or (way.first if way else "")
        by = words["plan_by"].format(day=day(entry["by"])) if "by" in entry else words["plan_no_day"]
        if first:
            lines.append((words["plan_line"].format(way=way.name, first=first) if way else first, by))
    return lines


def plan_shown(content: Content, plan: Iterable[Answers]) -> Html:
    """The chosen ways as lines to do."""
    lines = plan_lines(content, plan)
    if not lines:
        return tag("p", content.words["plan_missing"], class_="mk-hint")
    rows = (tag("li", tag("span", what), tag("span", by, class_="mk-state")) for what, by in lines)
    return tag("div", tag("h3", content.words["plan_lines"]), tag("ul", rows, class_="mk-list"))


# How to ask


def way_to_ask(content: Content, one: Approach | None) -> Html:
    """The way that fits how the student knows them, with its reason and its manners; the others one click away."""
    words = content.words
    reach = one.reach(content) if one else None
    if reach is None:
        said = tag("p", words["reach_choose"], class_="mk-hint") if one else None
        return join(said, details(words["reach_all"], _reaches(content, content.reaches.values())))
    others = [other for other in content.reaches.values() if other is not reach]
    chosen = tag("div", tag("h3", reach.name), _reach(content, reach), class_="mk-card", data_id=f"reach.{reach.id}")
    return join(chosen, details(words["reach_others"], _reaches(content, others)))


def _reaches(content: Content, reaches: Iterable[Reach]) -> Html:
    return join(details(one.name, _reach(content, one), data_id=f"reach.{one.id}") for one in reaches)


def _reach(content: Content, reach: Reach) -> Html:
    words = content.words
    kept = tag("ul", (tag("li", one) for one in reach.etiquette))
    manners = join(tag("p", tag("strong", words["reach_manners"])), kept)
    why = tag("p", tag("strong", words["reach_why"]), " ", reach.reason)
    return join(tag("p", reach.what), why, manners)


# How far it has come


def follow_up_day(content: Content, one: Approach, today: date) -> date | None:
    """A day to suggest for the next step: some days after they were asked, and not in the past; None without need."""
    wait = one.stage(content).days
    if wait is None or one.day("next"):
        return None
    return max((one.day("contacted") or today) + timedelta(days=wait), today)


def stage_shown(content: Content, one: Approach, goals: Sequence[str], today: date, link: Html | None) -> Html:
    """The next step, a day for it, and words to send; `link` leads on when somebody became a mentor."""
    stage = one.stage(content)
    became = _became_mentor(content, one, link) if stage.id == "mentor" else None
    return join(
        tag("h3", content.words["stage_now"]),
        became,
        tag("p", stage.next),
        _late(content, one, today),
        _follow(content, one, today),
        (_letter(content, one, goals, place) for place in range(len(stage.drafts))),
        _buttons(content, one),
    )


def _became_mentor(content: Content, one: Approach, link: Html | None) -> Html:
    words = content.words
    pages = {name: words[f"page_{name}"] for name in ("network", "together", "reassess")}
    said = words["stage_mentor"].format(name=one.person.name, **pages)
    return join(notice(said), tag("p", link) if link else None)


def _late(content: Content, one: Approach, today: date) -> Html | None:
    due = one.day("next")
    if due is None or due >= today or one.stage(content).over:
        return None
    return notice(content.words["stage_late"].format(day=day(due.isoformat())))


def _follow(content: Content, one: Approach, today: date) -> Html | None:
    suggested = follow_up_day(content, one, today)
    if suggested is None:
        return None
    label = content.words["stage_follow"].format(day=day(suggested.isoformat()))
    button = draft_button(label, "follow", f"{one.person.id}/{suggested.isoformat()}", strong=True)
    return tag("div", button, class_="mk-buttons")


def _letter(content: Content, one: Approach, goals: Sequence[str], place: int) -> Html:
    words, letter = content.words, one.stage(content).drafts[place]
    text = draft(content, one, letter, goals)
    subject, body = subject_and_body(text, words["letter_subject"])
    if not subject:
        return details(letter.name, to_copy(words, letter.name, body))
    return details(letter.name, to_send(words, letter.name, body, subject, one.email or ""))


def _buttons(content: Content, one: Approach) -> Html:
    words = content.words
    wrote = one.stage(content).id in ("contacted", "no_reply")
    again = draft_button(words["stage_again"], "again", one.person.id) if wrote else None
    remove = draft_button(words["stage_remove"].format(name=one.person.name), "remove", one.person.id)
    is_mentor = one.stage(content).id == "mentor"
    return tag("div", again, None if is_mentor else remove, class_="mk-buttons")


# Everyone


def by_next_day(content: Content, one: Approach) -> tuple[bool, date]:
    """Sorts people: those with the earliest next day first, those where it is settled last."""
    return one.stage(content).over, one.day("next") or NEVER


def in_order(content: Content, people: Iterable[Approach], order: Order) -> list[Approach]:
    """The people in one of the orders; those who are alike stay in the order in which they were noted."""
    first = sorted(people, key=lambda one: by_next_day(content, one))
    stages = list(content.stages)
    match order:
        case "name":
            return sorted(first, key=lambda one: one.person.name.casefold())
        case "stage":
            return sorted(first, key=lambda one: stages.index(one.stage(content).id))
    return first


def tracker(content: Content, people: Iterable[Approach], order: Order, today: date) -> Html:
    """Everyone with how far it has come, since when, and the next day; those where it is settled are folded."""
    words = content.words
    every = in_order(content, people, order)
    if not every:
        return tag("p", words["track_empty"], class_="mk-hint")
    open_ = [one for one in every if not one.stage(content).over]
    over = [one for one in every if one.stage(content).over]
    shown = _table(content, words["track_table"], open_, today) if open_ else None
    settled = details(
        words["track_over"].format(count=len(over)), _table(content, words["track_over_table"], over, today)
    )
    sorting = _sorting(content, order) if len(every) > MANY else None
    finding = tag("p", *(f"{said} " for said in _finding(content, open_, today)))
    return join(tag("h3", words["track_title"]), finding, sorting, shown, settled if over else None)


def _finding(content: Content, open_: Sequence[Approach], today: date) -> Iterable[str]:
    words, count = content.words, len(open_)
    yield {0: words["track_none"], 1: words["track_one"]}.get(count, words["track_many"].format(count=count))
    late = [one.person.name for one in open_ if (one.day("next") or NEVER) < today]
    if late:
        yield words["track_late"].format(names=and_(late))
    coming = [one for one in open_ if today <= (one.day("next") or NEVER) < NEVER]
    if coming:
        first = min(coming, key=lambda one: by_next_day(content, one))
        yield words["track_next"].format(name=first.person.name, day=day(first.text("next")))


def _sorting(content: Content, order: Order) -> Html:
    words = content.words
    buttons = (
        tag(
            "button",
            words[f"person_by_{one}"],
            type="button",
            class_="mk-button" if one == order else "mk-button mk-quiet",
            data_do="order",
            data_of=one,
            aria_pressed="true" if one == order else "false",
        )
        for one in ORDERS
    )
    said = words["track_sort"]
    return tag("div", tag("span", said), buttons, class_="mk-buttons", role="group", aria_label=said)


def _table(content: Content, caption: str, people: Iterable[Approach], today: date) -> Html:
    words = content.words
    heads = [words[f"track_{name}"] for name in ("name", "day", "stage", "since")]
    return table(caption, heads, (_row(content, one, today) for one in people), numbers=4)


def _row(content: Content, one: Approach, today: date) -> tuple[str, str, str, str]:
    since = one.day("contacted") if one.stage(content).id == "contacted" else None
    when = since or one.since
    return (
        one.person.name,
        _next_day(content, one, today),
        one.stage(content).name,
        _short_day(when, today) if when else "–",
    )


def _next_day(content: Content, one: Approach, today: date) -> str:
    due = one.day("next")
    if due is None or one.stage(content).over:
        return "–"
    said = _short_day(due, today)
    return content.words["track_was"].format(day=said) if due < today else said


def _short_day(when: date, today: date) -> str:
    """A day in a table: its year only when that is another one."""
    return f"{when:%B} {when.day}" if when.year == today.year else day(when.isoformat())


def person_help(content: Content, one: Approach, today: date) -> str:
    """What stands beside a name to choose: how far it has come, and the next day."""
    words, stage, due = content.words, one.stage(content), one.day("next")
    if due is None or stage.over:
        return stage.name
    pattern = words["person_late"] if due < today else words["person_next"]
    return pattern.format(stage=stage.name, day=day(due.isoformat()))


# On paper


def plan_sheet(
    content: Content, plan: Iterable[Answers], people: Iterable[Approach], chosen: Approach | None, today: date
) -> Sheet | None:
    """The two ways, the people under way with their next step, and the message; None while there is nothing."""
    words = content.words
    open_ = [one for one in in_order(content, people, "next") if not one.stage(content).over]
    blocks = (*_ways_block(content, plan), *_people_block(content, open_, today), *_message_block(content, chosen))
    if not blocks:
        return None
    said = words["sheet_made"].format(day=day(today.isoformat()))
    return Sheet("reaching-out", words["plan_sheet"], said, blocks, words["sheet_foot_own"])


def _ways_block(content: Content, plan: Iterable[Answers]) -> tuple[Block, ...]:
    lines = plan_lines(content, plan)
    if not lines:
        return ()
    words = content.words
    heads = (words["sheet_what"], words["sheet_day"])
    return Heading(words["plan_sheet_ways"]), Grid(words["plan_sheet_ways"], heads, tuple(lines))


def _people_block(content: Content, people: Sequence[Approach], today: date) -> tuple[Block, ...]:
    if not people:
        return ()
    words = content.words
    rows = tuple((one.person.name, one.stage(content).name, _next_day(content, one, today)) for one in people)
    heads = (words["track_name"], words["track_stage"], words["track_day"])
    stages = dict.fromkeys(one.stage(content).id for one in people)
    steps = tuple((content.stages[name].name, content.stages[name].next) for name in stages)
    grid = Grid(words["plan_sheet_people"], heads, rows)
    return Heading(words["plan_sheet_people"]), grid, Heading(words["plan_sheet_next"], 2), Pairs(steps)


def _message_block(content: Content, chosen: Approach | None) -> tuple[Block, ...]:
    if chosen is None or not chosen.text("message"):
        return ()
    return Heading(content.words["plan_sheet_message"].format(name=chosen.person.name)), Words(chosen.text("message"))
