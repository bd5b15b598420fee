"""The content: what is asked, what is advised, how it is said, and ids that last."""

import re
import string
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.content import load_content
from mentorkit.content.loader import FILES, SHIPPED
from mentorkit.errors import Unknown
from mentorkit.scoring import QuadrantId
from mentorkit.worksheet import Choice, Choices, Group, Item, Rating

CONTENT = load_content()
RELEASED = Path(__file__).parent / "released_ids.txt"
SHORT = {"relationship.meetings": "4+", "relationship.form": "short"}
FULL = {"relationship.meetings": "4+", "relationship.form": "full"}

STRENGTH = """
           academic clinical career professional emotional networking research
peer       3 1 1 2 3 1 1
faculty    2 3 2 3 1 2 1
research   1 0 1 1 0 2 3
specialty  0 2 3 1 0 2 2
leadership 0 0 1 3 1 2 0
online     1 0 2 1 1 2 1
national   0 0 2 2 2 3 1
"""
SOURCE_MAP = """
area.academic area.clinical area.career area.professional area.emotional area.networking area.research
type.peer type.faculty type.research type.specialty type.leadership type.online type.national
keep.expectations keep.prepared keep.followthrough keep.feedback keep.appreciation keep.professionalism
keep.reciprocity keep.reassess why.benefits why.research why.career
"""


# What is asked


def test_every_file_of_the_folder_is_read_and_every_read_file_is_there():
    assert {path.stem for path in SHIPPED.glob("*.toml")} == set(FILES)


def test_the_needs_worksheet_asks_28_ratings_in_7_areas():
    ratings = [item for item in CONTENT.worksheet("needs").asked({}) if isinstance(item, Rating)]
    assert sum(item.scale == "need" for item in ratings) == 21
    assert sum(item.scale == "support" for item in ratings) == 7
    assert len(CONTENT.areas) == 7


def test_only_ratings_and_the_top_areas_are_asked_of_everyone():
    asked = CONTENT.worksheet("needs").missing({})
    assert [item.id for item in asked if not isinstance(item, Rating)] == ["top.areas"]


def test_an_area_in_ones_own_words_is_rated_only_when_it_is_named():
    sheet = CONTENT.worksheet("needs")
    always = {item.id for item in sheet.asked({})}
    named = {item.id for item in sheet.asked({"area.own": "being far from home"})}
    assert named - always == {"need.own.overall", "support.own"}


@pytest.mark.parametrize("area", CONTENT.areas)
def test_who_gives_support_is_asked_when_there_is_some(area: str):
    sheet, key = CONTENT.worksheet("needs"), f"support.{area}"
    asked = {level: f"{key}.from" in {i.id for i in sheet.asked({key: level})} for level in range(5)}
    assert asked == {0: False, 1: True, 2: True, 3: True, 4: True}


def test_the_top_areas_may_hold_the_own_one_and_are_three_at_most():
    item = CONTENT.worksheet("needs").item("top.areas")
    assert isinstance(item, Choices)
    assert item.at_most == 3
    assert [option.code for option in item.options] == [*CONTENT.areas, "own"]


def test_a_student_writes_three_goals_at_most():
    goals = CONTENT.worksheet("needs").item("goals")
    assert isinstance(goals, Group)
    assert goals.at_most == 3
    assert [part.id for part in goals.items] == ["goal", "sign", "by", "step"]


def _rated(answers: dict[str, object]) -> dict[str, int]:
    ids = [i.id for i in CONTENT.worksheet("relationship").asked(answers) if isinstance(i, Rating)]
    return {kind: sum(name.startswith(f"{kind}.") for name in ids) for kind in ("practice", "outcome", "relationship")}


def test_the_full_form_has_24_and_12_and_3_questions():
    assert _rated(FULL) == {"practice": 24, "outcome": 12, "relationship": 2}
    assert "relationship.decision" in {item.id for item in CONTENT.worksheet("relationship").asked(FULL)}


def test_the_short_form_has_8_and_4_and_the_decision():
    assert _rated(SHORT) == {"practice": 8, "outcome": 4, "relationship": 0}
    assert "relationship.decision" in {item.id for item in CONTENT.worksheet("relationship").asked(SHORT)}


def test_the_short_form_is_the_part_of_the_full_form_that_is_marked_short():
    sheet = CONTENT.worksheet("relationship")
    short = {item.id for item in sheet.asked(SHORT) if isinstance(item, Rating)}
    assert short == {item.id for item in sheet.asked(FULL) if isinstance(item, Rating) and item.short}


@pytest.mark.parametrize("meetings", ["none", "one"])
@pytest.mark.parametrize(("form", "each"), [("short", 1), ("full", 3)])
def test_with_fewer_than_two_meetings_only_four_topics_are_asked(meetings: str, form: str, each: int):
    answers = {"relationship.meetings": meetings, "relationship.form": form}
    asked = [i.id for i in CONTENT.worksheet("relationship").asked(answers)]
    topics = [name.rpartition(".")[0] for name in asked if name.startswith(("practice.", "outcome."))]
    assert {topic: topics.count(topic) for topic in topics} == {
        "practice.expectations": each,
        "practice.prepared": each,
        "practice.professionalism": each,
        "outcome.access": each,
    }


def test_words_and_flags_about_a_relationship_stay_private():
    sheet = CONTENT.worksheet("relationship")
    assert {item.id for item in sheet if item.private} == {"relationship.occasion", "relationship.flags"}
    assert all(item.optional for item in sheet if item.private)


def test_every_point_of_every_scale_has_its_own_label():
    for scale in CONTENT.scales.values():
        labels = [option.label for option in scale.options]
        assert all(labels)
        assert len(set(labels)) == len(labels)
        counted = [option.code for option in scale.options if option.counted]
        assert counted == list(range(counted[0], counted[0] + len(counted)))


def test_a_rating_has_the_options_of_its_scale():
    for sheet in CONTENT.worksheets.values():
        assert all(i.options == CONTENT.scales[i.scale].options for i in sheet if isinstance(i, Rating))


# What is advised


def test_each_of_the_49_cells_has_its_starting_value():
    header, *rows = (line.split() for line in STRENGTH.strip().splitlines())
    expected = {row[0]: dict(zip(header, map(int, row[1:]), strict=True)) for row in rows}
    assert CONTENT.strength == expected


def test_each_of_the_49_cells_has_a_reason_of_its_own():
    reasons = [cell.reason for kind in CONTENT.types.values() for cell in kind.strength.values()]
    assert len(set(reasons)) == len(reasons) == 49


def test_every_point_of_the_source_map_has_its_place():
    # find.* and reach.* come with the pages about finding and approaching a mentor, in a later release
    assert set(SOURCE_MAP.split()) <= CONTENT.ids()


def test_the_three_national_groups_of_the_article_are_named():
    assert all(name in CONTENT.types["national"].what for name in ("SNMA", "AMWA", "AMA"))


def test_without_preferences_no_kind_of_mentor_is_set_aside():
    questions = [item for item in CONTENT.worksheet("mentor_types") if isinstance(item, Choice)]
    assert len(questions) == 6
    assert CONTENT.unsuited({item.id: "any" for item in questions}) == {}
    assert CONTENT.unsuited({}) == {}


def test_a_kind_of_mentor_is_set_aside_with_every_reason():
    found = CONTENT.unsuited({"feasible.frequency": "termly", "feasible.time": "under-1h"})
    assert len(found["research"]) == 2
    assert all(reason.endswith(".") for reason in found["research"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            item.id: st.sampled_from([option.code for option in item.options])
            for item in CONTENT.worksheet("mentor_types")
            if isinstance(item, Choice)
        },
    )
)
def test_whatever_the_answers_some_kind_of_mentor_is_left(answers: dict[str, object]):
    assert set(CONTENT.unsuited(answers)) < set(CONTENT.types)


def test_the_quadrants_are_those_of_the_scores():
    assert set(CONTENT.quadrants) == set(get_args(QuadrantId))
    assert {(q.practice == "high", q.outcome == "high"): q.id for q in CONTENT.quadrants.values()} == {
        (True, True): "keep_it_up",
        (False, True): "mentor_carries",
        (True, False): "talk_or_add",
        (False, False): "restart_or_close",
    }


def test_the_decision_and_the_flags_are_those_that_have_advice():
    sheet = CONTENT.worksheet("relationship")
    decision, flags = sheet.item("relationship.decision"), sheet.item("relationship.flags")
    assert isinstance(decision, Choice) and isinstance(flags, Choices)
    assert [o.code for o in decision.options] == list(CONTENT.decisions) == ["keep", "adjust", "add", "pause", "close"]
    assert [o.code for o in flags.options] == list(CONTENT.flags) == ["disrespect", "boundary", "neglect", "conflict"]
    assert all(option.help for option in decision.options)


def test_closing_has_words_for_a_goodbye_and_for_something_lighter():
    assert [draft.id for draft in CONTENT.decisions["close"].drafts] == ["goodbye", "redefine"]


def test_every_draft_can_be_addressed():
    for decision in CONTENT.decisions.values():
        for draft in decision.drafts:
            words = draft.text.format(mentor="Dr. Vega")
            assert words.startswith("Dear Dr. Vega,")
            assert words.endswith("[Your name]")


def test_the_visible_words_can_be_filled_in():
    assert CONTENT.words["saved"].format(time="10:42") == "Saved 10:42"
    for text in CONTENT.words.values():
        text.format(**{name: "x" for _, name, _, _ in string.Formatter().parse(text) if name})


def test_a_term_is_known_by_the_names_schools_use():
    assert CONTENT.calendar.name("2026-fall") == "Fall 2026"
    for name in ("Fall 2026", "autumn 2026", "Semester 1 2026/27", "2026-fall"):
        assert CONTENT.calendar.parse(name) == "2026-fall"


def test_the_norms_are_the_assumptions_and_say_so():
    norms = CONTENT.norms
    assert norms.practice.model_dump(exclude_none=True) == {"mean": 60, "sd": 18, "reliability": 0.85, "items": 24}
    assert norms.outcome.model_dump(exclude_none=True) == {"mean": 60, "sd": 18, "reliability": 0.90, "items": 12}
    assert (norms.cut, norms.source) == (60, "assumption of the authors, provisional")


def test_what_does_not_exist_is_named():
    with pytest.raises(Unknown, match="no worksheet 'feelings'"):
        CONTENT.worksheet("feelings")


# How it is said


def _texts() -> dict[str, str]:
    """Everything a student can read, by a name for the place."""
    found = {f"words.{key}": text for key, text in CONTENT.words.items()}

    def walk(key: str, value: object) -> None:
        if isinstance(value, str):
            found[key] = value
        elif isinstance(value, dict):
            for name, inner in value.items():
                walk(f"{key}.{name}", inner)
        elif isinstance(value, list | tuple):
            for number, inner in enumerate(value):
                walk(f"{key}.{number}", inner)

    for file in ("areas", "types", "practices", "outcomes", "quadrants", "decisions", "flags", "texts", "scales"):
        for entry in getattr(CONTENT, file).values():
            walk(f"{file}.{entry.id}", entry.model_dump())
    for sheet in CONTENT.worksheets.values():
        walk(sheet.id, [section.model_dump() for section in sheet.sections])
    return found


def test_no_text_shouts_or_promises():
    forbidden = re.compile(r"!|guarantee|proven|reduces? burnout|prevents?\b|ensures?\b|\bwill improve", re.IGNORECASE)
    assert {key: text for key, text in _texts().items() if forbidden.search(text)} == {}


def test_benefits_are_said_to_be_associated_and_not_caused():
    body = CONTENT.texts["why.benefits"].body
    assert "is associated with" in body
    assert "burnout" not in body


def _syllables(word: str) -> int:
    """An estimate: over our texts the grade is on average that by the CMU dictionary, at most 1.7 off."""
    word = re.sub(r"[^a-z]", "", word.lower())
    silent = re.search(r"[^aeiouy]e$", word) and not re.search(r"[^aeiouy]le$", word)
    silent = silent or re.search(r"[^aeiouytd]ed$|[^aeiouyscxzgh]es$", word)
    split = re.findall(r"i[ao]|eo|ua|uo|ying", re.sub(r"[tscg]i[oa]", "x", word))  # two vowels, two syllables
    return max(1, len(re.findall(r"[aeiouy]+", word)) + len(split) - bool(silent))


def _grade(text: str) -> float:
    """The Flesch–Kincaid grade, without the names of associations and without what is to be filled in."""
    text = re.sub(r"(?:[A-Z][\w']+ )+Association \([A-Z]+\)|\{\w+\}", "it", text)
    words = re.findall(r"[A-Za-z0-9'’]+", text)
    sentences = [part for part in re.split(r"[.?:…](?:\W|$)|\n+", text) if re.search(r"\w", part)]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def test_the_reading_level_of_longer_texts_is_at_most_grade_10():
    grades = {key: round(_grade(text), 1) for key, text in _texts().items() if len(text.split()) >= 15}
    assert len(grades) > 100
    assert {key: grade for key, grade in grades.items() if grade > 10} == {}
    assert sum(grades.values()) / len(grades) < 7


def test_texts_have_no_stray_spaces_and_end_as_sentences_do():
    for text in CONTENT.texts.values():
        assert text.body == text.body.strip()
        assert "  " not in text.body
        assert all(paragraph[-1] in ".?”" for paragraph in text.body.split("\n\n"))


def test_a_text_on_a_page_is_at_most_120_words():
    assert {t.id: len(t.body.split()) for t in CONTENT.texts.values() if len(t.body.split()) > 120} == {}


# Ids that were released


def _released() -> dict[str, tuple[str, bool]]:
    """For each id ever released: its kind, and whether it is retired."""
    lines = [line for line in RELEASED.read_text().splitlines() if line and not line.startswith("#")]
    rows = [tuple(part.strip() for part in line.split(" | ", 2)) for line in lines]
    assert len({row[0] for row in rows}) == len(rows), "an id stands twice"
    assert all(len(row) == 3 and all(row) for row in rows), "a line has no kind or no meaning"
    return {name: (kind.removeprefix("retired "), kind.startswith("retired ")) for name, kind, _ in rows}


def test_every_id_is_on_the_list_of_released_ids():
    assert CONTENT.ids() - _released().keys() == set(), "add a line to tests/released_ids.txt"


def test_a_released_id_is_in_use_or_marked_as_retired_and_never_reused():
    for name, (_, retired) in _released().items():
        assert (name in CONTENT.ids()) != retired, name


def test_a_released_item_keeps_its_kind_and_its_scale():
    def kind(item: Item) -> str:
        return f"rating {item.scale}" if isinstance(item, Rating) else item.kind

    items = {item.id: kind(item) for sheet in CONTENT.worksheets.values() for item in sheet}
    released = _released()
    assert {name: released[name][0] for name in items} == items
