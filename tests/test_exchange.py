"""The export file: nothing private is in it; what comes in is exactly what it says, or is refused in a sentence."""

import copy
import csv
import io
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import MARKED, exported, opened, records, scratch_home

from mentorkit import load_content
from mentorkit.errors import BadFile
from mentorkit.records import Records
from mentorkit.reports import exchange
from mentorkit.reports.exchange import LARGEST, as_json, read_export, schema, shareable
from mentorkit.reports.tables import as_csv, codebook_csv, scores_csv
from mentorkit.store import RECORD, Answered, Sealed, Setting

CONTENT = load_content()
DEEP: Any = None
for _ in range(150):
    DEEP = [DEEP]
ODD = [
    None, True, False, 0, 1, -1, 2, 10**30, 1.0, 0.5, "", " ", "x", "na", "3", "=1+1", "\ud800", "\x1b[2J", "x" * 2000,
    [], {}, [1], ["peer", "peer"], {"term": "2026-fall"}, DEEP, "relationship.flags", "2026-fall", "2026-winter",
    "20261201", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", 1700000000, "m-nobody", "needs", "scorecard",
    "answer", "mentor",
]  # fmt: skip


@cache
def tree() -> dict[str, Any]:
    return json.loads(exported())


def read(text: str | bytes) -> tuple:
    return read_export(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), CONTENT)


def refused(raw: str | bytes) -> str:
    with pytest.raises(BadFile) as refusal:
        read(raw)
    return str(refusal.value)


def edited(edit: Any) -> str:
    found = copy.deepcopy(tree())
    edit(found)
    return json.dumps(found)


def first(kind: str, found: dict[str, Any]) -> dict[str, Any]:
    return next(record for record in found["records"] if record["kind"] == kind)


# What is in it


def test_an_export_read_again_says_the_same_of_everything_that_is_not_private():
    ours, theirs = Records(shareable(CONTENT, records())), Records(read(exported()))
    assert (theirs.mentors, theirs.settings, theirs.cards, theirs.drafts) == (
        ours.mentors, ours.settings, ours.cards, ours.drafts,
    )  # fmt: skip
    assert theirs.settings and len(theirs.mentors) == 2 and len(theirs.cards) == 2


def test_private_answers_and_the_signs_of_them_stay_at_home():
    home = json.dumps([RECORD.dump_python(record, mode="json") for record in records()])
    assert all(word in home for word in (MARKED, "relationship.flags", "boundary"))
    assert not any(word in exported() for word in ("SECRET", "relationship.flags", "boundary", "relationship.occasion"))
    relationship = [record for record in read(exported()) if getattr(record, "worksheet", "") == "relationship"]
    assert [type(record) for record in relationship].count(Sealed) == 1, (
        "two equal cards would show a private correction"
    )
    assert [record.revision for record in relationship if isinstance(record, Answered)] == [1, 2, 3, 4, 5]


def test_every_private_item_of_the_content_is_left_out():
    private = [item.id for sheet in CONTENT.worksheets.values() for item in sheet if item.private]
    assert set(private) >= {"relationship.flags", "relationship.occasion"}
    about = {"worksheet": "relationship", "version": 1, "term": "2026-fall", "subject": "m-0000", "revision": 1}
    answers = dict.fromkeys(private, MARKED)
    made = [Sealed(answers=answers, **about), *(Answered(item=item, value=MARKED, **about) for item in private)]
    assert MARKED not in as_json(CONTENT, made)


def test_the_csv_files_hold_ids_and_numbers_only():
    with scratch_home() as home:
        book = opened(home)
        book.add(list(records()))
        scores, codebook = scores_csv(book), codebook_csv(book)
    for words in ("SECRET", "flags", "Sam", "Lind", "genetics", "family", "Ærlig", "boundary"):
        assert words not in scores + codebook
    rows = list(csv.DictReader(io.StringIO(scores)))
    scales = {row["name"] for row in csv.DictReader(io.StringIO(codebook)) if row["kind"] == "scale"}
    assert rows and {row["scale"] for row in rows} <= scales
    assert {row["revision"] for row in rows if row["scale"] == "need.academic" and row["term"] == "2026-spring"} == {
        "2"
    }
    for row in rows:
        assert all(cell == "" or cell[0].isalnum() for cell in row.values())


@given(st.text())
def test_no_cell_is_a_formula(text: str):
    (_, (cell,)) = csv.reader(io.StringIO(as_csv(["head"], [[text]]), newline=""), strict=True)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "|", "%")) and cell.endswith(text)


# The published schema


def test_the_published_schema_is_current():
    published = Path(__file__).parent.parent / "docs/record.schema.json"
    assert json.loads(published.read_text("utf-8")) == schema(), "run make docs"


def test_an_export_and_every_record_at_home_fit_the_schema():
    check = jsonschema.Draft202012Validator(schema())
    check.validate(tree())
    for record in records():
        check.validate(json.loads(RECORD.dump_json(record)))
    assert not check.is_valid({**tree(), "version": 2})
    for key in tree()["records"][0]:
        assert not check.is_valid({name: value for name, value in tree()["records"][0].items() if name != key})


# What is refused


def test_a_file_saved_again_with_a_byte_order_mark_is_read():
    assert read("\ufeff" + exported()) == read(exported())


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not readable"),
        (b"\x00" * 100, "not readable"),
        (b"\xff\xfe{\x00}\x00", "not readable"),
        (b"[" * 1_000_000, "not readable"),
        (b"[" * 1000 + b"]" * 1000, "not"),
        (b"{}", "not a Mentorkit export"),
        (b"null", "not a Mentorkit export"),
        (b'{"cells": [], "nbformat": 4}', "not a Mentorkit export"),
        (b'{"format": "mentorkit-export", "records": []}', "not a Mentorkit export"),
        (b'{"format": "mentorkit-export", "version": true, "records": []}', "not a Mentorkit export"),
        (b'{"format": "mentorkit-export", "version": 2, "records": []}', "newer"),
        (b'{"format": "mentorkit-export", "version": 0, "records": []}', "damaged at version"),
        (b'{"format": "mentorkit-export", "version": 1, "version": 1, "records": []}', "not readable"),
        (b'{"format": "mentorkit-export", "version": 1, "records": [NaN]}', "not readable"),
        (b'{"format": "mentorkit-export", "version": ' + b"9" * 5000 + b"}", "not readable"),
        (b'{"format": "mentorkit-export", "version": 1}', "damaged at records"),
        (b'{"format": "mentorkit-export", "version": 1, "records": [], "more": 1}', "damaged at more"),
        (b'{"format": "mentorkit-export", "version": 1, "records": ["\\ud800"]}', "damaged"),
        (b" " * (LARGEST + 1), "larger than 20 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_an_export_is_refused_in_a_sentence(raw: bytes, said: str):
    assert said in refused(raw)


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("answer", {"worksheet": "sleep"}, "no worksheet"),
        ("answer", {"item": "need.sleep"}, "no item"),
        ("answer", {"term": "2026-winter"}, "no term"),
        ("answer", {"value": 5}, "takes one of these"),
        ("answer", {"value": "3"}, "takes one of these"),
        ("answer", {"value": True}, "takes one of these"),
        ("answer", {"value": 1.0}, "takes one of these"),
        ("answer", {"value": 10**400}, "takes one of these"),
        ("answer", {"revision": 2}, "out of order"),
        ("answer", {"revision": "1"}, "damaged"),
        ("answer", {"version": 99}, "newer"),
        ("answer", {"subject": "m-0000"}, "not about one mentor"),
        ("answer", {"at": "0001-01-01T00:00:00Z"}, "no time that can be"),
        ("answer", {"at": "2026-11-22T10:00:00"}, "timezone"),
        ("answer", {"extra": 1}, "damaged"),
        ("scorecard", {"answers": {"area.own": ""}}, "write differently"),
        ("scorecard", {"answers": {"area.own": "\x00"}}, "cannot be kept"),
        ("scorecard", {"answers": {"top.areas": ["academic", "academic"]}}, "write differently"),
        ("scorecard", {"answers": {"support.academic.from": ["m-nobody"]}}, "takes one of these"),
        ("scorecard", {"answers": {"goals": [{"goal": "x", "by": "20261201"}]}}, "write differently"),
        ("scorecard", {"answers": {"relationship.flags": ["boundary"]}}, "no item"),
        ("mentor", {"name": "\x1b[2J"}, "on one line"),
        ("mentor", {"name": " "}, "name or a nickname"),
        ("mentor", {"name": "Sam "}, "blanks"),
        ("mentor", {"type": "friend"}, "type is one of"),
        ("mentor", {"subject": "=cmd|' /C calc'!A0"}, "no id of ours"),
        ("setting", {"key": "theme"}, "setting"),
        ("setting", {"value": {"term": "2026-fall", "during": "2026-fall", "more": 1}}, "setting"),
        ("setting", {"value": {"term": "2026-fall", "during": "2026-winter"}}, "no term"),
    ],
    ids=str,
)
def test_a_record_that_does_not_fit_is_named_by_its_number(kind: str, change: dict, said: str):
    sentence = refused(edited(lambda found: first(kind, found).update(change)))
    assert said in sentence and ("Record " in sentence or "damaged at records." in sentence)


def test_private_answers_do_not_come_in_either():
    private = edited(
        lambda found: next(
            r for r in found["records"] if r["kind"] == "answer" and r["worksheet"] == "relationship"
        ).update(item="relationship.flags", value=["boundary"])
    )
    assert "private" in refused(private)


def test_answers_about_someone_who_is_in_neither_place_are_refused():
    alone = edited(lambda found: found.update(records=[r for r in found["records"] if r["kind"] != "mentor"]))
    assert "neither in the file nor here" in refused(alone) or "takes one of these" in refused(alone)
    mentors = list(Records(records()).mentors)
    assert len(read_export(alone.encode(), CONTENT, mentors)) == len(tree()["records"]) - 3


def test_a_record_that_is_missing_in_the_middle_is_noticed():
    answers = [place for place, record in enumerate(tree()["records"]) if record.get("term") == "2026-spring"]
    assert "out of order" in refused(edited(lambda found: found["records"].pop(answers[3])))


def test_a_part_of_an_export_is_read():
    spring = edited(lambda found: found.update(records=[r for r in found["records"] if r.get("term") != "2026-fall"]))
    assert {record.term for record in read(spring) if isinstance(record, Answered)} == {"2026-spring"}


# Whatever happens to the file


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_flipped_bytes_are_read_exactly_or_refused(data: st.DataObject):
    raw = bytearray(exported().encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    expect_exact_or_refused(bytes(raw))


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1, exclude_max=True))
@example(1 - 2**-53)
def test_a_file_that_was_cut_short_is_refused(share: float):
    raw = exported().rstrip().encode()
    refused(raw[: int(share * len(raw))])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_an_edited_tree_is_read_exactly_or_refused(data: st.DataObject):
    found = copy.deepcopy(tree())
    for _ in range(data.draw(st.integers(1, 2))):
        edit_somewhere(found, data)
    expect_exact_or_refused(json.dumps(found, ensure_ascii=data.draw(st.booleans())).encode("utf-8", "surrogatepass"))


def edit_somewhere(found: dict[str, Any], data: st.DataObject) -> None:
    place: Any = found["records"]
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.integers(0, 4)):
            place = place[key]
            continue
        match data.draw(st.sampled_from(("replace", "replace", "remove", "repeat", "rename"))):
            case "replace":
                place[key] = copy.deepcopy(data.draw(st.sampled_from(ODD)))  # a later edit may go into it
            case "remove":
                del place[key]
            case "repeat" if isinstance(place, list):
                place.insert(data.draw(st.integers(0, len(place))), copy.deepcopy(place[key]))
            case "rename" if isinstance(place, dict):
                place[data.draw(st.sampled_from(("item", "value", "x", "", "subject")))] = place.pop(key)
        return


def expect_exact_or_refused(raw: bytes) -> None:
    try:
        accepted = read(raw)
    except BadFile as refusal:
        sentence = str(refusal)
        assert sentence.endswith(".") and len(sentence) < 400, sentence
        return
    said = json.loads(raw.decode("utf-8-sig"))["records"]
    assert len(said) == len(accepted)
    for written, record in zip(said, accepted, strict=True):
        ours = json.loads(RECORD.dump_json(record))
        assert datetime.fromisoformat(written.pop("at")) == datetime.fromisoformat(ours.pop("at"))
        assert json.dumps({**ours, **written}, sort_keys=True) == json.dumps(ours, sort_keys=True)
        left_out = ours.keys() - written.keys()
        assert all(ours[key] in (None, "", False) for key in left_out)
    Records(accepted)


def test_a_setting_of_a_later_version_is_not_taken_for_ours():
    later = Setting(revision=1, key="language", value="de")
    assert "setting" in refused(as_json(CONTENT, [later]))


def test_the_largest_file_is_a_hundred_times_four_semesters():
    assert exchange.LARGEST > 100 * 150_000
