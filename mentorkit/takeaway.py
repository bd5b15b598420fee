"""Files that a student writes and brings back: each whole or not at all, and readable by its owner only."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mentorkit.errors import BadFile, NotSaved
from mentorkit.store.disk import make_private, sync_file


def write_files(texts: Mapping[Path, str | bytes], force: bool) -> None:
    """Write each text, or bytes, to its file, none when one may not be written; raises `BadFile` or `NotSaved`."""
    for target in texts:
        expect_free(target, force)
    for target, text in texts.items():
        part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            make_private(part)
            part.write_bytes(text.encode() if isinstance(text, str) else text)
            sync_file(part)
            part.replace(target)
        except OSError as error:
            raise NotSaved(f"{target} cannot be written ({error.strerror}): choose another place.") from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def read_file(source: Path, largest: int) -> bytes:
    """The file, or a little more than the largest that is taken; raises `BadFile`."""
    expect_file(source)
    try:
        with source.open("rb") as file:
            return file.read(largest + 1)
    except OSError as error:
        raise BadFile(f"{source} cannot be read ({error.strerror}): check its name.") from error


def expect_free(target: Path, force: bool) -> None:
    """Raise `BadFile` unless a file can be put there: nothing is written over unless that is forced."""
    if target.is_dir():
        raise BadFile(f"{target} is a folder: add the name of a file.")
    if os.path.lexists(target) and not force:
        raise BadFile(f"{target} exists already: choose another name, or add --force to write over it.")
    if not target.absolute().parent.is_dir():
        raise BadFile(f"There is no folder {target.absolute().parent}: make it first, or choose another place.")


def expect_file(source: Path) -> None:
    """Raise `BadFile` unless there is a file to read: a folder or a pipe is none."""
    if not source.is_file():
        raise BadFile(f"{source} is {'not a file' if source.exists() else 'not there'}: check its name.")
