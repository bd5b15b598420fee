"""REDCap's data dictionary: what it takes, every question that may leave, asked when the workbook would ask."""

import re
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_cards import CONTENT, answers, table

from mentorkit.content import Content
from mentorkit.interchange.cards import Card, Student
from mentorkit.interchange.cells import inert
from mentorkit.interchange.leaving import open_answers, open_items, open_sections
from mentorkit.interchange.redcap import COLUMNS, data_dictionary, forms_of, key_csv, names, records_csv
from mentorkit.worksheet import Choices, Group, Rating, Text, Worksheet

NAME, FORM, HEADER, TYPE, LABEL, CHOICES = COLUMNS[:6]
NOTE, VALIDATION, LEAST, MOST, IDENTIFIER, LOGIC, REQUIRED = COLUMNS[6:13]
MATRIX, ANNOTATION = COLUMNS[15], COLUMNS[17]
ROWS = table(data_dictionary(CONTENT))
PRIVATE = [item for sheet in CONTENT.worksheets.values() for item in sheet if item.private]


def row(item: str) -> dict[str, str]:
    (found,) = [row for row in ROWS if row[ANNOTATION].split(" ")[0] == item]
    return found


def changed(**worksheet: object) -> Content:
    """The content with another worksheet “finding”."""
    sheet = {"id": "finding", "version": 1, "title": "Made up", "minutes": 1, **worksheet}
    sheets = {**CONTENT.worksheets, "finding": Worksheet.model_validate(sheet)}
    return CONTENT.model_copy(update={"worksheets": sheets})


def test_it_has_redcap_s_18_columns_in_order():
    assert data_dictionary(CONTENT).splitlines()[0] == (
        "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
        '"Choices, Calculations, OR Slider Labels",'
        "Field Note,Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,Identifier?,"
        "Branching Logic (Show field only if...),Required Field?,Custom Alignment,Question Number (surveys only),"
        "Matrix Group Name,Matrix Ranking?,Field Annotation"
    )
    assert len(COLUMNS) == 18


def test_the_record_id_comes_first_and_the_rows_of_a_form_stand_together():
    assert (ROWS[0][NAME], ROWS[0][TYPE]) == ("record_id", "text")
    forms = [form for form, _ in groupby(row[FORM] for row in ROWS)]
    assert forms == ["student", *CONTENT.worksheets]


def test_every_variable_is_one_that_redcap_takes_and_stands_once():
    variables = [row[NAME] for row in ROWS]
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) and len(name) <= 26 for name in variables)
    columns = [column for form in forms_of(CONTENT) for field in form.fields for column in field.columns]
    columns += [f"{row[FORM]}_complete" for row in ROWS[2:3]]
    assert len(set(variables)) == len(variables) and len(set(columns)) == len(columns)
    assert not {name for name in variables if name.startswith("redcap_")}


def test_the_key_leads_from_every_variable_back_to_its_permanent_id_and_from_every_code():
    lines = table(key_csv(CONTENT))
    back = {line["variable"]: (line["item"], line["entry"], line["part"]) for line in lines if not line["redcap_code"]}
    asked = {(item.id, "", "") for sheet in CONTENT.worksheets.values() for item in open_items(sheet)}
    groups = {item for item in asked if isinstance(_item(item[0]), Group)}
    assert set(back.values()) >= asked - groups
    assert {item for item, entry, _ in back.values() if entry} == {item for item, *_ in groups}
    assert len(set(back.values()) - {("", "", "")}) == sum(bool(item) for item, *_ in back.values())
    codes = [(line["variable"], line["redcap_code"]) for line in lines if line["redcap_code"]]
    assert len(codes) == len(set(codes))
    assert ("relationship_meetings", "4plus", "4+") in [(x["variable"], x["redcap_code"], x["code"]) for x in lines]


def _item(name: str):
    return next(item for sheet in CONTENT.worksheets.values() for item in sheet if item.id == name)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=9, unique=True), st.randoms())
def test_any_ids_get_names_of_their_own_whatever_their_order(ids: list[str], random):
    made = names.variables(ids, ["record_id"])
    assert len(set(made.values()) | {"record_id"}) == len(ids) + 1
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name) and "___" not in name for name in made.values())
    random.shuffle(ids)
    assert names.variables(ids, ["record_id"]) == made


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.integers(-5, 30), st.text(max_size=8)), max_size=12, unique_by=repr))
def test_any_codes_get_codes_of_their_own(codes: list):
    codes = list(dict.fromkeys(codes))
    made = names.codes(codes)
    assert len(set(made.values())) == len(codes)
    assert all(re.fullmatch(r"[a-z0-9_]{1,26}", one) for one in made.values())


def test_a_name_stays_when_a_question_is_added():
    ids = ["practice.professionalism.confidence", "practice.professionalism.limits"]
    before = names.variables(ids)
    assert before["practice.professionalism.confidence"] == "practice_professi_confiden"
    assert {**names.variables([*ids, "practice.new.one"]), **before} == names.variables([*ids, "practice.new.one"])


def test_a_rating_has_every_point_of_its_scale_and_what_is_not_counted():
    found = row("need.academic.strategies")
    assert found[TYPE] == "radio"
    assert found[CHOICES] == (
        "0, Not needed this semester | 1, A little | 2, Some | 3, A lot | 4, Cannot move on without it"
        " | na, Not at my stage"
    )
    assert row("relationship.change")[CHOICES].startswith("minus3, Much worse | minus2, Worse | minus1, A little")


def test_kinds_of_questions_become_kinds_of_fields():
    assert row("top.areas")[TYPE] == "checkbox" and "@MAXCHECKED=3" in row("top.areas")[ANNOTATION]
    assert (row("meeting.day")[TYPE], row("meeting.day")[VALIDATION]) == ("text", "date_ymd")
    assert row("meeting.time")[VALIDATION] == "time"
    assert row("meeting.notes")[TYPE] == "notes" and row("area.own")[TYPE] == "text"
    assert row("support.academic.from")[TYPE] == "text"
    assert [row(f"goals.{n}.by")[VALIDATION] for n in (1, 2, 3)] == ["date_ymd"] * 3
    term = {field[NAME]: field for field in ROWS if field[NAME].startswith("needs_")}
    assert (term["needs_year"][VALIDATION], term["needs_season"][CHOICES]) == (
        "integer", "spring, Spring | summer, Summer | fall, Fall",
    )  # fmt: skip


def test_words_of_one_s_own_are_identifiers_and_nothing_else_is():
    texts = set()
    for sheet in CONTENT.worksheets.values():
        for item in open_items(sheet):
            if isinstance(item, Group):
                parts = [part.id for part in item.items if isinstance(part, Text)]
                texts |= {f"{item.id}.{entry}.{part}" for entry in range(1, item.at_most + 1) for part in parts}
            elif isinstance(item, Text):
                texts.add(item.id)
    assert {found[ANNOTATION].split(" ")[0] for found in ROWS if found[IDENTIFIER] == "y"} == texts
    assert {found[IDENTIFIER] for found in ROWS} == {"", "y"} and len(texts) > 20


def test_nobody_is_forced_to_answer_a_question():
    assert {found[NAME].rpartition("_")[2] for found in ROWS if found[REQUIRED]} == {"year", "season", "mentor"}


def test_nothing_private_is_in_it():
    text = data_dictionary(CONTENT) + key_csv(CONTENT)
    assert len(PRIVATE) >= 3
    for item in PRIVATE:
        assert item.id not in text and item.text not in text
    assert [flag.name for flag in CONTENT.flags.values() if flag.name in text] == []


def test_what_depends_on_something_private_is_not_in_it_either():
    ask = {"kind": "choice", "options": [{"code": "y", "label": "Yes"}]}
    items = [
        {**ask, "id": "a.flag", "text": "FLAG", "private": True},
        {**ask, "id": "a.then", "text": "THEN", "when": {"a.flag": ["y"]}},
        {**ask, "id": "a.after", "text": "AFTER", "unless": {"a.then": "answered"}},
        {**ask, "id": "a.open", "text": "OPEN"},
    ]
    behind = {"id": "t", "title": "BEHIND", "item": [{**ask, "id": "a.x", "text": "X"}]}
    behind["when"] = {"a.after": "answered"}
    content = changed(section=[{"id": "s", "title": "S", "item": items}, behind])
    text = data_dictionary(content)
    assert "OPEN" in text and not [word for word in ("FLAG", "THEN", "AFTER", "BEHIND", "a.x") if word in text]
    given = dict.fromkeys(["a.flag", "a.then", "a.open", "a.x"], "y")
    assert open_answers(content.worksheet("finding"), given) == {"a.open": "y"}
    written = records_csv(content, [Student("1", (Card("finding", given, "2026-fall"),))])
    assert set(table(written)[1]) == {column for column in table(written)[0] if "flag" not in column}


def test_it_does_not_say_that_nobody_reads_the_answers():
    said = "\n".join(row[HEADER] + row[NOTE] for row in ROWS)
    assert "No one sees" not in said and "For yourself" not in said and "It stays here" not in said
    for form in CONTENT.worksheets:
        first = next(row for row in ROWS if row[FORM] == form)
        assert "can be read by those who run this project" in first[HEADER]


def test_a_matrix_is_neighbours_with_the_same_choices_under_one_header():
    runs = [(name, list(found)) for name, found in groupby(ROWS, key=lambda row: row[MATRIX]) if name]
    assert len({name for name, _ in runs}) == len(runs) >= 19
    for name, found in runs:
        assert re.fullmatch(r"[a-z][a-z0-9_]{1,59}", name)
        assert len(found) > 1 and len({(row[FORM], row[TYPE], row[CHOICES]) for row in found}) == 1
        assert found[0][HEADER] and not any(row[HEADER] for row in found[1:])
    assert row("need.academic.strategies")[MATRIX] == row("need.academic.subjects")[MATRIX] != ""
    assert row("support.academic")[MATRIX] == ""
    assert "How much do you need this" in row("need.academic.strategies")[HEADER]
    assert row("support.academic")[HEADER] == "How much support do you have with this now?"


def shown(logic: str, cells: dict[str, str]) -> bool:
    """What REDCap's branching logic comes to; an own reading of its language."""
    said = re.sub(
        r"\[(\w+)(?:\((\w+)\))?\] (=|<>) '(\w*)'",
        lambda m: str((cells.get(f"{m[1]}___{m[2]}" if m[2] else m[1], "") == m[4]) == (m[3] == "=")),
        logic,
    )
    assert re.fullmatch(r"(True|False|and|or|[() ])*", said), said
    return not said or bool(eval(said))


@pytest.mark.parametrize("name", CONTENT.worksheets)
def test_a_field_is_shown_exactly_when_the_workbook_would_ask(name: str):
    sheet = CONTENT.worksheet(name)
    (form,) = [form for form in forms_of(CONTENT) if form.name == name]

    @settings(max_examples=8, deadline=None)
    @given(answers(sheet))
    def holds(given):
        kept = {item.id: given[item.id] for item in open_items(sheet) if item.id in given}
        cells = table(records_csv(CONTENT, [Student("1", (Card(name, kept, "2026-fall", 1),))]))[1]
        asked = {item.id for item in sheet.asked(kept)}
        for field in form.fields:
            if field.item:
                before = [f for f in form.fields if f.item == field.item and f.entry == field.entry - 1]
                begun = field.entry <= 1 or any(cells[f.variable] for f in before)
                assert shown(field.logic, cells) == (field.item in asked and begun), field

    holds()


def test_a_condition_on_boxes_and_one_on_a_list_are_said_too():
    options = [{"code": code, "label": code} for code in ("a-b", "c+")]
    text = {"kind": "text", "text": "T"}
    items = [
        {"kind": "choices", "id": "b", "text": "B", "options": options},
        {"kind": "group", "id": "g", "text": "G", "entry": "x", "at_most": 2, "items": [{**text, "id": "p"}]},
        {**text, "id": "t", "when": {"b": "answered"}},
        {**text, "id": "u", "unless": {"b": "answered", "g": "answered"}},
        {**text, "id": "w", "when": {"b": ["a-b"], "g": "answered"}},
    ]
    content = changed(section=[{"id": "s", "title": "S", "item": items}])
    rows = {row[NAME]: row for row in table(data_dictionary(content))}
    assert rows["t"][LOGIC] == "[b(a_b)] = '1' or [b(cplus)] = '1'"
    assert rows["u"][LOGIC] == "[b(a_b)] <> '1' and [b(cplus)] <> '1' and [g_1_p] = '' and [g_2_p] = ''"
    assert rows["w"][LOGIC] == "[b(a_b)] = '1' and ([g_1_p] <> '' or [g_2_p] <> '')"
    assert rows["g_2_p"][LOGIC] == "[g_1_p] <> ''"


def test_a_school_s_texts_cannot_break_the_file_or_run():
    options = [{"code": 1, "label": "=cmd | calc"}, {"code": -1, "label": "a,b\n<b>"}]
    items = [{"kind": "choice", "id": "x", "text": "=1+1 <script>", "help": "@x", "options": options}]
    text = data_dictionary(changed(title="+title", section=[{"id": "s", "title": "-s", "item": items}]))
    found = {row[NAME]: row for row in table(text)}["x"]
    assert found[CHOICES] == "1, =cmd / calc | minus1, a,b &lt;b>"
    assert found[LABEL] == "'=1+1 &lt;script>" and found[HEADER] == "'-s"
    assert all(inert(cell) == cell or cell.startswith("'") for row in table(text) for cell in row.values())


def test_every_open_question_of_every_worksheet_is_in_it():
    there = {row[ANNOTATION].split(" ")[0] for row in ROWS}
    for sheet in CONTENT.worksheets.values():
        assert [section.id for section in open_sections(sheet)]
        for item in open_items(sheet):
            assert any(one == item.id or one.startswith(f"{item.id}.1.") for one in there)
            if isinstance(item, Rating | Choices) and item.options:
                assert row(item.id)[LABEL] == item.text
