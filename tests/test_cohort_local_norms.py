"""From fifty retests of a school's own students to the thresholds that its students see."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from cohort_files import AFTER, put, relationship, share

from mentorkit import cli, open_workbook
from mentorkit.change import compare
from mentorkit.cohort.local_norms import local_norms, norms_file, pair_retests, write_norms
from mentorkit.cohort.reading import read, scores_of
from mentorkit.content import load_content
from mentorkit.errors import BadContent, BadFile, NotReady
from mentorkit.reports.change import TermScores, relationship_change
from mentorkit.workbook import norms

CONTENT = load_content()


def retests(students: int, noise: float = 7.0, indices: tuple[str, ...] = ("practice", "outcome")) -> pd.DataFrame:
    """Made-up students who rated one relationship twice within two weeks."""
    chance = np.random.default_rng(1)
    truth = chance.normal(62, 15, students)
    return pd.DataFrame(
        {
            "student": f"s{at}",
            "scale": f"{index}_index",
            "first": np.clip(truth[at] + chance.normal(0, noise), 0, 100),
            "second": np.clip(truth[at] + chance.normal(0, noise), 0, 100),
        }
        for index in indices
        for at in range(students)
    )


def test_from_fifty_students_on_a_school_s_own_figures_are_the_norm():
    practice, outcome = local_norms(retests(50), CONTENT, "Hilltop", 2027)
    assert practice.reason == outcome.reason == ""
    assert practice.norm.students == 50 and practice.norm.items == 24 and outcome.norm.items == 12
    assert practice.norm.reliability <= practice.retest.r < practice.norm.reliability + 0.01
    assert practice.norm.sd - 0.5 < practice.retest.sd <= practice.norm.sd
    assert practice.norm.mean % 5 == 0 and abs(practice.norm.mean - practice.retest.mean) <= 2.5


def test_forty_nine_are_too_few_and_the_sentence_says_so():
    practice, outcome = local_norms(retests(49), CONTENT, "Hilltop", 2027)
    assert practice.norm is outcome.norm is None
    assert "from 50 students with a retest on, and there are 49" in practice.reason
    several = pd.concat([retests(49), retests(49)])  # as many again, of the same students
    assert local_norms(several, CONTENT, "Hilltop", 2027)[0].norm is None


def test_ratings_that_contradict_or_copy_each_other_make_no_norm():
    rows = retests(60)
    backwards, same = rows.assign(second=100 - rows["second"]), rows.assign(second=rows["first"])
    for wrong in (backwards, same):
        practice, _ = local_norms(wrong, CONTENT, "Hilltop", 2027)
        assert practice.norm is None and "between 0 and 1" in practice.reason


def test_a_student_s_threshold_rests_on_the_school_s_file_and_says_so(tmp_path):
    found = local_norms(retests(63), CONTENT, "Hilltop", 2027)
    path = write_norms(tmp_path, found, CONTENT)
    theirs = load_content(tmp_path)
    assert theirs.norms.practice == found[0].norm
    sheet = theirs.worksheet("relationship")
    low, high = ({item: code for one in sheet.subscales for item in one.items} for code in (1, 2))
    changed = compare(sheet, low, high, norms(theirs))
    assert changed.practice.threshold == pytest.approx(
        1.96 * 2**0.5 * found[0].norm.sd * (1 - found[0].norm.reliability) ** 0.5
    )
    assert changed.practice.source == (
        "from 60 or more students at Hilltop who were asked twice while nothing had changed, 2027"
    )
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_student_s_own_page_names_the_school_s_figures(tmp_path):
    write_norms(tmp_path, local_norms(retests(63), CONTENT, "Hilltop", 2027), CONTENT)
    book = open_workbook(tmp_path / "home", content=load_content(tmp_path), today=lambda: date(2026, 11, 22))
    mentor, terms = book.add_mentor("Dr. K"), []
    for book.term, code in (("2026-fall", 1), ("2027-spring", 3)):
        for item in (item for one in book.worksheet("relationship").subscales for item in one.items):
            book.answer("relationship", item, code, mentor=mentor)
        terms.append(TermScores(book.term, book.card_scores(book.seal("relationship", mentor=mentor))))
    found = book.compare("relationship", mentor=mentor)
    page = str(relationship_change(book.content, book.worksheet("relationship"), "Dr. K", terms, found))
    assert page.count("60 or more students at Hilltop") == 2  # once for practice, once for outcome
    assert "assumption" not in page and f"{found.practice.threshold:.1f}" in page


def test_an_index_with_too_few_retests_keeps_the_assumption_and_its_source(tmp_path):
    found = local_norms(retests(70, indices=("practice",)), CONTENT, "Hilltop", 2027)
    write_norms(tmp_path, found, CONTENT)
    theirs = norms(load_content(tmp_path))
    assert "70 or more students at Hilltop" in theirs.practice.source
    assert theirs.outcome == norms(CONTENT).outcome
    assert "assumption" in theirs.outcome.source


def test_nothing_is_written_without_a_norm_and_nothing_is_written_over(tmp_path):
    with pytest.raises(NotReady, match=r"no local norm to write\. .* there are 20"):
        write_norms(tmp_path, local_norms(retests(20), CONTENT, "Hilltop", 2027), CONTENT)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "norms.toml").write_text("ours", "utf-8")
    found = local_norms(retests(50), CONTENT, "Hilltop", 2027)
    with pytest.raises(BadFile, match="exists already"):
        write_norms(tmp_path, found, CONTENT)
    assert (tmp_path / "norms.toml").read_text("utf-8") == "ours"
    write_norms(tmp_path, found, CONTENT, force=True)
    assert load_content(tmp_path).norms.practice == found[0].norm


def test_a_file_that_claims_fewer_than_fifty_students_is_refused(tmp_path):
    text = norms_file(local_norms(retests(50), CONTENT, "Hilltop", 2027), CONTENT)
    (tmp_path / "norms.toml").write_text(text.replace("students = 50", "students = 49"), "utf-8")
    with pytest.raises(BadContent, match=r"norms\.toml.*practice\.students"):
        load_content(tmp_path)


@pytest.mark.parametrize("school", ['St. "Mary\'s" \\ Ω', "two\nlines", 'x"\n[outcome]\nsd = 1', "del\x7fete"])
def test_a_school_s_name_cannot_break_the_file(school, tmp_path):
    found = local_norms(retests(50), CONTENT, school, 2027)
    write_norms(tmp_path, found, CONTENT)
    theirs = load_content(tmp_path).norms
    assert " ".join(school.split()) in theirs.practice.source
    assert theirs.outcome.sd == found[1].norm.sd


def scores(rows: list[tuple[str, int, str | None, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["student", "relationship", "mentor_type", "score"])
    return frame.assign(scale="practice_index", linked=True, term="2027-spring")


def test_shared_scores_are_paired_only_where_it_must_be_the_same_relationship():
    of_c = [("c", 1, "peer", 70), ("c", 2, None, 20)]
    first = scores([("a", 1, "peer", 50), ("b", 1, "peer", 60), *of_c, ("d", 1, None, 5)])
    second = scores([("a", 1, "peer", 55), ("b", 1, "faculty", 10), ("c", 1, "peer", 75), ("d", 1, None, 6)])
    found = pair_retests(first, second)
    assert found.to_dict("list") == {
        "student": ["a", "d"], "scale": ["practice_index"] * 2, "first": [50, 5], "second": [55, 6],
    }  # fmt: skip
    assert pair_retests(first.assign(linked=False), second).empty


def test_numbered_relationships_are_paired_by_their_number():
    first = scores([("a", 1, "peer", 50), ("a", 2, "peer", 60)])
    second = scores([("a", 2, "peer", 61), ("a", 1, "peer", 52)])
    found = pair_retests(first, second, is_numbered=True).sort_values("first")
    assert found[["first", "second"]].to_numpy().tolist() == [[50, 52], [60, 61]]
    assert pair_retests(first, second).empty


def test_a_retest_is_of_one_term(tmp_path):
    fall, spring = scores([("a", 1, "peer", 50), ("b", 1, "peer", 60)]), scores([("a", 1, "peer", 55)])
    later = spring.assign(term="2027-fall")
    with pytest.raises(BadFile, match="of different terms: a retest is rated twice in one term"):
        pair_retests(fall, later)
    both = pair_retests(pd.concat([fall, later]), pd.concat([spring, later.assign(score=70)]))
    assert both[["student", "first", "second"]].to_numpy().tolist() == [["a", 50, 55], ["a", 55, 70]]
    assert pair_retests(fall, scores([("c", 1, "peer", 50)])).empty  # nobody was rated twice at all
    numbered = pair_retests(pd.concat([fall, later]), pd.concat([spring, later]), is_numbered=True)
    assert len(numbered) == 2


def of_form(form: str, students: range, shift: float = 0.0) -> list[dict[str, Any]]:
    values = {n: 20.0 + n + shift * (-1) ** n for n in students}
    return [share(n, AFTER, relationship(score, score) | {"form": form}) for n, score in values.items()]


def rated_again(tmp_path: Path, *forms: tuple[str, str, range]) -> pd.DataFrame:
    first, second = (
        [one for pair in forms for one in of_form(pair[at], pair[2], shift)] for at, shift in enumerate((0.0, 6.0))
    )
    return pair_retests(*(scores_of(read([put(tmp_path / f"{at}", *one)])) for at, one in enumerate((first, second))))


def test_a_norm_of_the_short_form_says_so(tmp_path):
    practice, outcome = local_norms(rated_again(tmp_path, ("short", "short", range(60))), CONTENT, "Hilltop", 2027)
    assert (practice.norm.items, outcome.norm.items) == (8, 4) and practice.note == ""
    (own := tmp_path / "content").mkdir()
    write_norms(own, (practice, outcome), CONTENT)
    theirs = norms(load_content(own)).practice
    assert theirs.reliability_of(8) == pytest.approx(theirs.reliability) and theirs.reliability_of(24) > 0.9


def test_of_full_and_short_forms_the_full_ones_are_taken_and_it_is_said(tmp_path):
    several = (("full", "full", range(52)), ("short", "short", range(52, 60)), ("full", "short", range(60, 70)))
    practice, outcome = local_norms(rated_again(tmp_path, *several), CONTENT, "Hilltop", 2027)
    assert (practice.norm.items, outcome.norm.items, practice.retest.n) == (24, 12, 52)
    assert "Only ratings on the full form, both times, were taken" in practice.note
    (tmp_path / "mixed").mkdir()
    mixed = rated_again(tmp_path / "mixed", ("full", "short", range(60)))
    assert "there are 0" in local_norms(mixed, CONTENT, "Hilltop", 2027)[0].reason


def test_the_command_tells_what_it_did_not_read(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for folder, shift in (("first", 0.0), ("again", 6.0)):
        put(tmp_path / folder, *of_form("short", range(60), shift))
        rows = ["student,term,class_year,relationship,mentor_type,item,value"]
        rows += [f"x,2026-fall,m2,1,peer,practice.expectations.{item}" for item in ("said,2", "rhythm,7")]
        (tmp_path / folder / "rows.csv").write_text("\n".join(rows), "utf-8")
        (tmp_path / folder / "notes.txt").write_text("", "utf-8")
    assert cli.run(["norms", "first", "--again", "again", "--school", "Hilltop"]) == 0
    said = capsys.readouterr().out
    assert said.count("Refused") == 2 and "Note on" in said and "Not all was read" in said
    assert "items = 8" in (tmp_path / "norms.toml").read_text("utf-8")
