"""The many small scripts of Voilà's page as one: a visit asks for them once, and not seventy times.

They are webpack's chunks. A chunk only puts its modules on a list, and one that is on the list is never asked for; so
whatever is missing here is still loaded by itself, and whatever is too much is only weight.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from mentorkit.serve.files import Ready

MAIN = "voila.js"
NAMED = re.compile(r"\.e\((\d+)\)")  # how it asks for a chunk by its number
CHUNK = re.compile(r"(\d+)\..*js")
# Not the third, `@voila-dashboards/widgets-manager8`: most of it is a copy of what these bring, and is not asked for.
WHOLE = ("@jupyter-widgets/jupyterlab-manager", "anywidget")


def in_one(static: Iterable[str | Path], extensions: Iterable[str | Path]) -> Ready:
    """The scripts that each visit needs; each from the folder that a page would get it from, the first that has it."""
    found = []
    for folder in _first_with(MAIN, static):
        asked = set(NAMED.findall((folder / MAIN).read_text("utf-8")))
        found += [path for number, path in _chunks(folder) if number in asked]
    extensions = list(extensions)
    for name in WHOLE:
        for folder in _first_with(f"{name}/static", extensions):
            found += [path for _, path in _chunks(folder / name / "static")]
    return Ready.of("scripts.js", _together(found))


def _first_with(name: str, folders: Iterable[str | Path]) -> list[Path]:
    return [folder for folder in map(Path, folders) if (folder / name).exists()][:1]


def _chunks(folder: Path) -> list[tuple[str, Path]]:
    """The number and the path of each."""
    return [(chunk[1], path) for path in sorted(folder.iterdir()) if (chunk := CHUNK.fullmatch(path.name))]


def _together(scripts: Iterable[Path]) -> bytes:
    """Each in a function of its own, since "use strict" at its head is meant for itself."""
    return "".join(f"(() => {{{path.read_text('utf-8')}\n}})();\n" for path in scripts).encode()
