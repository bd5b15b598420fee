"""Where a cohort goes over several terms, and means of groups that lean on each other."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.mixed_linear_model import MixedLM

from mentorkit.cohort.statistics import mixed_trend, partial_pooling, trend
from mentorkit.errors import NotReady

DYESTUFF = {  # yield of dyestuff from six batches, in grams (Davies & Goldsmith 1972, table 6.2)
    "A": (1545, 1440, 1440, 1520, 1580),
    "B": (1540, 1555, 1490, 1560, 1495),
    "C": (1595, 1550, 1605, 1510, 1560),
    "D": (1445, 1440, 1595, 1465, 1545),
    "E": (1595, 1630, 1515, 1635, 1625),
    "F": (1520, 1455, 1450, 1480, 1445),
}
YIELDS = [one for some in DYESTUFF.values() for one in some]
BATCHES = [name for name, some in DYESTUFF.items() for _ in some]
TERMS = ("2026-fall", "2027-spring", "2027-fall", "2028-spring")


def cohort(students: int, slope: float, between: float, within: float, seed: int, gone: float = 0.0) -> pd.DataFrame:
    """Scores of made-up students over all terms, some missing."""
    chance = np.random.default_rng(seed)
    levels = 60 + between * chance.normal(size=students)
    rows = [
        (f"s{student}", term, levels[student] + slope * at + within * chance.normal())
        for student in range(students)
        for at, term in enumerate(TERMS)
        if chance.random() >= gone
    ]
    return pd.DataFrame(rows, columns=["student", "term", "score"])


# Trends


def test_with_all_terms_a_trend_is_what_the_analysis_of_variance_says():
    scores = cohort(25, 2.0, 12, 5, seed=3)
    wide = scores.pivot(index="student", columns="term", values="score")[list(TERMS)].to_numpy()
    time, found = np.arange(4) - 1.5, mixed_trend(scores, TERMS)
    slopes = wide @ time / (time @ time)
    rest = wide - wide.mean(axis=1, keepdims=True) - slopes.mean() * time
    within = (rest**2).sum() / (25 * 3 - 1)
    between = (4 * wide.mean(axis=1).var(ddof=1) - within) / 4
    assert found.slope == pytest.approx(slopes.mean())
    assert found.error == pytest.approx(np.sqrt(within / 25 / (time @ time)), rel=1e-5)
    assert (found.within_sd, found.between_sd) == pytest.approx((np.sqrt(within), np.sqrt(between)), rel=1e-5)
    assert found.start == pytest.approx(wide.mean() - 1.5 * slopes.mean())
    assert (found.df, found.students, found.scores, found.converged) == (74, 25, 100, True)
    reach = stats.t(74).ppf(0.975) * found.error
    assert found.interval == pytest.approx((found.slope - reach, found.slope + reach))


def test_a_step_is_from_term_to_term_also_where_terms_are_missing():
    scores, kept = cohort(40, 4.0, 12, 0.5, seed=3), (TERMS[0], TERMS[2], TERMS[3])
    found = mixed_trend(scores, kept, steps=(0, 2, 3))
    assert found.slope == pytest.approx(4, abs=0.2)
    assert mixed_trend(scores, kept).slope > 5.5  # as if they followed each other
    for steps in ((0, 1), (0, 0, 1), (2, 1, 0)):
        with pytest.raises(ValueError, match="rise"):
            mixed_trend(scores, kept, steps=steps)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0, 2, 15]), st.sampled_from([1, 8]))
def test_with_missing_terms_no_other_variances_are_more_likely(seed, between, within):
    scores = cohort(20, 1.0, between, within, seed, gone=0.3)
    found = mixed_trend(scores, TERMS)
    time = scores["term"].map({term: at for at, term in enumerate(TERMS)}).to_numpy(dtype=float)
    fixed = np.column_stack((np.ones(len(time)), time))
    groups = pd.factorize(scores["student"])[0]

    def unlikely(ratio: float) -> float:
        """−2·log restricted likelihood, whole matrices written out."""
        v = np.eye(len(time)) + ratio * (groups[:, None] == groups)
        inverse, df = np.linalg.inv(v), len(time) - 2
        weights = inverse @ fixed @ np.linalg.inv(fixed.T @ inverse @ fixed) @ fixed.T @ inverse
        rss = scores["score"] @ (inverse - weights) @ scores["score"]
        logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(fixed.T @ inverse @ fixed)[1]
        return df * np.log(rss / df) + logs

    here = unlikely((found.between_sd / found.within_sd) ** 2)
    assert all(here <= unlikely(ratio) + 1e-4 for ratio in (0, *np.logspace(-3, 3, 40)))


def test_a_trend_of_made_up_students_is_found_again():
    found = mixed_trend(cohort(400, 1.5, 14, 7, seed=8, gone=0.2), TERMS)
    assert abs(found.slope - 1.5) < 3 * found.error
    assert found.between_sd == pytest.approx(14, rel=0.1) and found.within_sd == pytest.approx(7, rel=0.1)


def test_a_trend_depends_on_unit_and_start_as_it_should_and_on_no_order():
    scores = cohort(15, -1.0, 10, 6, seed=5, gone=0.2)
    found = mixed_trend(scores, TERMS)
    other = scores.assign(score=scores["score"] * 0.04 + 100).sample(frac=1, random_state=1)
    again = mixed_trend(other.set_axis(["row"] * len(other)), TERMS)
    assert again.slope == pytest.approx(found.slope * 0.04, rel=1e-4)
    assert again.error == pytest.approx(found.error * 0.04, rel=1e-4)
    assert again.p == pytest.approx(found.p, rel=1e-3)


def test_several_mentors_in_a_term_count_as_their_mean_and_unlinked_students_not():
    scores = cohort(12, 1.0, 10, 6, seed=6)
    several = pd.concat([scores.assign(score=scores["score"] - 3), scores.assign(score=scores["score"] + 3)])
    found = mixed_trend(several, TERMS)
    assert (found.slope, found.scores) == (pytest.approx(mixed_trend(scores, TERMS).slope), 48)
    strangers = scores.assign(student=scores["student"] + scores["term"], linked=False)
    unknown = strangers.assign(linked=pd.array([None] * 48, dtype="boolean"))
    for others in (strangers, unknown):
        both = mixed_trend(pd.concat([scores.assign(linked=True).astype({"linked": "boolean"}), others]), TERMS)
        assert (both.slope, both.left_out) == (pytest.approx(mixed_trend(scores, TERMS).slope), 48)


def test_students_without_levels_of_their_own_have_a_trend_too():
    found = mixed_trend(cohort(30, 2.0, 0, 5, seed=7), TERMS)
    assert found.converged and found.between_sd < 2


def test_what_no_search_can_find_is_said(monkeypatch):
    def singular(*_, **__):
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(MixedLM, "fit", singular)
    found = mixed_trend(cohort(12, 1.0, 10, 6, seed=6), TERMS)
    assert (found.slope, found.interval, found.converged) == (None, None, False)
    assert "did not converge" in found.reason


def test_an_end_that_is_not_the_maximum_is_not_taken(monkeypatch):
    honest = MixedLM.fit

    def early(self, *args, **kwargs):
        found = honest(self, *args, **kwargs)
        return type("End", (), {"cov_re": found.cov_re * 0.1, "scale": found.scale, "converged": True})

    monkeypatch.setattr(MixedLM, "fit", early)
    assert "did not converge" in mixed_trend(cohort(12, 1.0, 10, 6, seed=6), TERMS).reason


def one_slope(rows: list[tuple[str, int, float]]) -> pd.DataFrame:
    return pd.DataFrame([(s, TERMS[at], v) for s, at, v in rows], columns=["student", "term", "score"])


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        (cohort(10, 1, 5, 5, seed=1).query("term.isin(@TERMS[:2])"), "three terms, and there are 2"),
        (cohort(2, 1, 5, 5, seed=1), "three students, and there are 2"),
        (cohort(5, 1, 5, 5, seed=1).iloc[:0], "three terms, and there are 0"),
        (cohort(6, 1, 5, 5, seed=1).assign(score=np.nan), "there are 0"),
        (one_slope([("a", 0, 1.0), ("b", 1, 2.0), ("c", 2, 4.0)]), "Too few students have scores in several terms"),
        (cohort(6, 0, 0, 0, seed=1), "All scores are the same"),
        (cohort(6, 2, 9, 0, seed=1), "on one slope exactly"),
    ],
)
def test_what_the_data_do_not_allow_is_said(scores, sentence):
    found = mixed_trend(scores, TERMS)
    assert (found.slope, found.error, found.p, found.converged) == (None, None, None, False)
    assert sentence in found.reason


def test_a_trend_is_of_one_scale_and_needs_its_columns():
    scores = cohort(5, 1, 5, 5, seed=1)
    with pytest.raises(ValueError, match="student is missing"):
        mixed_trend(scores.drop(columns="student"), TERMS)
    with pytest.raises(ValueError, match="one scale"):
        mixed_trend(scores.assign(scale=["a", "b"] * 10), TERMS)
    with pytest.raises(ValueError, match="stands twice"):
        mixed_trend(scores, (*TERMS, TERMS[0]))


def test_a_trend_without_statsmodels_says_what_to_install(monkeypatch):
    def none(module):
        raise NotReady(f"{module}: pip install 'mentorkit[cohort]'")

    monkeypatch.setattr(trend, "extra", none)
    with pytest.raises(NotReady, match="pip install"):
        mixed_trend(cohort(5, 1, 5, 5, seed=1), TERMS)


# Means of groups


def test_the_batches_of_dyestuff_are_pooled_as_published():
    found = partial_pooling(YIELDS, BATCHES)
    assert (found.mean, found.between_sd, found.within_sd) == pytest.approx((1527.5, 42.000, 49.510), abs=1e-3)
    means = np.array([np.mean(some) for some in DYESTUFF.values()])
    within = np.mean([np.var(some, ddof=1) for some in DYESTUFF.values()])
    weight = 1 - within / 5 / means.var(ddof=1)
    assert [one.pooled for one in found.groups] == pytest.approx(1527.5 + weight * (means - 1527.5), abs=1e-3)
    assert [one.weight for one in found.groups] == pytest.approx([weight] * 6, abs=1e-6)


def test_unequal_groups_are_pooled_as_a_random_intercept_says():
    chance = np.random.default_rng(11)
    groups = np.repeat(["a", "b", "c", "d", "e", "f"], [2, 30, 5, 9, 1, 14])
    scores = chance.normal(60, 10, len(groups)) + pd.factorize(groups)[0] * 4
    found = partial_pooling(scores, groups)
    theirs = MixedLM(scores, np.ones((len(scores), 1)), groups=groups).fit(reml=True)
    assert found.mean == pytest.approx(theirs.fe_params[0], abs=1e-3)
    for one in found.groups:
        assert one.pooled == pytest.approx(found.mean + float(theirs.random_effects[one.group].iloc[0]), abs=1e-2)
    ordered = sorted(found.groups, key=lambda one: one.n)
    assert [one.weight for one in ordered] == sorted(one.weight for one in ordered)
    assert [one.error for one in ordered] == sorted((one.error for one in ordered), reverse=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 100)), min_size=6, max_size=40))
def test_a_pooled_mean_lies_between_its_own_and_that_of_all(pairs):
    found = partial_pooling([score for _, score in pairs], [group for group, _ in pairs])
    for one in found.groups:
        low, high = sorted((one.mean, found.mean))
        assert low - 1e-9 <= one.pooled <= high + 1e-9
        assert 0 <= one.weight <= 1
        assert one.n == sum(group == one.group for group, _ in pairs)
    assert bool(found.groups) == (not found.reason)


def test_groups_that_differ_by_no_more_than_chance_get_one_mean():
    found = partial_pooling([40, 60, 50] * 4, list("aaabbbcccddd"))
    assert found.between_sd == 0
    assert [one.pooled for one in found.groups] == pytest.approx([50] * 4)


@pytest.mark.parametrize(
    ("scores", "groups", "sentence"),
    [
        ([], [], "there are 0"),
        ([1, 2, 3, 4], list("aabb"), "there are 2"),
        ([1, 2, 3], list("abc"), "No group has two"),
        ([5, 5, 5, 5], list("aabc"), "all scores are the same"),
        ([1, 1, 2, 2, 9], list("aabbc"), "all scores are the same"),
        ([1, None, 3, 4], ["a", "b", None, "b"], "there are 2"),
    ],
)
def test_too_little_to_pool_is_said_in_a_sentence(scores, groups, sentence):
    found = partial_pooling(scores, groups)
    assert (found.groups, found.mean) == ((), None)
    assert sentence in found.reason


def test_scores_are_never_pooled_with_others_groups():
    with pytest.raises(ValueError, match="same index"):
        partial_pooling(pd.Series([1.0, 2], index=[1, 2]), pd.Series(["a", "b"], index=[2, 1]))
    with pytest.raises(ValueError, match="2 scores and 1 groups"):
        partial_pooling([1.0, 2], ["a"])
