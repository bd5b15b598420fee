"""What all pictures are made of: a canvas of a given width, lines of words that keep within it, dots, and hatching."""

from dataclasses import dataclass

from mentorkit.cohort.disclosure import Published
from mentorkit.reports.html import Html, join, tag

WIDE, NARROW = 704, 320  # two drawings of each picture: for a desk and paper, and for a phone
LETTER = 7.5  # about the width of a letter at 13 pixels, rather too wide
LINE = 17  # from one line of words to the next


@dataclass(frozen=True)
class Canvas:
    """One drawing: `name` is unique on its page, since its hatching is found by it."""

    name: str
    width: int

    @property
    def is_narrow(self) -> bool:
        """Whether names stand above what is drawn, not beside it."""
        return self.width < 500

    def drawn(self, height: float, *marks: object, style: str = "") -> Html:
        """The finished SVG. It is for the eye: words and a table beside it carry the numbers."""
        hatch = tag(
            "pattern",
            tag("line", x1=0, y1=0, x2=0, y2=6, class_="mc-hatch"),
            id=f"hatch-{self.name}",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        )
        return tag(
            "svg",
            tag("style", Html(style)) if style else None,
            tag("defs", hatch),
            marks,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {self.width} {height:g}",
            width=self.width,
            height=f"{height:g}",
            aria_hidden="true",
            focusable="false",
        )

    def hatched(self, x: float, y: float, width: float, height: float) -> Html:
        """A field of which nothing is said."""
        at = {"x": _at(x), "y": _at(y), "width": _at(width), "height": _at(height)}
        return join(
            tag("rect", **at, class_="mc-hatch-field"),
            tag("rect", **at, fill=f"url(#hatch-{self.name})"),
        )


@dataclass(frozen=True)
class Axis:
    """Where numbers lie between two edges of a canvas."""

    left: float
    right: float
    low: float = 0.0
    high: float = 100.0

    def at(self, number: float) -> float:
        """The place of a number; what lies outside is drawn at the end."""
        share = (min(max(number, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Html:
    """A line of one kind."""
    return tag("line", x1=_at(x1), y1=_at(y1), x2=_at(x2), y2=_at(y2), class_=f"mc-{kind}")


def dot(x: float, y: float, kind: str, radius: float = 6) -> Html:
    """A dot of one kind."""
    return tag("circle", cx=_at(x), cy=_at(y), r=f"{radius:g}", class_=f"mc-{kind}")


def block(x: float, y: float, width: float, height: float, kind: str) -> Html:
    """A filled field."""
    return tag("rect", x=_at(x), y=_at(y), width=_at(width), height=_at(height), class_=kind)


def said(x: float, y: float, words: object, kind: str = "text") -> Html:
    """One line of words; `kind` may name several looks."""
    return tag("text", words, x=_at(x), y=_at(y), class_=" ".join(f"mc-{one}" for one in kind.split()))


def lines(words: str, width: float, letter: float = LETTER) -> list[str]:
    """The words in lines no wider than that, as far as words are not wider themselves; those are cut in pieces."""
    most = max(4, int(width / letter))
    found: list[str] = []
    for word in words.split():
        pieces = [word[start : start + most] for start in range(0, len(word), most)]
        for piece in pieces:
            if found and len(found[-1]) + 1 + len(piece) <= most and piece is pieces[0]:
                found[-1] += f" {piece}"
            else:
                found.append(piece)
    return found or [""]


def paragraph(x: float, y: float, words: list[str], kind: str = "text") -> Html:
    """Lines one below the other, the first at y."""
    return join(said(x, y + LINE * number, words_, kind) for number, words_ in enumerate(words))


def known(number: Published | None) -> float | None:
    """The number of what was published as one; None for what is withheld, said in a word, or not asked."""
    return None if number is None or number.mark == "withheld" else number.number


def brief(number: Published | None) -> str:
    """A number as short as it can be said: `≤ 5` for at most 5, a dash for what is withheld."""
    value = known(number)
    if number is None or value is None:
        return "–"
    return {"at most": "≤ ", "at least": "≥ ", "about": "≈ "}.get(number.mark, "") + f"{value:g}".replace("-", "−")


def scale(axis: Axis, top: float, bottom: float, steps: tuple[float, ...], signed: bool = False) -> Html:
    """Upright lines at the steps, with their numbers below."""
    marks = [line(axis.at(step), top, axis.at(step), bottom, "axis") for step in steps]
    numbers = [f"{step:+g}".replace("-", "−").replace("+0", "0") if signed else f"{step:g}" for step in steps]
    return join(marks, (said(axis.at(s), bottom + 15, n, "small middle") for s, n in zip(steps, numbers, strict=True)))


def key(canvas: Canvas, y: float, entries: list[tuple[Html, str]]) -> tuple[Html, float]:
    """What marks mean, in rows across the canvas, each drawn in a field of 22 × 14; and where it ends."""
    parts: list[Html] = []
    x = 0.0
    for mark, words in entries:
        needed = 28 + len(words) * 6.4 + 18
        if x and x + needed - 18 > canvas.width:
            x, y = 0.0, y + 22
        parts.append(tag("g", mark, said(28, 11, words, "small"), transform=f"translate({_at(x)} {_at(y)})"))
        x += needed
    return join(parts), y + 22


def _at(place: float) -> str:
    return f"{place:.1f}".removesuffix(".0")
