"""`mentorkit check` finds what is wrong with the content, the records and the installation, and says what to do."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from made import fill, opened, scratch

from mentorkit import health
from mentorkit.health import Finding, examine
from mentorkit.store import Home


@pytest.fixture
def home() -> Iterator[Home]:
    with scratch() as folder:
        book = opened(folder / "home")
        fill(book)
        book.close()
        yield book.home


def wrong(home: Home) -> list[str]:
    return [finding.sentence for finding in examine(home.path) if not finding.good]


def test_a_home_in_order_has_nothing_to_fix(home: Home):
    assert wrong(home) == []
    assert any("verify" in finding.sentence for finding in examine(home.path))


def test_every_package_that_mentorkit_needs_is_looked_at(home: Home):
    seen = " ".join(finding.sentence for finding in examine(home.path))
    for name in ("anywidget", "ipywidgets", "jupyterlab", "pandas", "pydantic", "typer", "voila", "Python", "SQLite"):
        assert name in seen


def test_a_mistake_in_the_content_is_named_by_file_and_key(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "norms.toml").write_text('source = "us"\ncut = 600\n')
    monkeypatch.setenv("MENTORKIT_CONTENT", str(tmp_path))
    (found,) = wrong(home)
    assert "norms.toml" in found


def test_content_that_lacks_a_term_with_answers_is_found(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "terms.toml").write_text('[[season]]\nid = "fall"\nname = "Fall {year}"\nstarts = "08-01"\n')
    monkeypatch.setenv("MENTORKIT_CONTENT", str(tmp_path))
    (found,) = wrong(home)
    assert "2026-spring" in found and "put it back" in found


def test_damaged_records_are_found_and_restore_is_the_advice(home: Home):
    raw = bytearray(home.records.read_bytes())
    place = raw.rindex(b"relationship.flags")
    raw[place] ^= 1
    home.records.write_bytes(raw)
    (found,) = wrong(home)
    assert "mentorkit restore" in found


def test_a_damaged_backup_is_found(home: Home):
    (home.found_backups()[-1]).write_bytes(b"nothing")
    (found,) = wrong(home)
    assert "delete it" in found


def test_a_home_that_others_could_read_is_told_and_closed(home: Home):
    home.path.chmod(0o755)
    (found,) = wrong(home)
    assert "open to others" in found and home.path.stat().st_mode & 0o077 == 0
    assert wrong(home) == []


def test_a_home_that_stays_open_to_others_is_told_with_the_command(home: Home, monkeypatch: pytest.MonkeyPatch):
    home.path.chmod(0o755)
    monkeypatch.setattr("mentorkit.store.home.keep_from_others", lambda path: None)
    (found,) = wrong(home)
    assert "chmod 700" in found


def test_a_folder_that_cannot_be_used_is_found(home: Home):
    (found,) = wrong(Home(home.records))
    assert "cannot be used" in found


def test_a_missing_package_and_one_that_is_too_old_are_found(home: Home, monkeypatch: pytest.MonkeyPatch):
    def version(name: str) -> str:
        if name == "voila":
            raise PackageNotFoundError(name)
        return "1.5.3" if name == "pandas" else "99.0"

    monkeypatch.setattr(health, "version", version)
    assert [found.split(":")[0] for found in wrong(home)] == ["pandas 1.5.3 is too old", "voila is missing"]


def test_mentorkit_that_is_not_installed_is_found(home: Home, monkeypatch: pytest.MonkeyPatch):
    def requires(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(health, "requires", requires)
    (found,) = wrong(home)
    assert "not installed" in found


def test_an_old_python_is_found(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "PYTHON", (9, 9))
    assert [finding.good for finding in health._versions()] == [False]


def test_every_finding_is_one_sentence_in_one_line(home: Home):
    for finding in examine(home.path):
        assert isinstance(finding, Finding) and "\n" not in finding.sentence
