"""Item rows as the frame that cohort work starts from, and as a tidy file."""

import pandas as pd
import pytest
from sample_cards import CONTENT

from mentorkit.cohort.items import from_csv, from_redcap
from mentorkit.errors import BadFile
from mentorkit.interchange.cards import Card, Student
from mentorkit.interchange.redcap import read_records, records_csv
from mentorkit.interchange.tidy import item_rows_csv, read_item_rows

NEEDS = {"need.academic.strategies": 3, "need.academic.resources": "na", "support.academic": 2}
RELATIONSHIP = {"relationship.meetings": "4+", "relationship.form": "short", "practice.prepared.topics": 4}
CARDS = (Card("needs", NEEDS, "2026-fall"), Card("relationship", RELATIONSHIP, "2026-fall", 3, "peer"))
TEXT = records_csv(CONTENT, [Student("7", CARDS, "m2")]).encode()


def test_the_frame_has_the_columns_and_kinds_that_cohort_work_expects():
    items = from_redcap(TEXT, CONTENT)
    assert list(items.frame) == ["student", "term", "class_year", "relationship", "mentor_type", "item", "value"]
    assert (str(items.frame["relationship"].dtype), str(items.frame["value"].dtype)) == ("Int64", "float64")
    assert (items.students, items.cards, items.refused, items.notes) == (1, 2, (), ())
    needs = items.frame[items.frame["item"] == "need.academic.strategies"].iloc[0]
    assert needs["value"] == 3 and pd.isna(needs["relationship"]) and pd.isna(needs["mentor_type"])
    assert items.frame.loc[items.frame["item"] == "need.academic.resources", "value"].isna().all()
    nobody = from_redcap(records_csv(CONTENT, []).encode(), CONTENT).frame
    assert len(nobody) == 0 and list(nobody.dtypes) == list(items.frame.dtypes)


def test_a_tidy_file_gives_the_same_frame():
    items = from_redcap(TEXT, CONTENT)
    again = from_csv(item_rows_csv(read_records(TEXT, CONTENT).rows).encode(), CONTENT)
    pd.testing.assert_frame_equal(items.frame, again.frame)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (",2026-fall,,1,peer,practice.prepared.topics,4", "column student"),
        ("1,2026-autumn,,1,peer,practice.prepared.topics,4", "column term"),
        ("1,2026-fall,,,peer,practice.prepared.topics,4", "column relationship"),
        ("1,2026-fall,,1,,need.academic.strategies,4", "column relationship"),
        ("1,2026-fall,,x,peer,practice.prepared.topics,4", "column relationship"),
        ("1,2026-fall,,1,uncle,practice.prepared.topics,4", "column mentor_type"),
        ("1,2026-fall,,1,peer,practice.prepared,4", "column item"),
        ("1,2026-fall,,1,peer,relationship.flags,4", "column item"),
        ("1,2026-fall,,,,need.own.overall,4", "column item"),
        ("1,2026-fall,,1,peer,practice.prepared.topics,5", "column value"),
        ("1,2026-fall,,1,peer,practice.prepared.topics,0.5", "column value"),
        ("2,2026-fall,,1,peer,practice.prepared.topics,1", "column item"),
        ("1,2026-fall,,1,peer,practice.prepared.topics", "7 cells"),
    ],
)
def test_a_wrong_tidy_row_is_refused_alone(line: str, place: str):
    lines = (
        "student,term,class_year,relationship,mentor_type,item,value",
        "2,2026-fall,,1,peer,practice.prepared.topics,4", line, "3,2026-fall,,2.0,,practice.prepared.topics,NA",
    )  # fmt: skip
    reading = read_item_rows("\n".join(lines).encode(), CONTENT)
    (refused,) = reading.refused
    assert refused.row == 3 and place in str(refused).replace("cells where the head has 7", "7 cells")
    assert [(row.student, row.relationship, row.value) for row in reading.rows] == [("2", 1, 4.0), ("3", 2, None)]


def test_another_file_is_refused_in_one_sentence():
    with pytest.raises(BadFile, match="The file has no column student: item rows have the columns student, term"):
        from_csv(b"a,b\n1,2\n", CONTENT)
