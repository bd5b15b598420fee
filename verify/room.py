"""A whole room with its server killed in the middle: every acknowledged answer is there, and everybody is back."""

import asyncio

from mentorkit.serve.bots.campaign import LONGEST_AWAY, Campaign, Plan
from mentorkit.serve.bots.campaign import Outcome as Played
from mentorkit.serve.bots.run import join_of
from verify import campaign
from verify.campaign import Outcome
from verify.rooms import room

ARRIVE, WORK, KILL = 60.0, 150.0, 75.0  # seconds, for 300
FEWEST = 20  # students in a worse room


def play(students: int, seed: int, worse: str | None = None) -> Outcome:
    """So many students; fewer come faster."""
    share = max(0.15, min(1.0, students / 300))
    with room(students, worse) as opened:
        plan = Plan(
            *join_of(opened.join_address), students, seed, ARRIVE * share, 5.0 * share, WORK * share,
            kill_server_at=KILL * share, server=opened.server_pid,
        )  # fmt: skip
        return judged(asyncio.run(Campaign(plan).run()))


def judged(played: Played) -> Outcome:
    """The figures, and each promise that was broken."""
    found = Outcome(trials=played.students)
    longest = max(played.away, default=0.0)
    found.counts["answers acknowledged"] = played.answers
    found.counts["students back after the kill"] = len(played.away)
    found.counts["s away at the longest"] = round(longest)
    if played.lost:
        found.broken.append(f"{played.lost} acknowledged answers are gone.")
    if played.not_back or longest > LONGEST_AWAY:
        found.broken.append(f"{played.not_back} students never got back to work within {LONGEST_AWAY:.0f} s.")
    if played.at_work < played.students:
        found.broken.append(f"{played.students - played.at_work} students never got to work.")
    return found


def _saves_nothing(trials: int, seed: int) -> Outcome:
    return play(min(trials, FEWEST), seed, "says “saved” and saves nothing")


CAMPAIGN = campaign.Campaign(
    "room",
    "300 students work, the server is killed in the middle; is any acknowledged answer gone?",
    300,
    play,
    {"says “saved” and saves nothing": _saves_nothing},
)
