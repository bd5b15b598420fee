"""Releases one after another: frozen, judged together, and kept where tampering is noticed."""

import json
import stat
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from mentorkit.cohort.disclosure import Ledger, Mean, Table, publish
from mentorkit.errors import BadFile, Damaged, NewerFile, NotSaved, Withheld
from tests.test_disclosure import BY_YEAR, NEED, THIRDS, cohort

BY_PAIR = Table("needs by pair", by=("paired",), asks=(NEED,))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "place" / "ledger.jsonl")


def test_the_same_question_gives_the_same_bytes_whenever_and_in_whatever_order(ledger):
    frame = cohort(30, 30, 30)
    first = publish(frame, [BY_YEAR], ledger=ledger, on=date(2026, 12, 1))
    again = publish(frame.sample(frac=1, random_state=3), [BY_YEAR], ledger=ledger, on=date(2027, 1, 1))
    assert again == first and again.published() == first.published() and again.digest == first.digest
    assert ledger.releases == (first,)


@pytest.mark.parametrize("what", ["one joined", "one left", "one changed an answer", "nine joined"])
def test_a_newcomer_cannot_be_seen_by_comparing_two_releases(ledger, what):
    frame = cohort(40, 40)
    more = cohort(9, seed=5).assign(student=[f"new{number}" for number in range(9)])
    publish(frame, [BY_YEAR], ledger=ledger)
    later = {
        "one joined": pd.concat([frame, more[:1]]),
        "one left": frame[1:],
        "one changed an answer": frame.assign(need=frame["need"].where(frame.index > 0, 99.0)),
        "nine joined": pd.concat([frame, more]),
    }[what]
    try:
        release = publish(later, [Table("again", ("class_year",), (NEED,), total=False)], ledger=ledger)
    except Withheld as refusal:
        assert "fewer than 10" in str(refusal) and what != "one changed an answer"
    else:  # who is in it has not changed, and may be said again
        assert {row.mark for row in release.numbers if row.what == "need"} == {"withheld"}


def test_ten_who_joined_are_a_new_release(ledger):
    frame = cohort(40, 40)
    more = cohort(10, seed=5).assign(student=[f"new{number}" for number in range(10)])
    first = publish(frame, [BY_YEAR], ledger=ledger)
    second = publish(pd.concat([frame, more]), [BY_YEAR], ledger=ledger)
    assert (first.number, second.number) == (1, 2)
    assert second.at(BY_YEAR.name, class_year="1").number == 50
    assert second.at(BY_YEAR.name, class_year="2").number == 40


def test_a_subgroup_that_grew_by_six_is_withheld_when_the_cohort_grew_by_twelve(ledger):
    frame = cohort(40, 40, 40)
    more = cohort(6, 6, seed=5).assign(student=[f"new{number}" for number in range(12)])
    publish(frame, [BY_YEAR], ledger=ledger)
    second = publish(pd.concat([frame, more]), [BY_YEAR], ledger=ledger)
    assert second.at(BY_YEAR.name).number == 130
    assert second.at(BY_YEAR.name, "need", "mean", class_year="1").text == "withheld"
    assert second.at(BY_YEAR.name, "need", "mean", class_year="2").text == "withheld"


def test_a_new_term_is_published_although_three_students_are_new(ledger):
    frame = cohort(40, 40)
    publish(frame, [BY_YEAR], ledger=ledger)
    more = cohort(3, seed=5).assign(student=["new1", "new2", "new3"], need=float("nan"))
    second = publish(pd.concat([frame, more]), [Table("later", (), (Mean("later"),))], ledger=ledger)
    assert second.at("later", "later", "mean").mark == "rounded"
    assert second.at("later").text == "about 80"


def test_what_one_release_withholds_the_next_does_not_give_away(ledger):
    frame = cohort(30, 30, 30, 6)
    publish(frame, [BY_YEAR], ledger=ledger)
    for year in ("1", "2", "3", "4"):
        wanted = Table(f"year {year}", (), (NEED,), among=(("class_year", year),))
        try:
            release = publish(frame, [wanted], ledger=ledger)
        except Withheld:
            assert year in ("3", "4")
        else:
            assert year in ("1", "2") and release.at(wanted.name).number == 30


def test_overlapping_tables_asked_one_after_another_do_not_add_up_to_a_few(ledger):
    frame = cohort(20, 20, 20, missing=0.3)
    frame["type"] = [("peer", "faculty", "online")[number % 3] for number in range(60)]
    ways = [("class_year",), ("type",), ("paired",), ("class_year", "type"), ("type", "paired")]
    for number, by in enumerate(ways):
        try:
            publish(frame, [Table(f"t{number}", by, (NEED, THIRDS))], ledger=ledger)
        except Withheld:
            continue
    told = frame.astype(str).replace({"True": "yes", "False": "no"})
    shown = {
        frozenset(frame.index[(told[list(group)] == pd.Series(group)).all(axis=1)])
        for release in ledger.releases
        for row in release.numbers
        if row.statistic == "mean" and row.mark != "withheld" and (group := dict(row.group))
    }
    assert shown
    for one in shown:
        for other in shown:
            assert len(one ^ other) == 0 or len(one ^ other) >= 10


def test_the_minimum_is_raised_and_never_lowered(ledger):
    publish(cohort(40, 40), [BY_YEAR], ledger=ledger, minimum=15)
    with pytest.raises(Withheld, match="never lowered"):
        publish(cohort(40, 40), [BY_PAIR], ledger=ledger, minimum=10)
    assert publish(cohort(40, 40), [BY_YEAR], ledger=ledger, minimum=20).minimum == 20


def test_other_students_are_another_cohort(ledger):
    publish(cohort(40), [BY_YEAR], ledger=ledger)
    others = cohort(41).assign(student=[f"other{number}" for number in range(41)])
    assert publish(others, [BY_YEAR], ledger=ledger).number == 2


def test_a_ledger_holds_no_id_and_is_its_owner_s(ledger):
    publish(cohort(40), [BY_YEAR], ledger=ledger)
    assert "s0001" not in ledger.path.read_text("utf-8")
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600


def frozen_twice(ledger: Ledger) -> list[bytes]:
    publish(cohort(40, 40), [BY_YEAR], ledger=ledger)
    publish(cohort(40, 40), [Table("all", (), (Mean("later"),))], ledger=ledger)
    return ledger.path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_line_is_noticed(ledger, line):
    lines = frozen_twice(ledger)
    lines[line] = lines[line].replace(b"1", b"2", 1)
    ledger.path.write_bytes(b"".join(lines))
    with pytest.raises(Damaged, match=f"Line {line + 1}"):
        ledger.releases  # noqa: B018
    with pytest.raises(Damaged):
        publish(cohort(40, 40), [BY_PAIR], ledger=ledger)


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_removed_line_is_noticed(ledger, line):
    lines = frozen_twice(ledger)
    del lines[line]
    ledger.path.write_bytes(b"".join(lines))
    with pytest.raises(Damaged):
        ledger.read()


def test_a_cut_off_end_an_exchanged_order_and_a_missing_file_are_noticed(ledger):
    lines = frozen_twice(ledger)
    for left in (lines[:2], [lines[0], lines[2], lines[1]], []):
        ledger.path.write_bytes(b"".join(left))
        with pytest.raises(Damaged):
            ledger.read()
    ledger.path.unlink()
    with pytest.raises(Damaged, match="gone"):
        ledger.read()


def test_a_line_rewritten_with_a_hash_of_its_own_is_noticed(ledger):
    from hashlib import sha256

    lines = frozen_twice(ledger)
    line = json.loads(lines[1])
    line["published"]["cohort"] = "another"
    body = {key: value for key, value in line.items() if key not in ("before", "hash")}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    line["hash"] = sha256(line["before"].encode() + text.encode()).hexdigest()
    lines[1] = json.dumps(line).encode() + b"\n"
    ledger.path.write_bytes(b"".join(lines))
    with pytest.raises(Damaged, match="Line 3"):
        ledger.read()


def test_a_power_cut_while_freezing_leaves_a_whole_ledger(ledger):
    frozen_twice(ledger)
    with ledger.path.open("ab") as file:
        file.write(b'{"published":{"number":3,')
    assert len(ledger.releases) == 2
    assert publish(cohort(40, 40), [BY_PAIR, BY_YEAR], ledger=ledger).number == 3
    assert [release.number for release in ledger.releases] == [1, 2, 3]


def test_a_power_cut_before_the_short_file_was_written_is_no_damage(ledger):
    beside = ledger.path.with_name(ledger.path.name + ".last")
    publish(cohort(40, 40), [BY_YEAR], ledger=ledger)
    before = beside.read_text()
    publish(cohort(40, 40), [Table("all", (), (Mean("later"),))], ledger=ledger)
    beside.write_text(before)
    assert len(ledger.releases) == 2


def test_a_newer_or_foreign_ledger_is_left_alone(ledger):
    frozen_twice(ledger)
    from mentorkit.cohort.disclosure import ledger as module

    line = {"schema": "mentorkit-ledger/9", "salt": "00"}
    line |= {"before": "", "hash": module._hash(line, "")}
    ledger.path.write_bytes(json.dumps(line).encode() + b"\n")
    with pytest.raises(NewerFile):
        ledger.read()


def test_a_folder_is_no_ledger_and_a_sentence_says_so(tmp_path):
    with pytest.raises(BadFile, match="no ledger to be read"):
        publish(cohort(40), [BY_YEAR], ledger=Ledger(tmp_path))


def test_a_place_that_cannot_be_written_publishes_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSaved):
        publish(cohort(40), [BY_YEAR], ledger=Ledger(tmp_path / "file" / "ledger.jsonl"))
