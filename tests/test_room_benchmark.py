"""The benchmark of a room compares the same worksheet, and says plainly what does not fit and what misses its goal."""

import re
import xml.etree.ElementTree as xml
from dataclasses import replace

from benchmarks.machine import Machine
from benchmarks.room import document, figures
from benchmarks.room.apps.worksheet import ITEMS
from benchmarks.room.picture import picture
from benchmarks.room.sides import APPS, SIDES
from benchmarks.room.table import goals, tables
from mentorkit.content import load_content

HERE = Machine("1 January 2026", "A computer", "Python", "")


def crowd(size: int, last: float, why: str = "", there: int | None = None) -> figures.Crowd:
    at_work = [last] * (size if there is None else there)
    return figures.Crowd(size, at_work, why, 0, "", size * 0.1, 100.0, 100.0 + size, [0.01] * 99 + [0.4], 100)


def found(cpu: float, memory: float, *crowds: figures.Crowd) -> figures.Found:
    return figures.Found([figures.Visit(1.0, 0.1, 1.2, 80)], [cpu], [memory], list(crowds))


def room(**others: figures.Found) -> figures.Room:
    ours = found(0.1, 10.0, crowd(20, 1.0), crowd(100, 5.0), crowd(300, 20.0))
    stock = found(1.3, 80.0, crowd(20, 15.0), crowd(100, 90.0, "the memory was used up", there=71))
    return {"ours": ours, "voila": stock, **others}


def test_every_app_shows_the_ratings_of_the_worksheet():
    sheet = load_content().worksheet("needs")
    ratings = [item for section in sheet.sections for item in section.items if item.kind == "rating"]
    assert [(item.id, item.text, item.labels) for item in ITEMS] == [
        (item.id, item.text, [option.label for option in item.options]) for item in ratings
    ]


def test_every_app_saves_to_the_same_table():
    apps = [path for path in APPS.glob("*_*.py") if path.stem != "__init__"]
    assert len(apps) == 6
    for path in apps:
        assert "from records import RECORDS" in path.read_text("utf-8"), path.name


def test_what_does_not_fit_is_said_with_the_figure_reached():
    every = {row[0]: row[1:] for row in tables(room())[1][1]}
    assert every["Voilà, core ipywidgets, pandas"][1:] == [
        "does not fit: 71 at work in 0.20 GB, the memory was used up",
        "not tried: 100 did not fit",
    ]
    assert every["Mentorkit, a room"][2] == "20.0 s, 0.40 GB"


def test_a_goal_is_met_missed_or_not_measured():
    assert {goal.met for goal in goals(room())} == {True}
    slow = room() | {"ours": found(1.0, 70.0, crowd(20, 14.0), crowd(300, 61.0))}
    assert [goal.met for goal in goals(slow)] == [False, False, False, False, True, True]
    assert {goal.met for goal in goals({"ours": figures.Found()})} == {None}
    assert "**MISSED**" in document.verdict(slow)


def test_beside_a_framework_that_answers_sooner_the_goal_is_missed():
    quick = replace(room()["ours"], visits=[figures.Visit(0.5, 0.0, 1.0, 10)])
    assert [goal.met for goal in goals(room(panel=quick))][-1] is False


def test_an_answer_that_never_came_counts_as_the_longest():
    some = replace(crowd(20, 1.0), taken=[0.01] * 97)
    assert some.latency(50) == 10.0
    assert some.latency(99) == float("inf")


def test_the_picture_can_be_read_without_seeing_it():
    drawn = xml.fromstring(picture(room()))
    assert drawn.get("role") == "img"
    assert "Voilà, core ipywidgets, pandas does not fit" in str(drawn.get("aria-label"))


def test_a_run_can_be_read_from_its_file(tmp_path):
    run = figures.Run(3, 2, 20, HERE, {"panel": "1"}, room())
    run.keep(tmp_path / "build" / "room.json")
    assert figures.kept(tmp_path / "build" / "room.json") == run


def test_the_part_of_the_page_names_every_command_and_trouble():
    troubled = room()
    troubled["voila"].trouble.append("a measurement failed: no reason")
    part = document.part(figures.Run(3, 2, 20, HERE, {"panel": "1"}, troubled))
    for side in SIDES[:2]:
        assert f"- {side.name}: `{side.said()}`" in part
    assert "a measurement failed: no reason." in part
    assert not re.search(r"\{\w+\}", part)
