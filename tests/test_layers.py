"""Imports point one way, and the student's pages stay light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mentorkit"
ROWS = """
errors
worksheet
term scorecard reliability
scoring stability
matching message network change history content store
records
ledger supporters
workbook takeaway
agenda steps sharing
consent
reports interchange
cohort
merging simulate health
widgets
pages
serve
cli
"""  # a module imports only from rows above its own, and freely within its own package
ROW = {name: row for row, names in enumerate(ROWS.split("\n")) for name in names.split()}
PURE = (
    "errors",
    "worksheet",
    "term",
    "scorecard",
    "reliability",
    "scoring",
    "stability",
    "matching",
    "message",
    "network",
    "change",
    "history",
)
LIGHT = ("pydantic", "ipywidgets", "anywidget", "traitlets", "platformdirs")
HEAVY = ("pandas", "numpy", "scipy", "altair", "matplotlib", "voila", "jupyterlab", "tornado", "typer")
FILES = sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """The row's name of a file: its module or its package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path, at_start: bool = False) -> Iterator[str]:
    """The modules that a file imports, anywhere in it or while it is loaded, as `mentorkit.store` or `json`."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body if at_start else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written out in full"
            yield from (
                (f"mentorkit.{n.name}" for n in node.names) if node.module == "mentorkit" else [str(node.module)]
            )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_up(path: Path):
    here = part(path)
    if here != "__init__":
        assert here in ROW, f"say in ROWS where {here} stands"
        ours = {name.split(".")[1] for name in imports(path) if name.startswith("mentorkit.")} - {here, "__version__"}
        assert {name for name in ours if ROW[name] >= ROW[here]} == set()


def test_the_pure_modules_import_the_standard_library_and_pydantic_only():
    for path in FILES:
        if part(path) in PURE:
            assert {name.split(".")[0] for name in imports(path)} <= {
                *sys.stdlib_module_names,
                "pydantic",
                "mentorkit",
            }, path
            assert not {"os", "sqlite3", "pathlib", "socket"} & set(imports(path)), path


def test_only_the_store_speaks_sql():
    for path in FILES:
        assert part(path) == "store" or not {"sqlite3", "apsw"} & set(imports(path)) or path.name == "health.py", path
        assert part(path) == "store" or "execute(" not in path.read_text("utf-8"), path


def test_what_a_student_s_page_needs_is_light():
    pages = ", ".join(f"mentorkit.pages.{path.stem}" for path in PACKAGE.glob("pages/[!_]*.py"))
    code = f"import sys, {pages}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) & set(HEAVY) == set()
    for path in FILES:
        if part(path) not in {"cohort", "serve", "cli", "__init__"}:
            others = {name.split(".")[0] for name in imports(path, at_start=True)} - set(sys.stdlib_module_names)
            assert others <= {*LIGHT, "mentorkit"}, path


def test_no_file_of_ours_is_longer_than_400_lines():
    files = [*FILES, *PACKAGE.rglob("*.js"), *Path(__file__).parent.glob("*.py")]
    assert {path.name: lines for path in files if (lines := len(path.read_text("utf-8").splitlines())) > 400} == {}
