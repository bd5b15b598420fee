"""The figures as tables, and whether the goals are met."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.room.figures import Crowd, Found, Room
from benchmarks.room.sides import SIDES

OURS, STOCK = "ours", "voila"
SIZES = (20, 100, 300)
AHEAD_OF = ("streamlit", "panel", "solara")
NONE = "–"

Table = tuple[str, list[list[str]]]  # a title; a row of headings and then a row for each app


@dataclass(frozen=True)
class Goal:
    """One goal of a room; `met` is None when it was not measured."""

    what: str
    found: str
    goal: str
    met: bool | None


def tables(room: Room) -> list[Table]:
    """All tables."""
    return [
        ("One more visitor (a browser without a cache; medians)", [ALONE, *_each(room, _alone)]),
        ("All at once: when the last is at work, and the memory of the whole server then", [ALL, *_each(room, _all)]),
        ("Processor time and memory for each of them", [ALL, *_each(room, _shares)]),
        ("From an answer to its acknowledgement while each answers once a second", [SAVES, *_each(room, _saves)]),
    ]


ALONE = ["", "first answer saved", "processor time", "of Voilà's", "memory", "of Voilà's", "over the wire", "requests"]
ALL = ["", *(f"{size} at once" for size in SIZES)]
SAVES = ["", *(f"{size} at work, p50 / p99" for size in SIZES)]


def _each(room: Room, row: object) -> list[list[str]]:
    return [[side.name, *row(room[side.key], room.get(STOCK))] for side in SIDES if side.key in room]  # type: ignore


def _alone(found: Found, stock: Found | None) -> Iterator[str]:
    yield _figure(found.of("answered"), "{:.2f} s")
    for what, form in (("cpu", "{:.2f} s"), ("megabytes", "{:.1f} MB")):
        value = found.one_more(what)
        yield _figure(value, form)
        yield _figure(ratio(value, stock.one_more(what) if stock else None), "{:.2f} ×")
    yield _figure(found.of("megabytes"), "{:.2f} MB")
    yield _figure(found.of("requests"), "{:.0f}")


def _all(found: Found, _: object) -> Iterator[str]:
    for size in SIZES:
        yield _gathered(found.crowd(size), smaller=[one for one in found.crowds if one.size < size and not one.fits])


def _gathered(crowd: Crowd | None, smaller: list[Crowd]) -> str:
    if crowd is None:
        return f"not tried: {smaller[0].size} did not fit" if smaller else NONE
    memory = f"{crowd.megabytes / 1000:.2f} GB"
    if crowd.fits:
        return f"{max(crowd.at_work):.1f} s, {memory}"
    return f"does not fit: {len(crowd.at_work)} at work in {memory}, {crowd.why}"


def _shares(found: Found, _: object) -> Iterator[str]:
    for size in SIZES:
        crowd = found.crowd(size)
        yield f"{crowd.cpu_each:.3f} s, {crowd.megabytes_each:.1f} MB" if crowd and crowd.fits else NONE


def _saves(found: Found, _: object) -> Iterator[str]:
    for size in SIZES:
        p50, p99 = found.latency(size, 50), found.latency(size, 99)
        yield NONE if p50 is None or p99 is None else f"{_milliseconds(p50)} / {_milliseconds(p99)}"


def _milliseconds(value: float) -> str:
    return "not in time" if value == float("inf") else f"{value:.0f} ms"


def _figure(value: float | None, form: str) -> str:
    return NONE if value is None else form.format(value).replace("-0.00 ", "0.00 ").replace("-0.0 ", "0.0 ")


def ratio(one: float | None, other: float | None) -> float | None:
    """One over the other, where both were measured."""
    return one / other if one is not None and other else None


def goals(room: Room) -> list[Goal]:
    """The goals that need nothing but these figures."""
    ours, stock = room.get(OURS, Found()), room.get(STOCK, Found())
    return [
        _times("less processor time for one more visitor", ratio(stock.one_more("cpu"), ours.one_more("cpu")), 12),
        _times("less memory for one more visitor", ratio(stock.one_more("megabytes"), ours.one_more("megabytes")), 5),
        _times("sooner with 20 at once", ratio(_last(stock, 20), _last(ours, 20)), 10),
        _below("all of 300 at work", _last(ours, 300), 60, "{:.1f} s"),
        _below("the whole server with 300 at work", _gigabytes(ours.crowd(300)), 8, "{:.2f} GB"),
        _below("saves while 300 work, p99", ours.latency(300, 99), 500, "{:.0f} ms"),
        *(_ahead(key, ours, room[key]) for key in AHEAD_OF if key in room),
    ]


def _times(what: str, found: float | None, goal: float) -> Goal:
    return Goal(f"{what} than Voilà with core ipywidgets", _figure(found, "{:.1f} ×"), f"≥ {goal} ×", _met(found, goal))


def _met(found: float | None, at_least: float) -> bool | None:
    return None if found is None else found >= at_least


def _below(what: str, found: float | None, goal: float, form: str) -> Goal:
    return Goal(what, _figure(found, form), "< " + form.format(goal), None if found is None else found < goal)


def _ahead(key: str, ours: Found, other: Found) -> Goal:
    name = next(side.name for side in SIDES if side.key == key)
    one, two = ours.of("answered"), other.of("answered")
    met = None if one is None or two is None else one < two
    return Goal(f"the first answer, beside {name}", _figure(one, "{:.2f} s"), "< " + _figure(two, "{:.2f} s"), met)


def _last(found: Found, size: int) -> float | None:
    crowd = found.crowd(size)
    return None if crowd is None else max(crowd.at_work) if crowd.fits else float("inf")


def _gigabytes(crowd: Crowd | None) -> float | None:
    return crowd.megabytes / 1000 if crowd and crowd.fits else None


def as_text(parts: list[Table]) -> str:
    """For the terminal: aligned columns."""
    lines = []
    for title, rows in parts:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += ["", title, *(_aligned(row, widths) for row in rows)]
    return "\n".join(line.rstrip() for line in lines)


def _aligned(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))


def as_markdown(parts: list[Table]) -> str:
    """For the documentation."""
    lines = []
    for title, (headings, *rows) in parts:
        lines += [f"### {title}", "", _line(headings), "|---|" + "---:|" * (len(headings) - 1), *map(_line, rows), ""]
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
