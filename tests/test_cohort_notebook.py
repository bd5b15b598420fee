"""The notebook for advisors: students never get it, it never gets students, and it opens a release of one's own."""

from pathlib import Path

import pytest
import sample_release as made

from mentorkit.errors import BadFile, Damaged, NotReady
from mentorkit.pages import cohort
from mentorkit.serve.lab import copy_notebooks
from mentorkit.serve.notebooks import joined, notebooks_folder

PARTS = (cohort.summary, cohort.needs, cohort.change, cohort.relationships, cohort.over_terms, cohort.method)


@pytest.fixture(autouse=True)
def nothing_opened():
    yield
    cohort._open.clear()
    cohort._panels.clear()


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
