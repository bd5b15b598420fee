"""FHIR R4: every worksheet a valid Questionnaire, every card a response that its Questionnaire allows."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from hypothesis import given, settings
from made import fill, opened, scratch
from sample_cards import CONTENT, MENTORS, answers, students

from mentorkit.content import Content
from mentorkit.interchange.cards import Card, Student, student_of
from mentorkit.interchange.fhir import bundle, questionnaire, response
from mentorkit.interchange.leaving import open_answers, open_items
from mentorkit.worksheet import Choices, Group, Rating, Worksheet

SHEETS = list(CONTENT.worksheets)
ASKED = {name: questionnaire(CONTENT, name) for name in SHEETS}
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
PRIVATE = [item for sheet in CONTENT.worksheets.values() for item in sheet if item.private]
SIMPLE = {"boolean", "decimal", "integer", "string", "text", "url"}
TYPES = SIMPLE | {"group", "display", "question", "date", "dateTime", "time", "choice", "open-choice"}


def items(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every item, however deep; of answers too."""
    for item in resource.get("item", ()):
        yield item
        yield from items(item)
        for one in item.get("answer", ()):
            yield from items(one)


def item(name: str) -> dict[str, Any]:
    return next(one for sheet in ASKED.values() for one in items(sheet) if one["linkId"] == name)


# Questionnaires


@pytest.mark.parametrize("name", SHEETS)
def test_a_worksheet_is_a_questionnaire_that_fhir_takes_and_gives_back_unchanged(name: str):
    read = Questionnaire.model_validate(ASKED[name])
    assert json.loads(read.model_dump_json(exclude_none=True)) == json.loads(json.dumps(ASKED[name]))


@pytest.mark.parametrize("name", SHEETS)
def test_it_keeps_the_rules_of_r4_that_no_schema_says(name: str):
    asked = ASKED[name]
    links = [one["linkId"] for one in items(asked)]
    assert re.fullmatch(r"[A-Z][A-Za-z0-9_]{0,254}", asked["name"])  # que-0
    assert len(links) == len(set(links)) and all(0 < len(link) <= 255 for link in links)  # que-2
    assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", asked["id"]) and asked["status"] == "active"
    for one in items(asked):
        kind = one["type"]
        assert kind in TYPES
        assert kind != "group" or one["item"]  # que-1
        assert kind != "display" or not {"item", "required", "repeats", "maxLength"} & set(one)  # que-1, 6
        assert "answerOption" not in one or (kind == "choice" and "answerValueSet" not in one)  # que-4, 5
        assert kind != "choice" or one["answerOption"]
        assert "initial" not in one and not one.get("required")  # a card may leave anything open
        assert "maxLength" not in one or kind in SIMPLE  # que-10
        tests = one.get("enableWhen", [])
        assert len(tests) < 2 or one["enableBehavior"] in {"all", "any"}  # que-12
        for test in tests:
            (value,) = [test[key] for key in test if key.startswith("answer")]
            assert test["operator"] in {"exists", "=", "!="} and (test["operator"] == "exists") == (type(value) is bool)
            assert test["question"] in links and test["question"] != one["linkId"]


def test_the_link_of_every_open_question_is_its_permanent_id():
    for sheet in CONTENT.worksheets.values():
        links = {one["linkId"]: one for one in items(ASKED[sheet.id])}
        for one in open_items(sheet):
            assert links[one.id]["text"] == one.text
            parts = [f"{one.id}.{part.id}" for part in one.items] if isinstance(one, Group) else []
            assert [inner["linkId"] for inner in links[one.id].get("item", []) if parts] == parts


def test_the_options_of_a_rating_have_their_scores_and_what_is_not_counted_has_none():
    options = item("need.academic.strategies")["answerOption"]
    codings = [option["valueCoding"] for option in options]
    assert [coding["code"] for coding in codings] == ["0", "1", "2", "3", "4", "na"]
    assert [coding.get("extension") for coding in codings] == [
        *([{"url": ORDINAL, "valueDecimal": score}] for score in range(5)), None,
    ]  # fmt: skip
    assert codings[-1]["display"] == "Not at my stage"
    assert len({coding["system"] for coding in codings}) == 1
    felt = item("relationship.change")["answerOption"][0]["valueCoding"]
    assert (felt["code"], felt["extension"][0]["valueDecimal"]) == ("-3", -3)


def test_kinds_of_questions_become_kinds_of_items():
    assert (item("top.areas")["type"], item("top.areas")["repeats"]) == ("choice", True)
    assert item("top.areas")["extension"][0] == {
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs", "valueInteger": 3,
    }  # fmt: skip
    assert (item("goals")["type"], item("goals")["repeats"], item("goals.by")["type"]) == ("group", True, "date")
    assert (item("meeting.time")["type"], item("meeting.notes")["type"]) == ("time", "text")
    assert (item("area.own")["type"], item("area.own")["maxLength"]) == ("string", 80)
    assert item("support.academic.from")["type"] == "integer"


def test_the_question_of_a_scale_stands_before_the_first_rating_on_it():
    shown = [one["linkId"] for one in item("needs/academic")["item"]]
    assert shown[:2] == ["need.academic.strategies/question", "need.academic.strategies"]
    assert shown.index("support.academic/question") + 1 == shown.index("support.academic")
    assert sum(link.endswith("/question") for link in shown) == 2


def test_conditions_become_enable_when():
    (one,) = item("need.own.overall")["enableWhen"]
    assert one == {"question": "area.own", "operator": "exists", "answerBoolean": True}
    given = item("support.academic.from")
    assert given["enableBehavior"] == "any"
    assert [test["answerCoding"]["code"] for test in given["enableWhen"]] == ["1", "2", "3", "4"]
    section = item("relationship/feedback")
    assert section["enableBehavior"] == "all"
    assert [(test["operator"], test["answerCoding"]["code"]) for test in section["enableWhen"]] == [
        ("!=", "none"), ("!=", "one"),
    ]  # fmt: skip


def test_nothing_private_is_in_it():
    text = json.dumps(ASKED, ensure_ascii=False)
    assert len(PRIVATE) >= 3
    for one in PRIVATE:
        assert one.id not in text and one.text not in text
    assert [flag.name for flag in CONTENT.flags.values() if flag.name in text] == []
    assert "No one sees" not in text


def test_a_school_serves_it_under_its_own_address():
    asked = questionnaire(CONTENT, "needs", "https://school.edu/fhir/")
    assert asked["url"] == "https://school.edu/fhir/Questionnaire/needs" and "urn:mentorkit" not in json.dumps(asked)
    assert ASKED["needs"]["url"] == "urn:mentorkit:Questionnaire:needs"
    Questionnaire.model_validate(asked)


# Responses


def enabled(one: dict[str, Any], given: dict[str, list[Any]]) -> bool:
    """Whether an item is enabled; an own reading of what R4 says of enableWhen."""

    def holds(test: dict[str, Any]) -> bool:
        there = given.get(test["question"], [])
        if test["operator"] == "exists":
            return bool(there) == test["answerBoolean"]
        wanted = (test["answerCoding"]["system"], test["answerCoding"]["code"])
        return (wanted in [(one["system"], one["code"]) for one in there]) == (test["operator"] == "=")

    held = [holds(test) for test in one.get("enableWhen", [])]
    return not held or (any(held) if one.get("enableBehavior") == "any" else all(held))


def values(one: dict[str, Any]) -> list[Any]:
    return [value for answer in one.get("answer", []) for key, value in answer.items() if key.startswith("value")]


def expect_allowed(answered: dict[str, Any], asked: dict[str, Any]) -> None:
    """Every item of a response is one of its questionnaire, in its place, enabled, and with an answer that it takes."""
    given = {one["linkId"]: values(one) or one.get("item", []) for one in items(answered)}

    def check(found: list[dict[str, Any]], allowed: list[dict[str, Any]]) -> None:
        places = [one["linkId"] for one in allowed]
        order = [places.index(one["linkId"]) for one in found]
        assert order == sorted(order)
        for one in found:
            question = allowed[places.index(one["linkId"])]
            assert one.get("text") == question.get("text") and enabled(question, given)
            if question["type"] == "group":
                assert one["item"] and "answer" not in one
                check(one["item"], question["item"])
                continue
            assert question["type"] != "display" and "item" not in one
            assert len(values(one)) == 1 or (question.get("repeats") and len(values(one)) > 1)
            for answer in one["answer"]:
                expect_taken(question, answer)
        repeated = {place for place in order if order.count(place) > 1}
        assert all(allowed[place].get("repeats") and allowed[place]["type"] == "group" for place in repeated)

    check(answered["item"], asked["item"])


def expect_taken(question: dict[str, Any], answer: dict[str, Any]) -> None:
    ((key, value),) = answer.items()
    kinds = {"choice": "valueCoding", "date": "valueDate", "time": "valueTime", "integer": "valueInteger"}
    assert key == kinds.get(question["type"], "valueString")
    if key == "valueCoding":
        assert value in [option["valueCoding"] for option in question["answerOption"]]
    if key == "valueString":
        assert value and len(value) <= question["maxLength"]
    if key == "valueTime":
        assert re.fullmatch(r"\d\d:\d\d:\d\d", value)


@settings(max_examples=15, deadline=None)
@given(students())
def test_any_card_is_a_response_that_its_questionnaire_allows(student: Student):
    for card in student.cards:
        made = response(CONTENT, card, numbers=student.numbers)
        QuestionnaireResponse.model_validate(made)
        expect_allowed(made, ASKED[card.worksheet])
        assert made["questionnaire"] == f"{ASKED[card.worksheet]['url']}|{ASKED[card.worksheet]['version']}"
        found = {one["linkId"] for one in items(made)}
        assert set(card.answers) <= found


@pytest.mark.parametrize("name", SHEETS)
def test_what_a_questionnaire_enables_is_what_the_workbook_asks(name: str):
    sheet = CONTENT.worksheet(name)
    sections = {part.id: part for part in sheet.sections}

    @settings(max_examples=8, deadline=None)
    @given(answers(sheet))
    def same(given):
        kept = {one.id: given[one.id] for one in open_items(sheet) if one.id in given}
        made = response(CONTENT, Card(name, kept, "2026-fall", 1), numbers=MENTORS)
        said = {one["linkId"]: values(one) or one.get("item", []) for one in items(made)}
        asked = {one.id for one in sheet.asked(kept)}
        for group in ASKED[name]["item"][1:]:
            assert group["linkId"].partition("/")[2] in sections
            for one in group["item"]:
                if one["type"] != "display":
                    assert (enabled(group, said) and enabled(one, said)) == (one["linkId"] in asked)

    same()


def test_an_answer_that_is_not_among_the_options_is_noticed():
    card = Card("needs", {"need.academic.strategies": 3, "goals": [{"goal": "x"}, {"by": "2026-12-01"}]}, "2026-fall")
    made = response(CONTENT, card)
    expect_allowed(made, ASKED["needs"])
    coding = next(one for one in items(made) if one["linkId"] == "need.academic.strategies")["answer"][0]["valueCoding"]
    coding["code"] = "9"
    with pytest.raises(AssertionError):
        expect_allowed(made, ASKED["needs"])


def test_a_sealed_card_is_completed_and_what_is_kept_up_to_date_in_progress():
    at = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
    card = Card("relationship", {"practice.prepared.topics": 4}, "2026-fall", 2, "peer", at)
    made = response(CONTENT, card, 3)
    assert (made["status"], made["authored"], made["id"]) == (
        "completed", "2026-11-22T10:42:00+00:00", "mentorkit-relationship-2026-fall-3",
    )  # fmt: skip
    about = {one["linkId"]: values(one) for one in items(made) if one["linkId"].startswith("about.")}
    assert about["about.term"] == ["2026-fall"] and about["about.mentor"] == [2]
    assert about["about.mentor_type"][0]["code"] == "peer" and not {"subject", "author", "source"} & set(made)
    assert response(CONTENT, Card("actions", {"actions.list": [{"what": "x"}]}, None, 1))["status"] == "in-progress"


def mixed() -> Content:
    """A worksheet with conditions that neither “all” nor “any” can say alone."""
    options = [{"code": code, "label": code} for code in "abc"]
    ask = {"kind": "choice", "options": options}
    part = [
        {**ask, "id": "x", "text": "X"},
        {**ask, "id": "y", "text": "Y"},
        {**ask, "id": "z", "text": "Z", "when": {"x": ["a", "b"], "y": ["b", "c"]}, "unless": {"x": ["b"]}},
        {**ask, "id": "w", "text": "W", "when": {"x": ["a", "b"]}, "unless": {"z": "answered"}},
        {**ask, "id": "v", "text": "V", "when": {"x": ["c"], "y": "answered"}},
    ]
    section = {"id": "s", "title": "S", "item": part}
    sheet = {"id": "finding", "version": 2, "title": "T", "minutes": 1, "section": [section]}
    made = {**CONTENT.worksheets, "finding": Worksheet.model_validate(sheet)}
    return CONTENT.model_copy(update={"worksheets": made})


def test_conditions_of_which_one_and_all_must_hold_are_said_together():
    content = mixed()
    sheet, asked = content.worksheet("finding"), questionnaire(content, "finding")
    Questionnaire.model_validate(asked)
    for x in (None, *"abc"):
        for y in (None, *"abc"):
            for z in (None, "a"):
                given = {name: code for name, code in {"x": x, "y": y, "z": z}.items() if code}
                system = "urn:mentorkit:item:"
                codings = {name: [{"system": system + name, "code": code}] for name, code in given.items()}
                shown = {one["linkId"] for one in asked["item"][1]["item"] if enabled(one, codings)}
                assert shown == {one.id for one in sheet.asked(given)}


# One student, taken along


def test_a_bundle_has_every_questionnaire_and_the_student_s_responses():
    with scratch() as folder:
        book = opened(folder / "home")
        fill(book)
        student = student_of(book, "7")
        with_texts = student_of(book, "7", texts=True)
    text, more = bundle(CONTENT, student), bundle(CONTENT, with_texts)
    read = Bundle.model_validate_json(text)
    Bundle.model_validate_json(more)
    kinds = [entry.resource.get_resource_type() for entry in read.entry]
    assert kinds == ["Questionnaire"] * len(SHEETS) + ["QuestionnaireResponse"] * len(student.cards)
    urls = [entry.fullUrl for entry in read.entry]
    assert len(set(urls)) == len(urls) and text == bundle(CONTENT, student)
    assert "SECRET" not in more and "Lind" not in more and "m-" not in re.sub(r'"system": "[^"]*"', "", more)
    assert "Ærlig talt" in more and "=being the first" in more
    assert "Ærlig talt" not in text and "=being the first" not in text and '"area.own"' in text
    for entry in json.loads(text)["entry"][len(SHEETS) :]:
        name = entry["resource"]["questionnaire"].split(":")[-1].partition("|")[0]
        expect_allowed(entry["resource"], ASKED[name])


def test_an_answer_with_a_code_that_is_gone_is_left_out():
    given = {"need.academic.strategies": 9, "top.areas": ["gone", "academic"]}
    made = response(CONTENT, Card("needs", given, "2026-fall"))
    expect_allowed(made, ASKED["needs"])
    assert "need.academic.strategies" not in {one["linkId"] for one in items(made)}


def test_the_answers_that_may_leave_are_those_to_what_is_asked():
    sheet = CONTENT.worksheet("relationship")
    given = {"relationship.flags": ["boundary"], "relationship.occasion": "x", "relationship.meetings": "one"}
    given |= {"practice.feedback.asked": 3, "practice.prepared.topics": 3}
    assert open_answers(sheet, given) == {"relationship.meetings": "one", "practice.prepared.topics": 3}
    assert isinstance(sheet.item("practice.prepared.topics"), Rating)
    assert isinstance(sheet.item("relationship.flags"), Choices)
