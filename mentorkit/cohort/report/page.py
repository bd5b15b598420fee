"""A report as one HTML document that needs nothing else: no script, no request, for a screen, a phone and a printer."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from mentorkit.cohort.report.charts import NARROW, WIDE, looks_on_screen
from mentorkit.cohort.report.charts.canvas import Canvas
from mentorkit.cohort.report.document import Block, Grid, Points, Report, Section, Shown, Words
from mentorkit.reports.html import Html, join, table, tag


def as_page(report: Report) -> str:
    """The document, the same for the same report."""
    head = join(
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'),
        tag("title", report.title),
        tag("style", Html(rules())),
    )
    last = tag("div", tag("p", _last_line(report)), class_="mc-every-page", aria_hidden="true")
    body = tag("body", tag("div", tag("div", inside(report)), last, class_="mc-whole"))
    return f"<!doctype html>\n{tag('html', tag('head', head), body, lang=report.lang)}\n"


def part(report: Report, names: Sequence[str]) -> Html | None:
    """Some sections for a notebook, without headings, which stand in its prose; None when it has none of them."""
    blocks = [block for section in report.sections if section.id in names for block in section.blocks]
    if not blocks:
        return None
    rules_here = looks_on_screen() + (files(__package__) / "notebook.css").read_text("utf-8")
    mark = tag("p", report.mark, class_="mc-mark") if report.mark else None
    return join(tag("style", Html(rules_here)), mark, (_block(report, block) for block in blocks))


def inside(report: Report) -> Html:
    """What stands on the page, without its rules."""
    nav = tag("ul", (tag("li", tag("a", one.title, href=f"#{one.id}")) for one in report.sections))
    top = (
        tag("p", report.mark, class_="mc-mark") if report.mark else None,
        tag("h1", report.title),
        tag("p", report.about, class_="mc-about"),
        tag("p", tag("strong", report.not_for), class_="mc-not-for"),
    )
    return join(
        tag("header", top),
        tag("nav", nav, aria_label=report.title),
        tag("main", (_section(report, section) for section in report.sections)),
        tag("footer", tag("p", _last_line(report))),
    )


@cache
def rules() -> str:
    """The page's rules."""
    return looks_on_screen() + (files(__package__) / "page.css").read_text("utf-8")


def _last_line(report: Report) -> str:
    return " ".join(part for part in (report.mark, report.not_for, report.foot) if part)


def _section(report: Report, section: Section) -> Html:
    blocks = (_block(report, block) for block in section.blocks)
    return tag("section", tag("h2", section.title, id=f"{section.id}-title"), blocks, id=section.id)


def _block(report: Report, block: Block) -> Html:
    match block:
        case Words(paragraphs):
            return join(tag("p", paragraph) for paragraph in paragraphs)
        case Points(items):
            return tag("ul", (tag("li", item) for item in items))
        case Shown():
            return shown(report, block)


def shown(report: Report, block: Shown) -> Html:
    """A picture with its sentence, and the same numbers as a table; a table alone likewise."""
    caption = tag(
        "figcaption",
        tag("strong", block.finding),
        tag("span", block.who),
        tag("span", report.not_for, class_="mc-not-for"),
    )
    grid = _grid(block.grid)
    if block.draw is None:
        return tag("figure", caption, grid, id=block.id)
    drawn = (
        tag("div", block.draw(Canvas(f"{block.id}-{name}", width), ""), class_=f"mc-drawing mc-{name}")
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    )
    numbers = tag("details", tag("summary", f"{report.as_table}: {block.grid.caption}"), grid)
    return tag("figure", caption, drawn, numbers, id=block.id)


def _grid(grid: Grid) -> Html:
    return table(grid.caption, grid.heads, grid.rows)
