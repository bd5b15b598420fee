"""From scores to students: means first, who is in both terms, changes of the same students, and what may be asked."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cohort_files import AFTER, BEFORE, CONTENT, number, put, relationship, share
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit import cohort
from mentorkit.cohort.columns import (
    BOTH,
    EARLIER,
    EARLIER_ALONE,
    IN_EARLIER,
    IN_LATER,
    LATER,
    LATER_ALONE,
    NEVER,
    OTHER,
    TOOK_PART,
    WITH_MENTORS,
)
from mentorkit.cohort.disclosure import Ledger, Mean, Table, either, publish
from mentorkit.cohort.members import members_of
from mentorkit.cohort.questions import BANDS, EDGES, tables
from mentorkit.cohort.reading import scores_of
from mentorkit.cohort.score_rows import SCORES
from mentorkit.errors import BadFile, MentorkitError, NotReady, Unknown

CHANGE = f"{BEFORE} to {AFTER}"
OLD = "2025-fall"


def members(tmp_path: Path, *handed: dict[str, Any], terms=(BEFORE, AFTER), **more: Any) -> pd.DataFrame:
    return members_of(scores_of(cohort.read([put(tmp_path / "in", *handed)])), terms, **more)[0].set_index("student")


def one(frame: pd.DataFrame, student: int) -> pd.Series:
    return frame.loc[f"student {number(student)}"]


def test_several_mentors_of_a_student_are_averaged_before_anything_is_counted(tmp_path: Path):
    met = (relationship(20.0), relationship(80.0, kind="faculty"), relationship(80.0, kind="faculty"))
    found = one(members(tmp_path, share(1, AFTER, *met), terms=(AFTER,), by=("mentor_type",), minimum=1), 1)
    assert found[f"practice_index {AFTER}"] == 60
    assert found[f"practice_index {AFTER} faculty"] == 80 and found[f"practice_index {AFTER} peer"] == 20


def test_how_each_student_took_part_is_said_once_and_right(tmp_path: Path):
    handed = [share(1, BEFORE, relationship()), share(1, AFTER), share(2, BEFORE), share(3, AFTER), share(6, OLD)]
    handed += [share(4, BEFORE, student=None), share(5, AFTER, student=None)]
    found = members(tmp_path, *handed, minimum=1)
    words = {1: BOTH, 2: EARLIER, 3: LATER, 6: OTHER}
    assert {n: one(found, n)[TOOK_PART] for n in words} == words
    alone = found.loc[[f"share {number(4, BEFORE)}", f"share {number(5, AFTER)}"], TOOK_PART]
    assert list(alone) == [EARLIER_ALONE, LATER_ALONE]
    assert WITH_MENTORS not in members(tmp_path, *handed)  # nearly the same students


def test_who_scored_a_relationship_is_told_apart_where_not_nearly_all_did(tmp_path: Path):
    handed = [share(n, BEFORE, *([relationship()] if n % 2 else [])) for n in range(20)]
    found = members(tmp_path, *handed, share(1, AFTER))
    assert one(found, 1)[TOOK_PART] == BOTH and one(found, 1)[WITH_MENTORS] == EARLIER
    assert one(found, 2)[WITH_MENTORS] == NEVER


def test_no_missing_row_says_that_all_came_back(tmp_path: Path):
    found = members(tmp_path, share(1, BEFORE), share(1, AFTER))
    assert list(found[TOOK_PART].cat.categories) == [BOTH, EARLIER, LATER]


def test_what_few_have_is_not_even_named(tmp_path: Path):
    """A class year that nine gave, one that no content knows, a type of mentor, a term of one student."""
    handed = [share(n, AFTER, relationship(), class_year="m1" if n < 9 else "m2") for n in range(30)]
    handed += [share(n, BEFORE, relationship(kind="online" if n < 9 else "peer")) for n in range(30)]
    handed += [share(40, AFTER, class_year="mdphd"), share(41, OLD, relationship())]
    found = members(tmp_path, *handed, by=("class_year", "mentor_type"))
    assert list(found["class_year"].cat.categories) == ["m2", "not given"]
    assert f"practice_index {BEFORE} peer" in found and f"practice_index {BEFORE} online" not in found
    assert not [column for column in found if OLD in column] and number(41) not in found.index


def test_a_change_is_of_one_student_with_both_scores(tmp_path: Path):
    handed = [share(1, BEFORE, relationship(40.0)), share(1, AFTER, relationship(65.0))]
    found = members(tmp_path, *handed, share(2, BEFORE, relationship()))
    assert one(found, 1)[f"practice_index {CHANGE}"] == 25
    assert pd.isna(one(found, 2)[f"practice_index {CHANGE}"])


@pytest.mark.parametrize(
    ("after", "word"), [(59.3, "same"), (59.4, "up"), (20.7, "same"), (20.6, "down"), (40.0, "same")]
)
def test_a_change_is_reliable_from_the_threshold_of_the_norms_on(tmp_path: Path, after: float, word: str):
    """1.96 · √2 · 18 · √(1 − .85) = 19.32 points."""
    handed = [share(1, BEFORE, relationship(40.0)), share(1, AFTER, relationship(after))]
    assert one(members(tmp_path, *handed), 1)[f"reliable practice_index {CHANGE}"] == word


def test_whose_class_year_is_asked_has_that_of_the_later_term(tmp_path: Path):
    handed = [share(1, BEFORE, class_year="m1"), share(1, AFTER, class_year="m2"), share(2, AFTER, class_year=None)]
    found = members(tmp_path, *handed, by=("class_year",), minimum=1)
    assert one(found, 1)["class_year"] == "m2" and one(found, 2)["class_year"] == "not given"


def test_the_last_two_terms_are_compared_when_none_is_named_and_terms_sort_by_time(tmp_path: Path):
    scores = scores_of(cohort.read([put(tmp_path / "in", *(share(1, term) for term in (AFTER, OLD, BEFORE)))]))
    assert members_of(scores)[1].terms == (BEFORE, AFTER)
    assert members_of(scores, (AFTER, OLD))[1].terms == (OLD, AFTER)
    assert members_of(scores, ("Fall 2026",))[1].terms == (AFTER,)


def test_what_cannot_be_asked_is_refused_in_a_sentence(tmp_path: Path):
    scores = scores_of(cohort.read([put(tmp_path / "in", share(1))]))
    for terms, by, error in (((BEFORE,), (), NotReady), (("soon",), (), Unknown), ((), ("height",), Unknown)):
        with pytest.raises(error):
            members_of(scores, terms, by)
    with pytest.raises(BadFile):
        members_of(scores.drop(columns="linked"))
    with pytest.raises(BadFile):
        members_of(scores.assign(score=101.0))
    with pytest.raises(NotReady):
        members_of(scores.iloc[:0])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from((OLD, BEFORE, AFTER)), st.integers(0, 100), st.booleans()),
        min_size=1, max_size=12, unique_by=lambda one: one[:2],
    )
)  # fmt: skip
def test_students_of_a_term_and_their_means_are_those_of_plain_counting(handed: list[tuple[int, str, int, bool]]):
    rows = [
        (
            f"s{who}" if linked else f"alone {who} {term}",
            linked,
            term,
            "m1",
            1,
            "peer",
            "practice_index",
            float(score),
            24,
        )
        for who, term, score, linked in handed
    ]
    rows = [row for row in rows if row[1]] + [row for row in rows if not row[1]]
    frame = pd.DataFrame(rows, columns=list(SCORES))
    terms = tuple(CONTENT.calendar.sort(set(frame["term"])))[-2:]
    found, asked = members_of(frame, terms)
    assert asked.terms == terms
    if len(terms) == 2:
        for term, parts in zip(terms, (IN_EARLIER, IN_LATER), strict=True):
            there = set(found.loc[found[TOOK_PART].isin(parts), "student"])
            assert there == set(frame.loc[frame["term"] == term, "student"])
            assert set(found.loc[found[f"practice_index {term}"].notna(), "student"]) == there
        both = found[found[TOOK_PART] == BOTH]
        assert both["linked"].all()
    for table in tables(asked):
        used = {column for ask in table.asks for column in getattr(ask, "columns", [getattr(ask, "column", "")])}
        assert used <= set(found.columns)


@pytest.mark.parametrize(
    ("terms", "steps"), [(("2024-fall", "2025-fall", "2026-spring"), (0, 2, 3)), ((OLD, BEFORE, AFTER), (0, 1, 2))]
)
def test_the_step_from_term_to_term_counts_a_term_of_which_there_is_nothing(
    tmp_path: Path, terms: tuple[str, ...], steps: tuple[int, ...]
):
    handed = [
        share(n, term, relationship(30.0 + n + 5 * step + (-1) ** (n * at)))
        for n in range(30)
        for at, (term, step) in enumerate(zip(terms, steps, strict=True))
    ]
    frame, asked = members_of(scores_of(cohort.read([put(tmp_path / "in", *handed)])))
    (slope, _) = next(table.asks for table in tables(asked) if table.name == "slope")
    assert slope.compute(frame) == pytest.approx(5, abs=0.7)


def test_bands_meet_and_hold_every_score():
    assert EDGES[0] == 0 and EDGES[-1] == 100 and len(EDGES) == len(BANDS) + 1


# Tables among students with one of several levels


def made(**sizes: int) -> pd.DataFrame:
    rows = [(part, n) for part, size in sizes.items() for n in range(size)]
    parts = [part for part, _ in rows]
    return pd.DataFrame({"student": range(len(rows)), "part": parts, "score": [n % 90 + 5.0 for _, n in rows]})


def test_a_table_counts_students_with_one_of_several_levels(tmp_path: Path):
    wanted = Table("both or left", (), (Mean("score"),), among=(("part", either("both", "left")),))
    release = publish(made(both=40, left=30, new=30), [wanted], ledger=Ledger(tmp_path / "l"))
    assert release.at("both or left").number == 70


def test_of_several_levels_and_one_of_them_the_few_that_are_left_are_not_told(tmp_path: Path):
    frame = made(both=40, left=4, new=30)
    wanted = [Table("a", (), (), (("part", either("both", "left")),)), Table("b", (), (), (("part", "both"),))]
    release = publish(frame, wanted, ledger=Ledger(tmp_path / "l"))
    assert [release.at(name).mark for name in "ab"].count("rounded") == 1


def test_rows_among_several_levels_are_those_levels(tmp_path: Path):
    wanted = Table("t", ("part",), (Mean("score"),), among=(("part", either("both", "left")),))
    release = publish(made(both=40, left=30, new=30), [wanted], ledger=Ledger(tmp_path / "l"))
    assert {dict(one.group).get("part") for one in release.numbers} == {None, "both", "left"}
    assert release.at("t", part="left").number == 30


def test_no_group_is_called_as_if_it_were_two(tmp_path: Path):
    with pytest.raises(MentorkitError, match="without"):
        publish(made(**{"a or b": 20, "c": 20}), [Table("t", ("part",))], ledger=Ledger(tmp_path / "l"))
