"""The picture: four small bar charts, drawn as SVG without a library."""

from html import escape

from benchmarks.room.figures import Found, Room
from benchmarks.room.sides import SIDES

WIDTH, ROW, TOP, LABELS, BARS = 900, 22, 46, 215, 150  # pixels
PANEL = WIDTH // 2

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2426 } .title { font-weight: 600 } .mine { font-weight: 600 }
.bar { fill: #9aa7ad } .bar.mine { fill: #0f766e } .none { font-style: italic } .back { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e7e4dd } .bar { fill: #66737a } .bar.mine { fill: #2dd4bf } .back { fill: #14171a }
}
"""

Values = dict[str, float | str]  # by the key of the side; a text where there is no figure


def picture(room: Room) -> str:
    """The SVG document."""
    panels = [
        ("First answer saved, seconds", _values(room, lambda found: found.of("answered")), "{:.2f}"),
        ("Processor time for one more visitor, seconds", _values(room, lambda found: found.one_more("cpu")), "{:.2f}"),
        ("Memory for one more visitor, MB", _values(room, lambda found: found.one_more("megabytes")), "{:.1f}"),
        _most_at_once(room),
    ]
    tall = TOP + ROW * len(room) + 14
    drawn = [_panel(*panel, PANEL * (at % 2), tall * (at // 2)) for at, panel in enumerate(panels)]
    said = escape("; ".join(_in_words(*panel) for panel in panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {2 * tall}" role="img" aria-label="{said}">'
        f'<style>{STYLE}</style><rect class="back" width="{WIDTH}" height="{2 * tall}"/>{"".join(drawn)}</svg>\n'
    )


def _values(room: Room, value: object) -> Values:
    found = {side.key: value(room[side.key]) for side in SIDES if side.key in room}  # type: ignore[operator]
    return {key: "not measured" if one is None else one for key, one in found.items()}


def _most_at_once(room: Room) -> tuple[str, Values, str]:
    size = max((crowd.size for found in room.values() for crowd in found.crowds), default=0)
    values = {side.key: _last(room[side.key], size) for side in SIDES if side.key in room}
    return f"All of {size} at once at work, seconds", values, "{:.1f}"


def _last(found: Found, size: int) -> float | str:
    crowd = found.crowd(size)
    if crowd is None:
        return "does not fit" if any(not one.fits for one in found.crowds) else "not measured"
    return max(crowd.at_work) if crowd.fits else f"does not fit: {len(crowd.at_work)}"


def _panel(title: str, values: Values, form: str, left: int, top: int) -> str:
    longest = max((value for value in values.values() if not isinstance(value, str)), default=1.0) or 1.0
    lines = [f'<text class="title" x="{left + 12}" y="{top + 26}">{escape(title)}</text>']
    for at, side in enumerate(side for side in SIDES if side.key in values):
        middle = top + TOP + ROW * at + 8
        lines.append(_row(side.name, side.key == "ours", values[side.key], form, longest, left, middle))
    return "".join(lines)


def _row(name: str, mine: bool, value: float | str, form: str, longest: float, left: int, middle: int) -> str:
    mark = " mine" if mine else ""
    start = left + LABELS
    label = f'<text class="label{mark}" x="{start - 8}" y="{middle + 4}" text-anchor="end">{escape(name)}</text>'
    if isinstance(value, str):
        return label + f'<text class="none" x="{start}" y="{middle + 4}">{escape(value)}</text>'
    long = max(1.0, BARS * max(0.0, value) / longest)
    bar = f'<rect class="bar{mark}" x="{start}" y="{middle - 7}" width="{long:.1f}" height="14" rx="2"/>'
    text = f'<text class="value{mark}" x="{start + long + 6:.1f}" y="{middle + 4}">{form.format(value)}</text>'
    return label + bar + text


def _in_words(title: str, values: Values, form: str) -> str:
    names = {side.key: side.name for side in SIDES}
    told = (f"{names[key]} {value if isinstance(value, str) else form.format(value)}" for key, value in values.items())
    return f"{title}: {', '.join(told)}"
