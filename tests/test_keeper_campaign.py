"""A small version of the campaign on the keeper: ours keeps what it acknowledged, worse builds are found out."""

import os

import pytest

from verify.campaign import Build
from verify.keeper import CAMPAIGN

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs Unix sockets and signals")


def test_no_promise_is_broken():
    outcome = CAMPAIGN.ours(3, 7)
    assert outcome.broken == []
    assert outcome.counts["acknowledged records"] > 100


@pytest.mark.parametrize("worse", CAMPAIGN.worse.values(), ids=CAMPAIGN.worse)
def test_a_worse_build_is_found_out(worse: Build):
    assert any(worse(4, seed).broken for seed in range(10))
