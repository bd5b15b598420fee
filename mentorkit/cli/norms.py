"""The command `mentorkit norms`: from a school's own retests to the file on which its students' thresholds rest."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mentorkit.cli.options import Force, printable, tell_what_was_left
from mentorkit.errors import BadFile

if TYPE_CHECKING:
    import pandas as pd

FIRST = typer.Argument(help="What was rated first: share files, folders of them, REDCap exports, or item rows.")
AGAIN = typer.Option(help="The same, rated again days or weeks later; once for each file or folder.")
NUMBERED = typer.Option("--numbered", help="The same number of a relationship means the same mentor both times.")
OUT = typer.Option(help="The folder for norms.toml: your school's own content.")


def norms(
    first: Annotated[list[Path], FIRST],
    again: Annotated[list[Path], AGAIN],
    school: Annotated[str, typer.Option(help="Your school's name, as students will read it.")],
    year: Annotated[int | None, typer.Option(min=2000, max=2999, help="The year of the retests (else this).")] = None,
    numbered: Annotated[bool, NUMBERED] = False,
    out: Annotated[Path, OUT] = Path(),
    force: Force = False,
) -> None:
    """Let students' thresholds rest on your school's own retests, from 50 students on.

    Students rate a relationship twice in one term, days or weeks apart, while nothing in it changes; that, only you
    can know. What is written are four coarse figures over all of them. Of share files those students count who have
    one mentor. Where some rated the full form twice, short forms are left out.

    Example: mentorkit norms first-week --again third-week --school Hilltop
    """
    from mentorkit.cohort.local_norms import FILE, local_norms, pair_retests, write_norms
    from mentorkit.content import load_content

    if not out.is_dir():
        raise BadFile(f"There is no folder {out}: make it first, or choose another place with --out.")
    content = load_content()
    retests = pair_retests(_scores(first), _scores(again), numbered)
    found = local_norms(retests, content, school, year or date.today().year)
    target = write_norms(out, found, content, force)
    for one in found:
        name = content.words[f"{one.index}_index"]
        typer.echo(printable(f"{name}: {one.norm.source}." if one.norm else one.reason))
        if one.note:
            typer.echo(printable(f"{name}: {one.note}"))
    typer.echo(printable(f"Wrote {target}. Thresholds rest on it where MENTORKIT_CONTENT names the folder of {FILE}."))


def _scores(paths: list[Path]) -> "pd.DataFrame":
    from mentorkit.cohort.reading import read, scores_of

    collected = read(paths)
    tell_what_was_left(collected)
    return scores_of(collected)
