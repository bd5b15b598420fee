"""Find the shipped notebooks, and join those for students into the one that the app runs."""

import re
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat

from mentorkit.errors import MentorkitError

STUDENT_PAGE = re.compile(r"[0-8]\d_\w+\.ipynb")
COMPOSED = "workbook.ipynb"


def notebooks_folder() -> Path:
    """The notebooks of this installation: inside the package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if folder.is_dir():
            return folder
    raise MentorkitError("The notebooks are missing from this installation. Install mentorkit again.")


def student_pages(folder: Path) -> list[Path]:
    """The notebooks for students in their order; 9x are for advisors and are left out."""
    pages = sorted(path for path in folder.iterdir() if STUDENT_PAGE.fullmatch(path.name))
    if not pages:
        raise MentorkitError(f"There is no student notebook in {folder}.")
    return pages


def advisor_pages(folder: Path) -> list[Path]:
    """The notebooks for advisors in their order."""
    return sorted(folder.glob("9*.ipynb"))


def slug_of(path: Path) -> str:
    """`03_mentor_types.ipynb` → `mentor-types`, the page's address after the #."""
    return path.stem.split("_", 1)[1].replace("_", "-")


def compose(folder: Path, runtime_dir: Path) -> Path:
    """Write the joined notebook; returns its path."""
    composed = runtime_dir / COMPOSED
    nbformat.write(joined(folder), composed)  # type: ignore[no-untyped-call]
    return composed


def joined(folder: Path, instead: Mapping[str, str] = MappingProxyType({})) -> Any:
    """The student notebooks as one, so that one kernel serves all pages; `instead` maps prose to what is said for it.

    Each cell says in its metadata which page it belongs to, and the notebook's metadata lists the pages.
    """
    book = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    pages = [_read_page(path) for path in student_pages(folder)]
    book.metadata["title"] = "Mentorkit"
    book.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    book.metadata["mentorkit"] = {"pages": [about for about, _ in pages]}
    book.cells = [cell for about, cells in pages for cell in _marked(cells, about)]
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = reduce(lambda text, pair: text.replace(*pair), instead.items(), cell.source)
    return book


def _read_page(path: Path) -> tuple[dict[str, str], list[Any]]:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    slug = slug_of(path)
    label = notebook.metadata.get("mentorkit", {}).get("label") or slug.replace("-", " ").capitalize()
    return {"slug": slug, "label": label, "title": _title(notebook, label)}, notebook.cells


def _title(notebook: Any, default: str) -> str:
    for cell in notebook.cells:
        heading = re.search(r"^# +(.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else None
        if heading:
            return heading[1].strip()
    return default


def _marked(cells: list[Any], about: dict[str, str]) -> list[Any]:
    slug = about["slug"]
    for number, cell in enumerate(cells):
        mark = {"page": slug, "label": about["label"], "first": number == 0}
        cell.metadata["mentorkit"] = {**cell.metadata.get("mentorkit", {}), **mark}
        cell["id"] = f"{slug}-{cell['id']}"[:64]
    return cells
