"""A cohort tells single students who moved by more than noise as their own pages do: as many items, one mentor."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cohort_files import AFTER, BEFORE, CONTENT, number, put, relationship, share

from mentorkit import cohort
from mentorkit.change import compare
from mentorkit.cohort.members import members_of
from mentorkit.cohort.reading import scores_of
from mentorkit.reliability import reliable_change
from mentorkit.workbook import norms

SHEET = CONTENT.worksheet("relationship")
COLUMN = f"reliable practice_index {BEFORE} to {AFTER}"


def said(folder: Path, student: str = f"student {number(1)}") -> Any:
    return members_of(scores_of(cohort.read([folder])), (BEFORE, AFTER))[0].set_index("student").get(COLUMN)[student]


def rated(score: float, form: str = "full", without: int = 0, kind: str = "peer") -> dict[str, Any]:
    """A relationship of which so many practices are not scored."""
    found = {**relationship(score, kind=kind), "form": form}
    found["practices"] |= dict.fromkeys(list(CONTENT.practices)[:without], None)
    return found


@pytest.mark.parametrize(
    ("forms", "without", "items"),
    [
        (("full", "full"), 0, 24),
        (("short", "short"), 0, 8),
        (("full", "short"), 0, 8),
        (("short", "full"), 0, 8),
        (("full", "full"), 2, 18),
        (("short", "short"), 1, 7),
    ],
)
def test_a_change_is_judged_by_as_many_items_as_were_asked_in_both_terms(
    tmp_path: Path, forms: tuple[str, str], without: int, items: int
):
    norm = norms(CONTENT).practice
    least = reliable_change(0, 0, norm.sd, norm.reliability_of(items)).threshold95
    for place, (more, word) in enumerate(((-0.01, "same"), (0.01, "up"))):
        earlier, later = rated(40.0, forms[0], without), rated(40.0 + least + more, forms[1])
        folder = put(tmp_path / f"{place}", share(1, BEFORE, earlier), share(1, AFTER, later))
        assert said(folder) == word


@pytest.mark.parametrize("form", ["full", "short"])
@pytest.mark.parametrize("given", ["all", "with a gap"])
def test_answers_are_judged_as_on_the_student_s_own_page(tmp_path: Path, form: str, given: str):
    scored = {item for one in SHEET.subscales for item in one.items}
    known = {"relationship.form": form, "relationship.meetings": "4+"}
    asked = [item.id for item in SHEET.asked(known) if item.id in scored]
    counted = asked[1:] if given == "with a gap" else asked
    earlier, own_word = dict.fromkeys(counted, 1), {"clear": "up"}
    for number_up in (len(counted), len(counted) * 3 // 4):
        later = {item: 2 if place < number_up else 1 for place, item in enumerate(counted)}
        rows = [
            ("7", term, "m2", "1", "peer", item, str(answers.get(item, "")))
            for term, answers in ((BEFORE, earlier), (AFTER, later))
            for item in asked
        ]
        names = ["student", "term", "class_year", "relationship", "mentor_type", "item", "value"]
        file = tmp_path / f"{number_up}.csv"
        pd.DataFrame(rows, columns=names).to_csv(file, index=False)
        own = compare(SHEET, {**known, **earlier}, {**known, **later}, norms(CONTENT)).practice
        assert own.items == sum(item.startswith("practice.") for item in counted)
        assert said(file, "record 7") == own_word.get(own.verdict, "same")


def test_only_who_rated_one_relationship_each_time_is_counted(tmp_path: Path):
    one, other, faculty = rated(30.0), rated(90.0), rated(90.0, kind="faculty")
    handed = [share(n, BEFORE, one) for n in (1, 2, 3)]
    handed += [share(1, AFTER, other), share(2, AFTER, other, other), share(3, AFTER, faculty)]
    folder = put(tmp_path / "in", *handed)
    assert said(folder) == "up"
    for of in (2, 3):  # an average over several, and surely another mentor
        assert said(folder, f"student {number(of)}") is None


def test_scores_of_which_nobody_says_the_form_are_judged_by_the_full_one(tmp_path: Path):
    scores = scores_of(cohort.read([put(tmp_path, share(1, BEFORE, rated(40)), share(1, AFTER, rated(60)))]))
    assert set(scores.loc[scores["scale"] == "practice_index", "items"]) == {24}
    assert scores.loc[scores["scale"].str.contains("_index"), "items"].notna().sum() == 4
    assert members_of(scores.assign(items=None), (BEFORE, AFTER))[0][COLUMN].tolist() == ["up"]
