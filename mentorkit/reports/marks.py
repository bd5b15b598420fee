"""The marks of the pictures as SVG: positions in percent, so that they stretch and the words beside them do not."""

from mentorkit.reports.html import Html, join, tag


def track(*marks: Html | None) -> Html:
    """A line from 0 to 100 with marks on it. It is drawn for the eye; the words and the table carry the numbers."""
    axis = tag("line", x1="0%", x2="100%", y1="50%", y2="50%", class_="axis")
    return tag("svg", axis, marks, class_="mk-track", aria_hidden="true", focusable="false")


def dot(at: float, kind: str) -> Html:
    """A filled (`need`, `after`) or hollow (`support`, `before`) dot at 0–100."""
    return tag("circle", cx=_percent(at), cy="50%", r=7, class_=kind)


def small_dot(at: float) -> Html:
    """A small dot for a term before the two that are compared."""
    return tag("circle", cx=_percent(at), cy="50%", r=4, class_="earlier")


def stretch(start: float, end: float, kind: str) -> Html:
    """A line between two positions, 0–100."""
    return tag("line", x1=_percent(start), x2=_percent(end), y1="50%", y2="50%", class_=kind)


def block(start: float, end: float, kind: str) -> Html:
    """A bar or a band between two positions, kept within 0–100."""
    low, high = max(0.0, min(start, end)), min(100.0, max(start, end))
    return tag("rect", x=_percent(low), width=_percent(high - low), y="18%", height="64%", rx=3, class_=kind)


def point(x: float, y: float) -> Html:
    """A dot in a square whose y grows upwards, both 0–100."""
    return tag("circle", cx=_percent(x), cy=_percent(100 - y), r=9, class_="need")


def key(*entries: tuple[Html, str]) -> Html:
    """What the marks mean, each beside its name."""
    return tag(
        "ul",
        (tag("li", join(tag("svg", mark, aria_hidden="true", focusable="false"), name)) for mark, name in entries),
        class_="mk-key",
    )


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def row(name: object, value: object, *marks: Html | None, why: object = None, also: str = "") -> Html:
    """One line of a picture: its name, its value in words, and its marks on a track if any."""
    drawn = track(*marks) if marks else None
    said = tag("p", why, class_="mk-why") if why is not None else None
    parts = (tag("span", name, class_="mk-row-name"), tag("span", value, class_="mk-value"), drawn, said)
    return tag("li", *parts, class_=f"mk-row mk-wide {also}".strip())
