"""What is read of share files, rooms and exports: each file whole or not at all, each share once, nothing shown."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cohort_files import AFTER, BEFORE, number, put, relationship, share

from mentorkit import cohort
from mentorkit.cohort.reading import scores_of
from mentorkit.cohort.simulation import draw
from mentorkit.errors import BadFile
from mentorkit.store.changes import Opened, Shared
from mentorkit.store.lockers import Lockers
from mentorkit.store.lockers_file import FILE
from mentorkit.store.shares import place_of


def scores(*paths: Path, **more: Any):
    return scores_of(cohort.read(paths, **more))


def mean(found, scale: str) -> float:
    return float(found.loc[found["scale"] == scale, "score"].mean())


def test_every_score_of_a_share_is_read_as_it_stands(tmp_path: Path):
    found = scores(put(tmp_path / "in", share(1, AFTER, relationship(50, 75), relationship(None, None, "faculty"))))
    assert len(found) == 7 * 3 + 2 * (8 + 4 + 2)
    assert set(found["term"]) == {AFTER} and set(found["class_year"]) == {"m2"} and found["linked"].all()
    assert mean(found, "unmet.career") == 30 and mean(found, "outcome_index") == 75
    of_faculty = found[found["mentor_type"] == "faculty"]
    assert of_faculty["score"].isna().all() and of_faculty["relationship"].nunique() == 1


def test_the_same_file_twice_counts_once(tmp_path: Path):
    folder = put(tmp_path / "in", share(1), share(1))
    again = put(tmp_path / "again", share(1))
    collected = cohort.read([folder, again, folder / "0000.json"])
    assert len(scores_of(collected)) == 21 and not collected.refused and not collected.notes


def test_of_two_shares_of_a_student_and_term_the_fuller_counts_in_whatever_order(tmp_path: Path):
    first, second = share(1), share(1, AFTER, relationship(), id=number(7))
    for place, order in enumerate(((first, second), (second, first))):
        collected = cohort.read([put(tmp_path / f"in{place}", *order)])
        assert mean(scores_of(collected), "practice_index") == 50 and len(scores_of(collected)) == 21 + 14
        assert len(collected.notes) == 1 and "what has more scores counts" in collected.notes[0].sentence


def tidy(*students: int, number: str = "1", value: int = 3, head: str = "student") -> str:
    lines = [f"{head},term,class_year,relationship,mentor_type,item,value"]
    item = "practice.prepared.topics"
    return "\n".join([*lines, *(f"{student},{AFTER},,{number},peer,{item},{value}" for student in students)]) + "\n"


def test_a_second_table_that_says_otherwise_is_told_of_once_however_many_students_it_has(tmp_path: Path):
    (tmp_path / "new.csv").write_text(tidy(*range(40), value=4), "utf-8")
    (tmp_path / "old.csv").write_text(tidy(*range(40), value=2), "utf-8")
    collected = cohort.read([tmp_path / "new.csv", tmp_path / "old.csv"])
    assert [Path(one.source).name for one in collected.notes] == ["old.csv"]


def test_item_rows_are_told_from_records_by_their_columns(tmp_path: Path):
    (tmp_path / "windows.csv").write_text("sep=,\n" + tidy(1, 2), "utf-8")
    more = tidy(3, 4, head="record_id,student").replace("\n3,", "\nx,3,").replace("\n4,", "\ny,4,")
    (tmp_path / "more.csv").write_text(more, "utf-8")
    collected = cohort.read([tmp_path])
    assert not collected.refused and len(collected.read) == 2
    assert {note.sentence for note in collected.notes} == {"Passed over columns that are not of item rows: record_id."}


def test_relationships_without_a_number_are_told_and_are_nobody_s(tmp_path: Path):
    (tmp_path / "rows.csv").write_text(tidy(*range(40), number=""), "utf-8")
    (refused,) = cohort.read([tmp_path / "rows.csv"]).refused
    assert "check what was exported" in refused.sentence


def test_what_is_taken_back_counts_nowhere_also_when_it_is_read_later(tmp_path: Path):
    back = {"schema": "mentorkit-withdrawal/1", "shares": [number(1, AFTER)]}
    for place, order in enumerate(((share(1), share(2), back), (back, share(1), share(2)))):
        found = scores(put(tmp_path / f"in{place}", *order))
        assert set(found["student"]) == {f"student {number(2)}"}


def test_who_takes_a_share_back_may_have_handed_in_another(tmp_path: Path):
    back = {"schema": "mentorkit-withdrawal/1", "shares": [number(7)]}
    fuller = share(1, AFTER, relationship(), id=number(7))
    assert len(scores(put(tmp_path / "in", share(1), fuller, back))) == 21


def test_shares_that_must_not_be_linked_stay_apart(tmp_path: Path):
    found = scores(put(tmp_path / "in", share(1, BEFORE, student=None), share(1, AFTER, student=None)))
    assert found["student"].nunique() == 2 and not found["linked"].any()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"term": "2026-monsoon"}, "2026-monsoon"),
        ({"needs": {"sleep": {"need": 1.0, "support": 1.0, "unmet": 0.0}}}, "sleep"),
        ({"needs": {"career": {"need": 50.0, "support": 20.0, "unmet": 0.0}}}, "contradicts"),
        ({"needs": {"career": {"need": None, "support": 20.0, "unmet": 0.0}}}, "contradicts"),
        ({"relationships": [{**relationship(), "mentor_type": "oracle"}]}, "oracle"),
        ({"relationships": [{**relationship(), "practice_index": 90.0}]}, "contradicts"),
        ({"name": "Anna"}, "name"),
    ],
)
def test_a_share_that_cannot_be_is_refused_as_a_whole(tmp_path: Path, changed: dict[str, Any], said: str):
    collected = cohort.read([put(tmp_path / "in", share(1), {**share(2), **changed})])
    assert [Path(one.source).name for one in collected.refused] == ["0001.json"]
    assert said in collected.refused[0].sentence and len(scores_of(collected)) == 21


def test_files_that_are_none_of_ours_are_told_and_the_others_read(tmp_path: Path):
    folder = put(tmp_path / "in", share(1))
    (folder / "broken.json").write_text('{"schema": "mentorkit-share/1", ', "utf-8")
    (folder / "whole.json").write_text(json.dumps({"format": "mentorkit-export"}), "utf-8")
    (folder / "letter.docx").write_bytes(b"PK")
    (folder / "table.csv").write_text("a,b\n1,2\n", "utf-8")
    (folder / ".hidden.json").write_text("{", "utf-8")
    collected = cohort.read([folder])
    named = {Path(one.source).name for one in collected.refused}
    assert named == {"broken.json", "whole.json", "letter.docx", "table.csv"}
    assert all(str(one).count("\n") == 0 and len(one.sentence) > 20 for one in collected.refused)
    assert collected.read == (str(folder / "0000.json"),)


def test_nothing_to_read_is_said(tmp_path: Path):
    for paths in ([], [tmp_path / "nowhere"]):
        with pytest.raises(BadFile):
            cohort.read(paths)


def test_a_number_of_another_student_s_share_takes_no_share_away(tmp_path: Path):
    collected = cohort.read([put(tmp_path / "in", share(1), share(2, id=number(1, AFTER)))])
    assert set(scores_of(collected)["student"]) == {f"student {number(1)}"} and len(collected.refused) == 1


def test_a_room_s_consented_rows_count_as_files_do_and_once_with_them(tmp_path: Path):
    room = tmp_path / "room"
    lockers = Lockers(room / FILE)
    for name, key, student in ((b"anna" * 4, b"k" * 32, 1), (b"ben." * 4, b"o" * 32, 2)):
        lockers.write([Opened(name), Shared(name, place_of(key), AFTER, json.dumps(share(student)))])
    lockers.close()
    folder = put(tmp_path / "in", share(2), share(3))
    alone, both = scores(room=room), scores(folder, room=room)
    assert alone["student"].nunique() == 2 and both["student"].nunique() == 3 and len(both) == 3 * 21


def test_item_rows_give_the_scores_that_shares_would(tmp_path: Path):
    items = next(draw(12, (BEFORE, AFTER), 3)).items
    file = tmp_path / "items.csv"
    items.to_csv(file, index=False)
    collected = cohort.read([file])
    assert not collected.refused and collected.terms == (BEFORE, AFTER)
    found = scores_of(collected)
    about = items[items["item"].astype(str).str.startswith("need.career")]
    by_student = about.groupby(["student", "term"], observed=True)["value"].mean()
    assert np.isclose(mean(found, "need.career"), 25 * by_student.mean())


def test_what_was_read_does_not_depend_on_the_order_of_the_files(tmp_path: Path):
    handed = [share(n, term, relationship(10.0 * n), need=10.0 * n) for n in range(5) for term in (BEFORE, AFTER)]
    first = scores(put(tmp_path / "one", *handed))
    random.Random(5).shuffle(handed)
    assert first.equals(scores(put(tmp_path / "two", *handed)))


def test_what_was_read_shows_no_score_and_no_student(tmp_path: Path):
    shown = repr(cohort.read([put(tmp_path / "in", share(1, AFTER, relationship(33.3333)))]))
    assert "33.3" not in shown and number(1)[:8] not in shown and "student" not in shown


def test_every_file_is_heard_of_as_it_is_done(tmp_path: Path):
    heard: list[int] = []
    cohort.read([put(tmp_path / "in", *(share(n) for n in range(9)))], said=heard.append)
    assert heard == [1] * 9
