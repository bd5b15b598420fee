"""The many small scripts of Voilà's page as one: a visit asks for them once, and not seventy times.

They are webpack's chunks. A chunk only puts its modules on a list, and one that is on the list is never asked for; so
whatever is missing here is still loaded by itself, and whatever is too much is only weight.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mentorkit.serve.files import Ready

MAIN = "voila.js"
NAMED = re.compile(r"\.e\((\d+)\)")  # how a chunk is asked for by its number
BEGINNING = re.compile(r'"\./extension":\(\)=>Promise\.all\((.*?)\)\.then')  # what an extension begins with
CHUNK = re.compile(r"(\d+)\..*js")
WHOLE = ("@jupyter-widgets/jupyterlab-manager", "anywidget")
BEGUN = "@voila-dashboards/widgets-manager8"  # the rest of it is a copy of what the others bring, and not asked for


def in_one(static: Iterable[str | Path], extensions: Iterable[str | Path]) -> Ready:
    """The scripts that each visit needs; each from the folder that a page would get it from, the first that has it."""
    extensions = list(extensions)
    found = list(_core(static))
    for name in WHOLE:
        found += [path for _, path in _chunks(_first_with(f"{name}/static", extensions))]
    found += _beginning(_first_with(f"{BEGUN}/static", extensions))
    return Ready.of("scripts.js", _together(found))


def _core(static: Iterable[str | Path]) -> Iterator[Path]:
    """What Voilà's page asks for, which its main script names."""
    for main in _first_with(MAIN, static):
        asked = set(NAMED.findall(main.read_text("utf-8")))
        yield from (path for number, path in _chunks([main.parent]) if number in asked)


def _beginning(folders: list[Path]) -> Iterator[Path]:
    """What an extension's entry asks for to begin with."""
    for folder in folders:
        entries = "".join(entry.read_text("utf-8") for entry in folder.glob("remoteEntry.*.js"))
        asked = {number for begun in BEGINNING.findall(entries) for number in NAMED.findall(begun)}
        yield from (path for number, path in _chunks(folders) if number in asked)


def _first_with(name: str, folders: Iterable[str | Path]) -> list[Path]:
    """The file or folder of this name in the first of the folders that has it; empty where none has."""
    return [Path(folder) / name for folder in folders if (Path(folder) / name).exists()][:1]


def _chunks(folders: Iterable[Path]) -> list[tuple[str, Path]]:
    """The number and the path of each."""
    paths = [path for folder in folders for path in sorted(folder.iterdir())]
    return [(chunk[1], path) for path in paths if (chunk := CHUNK.fullmatch(path.name))]


def _together(scripts: Iterable[Path]) -> bytes:
    """Each in a function of its own, since "use strict" at its head is meant for itself."""
    return "".join(f"(() => {{{path.read_text('utf-8')}\n}})();\n" for path in scripts).encode()
