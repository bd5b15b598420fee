"""A sheet as a tagged PDF (PDF/UA-1), set by Typst from one fixed template; what was typed is data, never markup."""

import json
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Literal

from mentorkit.content import load_content
from mentorkit.errors import NotReady
from mentorkit.reports.paper.glyphs import not_shown, respell, spelled, unusual, written
from mentorkit.reports.paper.sheet import (
    Bar,
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

NO_TYPST = (
    "This computer cannot write a PDF by itself yet: print the page and choose “Save as PDF”, "
    "or install what is missing with pip install 'mentorkit[pdf]'."
)
NO_LUCK = "This sheet could not be written as a PDF: print the page and choose “Save as PDF” instead."
SHARES = (7, 36)  # a column is as wide as its longest line asks, within these numbers of characters

Paper = Literal["us-letter", "a4"]
Plain = dict[str, Any]


def can_write_pdf() -> bool:
    """Whether `as_pdf` has what it needs here."""
    return find_spec("typst") is not None


def as_pdf(sheet: Sheet, paper: Paper = "us-letter") -> bytes:
    """The sheet as PDF/UA-1, the same bytes for the same sheet and fonts; raises `NotReady` without Typst."""
    try:
        import typst  # noqa: F401  # only asked for here: what follows needs it
    except ImportError as missing:
        raise NotReady(NO_TYPST) from missing
    plain = _plain(sheet)
    rare = unusual(plain)
    lacking, system = not_shown(rare, system=False), False
    if lacking:
        lacking, system = not_shown(rare, system=True), True
    for lost, own in ((lacking, system), (rare, False)):
        data = respell(plain, {cluster: spelled(cluster) for cluster in lost}) | _settings(sheet, paper, bool(lost))
        if done := written(_template(), {"sheet": json.dumps(data)}, own):
            return done
    raise NotReady(NO_LUCK)


def _template() -> bytes:
    return (files(__package__) / "sheet.typ").read_bytes()


def _settings(sheet: Sheet, paper: Paper, spelled_out: bool) -> Plain:
    words = load_content().words
    lang, _, region = sheet.lang.partition("-")
    note = words["sheet_spelled"] if spelled_out else ""
    about = {"name": sheet.title, "lang": lang, "region": region or None}
    return about | {"paper": paper, "pages": words["sheet_pages"], "note": note}


def _plain(sheet: Sheet) -> Plain:
    blocks = [_block(block) for block in sheet.shown]
    return {"title": sheet.title, "about": sheet.about, "foot": sheet.foot, "blocks": blocks}


def _block(block: Block) -> Plain:
    """A block as the template takes it: every text already cut into paragraphs and lines."""
    kind = type(block).__name__.lower()
    return {"kind": kind} | _inside(block)


def _inside(block: Block) -> Plain:
    match block:
        case Heading(text, level):
            return {"text": text, "level": level}
        case Words(text):
            return {"text": paragraphs(text)}
        case Points(items):
            return {"items": [paragraphs(item) for item in items]}
        case Pairs(rows):
            return {"rows": [(label, paragraphs(value)) for label, value in rows]}
        case Grid():
            return _grid(block)
        case Ruled(label, lines):
            return {"label": label, "lines": lines}
        case Bars(caption, rows):
            return {"caption": caption, "rows": [_bar(row) for row in rows]}


def _bar(bar: Bar) -> Plain:
    return {"name": bar.name, "value": bar.value, "number": bar.number, "words": bar.words, "said": bar.said}


def _grid(grid: Grid) -> Plain:
    rows = [[paragraphs(cell) for cell in row] for row in grid.rows]
    columns = zip(grid.heads, *grid.rows, strict=True)
    shares = [min(max(SHARES[0], *map(_longest, column)), SHARES[1]) for column in columns]
    return {"caption": grid.caption, "heads": grid.heads, "rows": rows, "numbers": grid.numbers, "shares": shares}


def _longest(cell: str) -> int:
    return max(map(len, cell.split("\n")))
