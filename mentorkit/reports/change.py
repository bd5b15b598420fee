"""Terms side by side: what changed, what may be noise, and what cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from mentorkit import change
from mentorkit.content import Content
from mentorkit.reports.html import Html, details, figure, join, notice, table, tag
from mentorkit.reports.marks import block, dot, key, row, small_dot, stretch
from mentorkit.scoring import NeedsScores, RelationshipScores, Score
from mentorkit.worksheet import Worksheet


@dataclass(frozen=True)
class TermScores:
    """One term's scores, with the name that the school gives the term."""

    term: str
    scores: RelationshipScores


def relationship_change(
    content: Content, sheet: Worksheet, mentor: str, terms: Sequence[TermScores], found: change.Comparison | None
) -> Html:
    """One relationship over its terms; with a single term, what will be here next semester."""
    words = content.words
    if found is None:
        return join(tag("h3", mentor), notice(words["change_one_term"].format(mentor=mentor, term=terms[-1].term)))
    indices = {"practice": found.practice, "outcome": found.outcome}
    return figure(
        mentor,
        tag("ul", (tag("li", verdict_words(content, name, one)) for name, one in indices.items())),
        _legend(content, terms),
        tag("ul", (_index_row(content, name, one, terms) for name, one in indices.items()), class_="mk-rows"),
        tag("p", words["extreme_first"]) if any(one.extreme_first for one in indices.values()) else None,
        _felt(content, found),
        details(words["as_table"], _terms_table(content, mentor, terms)),
        details(words["how_it_came"], (_how(content, name, one) for name, one in indices.items())),
        _moved(content, sheet, found.moved, mentor),
    )


def _legend(content: Content, terms: Sequence[TermScores]) -> Html:
    earlier = [(small_dot(50), content.words["earlier_terms"])] if len(terms) > 2 else []
    last = [(dot(50, "before"), terms[-2].term), (dot(50, "after"), terms[-1].term)]
    return key((block(5, 95, "band"), content.words["noise_band"]), *earlier, *last)


def _index_row(content: Content, name: str, one: change.IndexChange, terms: Sequence[TermScores]) -> Html:
    called = content.words[f"{name}_index"]
    if one.before.value is None or one.after.value is None or one.threshold is None:
        return row(called, one.reason)
    before, after = one.before.value, one.after.value
    marks = [block(before - one.threshold, before + one.threshold, "band")]
    marks += [small_dot(value) for term in terms[:-2] if (value := index_of(term, name).value) is not None]
    marks += [stretch(before, after, "line"), dot(before, "before"), dot(after, "after")]
    return row(called, f"{one.before} → {one.after}", *marks)


def index_of(term: TermScores, name: str) -> Score:
    """The index called `practice` or `outcome` of one term."""
    return term.scores.practice_index if name == "practice" else term.scores.outcome_index


def verdict_words(content: Content, name: str, one: change.IndexChange) -> str:
    """What may be said about one index: never more than its verdict bears, and never *no change*."""
    called, difference = content.words[f"{name}_index"], one.difference or 0.0
    if one.verdict is None:
        return content.words["change_not_compared"].format(index=called, reason=one.reason)
    if one.verdict == "none detectable":
        return content.words["change_none"].format(index=called)
    direction = content.words["up" if difference > 0 else "down"]
    sentence = content.words["change_clear" if one.verdict == "clear" else "change_possible"]
    return sentence.format(index=called, direction=direction, points=f"{abs(difference):.0f}")


def _terms_table(content: Content, mentor: str, terms: Sequence[TermScores]) -> Html:
    words = content.words
    rows = [[one.term, one.scores.practice_index, one.scores.outcome_index] for one in terms]
    return table(
        f"{mentor}: {words['terms_table']}", [words["term"], words["practice_index"], words["outcome_index"]], rows
    )


def _how(content: Content, name: str, one: change.IndexChange) -> Html | None:
    if one.threshold is None or one.reliability is None or one.sdiff is None:
        return None
    said = content.words["change_formula"].format(
        index=content.words[f"{name}_index"],
        items=one.items,
        reliability=f"{one.reliability:.2f}",
        source=one.source,
        sdiff=f"{one.sdiff:.1f}",
        threshold=f"{one.threshold:.1f}",
    )
    return tag("p", said)


def _felt(content: Content, found: change.Comparison) -> Html | None:
    if found.felt_change is None:
        return None
    scale = {option.code: option.label for option in content.scales["change"].options}
    said = content.words["felt"].format(felt=scale.get(found.felt_change, found.felt_change))
    return tag("p", said, " ", content.words["felt_differs"] if found.felt_agrees is False else None)


def _moved(content: Content, sheet: Worksheet, moved: Sequence[change.MovedItem], about: str) -> Html | None:
    if not moved:
        return None
    words = content.words
    rows = [[sheet.item(one.item).text, one.before, one.after] for one in moved]
    return details(
        words["moved_title"].format(count=len(moved)),
        tag("p", words["moved_note"]),
        table(f"{about}: {words['moved_table']}", [words["question"], words["before"], words["after"]], rows),
    )


def chance_words(content: Content, comparisons: int) -> Html | None:
    """How often chance alone shows at least one clear change among so many comparisons."""
    if comparisons < 2:
        return None
    percent = f"{100 * change.chance_of_any(comparisons):.0f}"
    return tag("p", content.words["chance"].format(count=comparisons, percent=percent))


def needs_change(
    content: Content, found: change.NeedsComparison, earlier: str, later: str, names: dict[str, str]
) -> Html:
    """Needs in two terms, side by side and without a verdict: needs change with the stage."""
    words = content.words
    shown = {area: one for area, one in found.areas.items() if one.need.before.scored and one.need.after.scored}
    if not shown:
        return notice(words["needs_not_compared"])
    rows = [_need_row(names[area], one.need) for area, one in shown.items()]
    cells = [
        [names[a], one.need.before, one.need.after, one.support.before, one.support.after] for a, one in shown.items()
    ]
    heads = [words["area"], *(f"{words[what]}, {term}" for what in ("need", "support") for term in (earlier, later))]
    return figure(
        _needs_finding(content, shown, names),
        words["needs_change_how"],
        key((dot(50, "before"), earlier), (dot(50, "after"), later)),
        tag("ul", rows, class_="mk-rows"),
        details(words["as_table"], table(words["needs_table"], heads, cells)),
        _moved(content, content.worksheet("needs"), found.moved, words["need_and_support_title"]),
    )


def _need_row(name: str, pair: change.Pair) -> Html:
    before, after = pair.before.value or 0.0, pair.after.value or 0.0
    marks = (stretch(before, after, "line"), dot(before, "before"), dot(after, "after"))
    return row(name, f"{pair.before} → {pair.after}", *marks)


def _needs_finding(content: Content, shown: dict[str, change.AreaChange], names: dict[str, str]) -> str:
    largest = max(shown, key=lambda area: abs(shown[area].need.difference or 0.0))
    difference = shown[largest].need.difference or 0.0
    if abs(difference) < 25:
        return content.words["needs_alike"]
    return content.words["needs_moved"].format(
        area=names[largest],
        direction=content.words["up" if difference > 0 else "down"],
        points=f"{abs(difference):.0f}",
    )


def needs_over_terms(content: Content, terms: Sequence[tuple[str, NeedsScores]], names: dict[str, str]) -> Html:
    """Every term's needs as one table."""
    words = content.words
    areas = [area for area in terms[-1][1].need if any(scores.need[area].scored for _, scores in terms)]
    rows = [[names[area], *(scores.need[area] for _, scores in terms)] for area in areas]
    return details(
        words["all_terms"], table(words["all_terms_table"], [words["area"], *(name for name, _ in terms)], rows)
    )
