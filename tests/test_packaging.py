"""What is handed out: the wheel has all that the workbook needs, and pip, conda and the code say the same."""

import http.client
import os
import re
import signal
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import mentorkit

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ENVIRONMENT = (ROOT / "environment.yml").read_text("utf-8")
SHIPPED = (".py", ".toml", ".sql", ".js", ".css", ".j2", ".ipynb", ".typ", ".txt", ".html", ".json")


def names_and_bounds(lines: list[str]) -> dict[str, str]:
    return {found[1]: found[2] for line in lines if (found := re.fullmatch(r"([\w.-]+)>=([\d.]+)", line))}


def in_environment() -> dict[str, str]:
    return names_and_bounds(re.findall(r"^  - (\S+)$", ENVIRONMENT, re.M))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = target.iterdir()
    return built


def test_conda_gets_what_pip_gets():
    needed = names_and_bounds(PROJECT["dependencies"])
    assert len(needed) == len(PROJECT["dependencies"])
    tests = names_and_bounds(PROJECT["optional-dependencies"]["test"])
    given = in_environment()
    assert given.pop("python") == PROJECT["requires-python"].removeprefix(">=")
    assert {name: given.get(name) for name in needed} == needed
    assert given.items() <= (needed | tests).items()


def test_conda_takes_everything_from_conda_forge_and_only_this_package_from_here():
    assert re.findall(r"channels:\n((?:  - .+\n)+)", ENVIRONMENT) == ["  - conda-forge\n"]
    assert re.findall(r"pip:\n((?:      - .+\n?)+)", ENVIRONMENT) == ["      - --no-deps -e .\n"]


def test_the_version_stands_in_one_place(wheel: Path):
    assert "version" in PROJECT["dynamic"] and "version" not in PROJECT
    assert wheel.name == f"mentorkit-{mentorkit.__version__}-py3-none-any.whl"
    assert mentorkit.__version__ in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_licence_is_bsd_with_three_clauses(wheel: Path):
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("BSD 3-Clause License") and PROJECT["license"] == "BSD-3-Clause"
    for words in ("Redistributions of source code", "Redistributions in binary form", "Neither the name of"):
        assert text.count(words) == 1
    with zipfile.ZipFile(wheel) as found:
        folder = f"mentorkit-{mentorkit.__version__}.dist-info"
        assert "License-Expression: BSD-3-Clause" in found.read(f"{folder}/METADATA").decode()
        assert found.read(f"{folder}/licenses/LICENSE").decode() == text


def test_the_wheel_has_every_file_of_the_package_the_notebooks_and_nothing_else(wheel: Path):
    package = {str(path.relative_to(ROOT)) for path in (ROOT / "mentorkit").rglob("*") if path.suffix in SHIPPED}
    notebooks = {f"mentorkit/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    with zipfile.ZipFile(wheel) as found:
        names = {name for name in found.namelist() if ".dist-info/" not in name}
    assert names == package | notebooks
    for kind in SHIPPED:
        assert any(name.endswith(kind) for name in names), kind


def test_the_workbook_opens_from_the_wheel_alone(wheel: Path, tmp_path: Path):
    installed = tmp_path / "installed"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(installed)]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True)
    code = f"import mentorkit.cli, sys; assert mentorkit.__file__.startswith({str(installed)!r}); mentorkit.cli.main()"
    environment = {**os.environ, "PYTHONPATH": str(installed), "MENTORKIT_HOME": str(tmp_path / "home")}
    process = subprocess.Popen(
        [sys.executable, "-c", code, "open", "--no-browser"],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout and process.stderr
        address = re.findall(r"http://(127\.0\.0\.1:\d+)/", process.stdout.readline())
        assert address, process.stderr.read()
        asked = http.client.HTTPConnection(address[0], timeout=30)
        asked.request("GET", "/")
        assert asked.getresponse().status in {200, 302, 403}
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
