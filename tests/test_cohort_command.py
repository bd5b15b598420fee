"""From share files to a release on disk: what is told, written and refused, and that nothing else leaves."""

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from cohort_files import AFTER, BEFORE, put, relationship, share

from mentorkit import cli, cohort
from mentorkit.cohort import report, statistics
from mentorkit.cohort.disclosure import Ledger, Release
from mentorkit.cohort.reading import Collected
from mentorkit.content import load_content
from mentorkit.errors import NotReady

FILES = {"release.json", "tables.csv", "codebook.csv", "tables.xlsx", "report.html", "report.pdf"}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty students of two class years in both terms, fifteen who left, twelve who came; few have national mentors."""
    folder = tmp_path_factory.mktemp("cohort") / "in"
    handed = []
    for n in range(67):
        year, score = ("m1", "m2")[n % 2], float(20 + 7 * n % 60)
        kind = "national" if n < 6 else "peer"
        if n < 55:
            handed.append(share(n, BEFORE, relationship(score, score, kind), need=score, class_year=year))
        if n < 40 or n >= 55:
            handed.append(share(n, AFTER, relationship(score + n % 3 * 8, score, kind), need=score, class_year=year))
    return put(folder, *handed)


@pytest.fixture(scope="module")
def run(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The files of one release, and its ledger."""
    place = tmp_path_factory.mktemp("run")
    options = ["--by", "class_year", "--by", "mentor_type", "--cohort", "=Class of 2029", "--invited", "90"]
    out, ledger = place / "out", place / "ledger"
    assert cli.run(["cohort", str(handed_in), *options, "--ledger", str(ledger), "--out", str(out)]) == 0
    return out, ledger


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


def test_a_release_is_written_as_bytes_tables_and_a_report(run):
    out, ledger = run
    release = Ledger(ledger).releases[0]
    assert {file.name for file in out.iterdir()} == FILES
    assert (out / "release.json").read_bytes() == release.published()
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")
    rows = list(csv.DictReader(io.StringIO((out / "tables.csv").read_text("utf-8"))))
    assert len(rows) == len(release.numbers) and {row["table"] for row in rows} == set(release.tables)


def test_a_release_answers_what_was_asked(run):
    release = Ledger(run[1]).releases[0]
    assert release.at(f"needs {BEFORE}").number == 55 and release.at(f"needs {AFTER}").number == 50
    assert release.at("part", part="both terms").number == 40
    assert release.at(f"change {BEFORE} to {AFTER}", f"practice_index {BEFORE} to {AFTER}", "mean").number == 10
    word = release.at(f"change words {BEFORE} to {AFTER}", f"practice_index {BEFORE} to {AFTER}", "verdict")
    assert word.word == "detectable rise"
    same = release.at(f"change words {BEFORE} to {AFTER}", f"outcome_index {BEFORE} to {AFTER}", "verdict")
    assert same.word == "no detectable change"


def test_few_students_are_named_in_no_file(run):
    """Six have a mentor of this type."""
    release, name = Ledger(run[1]).releases[0], load_content().types["national"].name
    assert [table for table in release.tables if table.startswith("with peer")]
    assert not [table for table in release.tables if "national" in table]
    assert name not in (run[0] / "report.html").read_text("utf-8")


def test_what_the_command_says_holds_no_number_that_is_not_in_the_release(run, handed_in, tmp_path, capsys):
    options = ["--by", "class_year", "--by", "mentor_type", "--cohort", "=Class of 2029", "--ledger", str(run[1])]
    assert cli.run(["cohort", str(handed_in), *options, "--out", str(tmp_path / "out")]) == 0
    release = Ledger(run[1]).releases[0]
    said = capsys.readouterr().out
    for place in (handed_in, tmp_path, run[1]):
        said = said.replace(str(place), "")
    known = numbers(release.published().decode()) | numbers(" ".join(release.notes)) | {str(release.number)}
    assert said and numbers(said) <= known
    assert "107" not in numbers(said)  # how many files there are


def test_without_a_pdf_the_reason_is_told_and_none_of_another_release_is_left(
    run, handed_in, tmp_path, capsys, monkeypatch
):
    def refuse(*_: object, **__: object) -> bytes:
        raise NotReady("No luck: print the page.")

    (tmp_path / "out").mkdir()
    (tmp_path / "out/report.pdf").write_bytes(b"an older one")
    monkeypatch.setattr(report, "pdf", refuse)
    ask = ["cohort", str(handed_in), "--ledger", str(tmp_path / "ledger"), "--out", str(tmp_path / "out"), "--force"]
    assert cli.run(ask) == 0 and "No luck: print the page." in capsys.readouterr().out
    assert {file.name for file in (tmp_path / "out").iterdir()} == FILES - {"report.pdf"}


def test_how_many_were_invited_stands_beside_how_many_answered(run):
    out, _ = run
    page = (out / "report.html").read_text("utf-8")
    assert "90 students were invited, so about 55 of 100 answered." in page
    assert re.search(r"Invited</th>\s*<td[^>]*>90<", page)


def test_every_number_in_the_tables_is_in_the_release(run):
    out, ledger = run
    release = Ledger(ledger).releases[0]
    published = [one.number for one in release.numbers]
    rows = list(csv.DictReader(io.StringIO((out / "tables.csv").read_text("utf-8"))))
    assert [float(row["number"]) if row["number"] else None for row in rows] == published
    book = list(csv.DictReader(io.StringIO((out / "codebook.csv").read_text("utf-8"))))
    assert [row["name"] for row in book][: len(rows[0])] == list(rows[0])


def test_the_spreadsheet_begins_with_what_it_is_and_holds_no_formula(run):
    from openpyxl import load_workbook

    book = load_workbook(run[0] / "tables.xlsx")
    first = " ".join(str(cell.value) for row in book.worksheets[0] for cell in row if cell.value)
    assert "Not for the evaluation of students or mentors." in first and "=Class of 2029" in first
    needs = book["Needs and support, Spring 2026"]  # as the report calls it
    assert needs["A2"].value.startswith("In tables.csv: needs 2026-spring.")
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    with zipfile.ZipFile(run[0] / "tables.xlsx") as parts:
        assert not [name for name in parts.namelist() if "<f>" in parts.read(name).decode("utf-8", "replace")]


def test_asking_again_gives_the_same_release_and_not_another(run, handed_in, tmp_path):
    options = ["--by", "class_year", "--by", "mentor_type", "--cohort", "=Class of 2029", "--ledger", str(run[1])]
    assert cli.run(["cohort", str(handed_in), *options, "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out/release.json").read_bytes() == (run[0] / "release.json").read_bytes()


def test_other_options_are_judged_against_what_was_released_before(handed_in, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    asked = ["cohort", str(handed_in), "--term", AFTER]
    assert cli.run([*asked, "--minimum", "12", "--out", str(tmp_path / "one")]) == 0
    assert len(cohort.usual_ledger().releases) == 1
    assert cli.run([*asked, "--minimum", "5", "--cohort", "another name", "--out", str(tmp_path / "two")]) == 2
    assert "raised, never lowered" in capsys.readouterr().err and not (tmp_path / "two").exists()


def test_a_bad_file_is_told_and_the_others_are_released(handed_in, tmp_path, capsys):
    bad = tmp_path / "bad.json"
    bad.write_text("{", "utf-8")
    ledger, out = tmp_path / "ledger", tmp_path / "out"
    asked = ["cohort", str(handed_in), str(bad), "--term", AFTER, "--ledger", str(ledger), "--out", str(out)]
    assert cli.run(asked) == 0
    assert f"Refused {bad}: The file is not readable as JSON" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--terms", BEFORE, "2031-fall"], "Nothing was read of 2031-fall"),
        (["--terms", BEFORE, AFTER, "--term", AFTER], "Name two terms"),
        (["--by", "height"], "write --by class_year or --by mentor_type"),
        (["--by", "class_year", "mentor_type"], "Write --by mentor_type"),
        (["--terms", AFTER, "--force"], "--terms takes two terms"),
        (["--minimum", "4"], "write --minimum 5 or more"),
        (["--minimum", "60", "--term", AFTER], "fewer than 60"),
    ],
)
def test_what_cannot_be_released_is_refused_and_nothing_is_written(handed_in, tmp_path, capsys, more, said):
    out, ledger = tmp_path / "out", tmp_path / "ledger"
    assert cli.run(["cohort", str(handed_in), *more, "--ledger", str(ledger), "--out", str(out)]) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
    assert not out.exists() and not Ledger(ledger).releases


def test_more_answers_than_invitations_are_told_and_nothing_is_frozen(handed_in, tmp_path, capsys):
    ledger, out = tmp_path / "ledger", tmp_path / "out"
    ask = ["cohort", str(handed_in), "--ledger", str(ledger), "--out", str(out), "--invited"]
    assert cli.run([*ask, "40"]) == 2 and not out.exists() and not Ledger(ledger).releases
    assert "More students shared scores than the 40 who were invited: check the number." in capsys.readouterr().err
    assert cli.run([*ask, "70"]) == 0 and len(Ledger(ledger).releases) == 1


def test_what_would_mostly_be_withheld_is_frozen_only_when_that_is_wanted(handed_in, tmp_path, capsys):
    ledger, fewer = tmp_path / "ledger", tmp_path / "fewer"
    ask = ["--term", AFTER, "--ledger", str(ledger), "--out"]
    assert cli.run(["cohort", str(handed_in), *ask, str(tmp_path / "one")]) == 0
    shutil.copytree(handed_in, fewer)
    for file in sorted(fewer.iterdir())[-2:]:
        file.unlink()
    assert cli.run(["cohort", str(fewer), *ask, str(tmp_path / "two")]) == 2
    assert "release 1 was about many of these students" in capsys.readouterr().err
    assert len(Ledger(ledger).releases) == 1 and not (tmp_path / "two").exists()
    changed = ["--minimum", "12", "--anyway"]
    assert cli.run(["cohort", str(handed_in), *changed, *ask, str(tmp_path / "two")]) == 0
    assert len(Ledger(ledger).releases) == 2


def test_nothing_is_frozen_when_the_folder_is_taken(handed_in, tmp_path, capsys):
    out = put(tmp_path / "out", share(1))
    ledger = tmp_path / "ledger"
    assert cli.run(["cohort", str(handed_in), "--ledger", str(ledger), "--out", str(out)]) == 2
    assert "has something in it" in capsys.readouterr().err and not ledger.exists()
    assert [file.name for file in out.iterdir()] == ["0000.json"]


# Nothing leaves but through a release


def test_files_are_made_of_a_release_alone(handed_in):
    collected = cohort.read([handed_in])
    for other in (collected, json.loads("{}"), [1.0]):
        with pytest.raises(TypeError, match="release"):
            cohort.files_of(other, load_content())


def test_all_that_the_package_offers_is_without_students_scores(handed_in, tmp_path):
    """What is read keeps its scores to itself; what is released is a Release; nothing else is offered."""
    offered = {"Collected", "Ledger", "Published", "Release", "files_of", "read", "release", "usual_ledger"}
    assert set(cohort.__all__) == offered | (set(cohort.__all__) & set(statistics.__all__))
    collected = cohort.read([handed_in])
    assert isinstance(collected, Collected)
    public = {name: getattr(collected, name) for name in vars(collected) if not name.startswith("_")}
    assert set(public) == {"read", "refused", "notes", "terms", "content"}
    released = cohort.release(collected, (AFTER,), ledger=tmp_path / "ledger")
    assert isinstance(released, Release)
