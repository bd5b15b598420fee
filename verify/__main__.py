"""`python -m verify` plays every campaign; `python -m verify power-loss --times 500` one of them, shorter."""

import argparse
import os
import sqlite3
import sys
import time

import apsw

from verify import (
    damage,
    disclosure,
    doors,
    faults,
    keeper,
    kills,
    places,
    power_loss,
    room,
    tabs,
    truth,
)

MODULES = (kills, power_loss, faults, damage, tabs, keeper, room, doors, disclosure, truth, places)
CAMPAIGNS = {module.CAMPAIGN.name: module.CAMPAIGN for module in MODULES}


def main() -> int:
    """The exit code: 0 when ours kept every promise, and every worse build was seen to break one."""
    parser = argparse.ArgumentParser(prog="python -m verify", description="Try to lose an answer.")
    parser.add_argument("name", nargs="*", help=f"some of {', '.join(CAMPAIGNS)}; all when none is named")
    parser.add_argument("--times", type=int, help="trials of our build, instead of a full run")
    parser.add_argument("--seed", type=int, default=1, help="another seed plays other trials")
    asked = parser.parse_args()
    if unknown := set(asked.name) - set(CAMPAIGNS):
        parser.error(f"there is no campaign called {', '.join(unknown)}: choose from {', '.join(CAMPAIGNS)}")
    print(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version} and, for power-loss and fault,", end=" ")
    print(f"{apsw.sqlite_lib_version()}; {os.cpu_count()} cores; seed {asked.seed}", flush=True)
    start = time.perf_counter()
    failed = [name for name in asked.name or CAMPAIGNS if not CAMPAIGNS[name].run(asked.times, asked.seed)]
    minutes = (time.perf_counter() - start) / 60
    print(f"\n{'Failed: ' + ', '.join(failed) if failed else 'Every promise was kept'} ({minutes:.1f} minutes).")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
