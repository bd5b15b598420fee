"""Small versions of the campaigns of `python -m verify`: ours keeps every promise, worse builds are found out."""

import os

import pytest

pytest.importorskip("apsw", reason="the campaigns need the extra “verify”")

from verify import damage, faults, kills, power_loss
from verify.campaign import Build, Campaign, Outcome

SMALL = {kills: 15, power_loss: 80, faults: 3, damage: 60}
CAMPAIGNS = [pytest.param(module.CAMPAIGN, times, id=module.CAMPAIGN.name) for module, times in SMALL.items()]
WORSE = [
    pytest.param(worse, id=f"{module.CAMPAIGN.name}, {name}")
    for module in SMALL
    for name, worse in module.CAMPAIGN.worse.items()
]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


@pytest.mark.parametrize(("campaign", "times"), CAMPAIGNS)
def test_no_promise_is_broken(campaign: Campaign, times: int):
    outcome = campaign.ours(times, 7)
    assert outcome.broken == []
    assert outcome.trials >= times


@pytest.mark.parametrize("worse", WORSE)
def test_a_worse_build_is_found_out(worse: Build):
    assert any(worse(12, seed).broken for seed in range(100))


def test_a_campaign_fails_when_ours_breaks_a_promise_or_a_worse_build_does_not(capsys):
    def good(times: int, seed: int) -> Outcome:
        return Outcome(times)

    def bad(times: int, seed: int) -> Outcome:
        return Outcome(times, broken=["an answer was lost"])

    assert Campaign("name", "question", 9, good, {"worse": bad}).run(None, 1)
    assert not Campaign("name", "question", 9, bad, {"worse": bad}).run(None, 1)
    assert not Campaign("name", "question", 9, good, {"worse": good}).run(None, 1)
    assert "the worse build was not found out" in capsys.readouterr().out
