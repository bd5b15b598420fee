"""The part of docs/performance.md about a room, and its picture."""

from pathlib import Path

from benchmarks.document import DOCUMENT, ROOM, put
from benchmarks.room.apps.worksheet import ITEMS
from benchmarks.room.figures import Room, Run
from benchmarks.room.picture import picture
from benchmarks.room.prose import BOTTOM, TOP
from benchmarks.room.sides import SIDES
from benchmarks.room.table import Goal, as_markdown, goals, tables

PICTURE = DOCUMENT.parent / "images" / "room.svg"
MET = {True: "met", False: "**MISSED**", None: "not measured"}
NAMES = {side.key: side.name for side in SIDES}


def write(run: Run) -> Path:
    """Write the part and the picture; the rest of the page stays."""
    put(ROOM, part(run))
    PICTURE.write_text(picture(run.room), "utf-8")
    return DOCUMENT


def part(run: Run) -> str:
    """The part of the page."""
    known = {"heading": ROOM, "others": versions(run), "items": len(ITEMS), "verdict": verdict(run.room)}
    top = TOP.format(**vars(run.machine), **known)
    commands = "\n".join(f"- {side.name}: `{side.said()}`" for side in SIDES if side.key in run.room)
    about = {"commands": commands, "joined": _joined(run.room), "trouble": _trouble(run.room)}
    bottom = BOTTOM.format(rounds=run.rounds, visits=run.visits, seconds=run.seconds, **about)
    return top.replace("\n\n\n", "\n\n") + as_markdown(tables(run.room)) + "\n" + bottom


def versions(run: Run) -> str:
    """The other frameworks' versions."""
    return ", ".join(f"{name} {version}" for name, version in run.others.items())


def verdict(room: Room) -> str:
    """What was reached of each goal, plainly."""
    return "\n".join(["The goals for a room:", "", *map(_line, goals(room))])


def _line(goal: Goal) -> str:
    return f"- {goal.what}: {goal.found}, goal {goal.goal}: {MET[goal.met]}"


def _joined(room: Room) -> str:
    found = room["ours"].of("joined") if "ours" in room else None
    return "an unknown part" if found is None else f"{found:.2f} s"


def _trouble(room: Room) -> str:
    said = [(key, line) for key, found in room.items() for line in sorted(set(found.trouble))]
    for key, found in room.items():
        away = {one.size: one.turned_away for one in found.crowds if one.turned_away}
        said += [(key, f"with {size} at once, pages were loaded again {times} times") for size, times in away.items()]
    return "".join(f"- {NAMES[key]}: {line}.\n" for key, line in said)
