"""What comes back from a student: a share as it was saved, or one clear sentence about what is wrong with the file."""

import json
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import fill
from players import TERM, met, rate, student

from mentorkit.errors import BadFile
from mentorkit.reports.exchange import as_json
from mentorkit.sharing import LARGEST, Withdrawal, as_text, read_handed_in, read_share, schema, share_of
from mentorkit.store import file_of

CHECK = jsonschema.Draft202012Validator(schema())


@cache
def of_every_part() -> str:
    book = student()
    rate(book, "needs", 3)
    met(book, "peer", 2)
    return as_text(share_of(book, TERM, id="0" * 32))


def whole(**changes: Any) -> bytes:
    """A share of every part, with changes at places such as `needs__academic__need`; an ellipsis takes a part away."""
    tree = json.loads(of_every_part())
    for place, value in changes.items():
        *path, last = (int(step) if step.isdigit() else step for step in place.split("__"))
        at = tree
        for step in path:
            at = at[step]
        if value is ...:
            del at[last]
        else:
            at[last] = value
    return json.dumps(tree).encode()


NOT_JSON, DAMAGED, NEVER, LACKS, OTHER = "not readable as JSON", "damaged at", "never does", "lacks", "not one that"
CHANGED = {
    "needs__academic__need": [(bad, DAMAGED) for bad in (-0.01, 100.01, "50", True, [])] + [(..., LACKS)],
    "needs__Academic": [({"need": 1, "support": 1, "unmet": 0}, DAMAGED)],
    "needs__academic__because": [("Dr. K was away", NEVER)],
    "name": [("Anna", NEVER)],
    "relationships__0__mentor": [("Dr. K", NEVER)],
    "relationships__0__mentor_type": [("Dr. K", DAMAGED), (4, DAMAGED), (..., LACKS)],
    "relationships__0__form": [("long", DAMAGED)],
    "relationships__0__practices__prepared": [("high", DAMAGED), ({}, DAMAGED)],
    "relationships__0": [(None, DAMAGED)],
    "relationships": [({}, DAMAGED), (None, DAMAGED)],
    "student": [("anna@example.org", DAMAGED), ("0" * 31, DAMAGED), ("0" * 32 + "\n", DAMAGED), (..., LACKS)],
    "id": [("A" * 32, DAMAGED), (None, DAMAGED), (..., LACKS)],
    "term": [("fall 2026", DAMAGED), ("2026-fall\n", DAMAGED), (2026, DAMAGED), (..., LACKS)],
    "class_year": [("2nd year, I think", DAMAGED), (2, DAMAGED), ("m" * 41, DAMAGED), (..., LACKS)],
    "content": [("written by Anna.", DAMAGED), ("x" * 81, DAMAGED)],
    "schema": [("mentorkit-share/2", "newer"), ("mentorkit-withdrawal/7", "newer"), ("other/1", OTHER), (1, OTHER)],
}  # fmt: skip
CASES = [(place, value, said) for place, found in CHANGED.items() for value, said in found]
RAW = [
    (b"", "empty"), (b" \n", "empty"), (b"\xff\xfe\x00", NOT_JSON), (b"{", NOT_JSON), (b"not at all", NOT_JSON),
    (b"[" * 50_000, NOT_JSON), (b'{"schema": NaN}', NOT_JSON), (b'{"schema": 1, "schema": 2}', NOT_JSON),
    (b"9" * 5000, NOT_JSON), (b"[]", OTHER), (b"null", OTHER), (b"{}", OTHER), (b"1", OTHER),
    (b'{"schema": {}}', OTHER), (b" " * LARGEST + b"{}", OTHER), (b"\x89PNG\r\n", NOT_JSON),
]  # fmt: skip


def refusal(raw: bytes) -> str:
    with pytest.raises(BadFile) as refused:
        read_handed_in(raw)
    said = str(refused.value)
    assert said.endswith(".") and "\n" not in said and len(said) < 250
    return said


@pytest.mark.parametrize(("place", "value", "said"), CASES, ids=lambda one: str(one)[:30])
def test_a_file_that_was_changed_is_refused_in_one_sentence_that_shows_nothing_of_it(place: str, value: Any, said: str):
    sentence = refusal(whole(**{place: value}))
    assert said in sentence
    assert not any(word in sentence for word in ("Dr. K", "Anna", "anna@", "75", "50.0"))


@pytest.mark.parametrize(("raw", "said"), RAW, ids=lambda one: repr(one)[:30])
def test_what_is_no_share_at_all_is_refused_in_one_sentence(raw: bytes, said: str):
    assert said in refusal(raw)


def test_a_whole_workbook_that_was_handed_in_by_mistake_is_named_and_not_read():
    book = student()
    fill(book)
    for raw in (as_json(book.content, book.records).encode(), file_of(book.records)):
        assert "whole workbook" in refusal(raw)
    long = as_json(book.content, book.records * 30).encode()
    assert len(long) > LARGEST and "whole workbook" in refusal(long)


def test_a_number_that_is_too_large_is_refused():
    assert DAMAGED in refusal(whole().replace(b"75.0", b"1e400", 1))


def test_a_file_with_a_byte_order_mark_is_read():
    assert read_share(b"\xef\xbb\xbf" + whole()).term == TERM


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_whatever_is_handed_in_is_read_or_refused_and_nothing_else(raw: bytes):
    refusal(raw)


WHOLE = whole()


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_changed_byte_gives_a_share_within_its_bounds_or_a_refusal(at: int, byte: int):
    raw = bytearray(WHOLE)
    raw[at] = byte
    try:
        share = read_share(bytes(raw))
    except BadFile as refused:
        assert str(refused).endswith(".")
    else:
        CHECK.validate(json.loads(as_text(share)))


def test_a_withdrawal_lists_ids_and_is_no_share():
    ids = [f"{number:032x}" for number in (3, 1, 2, 3)]
    given = Withdrawal(shares=ids)
    assert given.shares == tuple(sorted(set(ids)))
    assert read_handed_in(as_text(given).encode()) == given
    CHECK.validate(json.loads(as_text(given)))
    with pytest.raises(BadFile, match="takes back"):
        read_share(as_text(given).encode())
    assert "damaged" in refusal(b'{"schema": "mentorkit-withdrawal/1", "shares": []}')


def test_the_schema_refuses_what_is_refused_in_reading():
    assert CHECK.is_valid(json.loads(whole()))
    for place, value, _ in CASES:
        if not str(value).endswith("\n"):  # which the patterns of JavaScript allow
            assert not CHECK.is_valid(json.loads(whole(**{place: value}))), place
