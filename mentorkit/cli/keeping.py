"""The commands `mentorkit backup`, `restore` and `erase`: a copy of everything, bringing it back, removing it."""

from pathlib import Path
from typing import Annotated

import typer

from mentorkit.cli.options import Force, HomeOption, Yes, home_with_records
from mentorkit.errors import BadFile
from mentorkit.store import find_home, home_at
from mentorkit.takeaway import expect_file, expect_free


def backup(
    target: Annotated[Path | None, typer.Argument(help="The file to write (else one in the backups folder).")] = None,
    home: HomeOption = None,
    force: Force = False,
) -> None:
    """Save a verified copy of everything.

    It has what is marked “only you see this” too: keep it where only you can read it.

    Example: mentorkit backup my-copy.sqlite
    """
    from mentorkit.store import Store, back_up, backups, write_copy

    place = home_with_records(home)
    store = Store(place.records)
    if target is None:
        back_up(place, store, insist=True)
        typer.echo(f"The last verified copy is {backups(place)[-1]}.")
        return
    if target.resolve() == place.records.resolve():
        raise BadFile(f"{target} is the file of your records itself: choose another name.")
    expect_free(target, force)
    write_copy(store, target)
    typer.echo(f"Saved {len(store.records)} records to {target}.")


def restore(
    source: Annotated[Path | None, typer.Argument(help="A backup (else the last good one).")] = None,
    home: HomeOption = None,
    yes: Yes = False,
) -> None:
    """Bring back a backup after damage.

    Every record of the present file that still verifies is kept too, and the file itself is set aside.

    Example: mentorkit restore --yes
    """
    from mentorkit.store import restore as bring_back

    place = find_home(home)
    if source:
        expect_file(source)
    if not yes:
        typer.confirm(f"Bring back {source or 'the last good backup'} in {place.path}?", abort=True)
    found = bring_back(place, source)
    typer.echo(f"Restored {found.records} records, {found.from_backup} of them from the backup.")
    if found.set_aside:
        typer.echo(f"The file that was there is kept as {found.set_aside}.")


def erase(home: HomeOption = None, yes: Yes = False) -> None:
    """Remove everything from this computer, for good.

    That is answers, scorecards, backups and notebook copies. Files are deleted, not overwritten: until the disk uses
    their space again, special tools may find traces. Copies that you, a sync service or the system's own backups made
    elsewhere stay.

    Example: mentorkit erase --yes
    """
    from mentorkit.store import erase as remove

    place = home_at(home)
    if not place.path.is_dir():
        raise BadFile(f"There is no folder {place.path}, so there is nothing to erase.")
    if not yes:
        typer.echo(f"This removes everything Mentorkit keeps in {place.path}, backups included. It cannot be undone.")
        if typer.prompt("Type “erase” to go on").strip(" “”\"'").lower() != "erase":
            raise BadFile("Nothing was erased.")
    removed = remove(place)
    typer.echo(f"Erased {removed} files. Copies you made elsewhere are still there.")
    if place.path.is_dir() and (left := sorted(file.name for file in place.path.iterdir())):
        typer.echo(f"Not ours, and still in {place.path}: {', '.join(left)}.")
