"""From scores to students: a row each, with the columns that a release asks about; several mentors are averaged."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from mentorkit.cohort.columns import (
    BOTH,
    CLASS_YEAR,
    DOWN,
    EARLIER,
    EARLIER_ALONE,
    INDICES,
    LATER,
    LATER_ALONE,
    MENTOR_TYPE,
    NEVER,
    NOT_GIVEN,
    OTHER,
    PARTS,
    SAME,
    TOOK_PART,
    UP,
    WITH_MENTORS,
    between,
    in_term,
    reliably,
)
from mentorkit.cohort.questions import Cohort
from mentorkit.cohort.score_rows import SCORES
from mentorkit.content import Content, load_content
from mentorkit.content.model import Norm
from mentorkit.errors import BadFile, NotReady, Unknown
from mentorkit.reliability import FLOAT_NOISE, reliable_change, spearman_brown

MINIMUM = 10  # students, if no other is asked for
GROUPINGS = (CLASS_YEAR, MENTOR_TYPE)
Pair = tuple[str, str]


def terms_of(scores: pd.DataFrame, content: Content) -> tuple[str, ...]:
    """The terms of which there are any scores, earliest first; raises `Unknown` for what is no term."""
    return tuple(content.calendar.sort(set(scores.loc[scores["score"].notna(), "term"])))


def choose_terms(found: Sequence[str], asked: Sequence[str], content: Content) -> tuple[str, ...]:
    """The terms to release on, earlier first: those asked for, else the last two that are there.

    Raises `Unknown` for what is no term, and `NotReady` for a term of which nothing was read, or more than two.
    """
    if not found:
        raise NotReady("Nothing was read: there is no score to release anything about.")
    chosen = content.calendar.sort({content.calendar.parse(term) for term in asked}) or list(found[-2:])
    if len(chosen) > 2:
        raise NotReady("A release compares two terms: name one or two.")
    if missing := [term for term in chosen if term not in found]:
        raise NotReady(f"Nothing was read of {missing[0]}: there are {', '.join(found)}.")
    return tuple(chosen)


def members_of(
    scores: pd.DataFrame,
    terms: Sequence[str] = (),
    by: Collection[str] = (),
    content: Content | None = None,
    minimum: int = MINIMUM,
) -> tuple[pd.DataFrame, Cohort]:
    """The students with their numbers, as `publish` takes them, and what may be asked about them.

    `scores` has one row a score (`SCORES`), NaN = not scored. A student's columns are: the mean over relationships of
    each scale in each term, the same over relationships of one type for the indices, the change of each scale between
    two terms for who was in both and is linked, `part`, `class_year`, and whether an index moved reliably, for who
    rated one relationship in each term. Raises `BadFile` for a frame that is another, `Unknown` for a grouping that is
    none, and as `choose_terms` does.
    """
    known = content or load_content()
    _expect(scores, by)
    courses = terms_of(scores, known)
    chosen = choose_terms(courses, terms, known)
    given = scores[scores["score"].notna()].assign(score=lambda rows: rows["score"].astype(float))
    courses = chosen if len(chosen) == 1 else _told_terms(given, courses, chosen, minimum)
    given = given[given["term"].isin(courses)]
    found = _wide(given, ["scale", "term"])
    if MENTOR_TYPE in by:
        met = given[given["scale"].isin(INDICES) & given["mentor_type"].notna() & given["term"].isin(chosen)]
        found = found.join(_wide(met, ["scale", "term", "mentor_type"]).dropna(axis=1, thresh=minimum))
    parts = {"linked": given.groupby("student")["linked"].all()}
    if len(chosen) == 2:
        pair = (chosen[0], chosen[1])
        parts |= {
            **_parts(given, pair, len(courses) > 2, minimum),
            **_changes(found, pair),
            **_reliable(given, found, pair, known),
        }
    if CLASS_YEAR in by:
        parts[CLASS_YEAR] = _class_year(given, chosen[-1], known, minimum)
    frame = pd.concat([found, pd.DataFrame(parts, index=found.index)], axis=1)
    there = frozenset(column for column in frame if frame[column].notna().any())
    ordered = tuple(name for name in GROUPINGS if name in by)
    cohort = Cohort(chosen, ordered, courses, there, known, minimum, _is_about(frame, minimum))
    return frame.rename_axis("student").reset_index(), cohort


def _told_terms(rows: pd.DataFrame, courses: Sequence[str], chosen: Sequence[str], minimum: int) -> tuple[str, ...]:
    """The terms to release on, and of the others those with the minimum of students: no other is even named."""
    students = rows.groupby("term")["student"].nunique()
    return tuple(term for term in courses if term in chosen or students[term] >= minimum)


def _is_about(frame: pd.DataFrame, minimum: int) -> frozenset[str]:
    """In which sense of taking part fewer than the minimum of the later term are not paired with the earlier."""
    there = [part for part in (TOOK_PART, WITH_MENTORS) if part in frame]
    return frozenset(part for part in there if frame[part].isin([LATER, LATER_ALONE]).sum() < minimum)


def _expect(scores: pd.DataFrame, by: Collection[str]) -> None:
    if missing := [column for column in SCORES if column not in scores]:
        raise BadFile(f"The scores of a cohort have no column {missing[0]}: read them with mentorkit.cohort.read.")
    if strange := [name for name in by if name not in GROUPINGS]:
        raise Unknown(f"There is no grouping {strange[0]!r}: choose {' or '.join(GROUPINGS)}.")
    values = pd.to_numeric(scores["score"])
    if ((values < -FLOAT_NOISE) | (values > 100 + FLOAT_NOISE)).any():
        raise BadFile("A score lies outside 0 to 100: these are no scores of Mentorkit's.")


def _wide(rows: pd.DataFrame, across: list[str]) -> pd.DataFrame:
    """One row a student, a column for each scale in each term (of each type), the mean over relationships."""
    means = rows.groupby(["student", *across], observed=True)["score"].mean().unstack(across)
    if means.empty:
        return pd.DataFrame(index=means.index)
    means.columns = pd.Index([in_term(*map(str, names)) for names in means.columns.to_flat_index()])
    return means


def _parts(rows: pd.DataFrame, pair: Pair, has_others: bool, minimum: int) -> dict[str, pd.Series]:
    """How they took part, and how with mentors, unless these would be two names for nearly the same students.

    Every way is named that there can be, so that no missing row says of all students that they came back.
    """
    linked, others = rows.groupby("student")["linked"].all(), {OTHER} if has_others else set()
    every = _part(rows, pair, linked, {BOTH, EARLIER, LATER, *others})
    mentored = _part(rows[rows["relationship"].notna()], pair, linked, {BOTH, EARLIER, LATER, NEVER, *others})
    if (every.astype(str) != mentored.astype(str)).sum() < minimum:
        return {TOOK_PART: every}
    return {TOOK_PART: every, WITH_MENTORS: mentored}


def _part(rows: pd.DataFrame, pair: Pair, linked: pd.Series, named: Collection[str]) -> pd.Series:
    """How each student took part in two terms; `named` are levels whether anybody has them or not."""
    earlier, later = (set(rows.loc[rows["term"] == term, "student"]) for term in pair)
    ever = set(rows["student"])

    def of(student: str) -> str:
        if student in earlier and student in later:
            return BOTH
        if student in earlier:
            return EARLIER if linked[student] else EARLIER_ALONE
        if student in later:
            return LATER if linked[student] else LATER_ALONE
        return OTHER if student in ever else NEVER

    words = pd.Series({student: of(student) for student in linked.index})
    seen = [part for part in PARTS if part in named or (words == part).any()]
    return words.astype(pd.CategoricalDtype(seen, ordered=True))


def _changes(found: pd.DataFrame, pair: Pair) -> dict[str, pd.Series]:
    """After − before, of who has both."""
    scales = [column.removesuffix(f" {pair[1]}") for column in found if column.endswith(f" {pair[1]}")]
    there = [scale for scale in scales if in_term(scale, pair[0]) in found]
    return {between(scale, pair): found[in_term(scale, pair[1])] - found[in_term(scale, pair[0])] for scale in there}


def _reliable(given: pd.DataFrame, found: pd.DataFrame, pair: Pair, content: Content) -> dict[str, pd.Series]:
    """Whether each index moved by its threshold (95 %), after the content's norms (Jacobson & Truax 1991).

    As on the student's own page the reliability is that of as many items as there were in both terms. It is that of
    one relationship, so nothing is said of an average over several, nor of two that are surely not the same.
    """
    norms: Mapping[str, Norm] = dict(zip(INDICES, (content.norms.practice, content.norms.outcome), strict=True))
    rated_one, words = _rated_one(given, pair), {}
    for index, norm in norms.items():
        before, after = (in_term(index, term) for term in pair)
        if before in found and after in found:
            least = _thresholds(given[given["scale"] == index], pair, norm).reindex(found.index) - FLOAT_NOISE
            change = (found[after] - found[before]).where(found.index.isin(rated_one))
            choices = [change.isna(), change >= least, change <= -least]
            said = np.select(choices, ["", UP, DOWN], SAME)
            words[reliably(index, pair)] = pd.Series(said, index=found.index, dtype=object).replace("", None)
    return words


def _rated_one(given: pd.DataFrame, pair: Pair) -> "pd.Index[str]":
    """The students with a single relationship in each of two terms, both times with a mentor of the same type."""
    met = given[given["relationship"].notna() & given["term"].isin(pair)]
    kind = met["mentor_type"].astype(object).where(met["mentor_type"].notna(), NOT_GIVEN)
    each = met.assign(kind=kind).groupby(["student", "term"])
    many = each["relationship"].nunique().unstack("term").reindex(columns=list(pair))
    kinds = each["kind"].first().unstack("term").reindex(columns=list(pair))
    alone = (many == 1).all(axis=1) & (kinds[pair[0]] == kinds[pair[1]])
    return alone.index[alone]


def _thresholds(rows: pd.DataFrame, pair: Pair, norm: Norm) -> pd.Series:
    """By student, the smallest change that is clear; where nobody told the number of items, that of the norm."""
    rows = rows[rows["term"].isin(pair)]
    items = rows["items"].astype("Int64").fillna(norm.items).groupby(rows["student"]).min()
    found = {n: spearman_brown(norm.reliability, norm.items, n) for n in set(items)}
    return items.map({n: reliable_change(0, 0, norm.sd, r).threshold95 for n, r in found.items()}).astype(float)


def _class_year(rows: pd.DataFrame, term: str, content: Content, minimum: int) -> pd.Series:
    """The class year in the term; no table asks for that of whoever was not there.

    A year that fewer than the minimum have there, or that the content does not know, is not named: it is not given.
    These are filed under the class year that they gave last, or the first where nobody in the term has that: a level
    that only they have would be a row about nobody, which withholding would have to hide behind another.
    """
    given = rows.assign(class_year=rows["class_year"].astype(object).where(rows["class_year"].notna(), NOT_GIVEN))
    order = content.calendar.sort(set(given["term"]))
    given = given.assign(rank=given["term"].map(order.index)).sort_values("rank", kind="stable")
    last = given.groupby("student")["class_year"].last()
    here = given[given["term"] == term].groupby("student")["class_year"].last()
    levels = [year for year in content.years if (here == year).sum() >= minimum]
    here = here.where(here.isin(levels), NOT_GIVEN)
    levels += [NOT_GIVEN] if (here == NOT_GIVEN).any() else []
    seen = set(levels)
    found = here.reindex(last.index).fillna(last.where(last.isin(seen), levels[0]))
    return found.astype(pd.CategoricalDtype(levels, ordered=True))
