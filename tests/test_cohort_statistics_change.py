"""How a cohort changed between two terms: mean change, signed ranks, reliable change, several tests at once."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from mentorkit.cohort.statistics import holm, paired_change, reliable_change_counts, signed_rank
from mentorkit.cohort.statistics.walsh import FEW, walsh_median
from mentorkit.reliability import reliable_change

CASES = json.loads((Path(__file__).parent / "reference_cases.json").read_text("utf-8"))
SLEEP, DEPRESSION = CASES["sleep"], CASES["hollander_wolfe_depression"]
steps = st.lists(st.integers(-3, 3), min_size=1, max_size=9)  # many ties and zeros
scores = st.floats(0, 100).map(lambda score: round(score, 3))
few_pairs = st.lists(st.tuples(scores, scores), min_size=3, max_size=12)


def by_hand(differences: list[int], zeros: str) -> dict[str, float]:
    """The p-values of all alternatives, every way to sign the ranks written out."""
    kept = np.array([one for one in differences if one or zeros == "pratt"])
    ranks, kept = stats.rankdata(np.abs(kept))[kept != 0], kept[kept != 0]
    up = ranks[kept > 0].sum()
    sums = np.array([ranks @ np.array(signs) for signs in itertools.product((0, 1), repeat=len(ranks))])
    far = np.abs(sums - ranks.sum() / 2) >= abs(up - ranks.sum() / 2)
    return {"two-sided": far.mean(), "greater": (sums >= up).mean(), "less": (sums <= up).mean()}


# The mean change


def test_a_paired_change_agrees_with_the_reference():
    found, expected = paired_change(SLEEP["a"], SLEEP["b"]), SLEEP["expect"]
    assert (found.difference, found.n, found.df) == (pytest.approx(expected["diff"]), 10, 9)
    assert found.t == pytest.approx(expected["t"], abs=5e-7)
    assert found.p == pytest.approx(expected["p_t"], abs=5e-8)
    assert found.interval == pytest.approx(expected["t_ci95"], abs=5e-9)
    assert (found.dz, found.gz) == pytest.approx((expected["dz"], expected["gz"]), abs=5e-9)
    assert (found.d_av, found.g_av) == pytest.approx((expected["dav_rms"], expected["gav_J9"]), abs=5e-9)


def test_the_other_d_av_divides_by_the_mean_of_both_standard_deviations():
    found, sds = paired_change(SLEEP["a"], SLEEP["b"]), [np.std(SLEEP[one], ddof=1) for one in "ab"]
    assert found.d_av_mean == pytest.approx(1.58 / np.mean(sds))
    assert found.g_av_mean / found.d_av_mean == pytest.approx(math.gamma(4.5) / (math.sqrt(4.5) * math.gamma(4)))


@settings(deadline=None)
@given(few_pairs, st.sampled_from([0.5, 0.9, 0.99]))
def test_the_interval_and_the_test_are_those_of_scipy(pairs, confidence):
    before, after = zip(*pairs, strict=True)
    found = paired_change(before, after, confidence)
    if found.t is not None:
        theirs = stats.ttest_rel(after, before)
        assert (found.t, found.p) == (pytest.approx(theirs.statistic), pytest.approx(theirs.pvalue))
        assert found.interval == pytest.approx(tuple(theirs.confidence_interval(confidence)))
        assert found.dz == pytest.approx(found.t / math.sqrt(found.n))
        assert abs(found.gz) <= abs(found.dz)


@settings(deadline=None)
@given(few_pairs)
def test_the_way_back_is_the_same_change_the_other_way(pairs):
    before, after = zip(*pairs, strict=True)
    there, back = paired_change(before, after), paired_change(after, before)
    for name in ("difference", "t", "dz", "gz", "d_av", "g_av"):
        one, other = getattr(there, name), getattr(back, name)
        assert one == other == None if one is None or other is None else one == pytest.approx(-other)  # noqa: E711


@settings(deadline=None)
@given(few_pairs, st.integers(-50, 50), st.integers(1, 20))
def test_sizes_in_standard_deviations_do_not_depend_on_unit_or_start(pairs, shift, unit):
    before, after = np.array(pairs).T
    found, again = paired_change(before, after), paired_change(before * unit + shift, after * unit + shift)
    assert again.difference == pytest.approx(found.difference * unit, abs=1e-9)
    for name in ("dz", "d_av", "t", "p"):
        one, other = getattr(found, name), getattr(again, name)
        assert (one is None) == (other is None)
        assert one is None or other == pytest.approx(one, abs=1e-9)


def test_leavers_are_counted_and_never_paired_with_others():
    before = pd.Series([1.0, 2, 3, 4], index=["a", "b", "c", "leaver"])
    after = pd.Series([9.0, 3, 2, 5], index=["newcomer", "c", "b", "a"])
    found = paired_change(before, after)
    assert (found.n, found.left_out, found.difference) == (3, 2, pytest.approx((4 + 0 + 0) / 3))


def test_pairs_that_cannot_be_found_are_refused():
    with pytest.raises(ValueError, match="no student in common"):
        paired_change(pd.Series([1, 2], index=["a", "b"]), pd.Series([1, 2], index=["c", "d"]))
    with pytest.raises(ValueError, match="stands twice"):
        paired_change(pd.Series([1, 2], index=["a", "a"]), pd.Series([1, 2], index=["a", "b"]))
    with pytest.raises(ValueError, match="not 2 and 3"):
        paired_change([1, 2], [1, 2, 3])
    rows = pd.DataFrame({"first": [1.0, 2], "second": [2.0, 5]}, index=[7, 7])
    assert paired_change(rows["first"], rows["second"]).difference == 2  # of one frame: row by row


@pytest.mark.parametrize(("n", "said"), [(0, "there are 0"), (1, "there are 1")])
def test_one_pair_has_a_difference_and_nothing_else(n, said):
    found = paired_change([1.0] * n, [3.0] * n)
    assert found.difference == (2 if n else None)
    assert (found.sd, found.interval, found.t, found.dz, found.d_av) == (None,) * 5
    assert said in found.reason


@pytest.mark.parametrize("by", [0, 0.1, 25])
def test_when_all_differ_by_the_same_amount_there_is_no_t_and_no_dz(by):
    before = [0.1, 0.2, 0.3, 0.7, 33.3]
    found = paired_change(before, [one + by for one in before])
    assert (found.difference, found.sd) == (pytest.approx(by), 0)
    assert (found.t, found.p, found.interval, found.dz, found.gz) == (None,) * 5
    assert found.d_av is not None and "same amount" in found.reason


def test_scores_that_do_not_vary_have_no_correlation_and_no_d_av():
    found = paired_change([50, 50, 50], [60, 60, 60])
    assert (found.difference, found.r, found.d_av) == (10, None, None)
    assert "no t and no dz" in found.reason and "no r and no d_av" in found.reason
    (ceiling, alike), (rises, differ) = ([100] * 4, "first"), ([40, 50, 60, 80], "second")
    for pair, which in (((ceiling, rises), alike), ((rises, ceiling), differ)):
        found = paired_change(*pair)
        assert found.r is None and found.d_av is not None
        assert f"The {which} score does not vary between students: there is no r" in found.reason
    two = paired_change([1, 2], [2, 5])
    assert two.gz is None and two.dz is not None and "two pairs" in two.reason


# Signed ranks


def test_signed_ranks_agree_with_the_references():
    found, expected = signed_rank(DEPRESSION["y"], DEPRESSION["x"]), DEPRESSION["expect"]
    assert (found.up, found.down, found.method) == (expected["V"], 5, "exact")
    assert found.p == expected["p_two_sided_exact"]
    assert signed_rank(DEPRESSION["y"], DEPRESSION["x"], alternative="greater").p == expected["p_greater_exact"]
    assert found.estimate == pytest.approx(expected["hodges_lehmann"])
    assert found.interval == pytest.approx(expected["hl_ci95"])
    assert found.achieved == pytest.approx(0.9609375)
    sleep = signed_rank(SLEEP["a"], SLEEP["b"])
    assert (sleep.p, sleep.rank_biserial, sleep.zeros) == (
        SLEEP["expect"]["wilcoxon_exact_p"], SLEEP["expect"]["rank_biserial"], 1,
    )  # fmt: skip


@settings(deadline=None)
@given(steps, st.sampled_from(["wilcoxon", "pratt"]), st.sampled_from(["two-sided", "greater", "less"]))
def test_p_counts_all_ways_to_sign_the_ranks_also_with_ties_and_zeros(differences, zeros, alternative):
    found = signed_rank([0] * len(differences), differences, zeros, alternative)
    assert found.zeros == differences.count(0)
    if any(differences):
        assert found.p == pytest.approx(by_hand(differences, zeros)[alternative], abs=1e-14)
        assert found.rank_biserial == pytest.approx((found.up - found.down) / (found.up + found.down))
    else:
        assert (found.p, found.rank_biserial, found.estimate) == (None, None, 0)
        assert "nothing to rank" in found.reason


def test_zeros_dropped_before_or_after_ranking_are_two_tests():
    before, after = [0] * 9, [0, 0, 0, -1, -2, 3, 4, 5, 6]
    dropped, ranked = signed_rank(before, after), signed_rank(before, after, "pratt")
    assert (dropped.up, dropped.down, dropped.p) == (18, 3, 0.15625)
    assert (ranked.up, ranked.down, ranked.p) == (30, 9, 0.25)
    assert (dropped.estimate, dropped.interval) == (ranked.estimate, ranked.interval)  # zeros stay in both


@settings(deadline=None)
@given(st.lists(st.integers(-999, 999).filter(bool), min_size=1, max_size=30, unique_by=abs))
def test_without_ties_it_is_scipy_s_exact_test(differences):
    found = signed_rank([0] * len(differences), [one / 10 for one in differences])
    assert found.p == pytest.approx(stats.wilcoxon(differences, method="exact").pvalue)


def test_differences_that_only_floating_point_tells_apart_are_ties():
    before, after = [0.1, 0.2, 0.7, 1.0, 5.0], [0.2, 0.3, 0.8, 0.9, 4.9]
    tied = signed_rank(before, after)
    assert (tied.up, tied.down) == (9, 6)
    assert signed_rank([0.3], [0.1 + 0.2]).zeros == 1


@settings(deadline=None)
@given(st.lists(st.integers(-40, 40), min_size=6, max_size=14))
def test_the_interval_holds_every_shift_that_the_test_does_not_refuse(whole):
    differences = [one + at * 0.0137 for at, one in enumerate(whole)]  # no two shifted ones are tied
    found, n = signed_rank([0] * len(whole), differences), len(whole)
    low, high = found.interval
    assert low <= found.estimate <= high and found.achieved >= 0.95
    for outside, inside in ((low - 1e-6, low + 1e-6), (high + 1e-6, high - 1e-6)):
        assert signed_rank([outside] * n, differences).p <= 0.05
        assert signed_rank([inside] * n, differences).p > 0.05


@settings(deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=6, max_size=14))
def test_with_ties_the_interval_is_that_of_data_in_which_they_are_broken(differences):
    found, n = signed_rank([0] * len(differences), differences), len(differences)
    broken = signed_rank([0] * n, [one + at * 1e-7 for at, one in enumerate(differences)])
    assert found.interval == pytest.approx(broken.interval, abs=1e-5)
    averages = [(one + other) / 2 for at, one in enumerate(differences) for other in differences[at:]]
    assert found.estimate == pytest.approx(np.median(averages))


@settings(deadline=None)
@given(steps)
def test_the_way_back_swaps_up_and_down(differences):
    there, back = signed_rank([0] * len(differences), differences), signed_rank(differences, [0] * len(differences))
    assert (there.up, there.down, there.p) == (back.down, back.up, back.p)
    assert there.estimate == pytest.approx(-back.estimate)


@pytest.mark.parametrize(("n", "has"), [(1, False), (5, False), (6, True)])
def test_an_interval_of_95_percent_needs_six_pairs(n, has):
    found = signed_rank([0] * n, list(range(1, n + 1)))
    assert (found.interval is not None, found.achieved is not None) == (has, has)
    assert (found.reason == "") is has
    assert found.p == pytest.approx(2 / 2**n)


def test_above_400_differences_the_normal_distribution_takes_over_smoothly():
    differences = np.random.default_rng(4).normal(0.12, 1, 401).round(1)
    exact, normal = (signed_rank([0] * n, differences[:n] + 1e-3) for n in (400, 401))
    assert (exact.method, normal.method) == ("exact", "normal")
    assert normal.p == pytest.approx(
        stats.wilcoxon(differences + 1e-3, method="approx", correction=True).pvalue, rel=1e-9
    )
    assert (normal.p, *normal.interval) == pytest.approx((exact.p, *exact.interval), abs=0.02)


def test_many_walsh_averages_are_counted_and_not_written_out():
    many = np.random.default_rng(1).normal(size=FEW + 1)
    rows, columns = np.triu_indices(len(many))
    assert walsh_median(many) == pytest.approx(np.median((many[rows] + many[columns]) / 2), abs=1e-12)


def test_no_pair_at_all_is_said():
    said = "There is no student with both scores."
    assert signed_rank([], []).reason == signed_rank([1, None], [None, 2]).reason == said
    with pytest.raises(ValueError, match="wilcoxon or pratt"):
        signed_rank([1], [2], zeros="split")


# Reliable change


@settings(deadline=None)
@given(st.lists(st.tuples(scores, scores), max_size=15), st.floats(0.1, 40), st.floats(0, 1))
def test_a_cohort_s_counts_are_its_students_verdicts(pairs, sd, reliability):
    before, after = [one for one, _ in pairs], [other for _, other in pairs]
    found = reliable_change_counts(before, after, sd, reliability)
    clear = [one for one in (reliable_change(*pair, sd, reliability) for pair in pairs) if one.verdict == "clear"]
    assert found.up == sum(one.difference > 0 for one in clear)
    assert found.down == sum(one.difference < 0 for one in clear)
    assert found.up + found.same + found.down == found.n == len(pairs)
    assert (found.shares is None) == (not pairs) == bool(found.reason)


def test_the_published_example_of_reliable_change_is_up():
    case = CASES["jacobson_truax_1991_example"]
    found = reliable_change_counts([case["x1"]], [case["x2"]], case["sd"], case["rel"])
    assert (found.up, found.same, found.down) == (1, 0, 0)
    assert found.threshold * 1.959963985 / 1.96 == pytest.approx(case["expect"]["sdc95"], rel=1e-9)


def test_the_regression_corrected_form_expects_scores_to_go_back_to_the_mean():
    before = [30, 20, 10, 8, 6, 4, 2]
    found = reliable_change_counts(before, [2] * 7, 7, 0.8, "gulliksen_lord_novick", mean=5)
    indices = [((2 - 5) - 0.8 * (x - 5)) / (7 * math.sqrt(1 - 0.8**2)) for x in before]
    assert (found.up, found.same, found.down) == (0, 5, sum(one <= -1.96 for one in indices))
    assert found.threshold == pytest.approx(1.96 * 7 * 0.6)
    assert reliable_change_counts(before, [2] * 7, 7, 0.8, "gulliksen_lord_novick").mean == pytest.approx(80 / 7)


def test_a_high_score_that_goes_down_is_less_of_a_change_than_a_middling_one():
    high, middling = ([90], [69]), ([60], [39])
    assert reliable_change_counts(*high, 18, 0.85).down == reliable_change_counts(*middling, 18, 0.85).down == 1
    corrected = [reliable_change_counts(*one, 18, 0.85, "gulliksen_lord_novick", 60).down for one in (high, middling)]
    assert corrected == [0, 1]


@settings(deadline=None)
@given(few_pairs, st.sampled_from(["jacobson_truax", "gulliksen_lord_novick"]))
def test_with_perfect_reliability_both_forms_count_every_difference(pairs, method):
    before, after = zip(*pairs, strict=True)
    found = reliable_change_counts(before, after, 18, 1, method)
    assert (found.up, found.down) == (sum(a > b for b, a in pairs), sum(a < b for b, a in pairs))


@pytest.mark.parametrize("method", ["jacobson_truax", "gulliksen_lord_novick"])
def test_floating_point_is_no_change_even_with_perfect_reliability(method):
    before = [33.3, 66.7, 12.1, 100 / 3]
    mean = 0.3 if method == "gulliksen_lord_novick" else None
    found = reliable_change_counts(before, [one + 1e-11 for one in before], 18, 1, method, mean)
    assert (found.up, found.same, found.down) == (0, 4, 0)


def test_what_reliable_change_cannot_rest_on_is_refused():
    for sd, reliability in ((0, 0.8), (10, 1.2), (10, math.nan)):
        for method in ("jacobson_truax", "gulliksen_lord_novick"):
            with pytest.raises(ValueError, match=r"standard deviation|reliability"):
                reliable_change_counts([1], [2], sd, reliability, method)
    with pytest.raises(ValueError, match="not 'guess'"):
        reliable_change_counts([1], [2], 10, 0.8, "guess")
    with pytest.raises(ValueError, match="A mean is used with gulliksen_lord_novick only"):
        reliable_change_counts([1], [2], 10, 0.8, mean=60)


# Several tests at once


def test_holm_agrees_with_the_reference():
    assert holm(CASES["holm"]["p"]) == pytest.approx(CASES["holm"]["expect"])


def test_holm_is_that_of_statsmodels():
    p_values = [0.2, 0.01, 0.01, 0.9, 0.04, 0.0, 1.0, 0.03]
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_refuses_step_by_step_and_stops_at_the_first_that_holds(p_values):
    adjusted = holm(p_values)
    for level in (0.01, 0.05, 0.5):
        refused = 0
        for p in sorted(p_values):
            if p * (len(p_values) - refused) > level:
                break
            refused += 1
        assert sum(p <= level for p in adjusted) == refused
    assert all(p <= one <= 1 for p, one in zip(p_values, adjusted, strict=True))


def test_a_missing_p_value_stays_missing_and_is_not_counted():
    first, missing, last = holm(pd.Series([0.01, None, 0.04], dtype="Float64"))
    assert (first, last) == (0.02, 0.04) and math.isnan(missing)
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, 1.01])
