"""The pictures of a cohort: what is published is drawn, what is withheld is a gap, and all words keep within."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sample_release as made

from mentorkit.cohort.disclosure import Ledger, Mean, Published, Release, Shares, Table, publish
from mentorkit.cohort.report import charts
from mentorkit.cohort.report.charts.canvas import Canvas, lines
from mentorkit.cohort.report.charts.heat import step
from mentorkit.cohort.report.sections import chart_words
from mentorkit.content import load_content

WORDS = chart_words(load_content()) | {"before": "Spring 2026", "after": "Fall 2026"}
SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (charts.WIDE, charts.NARROW)
LONG = "Professionalentwicklungsgesprächsvorbereitung and <b>markup</b> & more"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    frame = made.members(120)
    frame["class_year"] = ["m1"] * 60 + ["m2"] * 53 + ["m3"] * 7
    column = Shares("practice_index 2026-fall", made.BANDS, made.EDGES)
    asks = (Mean("unmet.academic 2026-fall"), Mean("unmet.research 2026-fall"), column)
    ledger = Ledger(tmp_path_factory.mktemp("charts") / "ledger")
    return publish(frame, [Table("t", ("class_year",), asks)], ledger=ledger)


def mean(release: Release, **group: str) -> Published:
    found = release.at("t", "unmet.research 2026-fall", "mean", **group)
    assert found
    return found


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def of_kind(svg: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in parsed(svg).iter() if kind in (one.get("class") or "").split()]


def said(svg: str) -> list[str]:
    return [one.text or "" for one in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_withheld_field_is_hatched_and_has_no_number(release: Release, width: int):
    shown, hidden = mean(release), mean(release, class_year="m3")
    assert hidden.mark == "withheld"
    svg = charts.heat_map(Canvas("a", width), ("All", "Third"), [charts.HeatRow("Research", (shown, hidden))], WORDS)
    without = charts.heat_map(Canvas("a", width), ("All", "Third"), [charts.HeatRow("Research", (shown, None))], WORDS)
    assert len(of_kind(svg, "mc-hatch-field")) == len(of_kind(without, "mc-hatch-field")) + 1
    assert said(svg) == said(without)
    assert shown.text in said(svg)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_drawn_across_a_withheld_term(release: Release, width: int):
    shown, hidden = mean(release), mean(release, class_year="m3")
    terms = ("Fall 2025", "Spring 2026", "Fall 2026")
    whole = charts.courses(Canvas("a", width), terms, [charts.Course("X", (shown, shown, shown))], WORDS)
    broken = charts.courses(Canvas("a", width), terms, [charts.Course("X", (shown, hidden, shown))], WORDS)
    assert (len(of_kind(whole, "mc-course")), len(of_kind(broken, "mc-course"))) == (2, 0)
    assert (len(of_kind(whole, "mc-after")), len(of_kind(broken, "mc-after"))) == (3, 2)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_change_that_is_withheld_has_no_mark(release: Release, width: int):
    hidden = mean(release, class_year="m3")
    row = charts.ChangeRow("X", mean(release), hidden, hidden, hidden, hidden, None)
    svg = charts.changes(Canvas("a", width), [row], WORDS)
    assert len(of_kind(svg, "mc-after")) == 1  # in the key alone
    assert len(of_kind(svg, "mc-clear")) == 1
    assert "0" in said(svg) and "–" in said(svg)


def test_only_a_detectable_change_is_filled(release: Release):
    one = mean(release)
    for detectable, clear in ((True, 2), (False, 1), (None, 1)):
        row = charts.ChangeRow("X", one, one, one, one, one, detectable)
        assert len(of_kind(charts.changes(Canvas("a", 704), [row], WORDS), "mc-clear")) == clear


def test_a_bar_is_as_long_as_what_is_published_of_it(release: Release):
    shares = tuple(release.at("t", "practice_index 2026-fall", "share", band) for band in made.BANDS)
    svg = charts.spreads(Canvas("a", 704), made.BANDS, [charts.SpreadRow("X", shares)], WORDS)
    drawn = sum(float(one.get("width", 0)) for one in of_kind(svg, "mc-part"))
    published = sum(one.number for one in shares if one and one.number is not None)
    assert drawn == pytest.approx(published * (704 - 200) / 200, abs=0.5)


@pytest.mark.parametrize("width", WIDTHS)
def test_all_pictures_are_whole_svg_and_long_names_with_markup_keep_within(release: Release, width: int):
    one, hidden = mean(release), mean(release, class_year="m3")
    shares = tuple(release.at("t", "practice_index 2026-fall", "share", band) for band in made.BANDS)
    drawn = (
        charts.changes(Canvas("a", width), [charts.ChangeRow(LONG, one, one, one, one, one, True)], WORDS),
        charts.heat_map(Canvas("a", width), ("All", LONG), [charts.HeatRow(LONG, (one, hidden))], WORDS),
        charts.spreads(Canvas("a", width), made.BANDS, [charts.SpreadRow(LONG, shares)], WORDS),
        charts.courses(Canvas("a", width), ("Fall 2025", "Fall 2026"), [charts.Course(LONG, (one, hidden))], WORDS),
    )
    for svg in drawn:
        root = parsed(svg)
        assert root.get("viewBox", "").split()[2] == str(width)
        assert not list(root.iter(f"{SVG}b"))
        assert root.get("aria-hidden") == "true"
        for mark in root.iter(f"{SVG}rect"):
            assert float(mark.get("x", 0)) + float(mark.get("width", 0)) <= width + 0.5


def test_hatching_is_found_by_a_name_of_its_own(release: Release):
    hidden = mean(release, class_year="m3")
    rows = [charts.HeatRow("X", (hidden,))]
    one, two = (charts.heat_map(Canvas(name, 704), ("All",), rows, WORDS) for name in ("one", "two"))
    assert set(re.findall(r'(?:id="|url\(#)(hatch-\w+)', one)).isdisjoint(re.findall(r"hatch-\w+", two))


def test_a_darker_step_begins_where_the_key_says():
    assert [step(n) for n in (0, 9.9, 10, 20, 30, 39.9, 40, 100)] == [1, 1, 2, 3, 4, 4, 5, 5]


def test_words_are_cut_only_where_they_are_too_long():
    assert lines("one two three", 55) == ["one two", "three"]
    assert "".join(lines(LONG, 60)).replace(" ", "") == LONG.replace(" ", "")


def test_the_folder_of_nothing_draws_an_empty_picture(tmp_path: Path):
    for width in WIDTHS:
        parsed(charts.heat_map(Canvas("a", width), (), [], WORDS))
        parsed(charts.courses(Canvas("a", width), ("Fall 2025",), [], WORDS))
