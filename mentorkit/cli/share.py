"""The command `mentorkit share`: the scores of one term as a file to hand in, once the student has seen and agreed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mentorkit.cli.options import Force, HomeOption, Yes, home_with_records, printable
from mentorkit.takeaway import expect_free, write_files

if TYPE_CHECKING:
    from mentorkit.workbook import Workbook

LINK = "Link your terms by a random number (else as before; at first, not)."


def share(
    term: Annotated[str | None, typer.Option(help="The term (else this one, or the last one with anything).")] = None,
    file: Annotated[Path | None, typer.Option(help="The file to write (else one in this folder).")] = None,
    class_year: Annotated[str | None, typer.Option(help="Your class year, such as m2; else none is given.")] = None,
    link: Annotated[bool | None, typer.Option("--link/--no-link", help=LINK)] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would go out.")] = False,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take back what you shared of the term.")] = False,
    yes: Yes = False,
    home: HomeOption = None,
    force: Force = False,
) -> None:
    """Save your scores of one term in a file, to hand in to your program.

    It shows all that would go out and asks before it writes. There are scores, the term, the kind of each mentor and,
    if you give it, your class year in it; no names, no texts and no dates. Mentorkit sends nothing.

    Example: mentorkit share --preview
    """
    from mentorkit import consent
    from mentorkit.reports.share import lines
    from mentorkit.sharing import file_name
    from mentorkit.workbook import open_workbook

    book = open_workbook(home_with_records(home).path)
    chosen = book.content.calendar.parse(term) if term else consent.term_at_hand(book)
    if take_back:
        _take_back(book, chosen, file, yes, force)
        return
    linked = consent.linked(book) is not None if link is None else link
    looked_at = consent.draw_up(book, chosen, class_year, linked)
    for line in lines(book.content, looked_at):
        typer.echo(line)
    if preview:
        typer.echo("Nothing was written, and nothing is shared.")
        return
    target = file or Path(file_name(looked_at, chosen))
    expect_free(target, force)
    if not yes:
        typer.confirm(f"Do you agree that this goes into {printable(str(target))}, for you to hand in?", abort=True)
    write_files({target: consent.hand_in(book, looked_at)}, force)
    typer.echo(f"Wrote {printable(str(target))}. Hand it in as your program asks: it is sent nowhere by itself.")


def _take_back(book: "Workbook", term: str, file: Path | None, yes: bool, force: bool) -> None:
    from mentorkit import consent
    from mentorkit.sharing import as_text, file_name

    name = book.content.calendar.name(term)
    if not yes and term in consent.handed_in(book):
        typer.confirm(f"Take back what you shared of {name}?", abort=True)
    if file:
        expect_free(file, force)
    withdrawal = consent.take_back(book, term)
    assert withdrawal is not None  # that is so only in a room
    target = file or Path(file_name(withdrawal, term))
    write_files({target: as_text(withdrawal)}, force)
    typer.echo(f"Wrote {printable(str(target))}. Hand it in where you handed in the first one.")
    typer.echo(book.content.words["share_back_means"])
