"""Spreadsheets of published tables: text stays text, whatever it begins with; numbers stay numbers."""

import csv
import io
import re
import sys
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sample_cards import CONTENT, HOSTILE, TAME

from mentorkit.cohort.spreadsheet import LONGEST_CELL, Table, as_xlsx, codebook_table
from mentorkit.errors import BadFile, MentorkitError
from mentorkit.interchange.cells import as_csv, inert
from mentorkit.interchange.codebook import OF_ITEM_ROWS

BOOK = codebook_table(CONTENT, OF_ITEM_ROWS)
SMALL = Table("Codebook", "What it means.", ("name",), (("a",),))
UNMET = Table(
    "Unmet need by area: all/years?", "Unmet need is highest in research.", ("area", "students", "mean"),
    (("research", 60, 41.5), ("=emotional", "withheld", None), ("clinical", 45, float("nan")), ("−3 to +3", -3, "+3")),
)  # fmt: skip
ABOUT = ("Class of 2030, Fall 2026.", "=Nothing is said about fewer than 10 students.")


NOT_QUITE_TEXT = ("{=1+1}", "#REF!", "http://x.example", "TRUE", "1", "007", "1/2", "2026-01-02")
CELLS = st.one_of(st.text(max_size=12), st.integers(), st.floats(), st.none())
BEFORE = ("", " ", "\t", '"', "' ", "“", "\u00a0", "\ufeff", "\u200b", "\r\n", "‘“ ")


def written(*tables: Table) -> bytes:
    return as_xlsx("Our cohort", ABOUT, tables, SMALL)


def cells(raw: bytes) -> dict[str, list[list[object]]]:
    book = load_workbook(io.BytesIO(raw))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def expect_no_formula(raw: bytes) -> None:
    """No cell is a formula, to openpyxl or in the XML; nothing links elsewhere."""
    for sheet in load_workbook(io.BytesIO(raw)):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8")
            assert not re.search(r"<(\w+:)?(f|ddeLink|externalLink|hyperlink)\b", text), name
            assert "externalLink" not in name and "vba" not in name.lower()


def test_the_first_sheet_says_what_it_is_and_what_is_in_it():
    found = cells(written(UNMET))
    assert list(found) == ["About", "Unmet need by area all years", "Codebook"]
    first = [[cell for cell in row if cell] for row in found["About"]]
    assert first[:5] == [
        ["Our cohort"], [ABOUT[0]], [ABOUT[1]], ["Not for the evaluation of students or mentors."], [],
    ]  # fmt: skip
    assert first[5] == ["Unmet need by area all years", UNMET.title, UNMET.note]


def test_a_table_comes_back_with_its_title_note_columns_and_rows():
    rows = cells(written(UNMET))["Unmet need by area all years"]
    assert [rows[0][0], rows[1][0], rows[3]] == [UNMET.title, UNMET.note, list(UNMET.columns)]
    assert rows[4:] == [
        ["research", 60, 41.5], ["=emotional", "withheld", None], ["clinical", 45, None], ["−3 to +3", -3, "+3"],
    ]  # fmt: skip


def test_the_codebook_has_every_column_and_every_question():
    rows = cells(as_xlsx("Our cohort", ABOUT, [], BOOK))["Codebook"][4:]
    names = {row[1] for row in rows}
    assert set(OF_ITEM_ROWS) <= names and "practice.prepared.topics" in names and "goals.by" in names
    (line,) = [row for row in rows if row[1] == "need.academic.strategies"]
    assert line[5].startswith("0 = Not needed this semester; 1 = A little") and line[6] == "0 to 4" and line[8] == "yes"
    assert not [row for row in rows if row[1] in ("relationship.flags", "relationship.occasion")]


@pytest.mark.parametrize("text", [*HOSTILE, *NOT_QUITE_TEXT])
def test_text_stays_text_in_every_place(text: str):
    table = Table(text, text, (text, "n"), ((text, 1), (text + "x", 2.5)))
    raw = as_xlsx(text, [text], [table], Table("Codebook", text, (text,), ((text,),)))
    expect_no_formula(raw)
    found = cells(raw)
    said = text.replace("\r", "\n") if "\r" in text else text  # XML has one way to end a line
    rows = next(rows for name, rows in found.items() if name not in {"About", "Codebook"})
    assert [str(rows[3][0]).replace("\r", "\n"), rows[4][1], rows[5][1]] == [said, 1, 2.5]
    assert isinstance(rows[4][0], str)


def test_a_text_cell_keeps_its_apostrophe_so_that_editing_it_makes_no_formula():
    sheet = load_workbook(io.BytesIO(written(UNMET)))["Unmet need by area all years"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=emotional"]
    assert (cell.quotePrefix, cell.number_format, cell.data_type) == (True, "@", "s")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=6))
def test_any_cells_make_a_workbook_without_formulas(rows: list):
    raw = as_xlsx("t", [], [Table("T", "n", ("a", "b"), tuple(rows))], SMALL)
    expect_no_formula(raw)


@given(st.text(max_size=20), st.sampled_from(BEFORE))
@example("=1", "")
def test_nothing_that_begins_a_formula_stays_unmarked(text: str, before: str):
    made = inert(before + text)
    assert made in (before + text, "'" + before + text)
    if (before + text)[:1] in "\t\r\n=+-@" and before + text:
        assert made.startswith("'")
    if text[:1] in set("=+-@＝＋－＠−"):
        assert made == "'" + before + text


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_a_spreadsheet_would_run_is_marked_in_a_csv_file(text: str):
    (head, row) = csv.reader(io.StringIO(as_csv([text], [[text]]), newline=""))
    assert head == row == ["'" + text]


@pytest.mark.parametrize("text", TAME)
def test_other_text_is_left_as_it_is(text: str):
    assert inert(text) == text


def test_numbers_in_a_csv_file_are_numbers():
    rows = list(csv.reader(io.StringIO(as_csv(UNMET.columns, UNMET.rows), newline="")))
    assert rows[0] == ["area", "students", "mean"] and rows[1] == ["research", "60", "41.5"]
    assert rows[2] == ["'=emotional", "withheld", ""] and rows[4] == ["'−3 to +3", "-3", "'+3"]


TITLES = [
    ("A" * 60, "a" * 60, "A" * 31), ("History", "about", "codebook"), ("", "'", "[]:*?/\\"), ("x'", "x", "X "),
    ("\x00=1", "=1", "日本" * 20),
]  # fmt: skip


@pytest.mark.parametrize("titles", TITLES)
def test_any_titles_make_names_that_excel_takes(titles: tuple[str, ...]):
    tables = [Table(title, "note", ("a",), ((1,),)) for title in titles]
    raw = written(*tables)
    names = load_workbook(io.BytesIO(raw)).sheetnames
    assert len(names) == len({name.casefold() for name in names}) == len(titles) + 2
    for name in names:
        assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name.casefold() != "history"
        assert not name.startswith("'") and not name.endswith("'")


def test_what_xml_cannot_hold_is_replaced_and_a_text_that_excel_would_cut_is_refused():
    found = cells(written(Table("T", "n", ("a",), (("a\x00b\x1fc",), ("\ud800",)))))["T"]
    assert [row[0] for row in found[4:]] == ["a\ufffdb\ufffdc", "\ufffd"]
    with pytest.raises(BadFile, match="a cell takes at most 32767"):
        written(Table("T", "n", ("a",), (("x" * (LONGEST_CELL + 1),),)))


def test_other_values_than_text_and_numbers_become_text():
    rows = ((True,), (float("inf"),), (-float("inf"),), (None,))
    assert [row[0] for row in cells(written(Table("T", "n", ("a",), rows)))["T"][4:7]] == ["True", "inf", "-inf"]


def test_a_row_that_is_not_as_long_as_its_columns_is_a_mistake():
    with pytest.raises(ValueError, match="not as long as its columns"):
        Table("T", "n", ("a", "b"), ((1,),))


def test_without_openpyxl_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MentorkitError, match=r"Install it: pip install 'mentorkit\[cohort\]'"):
        written(UNMET)
