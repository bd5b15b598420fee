"""The notebook for advisors: students never get it, it never gets students, and it opens a release of one's own."""

from pathlib import Path

import pytest
import sample_release as made
from cohort_files import AFTER, BEFORE, put, relationship, share

from mentorkit.cohort import usual_ledger
from mentorkit.errors import BadFile, Damaged, NotReady, Withheld
from mentorkit.pages import cohort
from mentorkit.serve.lab import copy_notebooks
from mentorkit.serve.notebooks import advisor_pages, joined, notebooks_folder

PARTS = (cohort.summary, cohort.needs, cohort.change, cohort.relationships, cohort.over_terms, cohort.method)


@pytest.fixture(autouse=True)
def nothing_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    yield
    for kept in (cohort._open, cohort._panels, cohort._told, cohort._invited, cohort._given):
        kept.clear()


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Thirty students in both terms, and two files that are no shares."""
    met = relationship(50.0, 60.0)
    folder = put(tmp_path / "in", *(share(n, term, met) for n in range(30) for term in (BEFORE, AFTER)))
    (folder / "notes.txt").write_text("not a share", "utf-8")
    (folder / "<b>torn.json").write_text('{"schema": ', "utf-8")
    return folder


def test_the_notebook_for_advisors_is_in_no_app_or_copy_for_students(tmp_path: Path):
    assert (notebooks_folder() / "90_cohort.ipynb").exists()
    copy_notebooks(notebooks_folder(), tmp_path)
    assert [path.name for path in tmp_path.glob("9*")] == []
    book = joined(notebooks_folder())
    assert not [cell for cell in book.cells if "cohort" in cell.metadata["mentorkit"]["page"]]
    assert not [cell for cell in book.cells if "pages import cohort" in cell.source]


def test_with_nothing_at_hand_every_part_shows_made_up_students_and_says_so():
    for part in PARTS:
        assert "Made-up students" in part().html


def test_every_figure_says_what_it_is_not_for():
    shown = "".join(part().html for part in PARTS)
    assert shown.count("<figure") == shown.count("Not for the evaluation of students or mentors.</span></figcaption>")


def test_a_release_of_one_s_own_takes_the_place_of_the_made_up_one(tmp_path: Path):
    panel = cohort.needs()
    made.release(tmp_path, cohort="Class of <b>2029</b>")
    cohort.open_ledger(str(tmp_path / "ledger"))
    assert "Made-up" not in panel.html
    page, pdf = cohort._as_page({}), cohort._as_pdf({})
    assert b"Class of &lt;b&gt;2029&lt;/b&gt;" in page.data
    assert pdf.data.startswith(b"%PDF")
    cohort.open_ledger("")
    assert "Made-up" in panel.html


def test_what_is_no_ledger_is_refused_and_what_was_open_stays(tmp_path: Path):
    made.release(tmp_path)
    cohort.open_ledger(str(tmp_path / "ledger"))
    (tmp_path / "other").write_text("no ledger\n", "utf-8")
    for place, refusal in ((tmp_path, BadFile), (tmp_path / "nowhere", NotReady), (tmp_path / "other", Damaged)):
        with pytest.raises(refusal):
            cohort.open_ledger(str(place))
        assert cohort.release().cohort == "Class of 2029"


def test_looking_says_what_was_read_and_what_was_not_and_releases_nothing(handed_in: Path, tmp_path: Path):
    panel = cohort.choose()
    said = panel._does["look"]({"place": str(handed_in)})
    assert said == "There are scores for Spring 2026, Fall 2026. Nothing is released yet."
    assert "notes.txt: It ends in none of" in panel.html and "&lt;b&gt;torn.json" in panel.html
    assert f'value="{handed_in}"' in panel.html  # nothing need be typed again
    assert "Made-up students" in cohort.summary().html and not (tmp_path / "data").exists()


def test_a_release_is_made_of_what_was_handed_in_and_shown(handed_in: Path, tmp_path: Path):
    panel, brief = cohort.choose(), cohort.summary()
    given = {"place": str(handed_in), "name": "Class of <i>2030</i>", "by": "class_year mentor_type", "invited": "40"}
    said = panel._does["freeze"](given)
    (ledger,) = (tmp_path / "data").rglob("ledger.jsonl")
    assert said == f"Release 1 is frozen in {ledger}. Keep that file: the next release needs it."
    assert "Made-up" not in brief.html and "40 students were invited, so about 75 of 100 answered." in brief.html
    assert b"Class of &lt;i&gt;2030&lt;/i&gt;" in cohort._as_page({}).data
    assert cohort.release().at(f"needs {AFTER} by class_year", class_year="m2").number == 30
    panel._does["freeze"]({**given, "invited": ""})  # the same question: the same release
    assert cohort.release().number == 1 and "invited" not in brief.html


def test_of_two_terms_one_may_be_released_alone(handed_in: Path):
    cohort.choose()._does["freeze"]({"place": str(handed_in), "terms": AFTER})
    assert f"needs {AFTER}" in cohort.release().tables and f"needs {BEFORE}" not in cohort.release().tables


@pytest.mark.parametrize(
    ("given", "refusal", "sentence"),
    [
        ({}, BadFile, "Name a folder first"),
        ({"place": "{tmp}/nowhere"}, BadFile, "check its name"),
        ({"place": "{tmp}/in", "invited": "many"}, BadFile, "whole number, such as 160"),
        ({"place": "{tmp}/in", "terms": "1999-fall"}, NotReady, "Nothing was read of 1999-fall"),
        ({"place": "{tmp}/in/0000.json"}, Withheld, "fewer than 10"),
    ],
)
def test_what_cannot_be_released_is_one_sentence_and_nothing_is_frozen(
    handed_in: Path, tmp_path: Path, given: dict[str, str], refusal: type[Exception], sentence: str
):
    values = {name: value.format(tmp=tmp_path) for name, value in given.items()}
    with pytest.raises(refusal, match=sentence):
        cohort.choose()._does["freeze"](values)
    assert not cohort._open and usual_ledger().releases == ()


def test_advisors_get_a_copy_of_their_notebook_alone(tmp_path: Path):
    copy_notebooks(notebooks_folder(), tmp_path, advisor_pages)
    assert [path.name for path in tmp_path.glob("*.ipynb")] == ["90_cohort.ipynb"]
