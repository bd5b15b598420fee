"""The results as sheets of paper: needs, kinds of mentor, one relationship, what changed, and what is due."""

from collections.abc import Iterable, Sequence
from datetime import date

from mentorkit.agenda import Due
from mentorkit.change import Comparison, NeedsComparison
from mentorkit.content import Content
from mentorkit.matching import Ranking
from mentorkit.reports.change import verdict_words
from mentorkit.reports.home import due_words
from mentorkit.reports.html import day
from mentorkit.reports.needs import area_names
from mentorkit.reports.paper import Bar, Bars, Block, Grid, Heading, Pairs, Points, Ruled, Sheet, Words
from mentorkit.scoring import NeedsScores, RelationshipScores, Score
from mentorkit.worksheet import Answers, Day, Group


def about(content: Content, term: str, today: date) -> str:
    """The line under a title: the term, and the day on which the sheet was made."""
    return content.words["sheet_about"].format(term=term, day=day(today.isoformat()))


def needs_sheet(content: Content, scores: NeedsScores, answers: Answers, said: str) -> Sheet | None:
    """Everything of the needs worksheet that counts, for the student; None while nothing is scored."""
    words, names = content.words, area_names(content, answers)
    shown = [area for area in scores.order if scores.need[area].scored]
    if not shown:
        return None
    bars = tuple(_bar(names[area], scores.need[area]) for area in shown)
    rows = tuple((names[a], str(scores.need[a]), str(scores.support[a]), str(scores.unmet[a])) for a in shown)
    heads = tuple(words[key] for key in ("area", "need", "support", "unmet"))
    blocks = (
        *_top(content, scores, names),
        Heading(words["sheet_need"]),
        Bars(words["sheet_need_bars"], bars),
        Grid(words["needs_table"], heads, rows),
        *_goals(content, answers),
    )
    return Sheet("needs", words["sheet_needs"], said, blocks, words["sheet_foot_scores"])


def needs_to_show(content: Content, scores: NeedsScores, answers: Answers, said: str) -> Sheet | None:
    """What a mentor may see: the areas that matter most, and the goals; no rating and nothing about other people."""
    words, names = content.words, area_names(content, answers)
    blocks = (*_top(content, scores, names), *_goals(content, answers))
    if not blocks:
        return None
    ask = (Heading(words["sheet_ask"]), Ruled(words["sheet_ask_lines"], 4))
    return Sheet("needs-to-show", words["sheet_needs_show"], said, (*blocks, *ask), words["sheet_foot_show"])


def _top(content: Content, scores: NeedsScores, names: dict[str, str]) -> tuple[Block, ...]:
    top = tuple(_with_definition(content, area, names[area]) for area in scores.order if area in scores.top)
    return (Heading(content.words["sheet_top"]), Points(top)) if top else ()


def _with_definition(content: Content, area: str, name: str) -> str:
    return f"{name}: {content.areas[area].definition}" if area in content.areas else name


def _goals(content: Content, answers: Answers) -> tuple[Block, ...]:
    group = content.worksheet("needs").item("goals")
    assert isinstance(group, Group)
    goals = answers.get("goals") or ()
    blocks = tuple(block for goal in goals for block in _goal(group, goal))
    return (Heading(content.words["sheet_goals"]), *blocks) if blocks else ()


def _goal(group: Group, goal: Answers) -> Iterable[Block]:
    """What the student wants to have done, and below it how they will know, by when, and the first step."""
    first, *rest = group.items
    if first.id in goal:
        yield Heading(str(goal[first.id]), level=2)
    yield Pairs(tuple((part.text, _said(part, goal[part.id])) for part in rest if part.id in goal))


def _said(part: object, value: str) -> str:
    return day(value) if isinstance(part, Day) else str(value)


def _bar(name: str, score: Score) -> Bar:
    return Bar(name, score.value, "" if score.value is not None else str(score))


def types_sheet(content: Content, ranking: Ranking, answers: Answers, names: dict[str, str], said: str) -> Sheet | None:
    """The kinds of mentor by fit with their reasons, and how to begin with the chosen ones; None without a ranking."""
    words = content.words
    if not ranking.first:
        return None
    chosen = [content.types[kind] for kind in answers.get("chosen.types", ())]
    begin = tuple((kind.name, kind.begin) for kind in chosen)
    reach = [one for one in ranking.types if not one.unsuited]
    rows = tuple(
        (content.types[one.type].name, str(round(one.fit or 0)), ", ".join(names[r.area] for r in one.reasons))
        for one in reach
    )
    heads = tuple(words[key] for key in ("type", "fit", "because_of"))
    blocks: tuple[Block, ...] = (Grid(words["types_table"], heads, rows), Words(words["types_how"]))
    if begin:
        blocks = (Heading(words["sheet_begin"]), Pairs(begin), Heading(words["sheet_fit"]), *blocks)
    return Sheet("kinds-of-mentor", words["sheet_types"], said, blocks, words["sheet_foot_scores"])


def relationship_sheet(content: Content, scores: RelationshipScores, mentor: str, said: str) -> Sheet | None:
    """The scorecard of one relationship, for the student alone; private flags and the occasion are never on it."""
    words = content.words
    practices = tuple(_bar(content.practices[name].name, score) for name, score in scores.practice.items())
    outcomes = tuple(_bar(content.outcomes[name].name, score) for name, score in scores.outcome.items())
    if not any(bar.value is not None for bar in (*practices, *outcomes)):
        return None
    both = ((words["your_part"], str(scores.practice_index)), (words["what_came"], str(scores.outcome_index)))
    decision = content.decisions.get(str(scores.decision))
    blocks: tuple[Block, ...] = (
        Pairs(both),
        Heading(words["your_part"]),
        Bars(words["sheet_part_bars"], practices),
        Heading(words["what_came"]),
        Bars(words["sheet_came_bars"], outcomes),
    )
    if decision:
        blocks = (*blocks, Heading(words["sheet_decision"]), Words(f"{decision.name}. {decision.help}"))
    title = words["sheet_relationship"].format(mentor=mentor)
    return Sheet("relationship", title, said, blocks, words["sheet_foot_own"])


def change_sheet(
    content: Content,
    needs: tuple[NeedsComparison, str, str, dict[str, str]] | None,
    relationships: Sequence[tuple[str, str, str, Comparison]],
    said: str,
) -> Sheet | None:
    """This term beside the last: verdicts in words, and needs without one. Each pair is named by its two terms."""
    words = content.words
    if needs is None and not relationships:
        return None
    found = tuple(block for one in relationships for block in _relationship_change(content, *one))
    blocks = (*found, *_needs_change(content, needs))
    return Sheet("what-changed", words["sheet_change"], said, blocks, words["sheet_foot_own"])


def _relationship_change(content: Content, mentor: str, earlier: str, later: str, found: Comparison) -> Iterable[Block]:
    indices = {"practice": found.practice, "outcome": found.outcome}
    rows = tuple((content.words[f"{name}_index"], str(one.before), str(one.after)) for name, one in indices.items())
    yield Heading(mentor)
    yield Points(tuple(verdict_words(content, name, one) for name, one in indices.items()))
    yield Grid(f"{mentor}: {content.words['terms_table']}", (content.words["part"], earlier, later), rows)


def _needs_change(
    content: Content, needs: tuple[NeedsComparison, str, str, dict[str, str]] | None
) -> tuple[Block, ...]:
    if needs is None:
        return ()
    found, earlier, later, names = needs
    both = {area: one.need for area, one in found.areas.items() if one.need.before.scored and one.need.after.scored}
    rows = tuple((names[area], str(pair.before), str(pair.after)) for area, pair in both.items())
    if not rows:
        return ()
    words = content.words
    table = Grid(words["all_terms_table"], (words["area"], earlier, later), rows)
    return Heading(words["need_and_support_title"]), Words(words["needs_change_how"]), table


def home_sheet(content: Content, found: Iterable[Due], today: date) -> Sheet:
    """What is due in the next weeks, to be ticked off on paper."""
    words = content.words
    rows = tuple((day(one.day.isoformat()), due_words(content, one)) for one in found)
    grid = Grid(words["sheet_due_table"], (words["sheet_day"], words["sheet_what"]), rows)
    said = words["sheet_made"].format(day=day(today.isoformat()))
    return Sheet("what-is-due", words["sheet_due"], said, (grid,), words["sheet_foot_own"])
