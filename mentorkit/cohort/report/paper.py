"""A report as a tagged PDF (PDF/UA-1), set by Typst from one fixed template: names are data, never markup."""

import json
from importlib.resources import files
from typing import Any, Literal

from mentorkit.cohort.report.charts import WIDE, looks_on_paper
from mentorkit.cohort.report.charts.canvas import Canvas
from mentorkit.cohort.report.document import Block, Points, Report, Shown, Words
from mentorkit.content import Content
from mentorkit.errors import NotReady
from mentorkit.reports.html import Html
from mentorkit.reports.paper.glyphs import not_shown, respell, spelled, unusual, written

NO_TYPST = (
    "This computer cannot write a PDF by itself yet: open the report as a page and print it, "
    "or install what is missing with pip install 'mentorkit[pdf]'."
)
NO_LUCK = "This report could not be written as a PDF: open it as a page and choose “Save as PDF” when printing."
CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65279, 65534, 65535))

Paper = Literal["us-letter", "a4"]
Plain = dict[str, Any]


def as_pdf(report: Report, content: Content, paper: Paper = "us-letter") -> bytes:
    """The report as PDF/UA-1, the same bytes for the same report and fonts; raises `NotReady` without Typst."""
    try:
        import typst  # noqa: F401  # only asked for here: what follows needs it
    except ImportError as missing:
        raise NotReady(NO_TYPST) from missing
    lang, _, region = report.lang.partition("-")
    plain = _plain(report) | {"paper": paper, "lang": lang, "region": region or None}
    plain["pages"] = content.words["sheet_pages"]
    template = (files(__package__) / "report.typ").read_bytes()
    rare = unusual(plain)
    lacking, system = not_shown(rare, system=False), False
    if lacking:
        lacking, system = not_shown(rare, system=True), True
    for lost, own in ((lacking, system), (rare, False)):
        data = respell(plain, {cluster: spelled(cluster) for cluster in lost})
        if done := written(template, {"report": json.dumps(data)}, own):
            return done
    raise NotReady(NO_LUCK)


def _plain(report: Report) -> Plain:
    return {
        "title": _clean(report.title),
        "about": _clean(report.about),
        "not_for": _clean(report.not_for),
        "mark": _clean(report.mark),
        "foot": _clean(report.foot),
        "sections": [
            {"title": _clean(section.title), "blocks": [_block(block) for block in section.blocks]}
            for section in report.sections
        ],
    }


def _block(block: Block) -> Plain:
    match block:
        case Words(paragraphs):
            return {"kind": "words", "paragraphs": [_clean(one) for one in paragraphs]}
        case Points(items):
            return {"kind": "points", "items": [_clean(one) for one in items]}
        case Shown(name, finding, who, grid, draw):
            drawn = draw(Canvas(name, WIDE), looks_on_paper()) if draw else None
            return {
                "kind": "shown",
                "finding": _clean(finding),
                "who": _clean(who),
                "caption": _clean(grid.caption),
                "heads": [_clean(head) for head in grid.heads],
                "rows": [[_clean(cell) for cell in row] for row in grid.rows],
                "picture": _clean(drawn) if drawn is not None else None,
            }


def _clean(text: str | Html) -> str:
    """Without characters that no font shows and no SVG may hold."""
    return str(text).translate(CONTROLS).encode("utf-8", "replace").decode("utf-8")
