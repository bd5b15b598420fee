"""A school's sums travel as one file: without few people, and without figures that no students can have."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mentorkit.cohort import measure
from mentorkit.errors import BadFile

TERMS = ("2026-spring", "2026-fall", "2027-spring")
Document = dict[str, Any]


def school(*there: int, seed: int = 2) -> measure.Sums:
    """Sums by mentor type: so many students in each term, the first of those before; 9 have an online mentor."""
    rng = np.random.default_rng(seed)
    rows = [
        (f"{seed}-{number}", term, 1, "2030", "online" if number < 9 else "peer", scale, rng.uniform(0, 100))
        for term, students in zip(TERMS, there or (40, 25), strict=False)
        for number in range(students)
        for scale in ("practice_index", "outcome.trust")
    ]
    names = ["student", "term", "relationship", "class_year", "mentor_type", "scale", "score"]
    return measure.add_up(measure.wide(pd.DataFrame(rows, columns=names)), ("mentor_type",))


def test_what_is_read_is_what_was_written():
    sums = school()
    back = measure.read_sums(measure.as_json(sums, 5))
    assert back.by == sums.by
    pd.testing.assert_frame_equal(back.levels, sums.levels)
    pd.testing.assert_frame_equal(back.pairs, sums.pairs)


def test_fewer_than_ten_students_stay_at_the_school():
    back = measure.read_sums(measure.as_json(school()))
    assert set(back.levels["mentor_type"]) == {"peer"} and back.levels["n"].min() == 16
    assert set(back.pairs["mentor_type"]) == {"peer"}


@pytest.mark.parametrize(("leavers", "told"), [(0, True), (1, False), (9, False), (10, True)])
def test_a_pair_does_not_tell_of_a_few_leavers(leavers: int, told: bool):
    """All students of the first term less those of the pair would be the sums of the leavers."""
    back = measure.read_sums(measure.as_json(school(60, 60 - leavers)))
    assert len(back.pairs) == (2 if told else 0)


def test_two_pairs_do_not_tell_of_the_few_by_whom_they_differ():
    """Of 60 in spring 45 came again in fall, and 40 of these a year later: the 5 between would be told."""
    back = measure.read_sums(measure.as_json(school(69, 54, 49)))
    assert set(zip(back.pairs["before"], back.pairs["after"], strict=True)) == {TERMS[:2]}
    assert set(back.levels["term"]) == set(TERMS)


def scored(students: int, term: str, year: str, *scales: str, without: int = 0) -> list[tuple[object, ...]]:
    """Rows of scores; so many of the first students have the index, and not the part that is named last."""
    rng = np.random.default_rng(4)
    return [
        (f"s{n}", term, 1, year, "peer", scale, rng.uniform(0, 100))
        for n in range(students)
        for scale in (scales[:-1] if n < without else scales)
    ]


def summed(*rows: list[tuple[object, ...]], by: tuple[str, ...] = ()) -> measure.Sums:
    names = ["student", "term", "relationship", "class_year", "mentor_type", "scale", "score"]
    return measure.add_up(measure.wide(pd.DataFrame([one for some in rows for one in some], columns=names)), by)


@pytest.mark.parametrize(("without", "told"), [(0, True), (1, False), (9, False), (10, True)])
def test_the_index_of_a_few_who_skipped_a_part_is_not_told_by_the_others(without: int, told: bool):
    scales = ("practice_index", "practice.prepared", "practice.feedback")
    back = measure.read_sums(measure.as_json(summed(scored(30, TERMS[0], "m1", *scales, without=without))))
    assert set(back.levels["scale"]) == {*scales[:2], *(scales[2:] if told else ())}


@pytest.mark.parametrize(("newcomers", "told"), [(0, True), (1, False), (9, False), (10, True)])
def test_a_pair_does_not_tell_of_a_few_newcomers_whose_class_year_is_called_otherwise(newcomers: int, told: bool):
    """Twenty-five of the first year go on to the second, and a few join them there."""
    before, after = scored(25, TERMS[0], "m1", "need.career"), scored(25 + newcomers, TERMS[1], "m2", "need.career")
    back = measure.read_sums(measure.as_json(summed(before, after, by=("class_year",))))
    assert len(back.pairs) == told and len(back.levels) == 2


def test_a_minimum_under_five_is_refused():
    with pytest.raises(BadFile, match="5 or more"):
        measure.as_json(school(), 4)


def test_two_schools_sums_are_added_from_their_files():
    one, other = school(seed=2), school(seed=3)
    read = [measure.read_sums(measure.as_json(sums, 5)) for sums in (one, other)]
    pd.testing.assert_frame_equal(measure.add_sums(read).levels, (one + other).levels)


def edited(change: Callable[[Document], Any]) -> str:
    document = json.loads(measure.as_json(school(), 5))
    change(document)
    return json.dumps(document)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.update(schema="mentorkit-sums/2"),
        lambda it: it.update(center=0),
        lambda it: it.update(by=["student"]),
        lambda it: it.update(by=["mentor_type", "mentor_type"]),
        lambda it: it.update(students=["Ann"]),
        lambda it: it["levels"][0].update(n=0),
        lambda it: it["levels"][0].update(n=1.5),
        lambda it: it["levels"][0].update(sum=51.0 * it["levels"][0]["n"]),
        lambda it: it["levels"][0].update(squares=2501.0 * it["levels"][0]["n"]),
        lambda it: it["levels"][0].update(squares=-1.0),
        lambda it: it["levels"][0].update(squares=0.0),
        lambda it: it["pairs"][0].update(products=1e9),
        lambda it: it["pairs"][0].update(sum_after=float("nan")),
        lambda it: it["pairs"][0].update(squares_before=float("inf")),
        lambda it: it["pairs"][0].pop("after"),
    ],
)
def test_sums_that_no_students_can_have_are_refused(change: Callable[[Document], Any]):
    with pytest.raises(BadFile, match="not a file of sums"):
        measure.read_sums(edited(change))


@pytest.mark.parametrize("text", ["", "[]", "student,term\n", "{", b"\xff\xfe"])
def test_another_file_is_refused_in_a_sentence(text: str | bytes):
    with pytest.raises(BadFile, match="not a file of sums"):
        measure.read_sums(text)


def test_a_file_without_cells_is_one_of_a_small_school():
    back = measure.read_sums(measure.as_json(school(4, 4)))
    assert not len(back.levels) and not len(back.pairs) and not len(back.means())
    assert len((back + school()).levels) == len(school().levels)
