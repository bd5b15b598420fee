"""The report on a cohort: what it says, what it never says, and that it can go to a committee as it is."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sample_release as made
from axe_playwright_python.sync_playwright import Axe
from pdf_reading import Read

from mentorkit.cohort import report
from mentorkit.cohort.disclosure import Ledger, Mean, Published, Release, Table, publish
from mentorkit.cohort.report.writing import BRIEF
from mentorkit.content import load_content

CONTENT = load_content()
WORDS = CONTENT.cohort
MARKUP = "<img src=x onerror=alert(1)>{both} & ]]> #eval"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return made.release(tmp_path_factory.mktemp("cohort"))


@pytest.fixture(scope="module")
def document(release: Release) -> report.Report:
    return report.report_of(release, CONTENT)


class Outline(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._in_style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.words += data

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


# The words


def test_every_picture_and_table_has_one_sentence_of_its_own(document: report.Report):
    findings = [block.finding for block in document.shown]
    assert len(findings) >= 8
    assert all(finding.endswith(".") and "{" not in finding for finding in findings)
    assert len({block.id for block in document.shown}) == len(findings)


def test_the_summary_says_first_what_the_pictures_say(document: report.Report):
    first = document.sections[0]
    (points,) = first.blocks
    shown = [block.finding for block in document.shown if block.id in BRIEF]
    assert list(points.items)[:-1] == shown and len(shown) == len(BRIEF)


def test_no_detectable_change_is_said_of_each_scale_of_which_it_is_true(release: Release, document: report.Report):
    said = next(block.finding for block in document.shown if block.id == "change-unmet")
    for area in CONTENT.areas.values():
        verdict = release.at(
            "change words 2026-spring to 2026-fall", f"unmet.{area.id} 2026-spring to 2026-fall", "verdict"
        )
        clause = said.partition("no detectable change in")[2]
        assert (area.name in clause) == (verdict.word == "no detectable change")
    assert "down in Career planning" in said


def test_nothing_is_ever_said_not_to_have_changed(document: report.Report):
    every = " ".join(str(section) for section in document.sections)
    assert not re.search(r"\b(stayed the same|unchanged|did not change)\b", every)
    without = every.replace("not the same as no change", "")
    assert not re.search(r"(?<!detectable )\bno change\b", without)


def test_a_rounded_number_is_said_to_be_about_so_much(document: report.Report):
    for block in document.shown:
        for number in re.finditer(r"(\S+ )(\d+)%? of (100 points|students)", block.finding):
            assert number[1].strip(" (") in ("about", "most", "least", "roughly"), block.finding


def told(found: Published) -> str:
    """A number or a change, as a table has it."""
    if found.number is None:
        return "withheld"
    return f"{found.number:+g}".replace("-", "−") if found.number else "0"


def test_class_years_stand_beside_each_other_with_the_change_of_the_same_students(
    release: Release, document: report.Report
):
    shown = next(block for block in document.shown if block.id == "by-year")
    name, changes = " to ".join(made.PAIR), "change 2026-spring to 2026-fall by class_year"
    expected, zeros = [], []
    for year in ("m1", "m2", "m3", "m4"):
        for index in made.INDICES:
            mean = release.at("practices 2026-fall by class_year", f"{index} 2026-fall", "mean", class_year=year)
            change, low, high = (
                release.at(changes, f"{index} {name}", statistic, class_year=year)
                for statistic in ("mean", "low", "high")
            )
            label = f"{CONTENT.years[year].name}: {WORDS[f'kind_{index}']}"
            ends = WORDS["interval"].format(low=told(low), high=told(high)) if low.number is not None else "withheld"
            expected.append((label, told(mean).lstrip("+"), told(change), ends))
            if low.number is not None:
                zeros.append(low.number <= 0 <= high.number)
    assert list(shown.grid.rows) == expected
    assert (WORDS["intervals_hold_zero"] in shown.finding) == all(zeros)
    assert "is not tested" in shown.who and zeros


def test_withheld_cells_are_named_and_never_zero(tmp_path: Path):
    frame = made.members(60)
    frame["class_year"] = ["m1"] * 53 + ["m2"] * 7
    found = publish(frame, made.tables(), ledger=Ledger(tmp_path / "ledger"))
    table = next(b for b in report.report_of(found, CONTENT).shown if b.id == "unmet-map")
    by_year = [row[2:] for row in table.grid.rows]
    assert {cell for row in by_year for cell in row} == {"withheld"}
    assert "withheld" in table.finding
    assert "0" not in [cell for row in by_year for cell in row]


def test_a_column_of_nothing_published_makes_no_claim(tmp_path: Path):
    frame = made.members(60)
    table = Table("needs 2026-fall", (), (Mean("need.academic 2026-fall"),))
    said = report.report_of(publish(frame, [table], ledger=Ledger(tmp_path / "l")), CONTENT)
    assert [block.id for block in said.shown] == ["who-table", "needs-table"]


def test_nobody_is_ranked(document: report.Report):
    every = " ".join(str(section) for section in document.sections if section.id != "method")
    assert not re.search(
        r"\b(best|worst|rank|ranking|league|better than|worse than|top mentor)\b", every, re.IGNORECASE
    )


def test_the_release_can_be_found_again_from_its_report(release: Release, document: report.Report):
    page = report.as_page(document)
    assert release.digest in page
    assert "Release 1" in page
    assert "December 18, 2026" in page


def test_what_was_withheld_is_counted(release: Release, document: report.Report):
    block = next(block for block in document.shown if block.id == "privacy-table")
    assert sum(int(row[2].replace(",", "")) for row in block.grid.rows) == release.withheld
    assert str(release.withheld) in block.finding


# The page


def test_the_page_needs_nothing_else(document: report.Report):
    found = Outline(report.as_page(document))
    assert (
        not found.every("script") and not found.every("link") and not found.every("iframe") and not found.every("img")
    )
    assert not [key for _, attrs in found.tags for key in attrs if key.startswith("on")]
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/2000/svg)", report.as_page(document))
    assert found.every("html")[0]["lang"] == "en-US"


def test_every_picture_says_what_it_is_not_for(document: report.Report):
    captions = re.findall(r"<figcaption>.*?</figcaption>", report.as_page(document), re.DOTALL)
    assert len(captions) == len(document.shown)
    assert all("Not for the evaluation of students or mentors" in caption for caption in captions)


def test_headings_go_down_one_step_at_a_time(document: report.Report):
    levels = [int(tag[1]) for tag, _ in Outline(report.as_page(document)).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_id_stands_once(document: report.Report):
    ids = [attrs["id"] for _, attrs in Outline(report.as_page(document)).tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_names_with_markup_stay_text(tmp_path: Path):
    frame = made.members(160, years=("m1", MARKUP))
    found = publish(frame, made.tables(), ledger=Ledger(tmp_path / "ledger"), cohort=MARKUP)
    page = report.html(found, CONTENT, mark=MARKUP)
    outline = Outline(page)
    assert not outline.every("img")
    assert "onerror=alert(1)" in outline.words
    assert page.count("<style") == 1
    Read(report.pdf(found, CONTENT, mark=MARKUP))


def test_the_same_release_gives_the_same_page(release: Release):
    assert report.html(release, CONTENT) == report.html(release, CONTENT)


@pytest.mark.parametrize(
    "look",
    [
        {"viewport": {"width": 1280, "height": 900}},
        {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
        {"viewport": {"width": 320, "height": 640}},
        {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    ],
    ids=["light", "dark", "narrow", "narrow and dark"],
)
def test_axe_finds_nothing(window: Callable[..., Any], document: report.Report, look: dict[str, Any], tmp_path: Path):
    (tmp_path / "report.html").write_text(report.as_page(document), "utf-8")
    page = window(**look)
    page.goto((tmp_path / "report.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options=RULES)
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_page_that_is_printed_says_what_it_is_not_for(
    window: Callable[..., Any], document: report.Report, tmp_path: Path
):
    (tmp_path / "report.html").write_text(report.as_page(document), "utf-8")
    page = window()
    page.goto((tmp_path / "report.html").as_uri())
    printed = Read(page.pdf(prefer_css_page_size=True))
    said = [one.get_textpage().get_text_range() for one in printed.pages]
    assert len(said) > 3
    last = "Not for the evaluation of students or mentors. Release 1 of December 18, 2026"
    assert all(last in " ".join(words.split()) for words in said)  # not only in the captions


# The PDF


def test_the_pdf_is_tagged_and_says_on_every_page_what_it_is_not_for(release: Release, document: report.Report):
    found = Read(report.as_pdf(document, CONTENT))
    assert {"H1", "H2", "Table", "TH", "TD", "Figure", "L"} <= set(found.tags)
    assert found.aside.count("Notfortheevaluationofstudentsormentors.") == len(found.pages) > 3


def test_all_words_and_numbers_of_the_report_are_in_the_pdf(document: report.Report):
    found = Read(report.as_pdf(document, CONTENT))
    for section in document.sections:
        assert "".join(section.title.split()) in found.said
    for block in document.shown:
        assert "".join(block.finding.split()) in found.said
        for row in block.grid.rows:
            assert "".join("".join(row).split()) in found.said


def test_a_computer_without_typst_gets_one_sentence(document: report.Report, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(report.paper.NotReady, match=r"pip install 'mentorkit\[pdf\]'"):
        report.as_pdf(document, CONTENT)
