"""Answers for other systems from the command line, and the codebook beside them."""

import csv
import io
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from made import MARKED, fill, opened, scratch
from sample_cards import CONTENT

from mentorkit import cli
from mentorkit.interchange.cards import student_of
from mentorkit.interchange.codebook import OF_ANSWERS, codebook, codebook_csv
from mentorkit.interchange.leaving import open_items
from mentorkit.interchange.redcap import read_records
from mentorkit.interchange.tidy import answers_csv
from mentorkit.worksheet import Group

Run = Callable[[str], tuple[int, str, str]]
WITHOUT_RECORDS = ("redcap-dictionary", "fhir-questionnaires")
OF_A_STUDENT = ("answers", "redcap-records", "fhir")
PRIVATE = [item for sheet in CONTENT.worksheets.values() for item in sheet if item.private]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with scratch() as folder:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("MENTORKIT_HOME", str(folder / "home"))
        yield folder


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_it(line: str) -> tuple[int, str, str]:
        code = cli.run(shlex.split(line))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_it


@pytest.fixture
def home(folder: Path) -> Path:
    book = opened(folder / "home")
    fill(book)
    book.close()
    return folder / "home"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_questions_alone_need_no_records(run: Run, folder: Path):
    code, said, _ = run("export d.csv --as redcap-dictionary")
    assert code == 0 and "d.csv" in said and "d-key.csv" in said
    assert (folder / "d.csv").read_text("utf-8").startswith("Variable / Field Name,Form Name")
    assert (folder / "d-key.csv").read_text("utf-8").startswith("variable,form,item")
    assert run("export q.json --as fhir-questionnaires")[0] == 0
    assert len(Bundle.model_validate_json((folder / "q.json").read_text("utf-8")).entry) == len(CONTENT.worksheets)
    assert not (folder / "home").exists()


def test_the_student_s_answers_go_to_each_system(run: Run, home: Path, folder: Path):
    assert run("export a.csv --as answers")[1].startswith("Wrote the answers to 2 worksheets to a.csv, without words")
    assert run("export r.csv --as redcap-records --record s-17 --class-year m2")[0] == 0
    assert run("export f.json --as fhir")[0] == 0
    read = read_records((folder / "r.csv").read_bytes(), CONTENT)
    assert {(row.student, row.class_year) for row in read.rows} == {("s-17", "m2")} and read.cards == 2
    found = rows((folder / "a.csv").read_text("utf-8"))
    assert list(found[0]) == list(OF_ANSWERS) and {row["mentor"] for row in found} == {"", "2"}
    assert [row["value"] for row in found if row["item"] == "top.areas"] == ["academic", "own"]
    assert (folder / "a-codebook.csv").exists()
    assert len(json.loads((folder / "f.json").read_text("utf-8"))["entry"]) == len(CONTENT.worksheets) + 2


@pytest.mark.parametrize("form", OF_A_STUDENT)
def test_nothing_private_leaves_and_words_of_one_s_own_only_when_asked(run: Run, home: Path, folder: Path, form: str):
    run(f"export without --as {form}")
    assert "read it before you hand it on" in run(f"export with --as {form} --with-texts")[1]
    without, with_texts = ((folder / name).read_text("utf-8") for name in ("without", "with"))
    for text in (without, with_texts):
        assert MARKED not in text and "boundary" not in text and "Lind" not in text
        assert not [item.id for item in PRIVATE if item.id in text]
        assert not re.search(r"\bm-[0-9a-f]{4,}", text)
    assert "being the first" in with_texts and "Ærlig talt" in with_texts
    assert "being the first" not in without and "Ærlig talt" not in without
    assert "need_own_overall,4" not in without and "need.own.overall,,,4" not in without


@pytest.mark.parametrize("form", (*WITHOUT_RECORDS, *OF_A_STUDENT))
def test_nothing_is_written_over_and_a_wrong_folder_is_told(run: Run, home: Path, folder: Path, form: str):
    (folder / "there").write_text("mine")
    code, _, complained = run(f"export there --as {form}")
    assert code == 2 and "exists already" in complained and (folder / "there").read_text() == "mine"
    assert run(f"export there --as {form} --force")[0] == 0
    if form in OF_A_STUDENT:
        code, _, complained = run(f"export x --as {form} --home nowhere")
        assert code == 2 and "nothing saved" in complained and not (folder / "nowhere").exists()


def test_an_unknown_system_is_one_sentence(run: Run):
    code, _, complained = run("export x --as excel")
    assert code == 2 and complained.count("\n") == 1 and "redcap-records" in complained


def test_words_that_a_spreadsheet_would_run_are_marked(home: Path):
    book = opened(home)
    text = answers_csv(CONTENT, student_of(book, texts=True))
    (own,) = [row["value"] for row in rows(text) if row["item"] == "area.own"]
    assert own == "'=being the first in my family"


def test_the_codebook_says_of_every_question_what_its_values_mean():
    entries = {entry.name: entry for entry in codebook(CONTENT, OF_ANSWERS) if entry.kind == "item"}
    for sheet in CONTENT.worksheets.values():
        for item in open_items(sheet):
            for name in [f"{item.id}.{part.id}" for part in item.items] if isinstance(item, Group) else [item.id]:
                entry = entries[name]
                assert entry.worksheet == sheet.id and item.text in entry.text and entry.range and entry.missing
    one = entries["practice.prepared.topics"]
    assert one.options == "0 = Not at all; 1 = A little; 2 = About half; 3 = Mostly; 4 = Fully; na = No occasion"
    assert (one.scale, one.range, one.scored) == ("practice", "0 to 4", "yes")
    assert one.missing == "no row: not asked, or not answered; na = No occasion: answered, and not counted"
    assert (entries["relationship.change"].range, entries["relationship.change"].scored) == ("-3 to 3", "")
    assert entries["top.areas"].range == "any of the codes, 3 at most"
    assert not [item.id for item in PRIVATE if item.id in codebook_csv(CONTENT)]


def test_every_column_of_the_answers_is_in_the_codebook_and_every_answer_in_its_range(home: Path):
    book = opened(home)
    found = rows(answers_csv(CONTENT, student_of(book, texts=True)))
    entries = {entry.name: entry for entry in codebook(CONTENT, OF_ANSWERS)}
    assert set(found[0]) <= {name for name, entry in entries.items() if entry.kind == "column"}
    for row in found:
        entry = entries[f"{row['item']}.{row['part']}" if row["part"] else row["item"]]
        if entry.options:
            assert row["value"] in [option.partition(" = ")[0] for option in entry.options.split("; ")]
