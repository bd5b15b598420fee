"""A small version of the campaign of `python -m verify disclosure`, and what it must find in worse builds."""

import pytest

from verify.disclosure import CAMPAIGN, WORSE
from verify.patterns import told_by_the_pattern


def test_nobody_is_seen_in_what_is_published():
    outcome = CAMPAIGN.ours(20, 3)
    assert outcome.broken == [] and outcome.counts["numbers"] > 500


@pytest.mark.parametrize("worse", WORSE)
def test_a_worse_build_is_found_out(worse: str):
    assert any(CAMPAIGN.worse[worse](10, seed).broken for seed in range(4, 12))


@pytest.mark.parametrize(("students", "levels"), [(24, 2), (57, 2), (20, 3)])
def test_what_is_withheld_is_not_told_by_which_cells_are(students: int, levels: int):
    assert list(told_by_the_pattern(students, levels, 10)) == []
