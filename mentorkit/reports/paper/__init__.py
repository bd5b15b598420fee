"""One-page sheets: one value that is previewed, printed and written as a tagged PDF."""

from mentorkit.reports.paper.pdf import as_pdf, can_write_pdf
from mentorkit.reports.paper.preview import as_html
from mentorkit.reports.paper.sheet import Bar, Bars, Block, Grid, Heading, Pairs, Points, Ruled, Sheet, Words

__all__ = [
    "Bar",
    "Bars",
    "Block",
    "Grid",
    "Heading",
    "Pairs",
    "Points",
    "Ruled",
    "Sheet",
    "Words",
    "as_html",
    "as_pdf",
    "can_write_pdf",
]
