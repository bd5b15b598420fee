"""REDCap's records: written so that REDCap takes them, and its exports read back whatever their form."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_cards import CONTENT, file, item_rows, students, table

from mentorkit.errors import BadFile
from mentorkit.interchange.cards import Card, Student
from mentorkit.interchange.redcap import forms_of, read_records, records_csv
from mentorkit.interchange.tidy import item_rows_csv, read_item_rows

FORMS = {form.name: form for form in forms_of(CONTENT)}
FIELDS = {field.variable: field for form in FORMS.values() for field in form.fields}
NEEDS = {
    "need.academic.strategies": 3, "need.academic.resources": "na", "support.academic": 2, "top.areas": ["academic"],
}  # fmt: skip
RELATIONSHIP = {"relationship.meetings": "4+", "relationship.form": "short", "practice.prepared.topics": 4}
CARDS = (Card("needs", NEEDS, "2026-fall"), Card("relationship", RELATIONSHIP, "2026-fall", 3, "peer"))
ONE = Student("7", CARDS, "m2")
TEXT = records_csv(CONTENT, [ONE])


def read(raw: str | bytes, **how):
    return read_records(raw.encode() if isinstance(raw, str) else raw, CONTENT, **how)


def with_cell(row: int, column: str, value: str) -> bytes:
    """The one student's records with another cell; the head is row 1."""
    rows = table(TEXT)
    rows[row - 2][column] = value
    return file(rows)


def value(reading, item: str) -> float | None:
    (found,) = [row.value for row in reading.rows if row.item == item]
    return found


# Writing


def test_a_record_has_a_row_for_the_student_and_a_row_for_each_card():
    rows = [{key: cell for key, cell in row.items() if cell} for row in table(TEXT)]
    assert rows[0] == {"record_id": "7", "class_year": "m2", "student_complete": "2"}
    assert rows[2] == {
        "record_id": "7", "redcap_repeat_instrument": "relationship", "redcap_repeat_instance": "1",
        "relationship_year": "2026", "relationship_season": "fall", "relationship_mentor": "3",
        "relationship_mentor_type": "peer", "relationship_meetings": "4plus", "relationship_form": "short",
        "practice_prepared_topics": "4", "relationship_complete": "2",
    }  # fmt: skip


def test_instances_are_counted_and_boxes_are_columns():
    twice = (Card("needs", NEEDS, "2026-spring"), Card("needs", NEEDS, "2026-fall"))
    rows = table(records_csv(CONTENT, [Student("1", twice), Student("2", twice[:1])]))
    assert [row["redcap_repeat_instance"] for row in rows] == ["", "1", "2", "", "1"]
    boxes = {column: cell for column, cell in rows[1].items() if column.startswith("top_areas___")}
    assert len(boxes) == 8 and boxes.pop("top_areas___academic") == "1" and set(boxes.values()) == {"0"}


@settings(max_examples=8, deadline=None)
@given(students())
def test_every_cell_is_one_that_the_data_dictionary_allows(student: Student):
    rows = table(records_csv(CONTENT, [student]))
    columns = {column: field for field in FIELDS.values() for column in field.columns}
    for row in rows[1:]:
        for column, cell in row.items():
            field = columns.get(column)
            if field is None or not cell:
                continue
            assert field.form == row["redcap_repeat_instrument"]
            if field.kind == "radio":
                assert cell in field.codes.values()
            elif field.kind == "checkbox":
                assert cell in {"0", "1"}
            elif field.validation:
                forms = {"integer": r"\d+", "date_ymd": r"\d{4}-\d\d-\d\d", "time": r"\d\d:\d\d"}
                assert re.fullmatch(forms[field.validation], cell)


def test_mentors_in_an_answer_become_the_student_s_own_numbers():
    answers = {"support.academic": 1, "support.academic.from": ["m-b", "m-a", "m-gone"]}
    student = Student("1", (Card("needs", answers, "2026-fall"),), None, {"m-a": 2, "m-b": 11})
    text = records_csv(CONTENT, [student])
    assert table(text)[1]["support_academic_from"] == "2 11" and "m-a" not in text


# Reading back


@settings(max_examples=20, deadline=None)
@given(st.lists(students(), max_size=2, unique_by=lambda student: student.record))
def test_any_scorecards_come_back_as_the_same_item_rows(some: list[Student]):
    reading = read(records_csv(CONTENT, some))
    expected = [row for student in some for row in item_rows(student)]
    assert (reading.refused, reading.notes) == ((), ())
    assert len(reading.rows) == len(expected) and set(reading.rows) == set(expected)
    assert reading.students == len({row.student for row in expected})
    again = read_item_rows(item_rows_csv(reading.rows).encode(), CONTENT)
    assert again.rows == reading.rows and not again.refused


def labelled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """What REDCap's export with labels makes of raw rows."""
    columns = {column: (field, code) for field in FIELDS.values() for column, code in field.columns.items()}

    def label(column: str, cell: str) -> str:
        field, _ = columns.get(column, (None, None))
        if field is None or not cell or not field.codes:
            return cell
        if field.kind == "checkbox":
            return {"0": "Unchecked", "1": "Checked"}[cell]
        return next(field.labels[code] for code, made in field.codes.items() if made == cell)

    changed = [{column: label(column, cell) for column, cell in row.items()} for row in rows]
    return [row | {"redcap_repeat_instrument": row["redcap_repeat_instrument"].capitalize()} for row in changed]


def boxes_as_labels(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The API's export with the labels of checked boxes."""
    boxes = {c: field.labels[code] for field in FIELDS.values() for c, code in field.columns.items() if code}
    return [{c: (boxes[c] if x == "1" else "") if c in boxes else x for c, x in row.items()} for row in rows]


def with_points(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """What a table with gaps makes of whole numbers."""
    kept = [c for c in rows[0] if "___" in c or c == "record_id"]
    return [{c: f"{x}.0" if x.isdigit() and c not in kept else x for c, x in row.items()} for row in rows]


def without(rows: list[dict[str, str]], *starts: str) -> list[dict[str, str]]:
    return [{c: x for c, x in row.items() if not c.startswith(starts)} for row in rows]


FORMATS: dict[str, Callable[[list[dict[str, str]]], bytes]] = {
    "labels": lambda rows: file(labelled(rows)),
    "labels of boxes": lambda rows: file(boxes_as_labels(rows)),
    "byte order mark": lambda rows: b"\xef\xbb\xbf" + file(rows),
    "line feeds": lambda rows: file(rows, lineterminator="\n"),
    "semicolons": lambda rows: file(rows, delimiter=";"),
    "tabs": lambda rows: file(rows, delimiter="\t"),
    "carets": lambda rows: file(rows, delimiter="^"),
    "bars": lambda rows: file(rows, delimiter="|"),
    "every cell quoted": lambda rows: file(rows, quoting=1),
    "a line for Excel": lambda rows: b"sep=;\r\n" + file(rows, delimiter=";"),
    "UTF-16": lambda rows: file(rows).decode().encode("utf-16"),
    "columns in another order": lambda rows: file([dict(reversed(row.items())) for row in rows]),
    "columns of REDCap's": lambda rows: file([{"redcap_data_access_group": "", **row} for row in rows]),
    "numbers with a point": lambda rows: file(with_points(rows)),
    "empty lines": lambda rows: file(rows).replace(b"\r\n", b"\r\n\r\n"),
    "no questions that are not scored": lambda rows: file(without(rows, "goals", "actions", "approach", "area_own")),
    "rows in another order": lambda rows: file(rows[::-1]),
}


@pytest.mark.parametrize("how", FORMATS)
def test_the_same_records_in_another_format_are_the_same_item_rows(how: str):
    @settings(max_examples=2, deadline=None)
    @given(students().filter(lambda student: item_rows(student)))
    def same(student: Student):
        plain = table(records_csv(CONTENT, [student]))
        for row in plain:
            for column in ("area_own", *[c for c in row if "\n" in row[c] or "\r" in row[c]]):
                row[column] = "words" if row[column] else ""
        reading = read(FORMATS[how](plain))
        assert (set(reading.rows), reading.refused) == (item_rows(student), ())

    same()


def test_a_project_without_repeating_instruments_has_its_terms_as_events():
    rows = table(TEXT)
    merged = {c: next((row[c] for row in rows if row[c]), "") for c in rows[0]}
    for column in merged:
        if column.endswith(("_year", "_season", "_instrument")) and column != "class_year":
            merged[column] = ""
    for event in ("fall_2026_arm_1", "2026_fall_arm_2", "Fall 2026 (Arm 1: All)", "2026-fall", "Autumn semester 2026"):
        reading = read(file([{**merged, "redcap_event_name": event}]))
        assert {row.term for row in reading.rows} == {"2026-fall"} and reading.refused == ()
        assert set(reading.rows) == item_rows(ONE)
    assert {row.term for row in read(file([merged]), term="Spring 2027").rows} == {"2027-spring"}


def test_a_form_that_is_empty_is_no_card():
    rows = table(TEXT)
    rows[1] = {**rows[1], **{c: "" for c in rows[1] if c.startswith(("need", "support"))}, "top_areas___academic": "0"}
    assert {row.relationship for row in read(file(rows)).rows} == {3}


def test_an_export_from_a_spreadsheet_of_western_windows_is_read():
    rows = table(TEXT)
    for row in rows:
        row["record_id"] = "Jürgen"
    reading = read(file(rows).decode().encode("cp1252"))
    assert {row.student for row in reading.rows} == {"Jürgen"}


# What is refused, and that nothing else is


@pytest.mark.parametrize(
    ("row", "column", "cell", "sentence"),
    [
        (3, "need_academic_strategies", "5", "“5” is neither an answer (0, 1, 2, 3, 4, na, or a label) nor a missing"),
        (3, "need_academic_strategies", "-1", "“-1” is neither"),
        (3, "need_academic_strategies", "2.5", "“2.5” is neither"),
        (3, "need_academic_strategies", "three", "“three” is neither"),
        (3, "need_academic_strategies", "٣", "“٣” is neither"),
        (3, "need_academic_strategies", "1e0", "“1e0” is neither"),
        (3, "need_academic_strategies", "=1+1", "“=1+1” is neither"),
        (3, "need_academic_strategies", "-99", "“-99” is neither"),
        (3, "top_areas___clinical", "2", "“2” is neither checked (1) nor unchecked (0)."),
        (4, "relationship_mentor", "Dr. K", "“Dr. K” is not a number such as 1, 2 or 3."),
        (4, "relationship_mentor", "0", "“0” is not a number"),
        (4, "relationship_mentor_type", "uncle", "“uncle” is neither an answer"),
        (4, "practice_prepared_topics", "x" * 99, f"“{'x' * 30}…” is neither"),
    ],
)
def test_a_wrong_value_is_refused_by_row_and_column_and_nothing_else_is_lost(row, column, cell, sentence):
    before, reading = read(TEXT), read(with_cell(row, column, cell))
    (refused,) = reading.refused
    assert (refused.row, refused.column) == (row, column) and refused.sentence.startswith(sentence)
    assert str(refused).startswith(f"Row {row}, column {column}: ")
    assert len(reading.rows) == len(before.rows) and reading.cards == 2
    wrong = {old.item for old, new in zip(before.rows, reading.rows, strict=True) if old.value != new.value}
    item = FIELDS[column].item if column in FIELDS else ""
    assert wrong == ({item} if item.startswith(("need", "practice")) else set())


@pytest.mark.parametrize(
    ("row", "column", "cell", "sentence"),
    [
        (3, "record_id", "", "The row has no record id"),
        (3, "needs_year", "", "A term needs both its year and its season."),
        (3, "needs_year", "26", "“26” is not a year such as 2026."),
        (3, "needs_year", "9999", "“9999” is not a year such as 2026."),
        (3, "needs_season", "autumn", "“autumn” is neither an answer"),
    ],
)
def test_a_row_of_no_student_or_no_term_is_refused_and_the_others_stay(row, column, cell, sentence):
    reading = read(with_cell(row, column, cell))
    (refused,) = reading.refused
    assert (refused.row, refused.column) == (row, column) and refused.sentence.startswith(sentence)
    assert set(reading.rows) == {found for found in item_rows(ONE) if found.relationship}


@pytest.mark.parametrize("code", ["UNK", "NASK", "unk", "NA", "NI"])
def test_a_missing_data_code_is_no_answer_and_no_mistake(code: str):
    reading = read(with_cell(3, "need_academic_strategies", code))
    assert (value(reading, "need.academic.strategies"), reading.refused) == (None, ())


def test_a_project_s_own_missing_data_codes_are_named():
    raw = with_cell(3, "need_academic_strategies", "-999")
    assert len(read(raw).refused) == 1
    assert read(raw, missing=["-999"]).refused == ()
    assert len(read(with_cell(3, "need_academic_strategies", "UNK"), missing=["-999"]).refused) == 1


def test_what_is_not_counted_is_asked_and_has_no_value():
    assert value(read(TEXT), "need.academic.resources") is None
    on_the_short_form = [row for row in read(TEXT).rows if row.item.startswith("practice.")]
    assert len(on_the_short_form) == 8


def test_a_question_that_a_school_left_out_counts_as_not_asked():
    rows = [{c: x for c, x in row.items() if c != "need_academic_subjects"} for row in table(TEXT)]
    reading = read(file(rows))
    assert "need.academic.subjects" not in {row.item for row in reading.rows}
    assert reading.notes == ("Questions without a column count as not asked, 1 of them: need_academic_subjects.",)


def test_columns_and_instruments_of_others_are_told_and_passed_over():
    rows = [{**row, "gpa": "3.9", "email": "=x"} for row in table(TEXT)]
    rows.append({**dict.fromkeys(rows[0], ""), "record_id": "7", "redcap_repeat_instrument": "Intake Form", "gpa": "1"})
    reading = read(file(rows))
    assert set(reading.rows) == item_rows(ONE) and reading.refused == ()
    assert reading.notes == (
        "Columns that are not of these worksheets were passed over, 2 of them: gpa, email.",
        "Rows of instruments that are not of these worksheets were passed over: intake_form.",
    )


def test_two_rows_about_the_same_are_told_and_the_first_one_counts():
    rows = table(TEXT)
    again = {**rows[2], "redcap_repeat_instance": "2", "practice_prepared_topics": "0"}
    reading = read(file([*rows, again]))
    assert set(reading.rows) == item_rows(ONE)
    assert [str(one) for one in reading.refused] == [
        "Row 5: An earlier row is about the same in 2026-fall; only that one is read."
    ]


def test_mentors_without_a_number_are_told_apart():
    rows = table(TEXT)
    more = [{**rows[2], "relationship_mentor": number} for number in ("", "1", "")]
    found = {row.relationship for row in read(file([*rows, *more])).rows if row.relationship}
    assert found == {1, 2, 3, 4}


def test_a_second_class_year_is_told_and_that_of_an_event_counts_for_its_term_alone():
    rows = table(TEXT)
    again = {**rows[0], "class_year": "m4"}
    reading = read(file([*rows, again]))
    assert {row.class_year for row in reading.rows} == {"m2"}
    assert str(reading.refused[0]) == "Row 5, column class_year: Another class year stands further up: “m2”."
    events = [{**row, "redcap_event_name": "fall_2026_arm_1"} for row in rows]
    events.append({**rows[1], "redcap_event_name": "spring_2027_arm_1", "needs_year": "2027", "needs_season": "spring"})
    years = {row.term: row.class_year for row in read(file(events)).rows}
    assert years == {"2026-fall": "m2", "2027-spring": None}


def test_a_row_with_too_many_or_too_few_cells_is_refused_alone():
    lines = TEXT.splitlines()
    lines[2] += ",7"
    reading = read("\r\n".join(lines))
    width = len(lines[0].split(","))
    assert [str(one) for one in reading.refused] == [f"Row 3: It has {width + 1} cells where the head has {width}."]
    assert {row.relationship for row in reading.rows} == {3}


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The file has no column record_id: export the records from REDCap as CSV"),
        (b"\xef\xbb\xbf", "The file has no column record_id"),
        (b"Record ID,Class year\r\n1,m2\r\n", "The file has no column record_id"),
        (b'{"schema": "mentorkit-share/1"}', "The file has no column record_id"),
        (b"\x00\xff\xfe\x01" * 50, "The file has no column record_id"),
        (b"record_id,class_year,class_year\r\n1,a,b\r\n", "The column class_year stands in the file twice"),
        (b'record_id,area_own\r\n1,"open\r\n2,x\r\n', "From row 2 on, the file cannot be read: a quotation mark"),
    ],
)
def test_a_file_that_is_no_record_export_is_refused_in_one_sentence(raw: bytes, sentence: str):
    with pytest.raises(BadFile) as refused:
        read(raw)
    assert str(refused.value).startswith(sentence)


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_one_sentence(raw: bytes):
    for start in (b"", b"record_id,need_academic_strategies,needs_year,needs_season\n"):
        try:
            reading = read(start + raw)
        except BadFile as refused:
            assert str(refused)
        else:
            assert all(row.value in {None, 0, 1, 2, 3, 4} for row in reading.rows)
