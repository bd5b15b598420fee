"""What a student may hand in: scores alone, whatever they typed; and what is refused when it comes back."""

import json
import random
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import TODAY, fill
from players import TERM, met, rate, student

from mentorkit import Workbook, load_content
from mentorkit.errors import NotReady, Unknown
from mentorkit.reports.exchange import as_json
from mentorkit.sharing import (
    LARGEST,
    Share,
    Withdrawal,
    as_text,
    file_name,
    new_id,
    read_share,
    schema,
    share_of,
    terms_to_share,
)
from mentorkit.worksheet import Choice, Choices, Clock, Day, Group, Item, Rating, Text, Value

CONTENT = load_content()
IDS = {"id": "0" * 32}


# What is in it


def test_a_share_holds_the_scores_of_what_was_finished():
    book = student()
    rate(book, "needs", 3, top__areas=["career"])
    met(book, "peer", 2)
    share = share_of(book, TERM, class_year="m2")
    assert (share.term, share.class_year, share.student) == (TERM, "m2", None)
    assert set(share.needs or ()) == set(CONTENT.areas)
    assert {(one.need, one.support, one.unmet) for one in (share.needs or {}).values()} == {(75, 75, 0)}
    (one,) = share.relationships
    assert (one.mentor_type, one.form, one.practice_index, one.outcome_index) == ("peer", "full", 50, 50)
    assert set(one.practices) == set(CONTENT.practices) and set(one.outcomes) == set(CONTENT.outcomes)
    assert set(one.practices.values()) | set(one.outcomes.values()) == {50}


def test_it_holds_these_keys_and_no_other():
    book = student()
    fill(book)
    found = json.loads(as_text(share_of(book, "2026-spring")))
    assert set(found) == {"schema", "id", "student", "term", "class_year", "content", "needs", "relationships"}
    assert all(set(one) == {"need", "support", "unmet"} for one in found["needs"].values())
    assert found["schema"] == "mentorkit-share/1" and found["content"] == "needs/1 relationship/1"
    keys = {"mentor_type", "form", "practices", "outcomes", "practice_index", "outcome_index"}
    (one,) = json.loads(as_text(share_of(book, TERM)))["relationships"]
    assert set(one) == keys


def test_what_was_not_scored_is_null_and_what_was_not_finished_is_not_there():
    book = student()
    book.answer("needs", "need.academic.strategies", 4)
    book.seal("needs")
    mentor = book.add_mentor("Sam")
    book.answer("relationship", "practice.prepared.topics", 4, mentor=mentor)
    share = share_of(book, TERM)
    assert {score for one in (share.needs or {}).values() for score in vars(one).values()} == {None}
    assert share.relationships == ()


def test_a_correction_counts_and_a_draft_does_not():
    book = student()
    rate(book, "needs", 1)
    rate(book, "needs", 3)
    book.answer("needs", "need.academic.strategies", 0)
    assert (share_of(book, TERM).needs or {})["academic"].need == 75


@pytest.mark.parametrize(
    ("meetings", "form", "said"),
    [("4+", "full", "full"), ("4+", "short", "short"), *((few, "full", "few_meetings") for few in ("one", "none"))],
)
def test_the_form_says_which_questions_were_asked(meetings: str, form: str, said: str):
    book = student()
    met(book, None, 3, relationship__meetings=meetings, relationship__form=form)
    (one,) = share_of(book, TERM).relationships
    assert (one.form, one.mentor_type) == (said, None)
    assert (one.practice_index is None) == (said == "few_meetings")


def test_thirds_are_rounded_to_four_digits():
    book = student()
    rate(book, "needs", 2)
    book.answer("needs", "need.academic.strategies", 4)
    book.seal("needs")
    assert '"need": 66.6667' in as_text(share_of(book, TERM))


def test_someone_who_left_still_counts_in_the_term_they_were_met():
    book = student()
    book.change_mentor(met(book, "online", 1), left=True)
    assert [one.mentor_type for one in share_of(book, TERM).relationships] == ["online"]


def test_each_term_stands_for_itself():
    book = student()
    book.term = "2026-spring"
    rate(book, "needs", 1)
    book.term = TERM
    met(book, "peer", 2)
    assert terms_to_share(book) == ["2026-spring", TERM]
    spring, fall = share_of(book, "Spring 2026"), share_of(book, TERM)
    assert spring.needs and not spring.relationships and fall.relationships and fall.needs is None


def test_nothing_finished_is_nothing_to_share():
    book = student()
    book.answer("needs", "need.academic.strategies", 4)
    with pytest.raises(NotReady, match="Fall 2026"):
        share_of(book, TERM)
    with pytest.raises(Unknown):
        share_of(book, "soon")
    assert terms_to_share(book) == []


# What is not in it


def marked(item: Item, mark: str, choose: random.Random) -> Value:
    """An answer to what is not scored, with the mark in every word."""
    match item:
        case Text():
            return mark[: item.at_most]
        case Group():
            return [{part.id: mark for part in item.items if isinstance(part, Text)}]
        case Day():
            return (TODAY + timedelta(days=choose.randrange(300))).isoformat()
        case Clock():
            return f"{choose.randrange(24):02}:{choose.randrange(60):02}"
        case Choices():
            return [option.code for option in item.options if choose.random() < 0.5][: item.at_most]
        case Choice() | Rating():
            return choose.choice(item.options).code


def live(book: Workbook, mark: str, seed: int, kinds: list[tuple[str, int]]) -> None:
    """A student with the same scores as all others with these `kinds`, and all else at random and marked."""
    choose = random.Random(seed)
    scored = {item for sheet in CONTENT.worksheets.values() for one in sheet.subscales for item in one.items}
    kept = {"relationship.meetings": "4+", "relationship.form": "full"}  # these decide what is asked, and so scored
    choose.shuffle(kinds)
    people = [(book.add_mentor(f"{mark} {number}", kind), code) for number, (kind, code) in enumerate(kinds)]
    for person, _ in people:
        book.change_mentor(person, field=mark, distance=mark[:40], left=choose.random() < 0.3)
    for sheet, about, code in [("needs", None, 3), *(("relationship", person, code) for person, code in people)]:
        items = [item for item in book.worksheet(sheet) if item.id not in scored or item.id.endswith(".own.overall")]
        for item in choose.sample(items, len(items)):
            book.answer(sheet, item.id, kept.get(item.id) or marked(item, mark, choose), mentor=about)
        for _ in range(choose.randrange(1, 3)):  # finished once or twice
            book.answer(sheet, "goals" if about is None else "relationship.occasion", None, mentor=about)
            rate(book, sheet, code, about, **{} if about is None else {"relationship__flags": ["boundary"]})


MARKS = st.text("ξψωжщ", min_size=6, max_size=12)  # letters of no word of ours


@settings(max_examples=12, deadline=None)
@given(st.lists(MARKS, min_size=2, max_size=2), st.lists(st.integers(0, 9999), min_size=2, max_size=2), st.data())
def test_whatever_a_student_types_or_flags_nothing_of_it_is_in_the_file(marks: list[str], seeds: list[int], data: Any):
    """Two students with the same scores hand in the same bytes, but for the random id."""
    codes = st.tuples(st.sampled_from(list(CONTENT.types)), st.integers(0, 4))
    kinds = data.draw(st.lists(codes, min_size=1, max_size=4))
    texts = []
    for mark, seed in zip(marks, seeds, strict=True):
        book = student(TODAY + timedelta(days=seed % 20))
        live(book, mark, seed, list(kinds))
        assert mark in as_json(CONTENT, book.records)  # it was there to be leaked
        text = as_text(share_of(book, TERM))
        assert text.isascii() and not set("ξψωжщ") & set(json.dumps(json.loads(text), ensure_ascii=False))
        assert not any(part in text for part in (str(TODAY.year) + "-1", "own", "boundary", "m-", "revision", "flag"))
        texts.append(re.sub(r'("id"): "[0-9a-f]{32}"', r"\1", text))
    assert texts[0] == texts[1]


def test_two_shares_of_the_same_scores_differ_in_the_random_id_alone():
    book = student()
    rate(book, "needs", 3)
    one, other = share_of(book, TERM), share_of(book, TERM)
    assert one.id != other.id
    assert as_text(one).replace(one.id, other.id) == as_text(other)


def test_the_area_in_the_student_s_own_words_is_not_there_not_even_that_there_is_one():
    book, with_own = student(), student()
    rate(book, "needs", 3)
    rate(with_own, "needs", 3, area__own="being far from home", need__own__overall=4)
    assert as_text(share_of(with_own, TERM, **IDS)) == as_text(share_of(book, TERM, **IDS))


def test_the_file_s_name_tells_the_term_and_nothing_of_the_student():
    share = share_of_nobody()
    assert file_name(share, TERM) == f"mentorkit-share-2026-fall-{share.id[:8]}.json"
    back = file_name(Withdrawal(shares=(share.id,)), TERM)
    assert back == f"mentorkit-take-back-2026-fall-{share.id[:8]}.json"


# Any share

POINTS = st.none() | st.floats(0, 100) | st.integers(0, 100)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


def scores(names: Any) -> Any:
    return st.fixed_dictionaries(dict.fromkeys(names, POINTS))


RELATIONSHIPS = st.fixed_dictionaries({
    "mentor_type": st.none() | st.sampled_from(list(CONTENT.types)),
    "form": st.sampled_from(["full", "short", "few_meetings"]),
    "practices": scores(CONTENT.practices), "outcomes": scores(CONTENT.outcomes),
    "practice_index": POINTS, "outcome_index": POINTS,
})  # fmt: skip
HEX = st.binary(min_size=16, max_size=16).map(bytes.hex)
SHARES = st.builds(
    Share, id=HEX, student=st.none() | HEX, term=st.sampled_from(["2026-fall", "2027-spring", "1999-summer"]),
    class_year=st.none() | NAMES, content=st.just("needs/1 relationship/1"),
    needs=st.none() | st.fixed_dictionaries({area: scores(("need", "support", "unmet")) for area in CONTENT.areas}),
    relationships=st.lists(RELATIONSHIPS, max_size=3),
)  # fmt: skip


def share_of_nobody(**changes: Any) -> Share:
    given = {"student": None, "term": TERM, "class_year": None, "content": "", "needs": None, "relationships": ()}
    return Share(**given | changes)


@settings(max_examples=50)
@given(SHARES)
def test_what_was_written_is_read_back_as_it_was(share: Share):
    text = as_text(share)
    assert read_share(text.encode()) == share and as_text(read_share(text.encode())) == text
    assert len(text) < LARGEST


@settings(max_examples=50)
@given(SHARES, st.randoms())
def test_the_order_of_relationships_tells_nothing(share: Share, choose: random.Random):
    shuffled = list(share.relationships)
    choose.shuffle(shuffled)
    again = Share(**{**share.model_dump(by_alias=True), "relationships": [one.model_dump() for one in shuffled]})
    assert as_text(again) == as_text(share)
    tree = json.loads(as_text(share))
    tree["relationships"] = [json.loads(one.model_dump_json()) for one in shuffled]
    assert read_share(json.dumps(tree).encode()) == share


@settings(max_examples=50)
@given(SHARES)
def test_every_share_fits_the_published_schema(share: Share):
    CHECK.validate(json.loads(as_text(share)))


CHECK = jsonschema.Draft202012Validator(schema())


def test_the_published_schema_is_current():
    published = Path(__file__).parent.parent / "docs/share.schema.json"
    assert json.loads(published.read_text("utf-8")) == schema(), "run make docs"


def test_scores_are_held_to_their_bounds_whoever_makes_a_share():
    need = {"need": 1.00004, "support": -0.0, "unmet": None}
    share = share_of_nobody(needs={"academic": need})
    assert '"need": 1.0,' in as_text(share) and "-0" not in as_text(share)
    for bad in (float("nan"), float("inf"), 100.1, -1, "1", True):
        with pytest.raises(ValueError):
            share_of_nobody(needs={"academic": {**need, "need": bad}})


def test_ids_are_drawn_anew_each_time():
    assert len({new_id() for _ in range(100)}) == 100
