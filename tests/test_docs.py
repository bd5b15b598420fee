"""The documentation can fail: its commands run, its paths exist, and every public name is documented."""

import ast
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import mentorkit
from mentorkit.cli import app

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
README = (ROOT / "README.md").read_text("utf-8")
MODULES = sorted(ROOT.glob("mentorkit/**/*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_tree_in_the_architecture_is_the_tree():
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    tree = text.split("```")[1]
    named = re.findall(r"^  (\S+)", tree, re.M)
    there = {path.name + ("/" if path.is_dir() else "") for path in (ROOT / "mentorkit").iterdir()}
    assert set(named) == there - {"__pycache__/", "__init__.py", "__main__.py"}
    for folder in re.findall(r"^(\S+/)", tree, re.M):
        assert (ROOT / folder).is_dir()


def test_the_make_verbs_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for verb in re.findall(r"make ([a-z]+)", README):
        assert re.search(rf"^{verb}:", makefile, re.M), verb


def test_ci_runs_what_the_readme_says():
    assert "make test" in (ROOT / ".ci/run").read_text("utf-8")


def test_the_commands_of_the_readme_exist_with_their_options():
    for line in re.findall(r"`mentorkit ([^`]+)`", README):
        command, *words = shlex.split(line)
        help_ = CliRunner().invoke(app, [command, "--help"])
        assert help_.exit_code == 0, line
        assert all(word in help_.output for word in words if word.startswith("--")), line


def test_the_readme_s_python_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path))
    code = re.search(r"```python\n(.*?)```", README, re.S)
    assert code
    scope: dict = {}
    exec(code.group(1), scope)
    assert scope["book"].draft("needs")["need.academic.strategies"] == 3


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 110


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT / "mentorkit")))
def test_every_public_name_is_documented(module: Path):
    tree = ast.parse(module.read_text("utf-8"))
    assert ast.get_docstring(tree), "the module"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_the_names_that_others_call_are_there():
    for name in mentorkit.__all__:
        assert getattr(mentorkit, name) is not None
