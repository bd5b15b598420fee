from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mentorkit.errors import BadAnswer, Unknown
from mentorkit.scorecard import Draft, Scorecard
from mentorkit.worksheet import NOT_COUNTED, ResponseOption, Text, Worksheet, applies, is_empty


def options(*codes):
    return [{"code": code, "label": f"label of {code}"} for code in codes]


ITEMS = [
    {"kind": "rating", "id": "need", "text": "Need", "scale": "need", "options": options(0, 1, 2, NOT_COUNTED)},
    {"kind": "choice", "id": "form", "text": "Form", "options": options("short", "full")},
    {"kind": "choices", "id": "top", "text": "Top", "options": options("a", "b", "c"), "at_most": 2},
    {"kind": "choices", "id": "who", "text": "Who", "options_from": "mentors", "optional": True},
    {"kind": "text", "id": "words", "text": "Words", "at_most": 5, "when": {"form": ["full"]}},
    {"kind": "date", "id": "day", "text": "Day", "when": {"words": "answered"}},
    {
        "kind": "group", "id": "goals", "text": "Goals", "entry": "goal", "at_most": 2,
        "items": [{"kind": "text", "id": "goal", "text": "Goal"}, {"kind": "date", "id": "by", "text": "By"}],
    },
]  # fmt: skip
MORE = [{"kind": "rating", "id": "more", "text": "More", "scale": "need", "options": options(0, 1)}]


def worksheet(**changes):
    plain = {
        "id": "sheet", "version": 1, "title": "Sheet", "minutes": 5,
        "section": [
            {"id": "one", "title": "One", "item": ITEMS},
            {"id": "two", "title": "Two", "item": MORE, "when": {"need": [1, 2]}},
        ],
        "subscale": [{"id": "need.all", "items": ["need", "more"]}],
    }  # fmt: skip
    return Worksheet.model_validate({**plain, **changes})


SHEET = worksheet()


def check(item, value):
    return SHEET.item(item).check(value)


# Answers


@pytest.mark.parametrize("code", [0, 1, 2, NOT_COUNTED])
def test_a_rating_takes_a_point_of_its_scale(code):
    assert check("need", code) == code


@pytest.mark.parametrize("code", [3, -1, "1", 1.0, True, None, [1], ""])
def test_a_rating_takes_nothing_else(code):
    with pytest.raises(BadAnswer, match="takes one of these answers: 0, 1, 2, na"):
        check("need", code)


def test_a_choice_takes_one_of_its_options():
    assert check("form", "short") == "short"
    with pytest.raises(BadAnswer, match="short, full"):
        check("form", "long")


def test_only_the_option_not_counted_is_not_counted():
    assert [option.counted for option in SHEET.item("need").options] == [True, True, True, False]


@given(st.lists(st.sampled_from("abc"), max_size=6))
def test_several_choices_are_kept_once_each_and_in_the_order_of_the_options(codes):
    if len(set(codes)) > 2:
        with pytest.raises(BadAnswer, match="at most 2"):
            check("top", codes)
    else:
        assert check("top", codes) == sorted(set(codes))


@pytest.mark.parametrize("value", ["a", 1, {"a": 1}])
def test_several_choices_are_a_list(value):
    with pytest.raises(BadAnswer, match="takes a list"):
        check("top", value)


def test_several_choices_refuse_a_code_that_is_no_option():
    with pytest.raises(BadAnswer, match="a, b, c"):
        check("top", ["a", "z"])
    with pytest.raises(BadAnswer, match="none yet"):
        check("who", ["m-1"])


def test_choices_without_a_limit_take_every_option():
    mentors = tuple(ResponseOption(code=f"m-{n}", label=f"{n}") for n in range(9))
    everyone = [mentor.code for mentor in mentors]
    assert SHEET.with_options("mentors", mentors).item("who").check(everyone[::-1]) == everyone


@pytest.mark.parametrize("text", ["hello", "a\nb\tc", "zwölf", "  x  ", "😀"])
def test_a_text_is_kept_as_typed(text):
    assert check("words", text) == text


def test_a_text_that_is_too_long_says_by_how_much():
    with pytest.raises(BadAnswer, match=r"at most 5 characters: shorten it by 2\."):
        check("words", "1234567")


@pytest.mark.parametrize("value", [7, None, ["a"]])
def test_a_text_is_words(value):
    with pytest.raises(BadAnswer, match="takes words"):
        check("words", value)


@pytest.mark.parametrize("char", ["\0", "\x1b", "\x7f", "\ud800"])
def test_a_character_that_cannot_be_kept_is_refused(char):
    with pytest.raises(BadAnswer, match="cannot be kept"):
        check("words", f"a{char}")


@given(st.dates())
def test_a_day_is_kept_as_iso_text_however_it_is_given(day):
    assert check("day", day) == check("day", day.isoformat()) == day.isoformat()


@pytest.mark.parametrize("value", ["15.3.2027", "2027-02-30", 20270315, None, "", datetime(2027, 3, 15, 9, 0)])
def test_what_is_no_day_is_refused_with_an_example(value):
    with pytest.raises(BadAnswer, match="2027-03-15"):
        check("day", value)


def test_a_group_keeps_its_entries_and_drops_what_is_blank():
    entries = [{"goal": "Publish", "by": date(2027, 3, 15)}, {"goal": " ", "by": None}, {"goal": "Rest", "by": ""}]
    assert check("goals", entries) == [{"goal": "Publish", "by": "2027-03-15"}, {"goal": "Rest"}]


def test_a_group_takes_so_many_entries_and_no_more():
    assert len(check("goals", [{"goal": "a"}, {"goal": "b"}, {}])) == 2
    with pytest.raises(BadAnswer, match="at most 2"):
        check("goals", [{"goal": "a"}, {"goal": "b"}, {"goal": "c"}])


@pytest.mark.parametrize("value", ["goal", [["goal"]], {"goal": "a"}, ["a"]])
def test_a_group_is_a_list_of_entries(value):
    with pytest.raises(BadAnswer, match="takes a list of entries"):
        check("goals", value)


def test_a_group_refuses_a_part_it_does_not_have_and_a_bad_part():
    with pytest.raises(BadAnswer, match="no part called 'why'"):
        check("goals", [{"why": "because"}])
    with pytest.raises(BadAnswer, match="2027-03-15"):
        check("goals", [{"by": "soon"}])


@pytest.mark.parametrize("value", [None, "", " \n", [], (), [{}], [{"goal": " ", "by": None}, {}]])
def test_what_says_nothing_is_empty(value):
    assert is_empty(value)


@pytest.mark.parametrize("value", [0, "x", [0], ["a"], [""], [{"goal": "x"}], NOT_COUNTED, False])
def test_what_says_something_is_not_empty(value):
    assert not is_empty(value)


# What is asked


def asked(answers):
    return [item.id for item in SHEET.asked(answers)]


def test_a_part_is_asked_when_its_conditions_hold():
    assert asked({}) == ["need", "form", "top", "who", "goals"]
    assert asked({"form": "full"}) == ["need", "form", "top", "who", "words", "goals"]
    assert asked({"form": "full", "words": "yes"}) == ["need", "form", "top", "who", "words", "day", "goals"]
    assert asked({"need": 1})[-1] == "more"
    assert "more" not in asked({"need": 0})
    assert "more" not in asked({"need": NOT_COUNTED})


def part(**conditions):
    return Text(id="words", text="Words", **conditions)


def test_every_condition_must_hold():
    both = part(when={"need": [1], "form": "answered"})
    assert applies(part(), {})
    assert applies(both, {"need": 1, "form": "short"})
    assert not applies(both, {"need": 1})
    assert not applies(both, {"need": 2, "form": "short"})


def test_one_reason_against_is_enough():
    either = part(unless={"need": [1], "form": "answered"})
    assert applies(either, {})  # so nothing is left out before the student has chosen
    assert applies(either, {"need": 2})
    assert not applies(either, {"need": 1})
    assert not applies(either, {"form": "full"})


def test_a_reason_against_outweighs_a_condition_that_holds():
    assert not applies(part(when={"need": [1]}, unless={"form": ["short"]}), {"need": 1, "form": "short"})


def test_what_is_asked_and_not_optional_is_missing_until_it_is_answered():
    assert [item.id for item in SHEET.missing({})] == ["need", "form", "top", "goals"]
    assert [item.id for item in SHEET.missing({"need": 0, "form": "full", "top": ["a"], "goals": []})] == ["words"]


def test_no_answer_is_chosen_before_the_student_chooses():
    assert not any("default" in type(item).model_fields for item in SHEET)


# How it hangs together


def test_items_come_in_the_order_asked():
    assert [item.id for item in SHEET] == ["need", "form", "top", "who", "words", "day", "goals", "more"]


def test_an_item_or_subscale_that_does_not_exist_is_refused():
    with pytest.raises(Unknown, match="no item 'sleep'"):
        SHEET.item("sleep")
    with pytest.raises(Unknown, match=r"no subscale 'need\.sleep'"):
        SHEET.subscale("need.sleep")
    assert SHEET.subscale("need.all").items == ("need", "more")


def one_section(*items, **more):
    return {"section": [{"id": "one", "title": "One", "item": items, **more}], "subscale": []}


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        (one_section(ITEMS[0], ITEMS[0]), "the item need stands twice"),
        (one_section({**ITEMS[0], "when": {"sleep": [1]}}), r"need\.when names sleep, which is not an item"),
        (one_section({**ITEMS[0], "unless": {"sleep": [1]}}), r"need\.unless names sleep, which is not an item"),
        (one_section(ITEMS[0], when={"sleep": "answered"}), r"one\.when names sleep, which is not an item"),
        ({"subscale": [{"id": "s", "items": ["form"]}]}, "form, which is not a rating"),
        ({"subscale": [{"id": "s", "items": ["sleep"]}]}, "sleep, which is not a rating"),
        ({"titel": "Sheet"}, "Extra inputs are not permitted"),
        (one_section({**ITEMS[0], "optionl": True}), "Extra inputs are not permitted"),
    ],
)
def test_a_mistake_in_a_worksheet_is_named(changes, mistake):
    with pytest.raises(ValidationError, match=mistake):
        worksheet(**changes)


def test_options_are_filled_in_wherever_they_come_from_that_source():
    filled = SHEET.with_options("mentors", (ResponseOption(code="m-1", label="Ada"),))
    assert filled.item("who").check(["m-1"]) == ["m-1"]
    assert [item.id for item in filled] == [item.id for item in SHEET]
    assert filled.item("top") == SHEET.item("top")
    assert filled.subscales == SHEET.subscales
    assert SHEET.item("who").options == ()  # the worksheet itself is as it was


def test_a_worksheet_does_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        SHEET.title = "Another"


# Drafts and scorecards

NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)


def test_answering_leaves_the_old_draft_alone():
    empty = Draft()
    first = empty.with_answer("need", 1, 1, NOW)
    second = first.with_answer("form", "full", 2, NOW)
    assert dict(empty) == {}
    assert dict(first) == {"need": 1}
    assert dict(second) == {"need": 1, "form": "full"}
    assert (len(second), second["form"], second.revisions) == (2, "full", {"need": 1, "form": 2})
    assert (second.revision, second.saved_at) == (2, NOW)


def test_a_cleared_answer_is_absent_and_keeps_its_revision():
    cleared = Draft().with_answer("need", 1, 1, NOW).with_answer("need", None, 2, NOW)
    assert "need" not in cleared
    assert cleared.revisions == {"need": 2}


def test_a_draft_says_what_is_asked():
    assert "more" in [item.id for item in SHEET.asked(Draft().with_answer("need", 2, 1, NOW))]


def test_a_sealed_card_does_not_change():
    card = Scorecard("sheet", 1, "2026-fall", None, 1, {"need": 1}, NOW)
    with pytest.raises(AttributeError):
        card.term = "2027-spring"
