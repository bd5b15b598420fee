"""A sheet as HTML: the preview on the page, and what is printed."""

from mentorkit.reports.html import Html, join, tag
from mentorkit.reports.paper.sheet import (
    Bars,
    Block,
    Grid,
    Heading,
    Pairs,
    Points,
    Ruled,
    Sheet,
    Words,
    paragraphs,
)

LINE = 80  # characters that stand beside each other on paper: what a word in a table may take of it before it is broken


def as_html(sheet: Sheet) -> Html:
    """The sheet with all that is on it and nothing else; its title is a heading of level 3."""
    head = (tag("h3", sheet.title), tag("p", sheet.about, class_="mk-paper-about") if sheet.about else None)
    foot = tag("p", sheet.foot, class_="mk-paper-foot") if sheet.foot else None
    blocks = (_block(block, sheet.title) for block in sheet.shown)
    return tag("article", head, blocks, foot, class_="mk-paper", lang=sheet.lang, data_sheet=sheet.id)


def _block(block: Block, title: str) -> Html:
    match block:
        case Heading(text, level):
            return tag(f"h{level + 3}", text)
        case Words(text):
            return _text(text)
        case Points(items):
            return tag("ul", (tag("li", _inside(item)) for item in items))
        case Pairs(rows):
            return tag("dl", (join(tag("dt", label), tag("dd", _inside(value))) for label, value in rows))
        case Grid():
            return _grid(block, f"{title}: {block.caption}")  # a page may have another table of this caption
        case Ruled(label, lines):
            rules = [tag("span", class_="mk-rule", aria_hidden="true") for _ in range(lines)]
            return tag("div", tag("p", label), rules, class_="mk-ruled")
        case Bars(caption, rows):
            bars = (join(tag("dt", row.name), tag("dd", _bar(row.value), row.said)) for row in rows)
            return join(tag("p", caption, class_="mk-paper-caption"), tag("dl", bars, class_="mk-paper-bars"))


def _bar(value: float | None) -> Html | None:
    if value is None:
        return None
    drawn = (tag("rect", width=width, height="100%", rx=4, class_=kind) for width, kind in _parts(value))
    return tag("svg", drawn, aria_hidden="true", focusable="false")


def _parts(value: float) -> tuple[tuple[str, str], ...]:
    return ("100%", "band"), (f"{value:.2f}%", "bar")


def _grid(grid: Grid, name: str) -> Html:
    kinds = ["mk-number" if number else None for number in grid.numbers]
    heads = (tag("th", head, scope="col", class_=kind) for head, kind in zip(grid.heads, kinds, strict=True))
    rows = (tag("tr", _cells(row, kinds)) for row in grid.rows)
    table = tag("table", tag("caption", grid.caption), tag("thead", tag("tr", heads)), tag("tbody", rows))
    return tag("div", table, class_="mk-scroll", tabindex=0, role="region", aria_label=name)


def _cells(row: tuple[str, ...], kinds: list[str | None]) -> Html:
    looks = [_breaks(cell, LINE // len(row)) or kind for cell, kind in zip(row, kinds, strict=True)]
    first = tag("th", _inside(row[0]), scope="row", class_=looks[0])
    return join(first, (tag("td", _inside(cell), class_=look) for cell, look in zip(row[1:], looks[1:], strict=True)))


def _breaks(cell: str, longest: int) -> str | None:
    return "mk-long" if any(len(word) > longest for word in cell.split()) else None


def _text(text: str) -> Html:
    return join(tag("p", _lines(lines)) for lines in paragraphs(text))


def _inside(text: str) -> Html:
    """A text within a cell or an entry: a single paragraph needs no element of its own."""
    found = paragraphs(text)
    return _lines(found[0]) if len(found) == 1 else _text(text)


def _lines(lines: list[str]) -> Html:
    return join((Html("<br>") if place else None, line) for place, line in enumerate(lines))
