"""The report on a cohort, from a release alone: as a value, as one HTML document, and as a PDF."""

from mentorkit.cohort.disclosure import Release
from mentorkit.cohort.report.document import Report
from mentorkit.cohort.report.page import as_page
from mentorkit.cohort.report.paper import Paper, as_pdf
from mentorkit.cohort.report.writing import report_of
from mentorkit.content import Content


def html(release: Release, content: Content, mark: str = "", invited: int | None = None) -> str:
    """One self-contained HTML document: no script, no request, ready to print."""
    return as_page(report_of(release, content, mark, invited))


def pdf(
    release: Release, content: Content, mark: str = "", invited: int | None = None, paper: Paper = "us-letter"
) -> bytes:
    """The same as a tagged PDF; raises `NotReady` without the extra `pdf`."""
    return as_pdf(report_of(release, content, mark, invited), content, paper)


__all__ = ["Paper", "Report", "as_page", "as_pdf", "html", "pdf", "report_of"]
