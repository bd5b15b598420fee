"""What a student needs beside the support they have, area by area."""

from mentorkit.content import Content
from mentorkit.reports.html import Html, and_, day, details, figure, join, notice, table, tag
from mentorkit.reports.marks import dot, key, row, stretch
from mentorkit.scoring import NeedsScores
from mentorkit.worksheet import Answers, Choice, Clock, Day, Text

GAP = 25  # points of unmet need, one step of the scale, from which a gap is worth a sentence


def area_names(content: Content, answers: Answers) -> dict[str, str]:
    """The areas' names, with the one in the student's own words."""
    own = str(answers.get("area.own", "")).strip()
    return {**{area.id: area.name for area in content.areas.values()}, "own": own or content.words["own_area"]}


def needs_picture(content: Content, scores: NeedsScores, answers: Answers) -> Html:
    """Need beside support by area, the areas that matter most first; says so when nothing is scored yet."""
    names = area_names(content, answers)
    shown = [area for area in scores.order if scores.need[area].scored]
    if not shown:
        return notice(content.words["needs_empty"])
    rows = [_row(content, names[area], area, scores) for area in shown]
    return figure(
        _finding(content, names, scores),
        tag("span", content.words["needs_how"]),
        key(*_key(content)),
        tag("ol", rows, class_="mk-rows"),
        details(content.words["as_table"], _table(content, names, scores)),
        details(content.words["how_it_came"], _how(content)),
    )


def _row(content: Content, name: str, area: str, scores: NeedsScores) -> Html:
    need, support = scores.need[area], scores.support[area]
    marks: list[Html | None] = []
    if need.value is not None and support.value is not None:
        kind = "gap" if need.value > support.value else "met"
        marks = [stretch(support.value, need.value, kind), dot(support.value, "support")]
    if need.value is not None:
        marks.append(dot(need.value, "need"))
    top = tag("span", content.words["top_three"], class_="mk-tag") if area in scores.top else None
    said = content.words["need_and_support"].format(need=need, support=support)
    return row(join(name, top), said, *marks)


def _key(content: Content) -> list[tuple[Html, str]]:
    middle = {"need": dot(50, "need"), "support": dot(50, "support")}
    return [(middle["need"], content.words["need"]), (middle["support"], content.words["support"])]


def _finding(content: Content, names: dict[str, str], scores: NeedsScores) -> str:
    words = content.words
    gaps = {area: score.value for area, score in scores.unmet.items() if score.value is not None}
    largest = max(gaps.values(), default=0)
    if not gaps:
        return words["needs_no_support"]
    if largest < GAP:
        return words["needs_met"]
    open_ = [names[area] for area in scores.order if gaps.get(area) == largest]
    return words["needs_gap"].format(areas=and_(open_))


def _table(content: Content, names: dict[str, str], scores: NeedsScores) -> Html:
    words = content.words
    rows = [[names[area], scores.need[area], scores.support[area], scores.unmet[area]] for area in scores.order]
    return table(words["needs_table"], [words["area"], words["need"], words["support"], words["unmet"]], rows)


def _how(content: Content) -> Html:
    return join(tag("p", content.words["needs_formula"]), tag("p", content.texts["not_validated"].body.split("\n")[0]))


def needs_summary(content: Content, scores: NeedsScores, answers: Answers) -> Html:
    """The top areas, what to do about each this week, and the goals as the student wrote them."""
    names = area_names(content, answers)
    top = [area for area in scores.order if area in scores.top] or _open_areas(scores)[:3]
    if not top and not answers.get("goals"):
        return notice(content.words["summary_empty"])
    cards = [_advice(content, names[area], area) for area in top if area in content.areas]
    return join(tag("div", cards, class_="mk-cards"), _goals(content, answers))


def _open_areas(scores: NeedsScores) -> list[str]:
    return [area for area in scores.order if (scores.unmet[area].value or 0) >= GAP]


def _advice(content: Content, name: str, area: str) -> Html:
    return tag("div", tag("h3", name), tag("p", content.areas[area].advice), class_="mk-card")


def _goals(content: Content, answers: Answers) -> Html | None:
    goals = answers.get("goals") or []
    first, *rest = content.worksheet("needs").item("goals").items  # type: ignore[union-attr]
    written = [
        tag(
            "div",
            tag("h3", goal.get(first.id, "")),
            tag("ul", (_goal_part(part, goal[part.id]) for part in rest if part.id in goal)),
            class_="mk-card",
        )
        for goal in goals
    ]
    return tag("div", written, class_="mk-cards") if written else None


def _goal_part(part: Choice | Text | Day | Clock, value: str) -> Html:
    return tag("li", tag("strong", part.text), " ", day(value) if isinstance(part, Day) else value)
