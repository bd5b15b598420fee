"""The measure gives each student the scores of their own pages, and adds them up as a statistician would by hand."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from mentorkit.cohort import measure
from mentorkit.content import load_content
from mentorkit.errors import BadFile, Unknown
from mentorkit.history import named_scores
from mentorkit.scoring import needs_scores, relationship_scores
from mentorkit.worksheet import NOT_COUNTED, Answers, Rating, Worksheet

CONTENT = load_content()
NEEDS, RELATIONSHIP = CONTENT.worksheet("needs"), CONTENT.worksheet("relationship")
TERMS = ("2025-fall", "2026-spring", "2026-fall")
KEYS = ["student", "term", "relationship", "scale"]
FORMS = st.sampled_from(
    [{"relationship.form": form, "relationship.meetings": met} for form in ("short", "full") for met in ("one", "4+")]
)
CODES = st.one_of(st.integers(0, 4), st.just(NOT_COUNTED), st.none())


def scored_items(sheet: Worksheet) -> list[str]:
    return [item for scale in sheet.subscales for item in scale.items]


def answers(sheet: Worksheet, given: Sequence[int | str | None], form: Answers) -> Answers:
    return {**form, **{name: code for name, code in zip(scored_items(sheet), given, strict=True) if code is not None}}


def item_rows(sheet: Worksheet, given: Answers, **about: object) -> Iterator[dict[str, object]]:
    """A row for each item that was asked; what is not counted has no value."""
    for item in sheet.asked(given):
        if isinstance(item, Rating):
            code = given.get(item.id)
            yield {**about, "item": item.id, "value": float(code) if isinstance(code, int) else math.nan}


def one(given: Answers, sheet: Worksheet = RELATIONSHIP, **about: object) -> pd.DataFrame:
    known = {"student": "s", "term": TERMS[0], "relationship": 1, "class_year": "2030", "mentor_type": "peer"}
    return pd.DataFrame(list(item_rows(sheet, given, **{**known, **about})))


def scores_of(rows: pd.DataFrame) -> dict[str, float]:
    table = measure.long(measure.score(measure.in_pandas(rows)))
    return dict(zip(table["scale"], table["score"], strict=True))


def on_the_pages(given: Answers, sheet: Worksheet) -> dict[str, float]:
    found = needs_scores(sheet, given) if sheet is NEEDS else relationship_scores(sheet, given)
    return {scale: math.nan if score.value is None else score.value for scale, score in named_scores(found).items()}


def many(sheet: Worksheet, forms: st.SearchStrategy[Answers]) -> st.SearchStrategy[list[Answers]]:
    """What some students answer: any of 0–4, not counted and no answer, some of them left to one choice."""
    few = st.lists(CODES, min_size=1, max_size=3).flatmap(lambda some: st.lists(st.sampled_from(some), **size))
    size = {"min_size": len(scored_items(sheet)), "max_size": len(scored_items(sheet))}
    given = st.builds(lambda codes, form: answers(sheet, codes, form), st.lists(CODES, **size) | few, forms)
    return st.lists(given, min_size=1, max_size=8)


def expect_the_scores_of_the_pages(sheet: Worksheet, students: list[Answers], **about: object) -> None:
    needs, relationship = measure.rules_of()
    rows = pd.concat([one(said, sheet, student=f"s{number}", **about) for number, said in enumerate(students)])
    table = measure.long(measure.score(measure.in_pandas(rows), [needs if sheet is NEEDS else relationship]))
    for number, said in enumerate(students):
        own = table[table["student"] == f"s{number}"]
        np.testing.assert_equal(dict(zip(own["scale"], own["score"], strict=True)), on_the_pages(said, sheet))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(many(RELATIONSHIP, FORMS))
def test_a_relationship_has_the_very_scores_that_the_student_sees(students: list[Answers]):
    expect_the_scores_of_the_pages(RELATIONSHIP, students)


def test_the_scores_are_the_same_to_the_last_bit_in_two_hundred_forms():
    rng = np.random.default_rng(4)
    forms = [{"relationship.form": form, "relationship.meetings": "4+"} for form in ("full", "full", "short")]
    codes = rng.choice(np.array([0, 1, 2, 3, 4, NOT_COUNTED], dtype=object), (200, 36), p=[0.16] * 5 + [0.2])
    students = [answers(RELATIONSHIP, list(row), forms[place % 3]) for place, row in enumerate(codes)]
    expect_the_scores_of_the_pages(RELATIONSHIP, students)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(many(NEEDS, st.sampled_from([{}, {"area.own": "Sleep"}])))
def test_needs_have_the_very_scores_that_the_student_sees(students: list[Answers]):
    expect_the_scores_of_the_pages(NEEDS, students, relationship=pd.NA, mentor_type=None)


@pytest.mark.parametrize("value", [5, -1, 2.5, 99, math.inf, -math.inf, math.nan])
def test_what_is_no_answer_of_the_scale_is_not_counted(value: float):
    rows = one(answers(RELATIONSHIP, [2] * 36, {"relationship.form": "full"}))
    first = rows["item"].str.startswith("practice.prepared.")
    rows.loc[first, "value"] = [4.0, 4.0, value]
    assert scores_of(rows)["practice.prepared"] == 100
    rows.loc[first, "value"] = [4.0, value, value]
    assert math.isnan(scores_of(rows)["practice.prepared"])


def test_one_answer_is_enough_on_the_short_form_and_too_few_on_the_full_one():
    said = {name: 3 for name in scored_items(RELATIONSHIP) if RELATIONSHIP.item(name).short}
    assert scores_of(one({"relationship.form": "short", **said}))["practice_index"] == 75
    assert math.isnan(scores_of(one({"relationship.form": "full", **said}))["practice_index"])


def test_items_of_no_scale_are_passed_over():
    rows = one(answers(RELATIONSHIP, [2] * 36, {"relationship.form": "full"}))
    more = pd.concat([rows, rows.head(1).assign(item="relationship.overall", value=10.0)])
    assert scores_of(more) == scores_of(rows)


def test_a_cohort_without_rows_has_no_scores_and_no_sums():
    sums = measure.add_up(measure.score(measure.in_pandas(one({"relationship.form": "full"}).head(0))))
    assert not len(sums.levels) and not len(sums.pairs) and not len(sums.means()) and not len(sums.changes())


def test_an_item_answered_twice_is_refused():
    rows = one(answers(RELATIONSHIP, [2] * 36, {"relationship.form": "full"}))
    with pytest.raises(BadFile, match="answered twice"):
        scores_of(pd.concat([rows, rows.head(1)]))


@pytest.mark.parametrize(("about", "said"), [("mentor_type", "peer"), ("class_year", "2031")])
def test_a_relationship_that_is_said_to_be_two_kinds_is_refused(about: str, said: str):
    rows = one(answers(RELATIONSHIP, [2] * 36, {"relationship.form": "full"}), mentor_type="faculty")
    rows.loc[rows.index[:5], about] = said
    with pytest.raises(BadFile, match="two class years or mentor types"):
        scores_of(rows)


# Adding up


def cohort(seed: int = 1, students: int = 30, missing: float = 0.3) -> pd.DataFrame:
    """Scores in one row each: up to three mentors a student and term, some not scored, some terms missing."""
    rng = np.random.default_rng(seed)
    rows = []
    for student, year in enumerate(rng.choice(["2029", "2030", ""], students)):
        for term in TERMS:
            for mentor in range(rng.integers(0, 4)):
                about = (f"s{student}", True, term, year or None, mentor + 1, rng.choice(["peer", "faculty", None]))
                rows += [(*about, scale, rng.uniform(0, 100)) for scale in ("practice_index", "outcome.trust")]
            rows.append(
                (f"s{student}", True, term, year or None, pd.NA, None, "unmet.career", rng.integers(0, 5) * 25.0)
            )
    names = ["student", "linked", "term", "class_year", "relationship", "mentor_type", "scale", "score"]
    table = pd.DataFrame(rows, columns=names).astype({"relationship": "Int64"})
    return table.assign(score=table["score"].where(rng.random(len(table)) > missing))


def by_hand(scores: pd.DataFrame, scale: str, term: str) -> pd.Series:
    """Each student's mean over mentors."""
    rows = scores[(scores["scale"] == scale) & (scores["term"] == term)]
    return rows.groupby("student")["score"].mean().dropna()


def test_students_are_averaged_over_their_mentors_before_they_are_counted():
    scores = cohort()
    means = measure.add_up(measure.wide(scores)).means()
    assert list(means["term"].unique()) == list(TERMS)  # in time, and not in the alphabet
    for row in means.itertuples():
        own = by_hand(scores, row.scale, row.term)
        interval = stats.t.interval(0.95, len(own) - 1, own.mean(), own.sem())
        np.testing.assert_allclose(
            (row.n, row.mean, row.sd, row.low, row.high), (len(own), own.mean(), own.std(), *interval)
        )


def test_a_change_is_the_paired_t_test_of_those_who_have_both_scores():
    scores = cohort()
    changes = measure.add_up(measure.wide(scores)).changes()
    assert {(row.before, row.after) for row in changes.itertuples()} == set(combinations(TERMS, 2))
    for row in changes.itertuples():
        before, after = by_hand(scores, row.scale, row.before).align(
            by_hand(scores, row.scale, row.after), join="inner"
        )
        change, test = after - before, stats.ttest_rel(after, before)
        interval = test.confidence_interval()
        expected = (len(change), before.mean(), after.mean(), before.std(), after.std(), change.mean(), change.std())
        found = (row.n, row.mean_before, row.mean_after, row.sd_before, row.sd_after, row.change, row.sd_change)
        np.testing.assert_allclose(found, expected)
        np.testing.assert_allclose((row.low, row.high), interval)
        sizes = (change.mean() / change.std(), change.mean() / ((before.std() + after.std()) / 2), before.corr(after))
        np.testing.assert_allclose((row.dz, row.d_av, row.r), sizes)


def test_groups_are_those_of_the_student_and_of_the_mentor():
    scores = cohort()
    means = measure.add_up(measure.wide(scores), ("mentor_type", "class_year")).means()
    for (year, kind), part in scores.groupby(["class_year", "mentor_type"]):
        row = means[(means["class_year"] == year) & (means["mentor_type"] == kind) & (means["term"] == TERMS[1])]
        for scale in ("practice_index", "outcome.trust"):
            own = by_hand(part, scale, TERMS[1])
            np.testing.assert_allclose(row[row["scale"] == scale][["n", "mean"]].to_numpy(), [[len(own), own.mean()]])
    assert means["class_year"].isna().any() and means["mentor_type"].isna().any()  # what was not said is a group too


def test_a_pair_has_the_same_type_of_mentor_and_the_class_year_of_its_earlier_term():
    about = {"student": "s", "linked": True, "relationship": 1, "scale": "practice_index"}
    rows = [
        {**about, "term": TERMS[0], "class_year": "M1", "mentor_type": "peer", "score": 40.0},
        {**about, "term": TERMS[1], "class_year": "M2", "mentor_type": "peer", "score": 60.0},
        {**about, "term": TERMS[1], "class_year": "M2", "mentor_type": "faculty", "score": 0.0, "relationship": 2},
    ]
    changes = measure.add_up(measure.wide(pd.DataFrame(rows)), ("class_year", "mentor_type")).changes()
    assert [(row.class_year, row.mentor_type, row.change) for row in changes.itertuples()] == [("M1", "peer", 20)]
    assert measure.add_up(measure.wide(pd.DataFrame(rows))).changes()["change"].tolist() == [-10]


def test_what_was_not_said_of_two_mentors_makes_them_alike_in_both_terms():
    about = {"student": "s", "linked": True, "relationship": 1, "class_year": None, "mentor_type": None}
    rows = [{**about, "term": term, "scale": "practice_index", "score": 50.0} for term in TERMS[:2]]
    changes = measure.add_up(measure.wide(pd.DataFrame(rows)), ("class_year", "mentor_type")).changes()
    assert changes["n"].tolist() == [1] and changes[["class_year", "mentor_type"]].isna().all(axis=None)


def test_one_student_has_a_mean_and_nothing_that_needs_two():
    scores = cohort(students=1, missing=0)
    sums = measure.add_up(measure.wide(scores[scores["scale"] == "unmet.career"]))
    assert sums.means()["mean"].notna().all() and sums.means()[["sd", "low", "high"]].isna().all(axis=None)
    changes = sums.changes()
    assert changes["change"].notna().all()
    assert changes[["sd_change", "low", "high", "dz", "d_av", "r"]].isna().all(axis=None)


@pytest.mark.parametrize("score", [0.0, 100.0, 275 / 3, 1 / 3])
def test_scores_that_are_all_the_same_have_no_spread(score: float):
    scores = cohort(students=500, missing=0).assign(score=score)
    sums = measure.add_up(measure.wide(scores))
    assert set(sums.means()["sd"]) == {0.0} and set(sums.changes()["sd_change"]) == {0.0}
    assert sums.changes()[["dz", "d_av", "r"]].isna().all(axis=None)
    np.testing.assert_allclose(sums.means()["mean"], score, rtol=1e-12)


def test_a_spread_of_one_student_in_a_large_cohort_is_seen():
    n, about = 200_000, {"term": TERMS[0], "class_year": "2030", "mentor_type": "peer", "relationship": 1}
    scores = pd.DataFrame({"student": np.arange(n).astype(str), **about, "scale": "practice_index", "score": 100.0})
    scores.loc[0, "score"] = 100 - 25 / 24
    (row,) = measure.add_up(measure.wide(scores)).means().itertuples()
    assert row.sd == pytest.approx(25 / 24 / math.sqrt(n), rel=1e-4)


def test_a_grouping_or_term_that_is_not_known_is_said():
    with pytest.raises(Unknown, match="cannot be grouped by mentor"):
        measure.add_up(measure.wide(cohort()), ("mentor",))
    with pytest.raises(Unknown, match="no term"):
        measure.add_up(measure.wide(cohort().replace({"term": {TERMS[0]: "next year"}})))


def test_a_score_that_stands_there_twice_is_refused():
    with pytest.raises(BadFile, match="two scores"):
        measure.wide(pd.concat([cohort(), cohort()]))


# Over schools


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=40, max_size=40), st.sampled_from([(), ("class_year",), ("mentor_type",)]))
def test_schools_add_up_to_what_their_students_together_come_to(schools: list[int], by: tuple[str, ...]):
    scores = cohort(3, len(schools))
    school = scores["student"].str.removeprefix("s").astype(int).map(dict(enumerate(schools)))
    parts = [measure.add_up(measure.wide(part), by) for _, part in scores.groupby(school)]
    together = measure.add_up(measure.wide(scores), by)
    for order in (parts, parts[::-1]):
        added = measure.add_sums(order)
        for name in ("levels", "pairs"):
            pd.testing.assert_frame_equal(getattr(added, name), getattr(together, name), rtol=1e-9, atol=1e-9)


def test_sums_of_different_groupings_do_not_add():
    one, other = (measure.add_up(measure.wide(cohort()), by) for by in ((), ("class_year",)))
    with pytest.raises(BadFile, match="not grouped, the other grouped by class_year"):
        measure.add_sums([one, other])
    with pytest.raises(BadFile, match="no sums"):
        measure.add_sums([])


def test_scores_come_back_from_their_table():
    scores = cohort(missing=0).assign(class_year="2030").dropna(subset="score")
    back = measure.long(measure.wide(scores)).dropna(subset="score")
    keys = [*KEYS, "class_year", "mentor_type"]
    one, other = (part.sort_values(KEYS).reset_index(drop=True)[[*keys, "score"]] for part in (scores, back))
    pd.testing.assert_frame_equal(one, other, check_dtype=False)
