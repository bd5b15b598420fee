"""What a student answered as a FHIR R4 QuestionnaireResponse, with the structure of its Questionnaire."""

from collections.abc import Iterator, Mapping
from typing import Any

from mentorkit.content import Content
from mentorkit.interchange.cards import Card
from mentorkit.interchange.fhir.coding import BASE, Resource, resource_id
from mentorkit.interchange.fhir.questionnaire import ABOUT, questionnaire
from mentorkit.worksheet import Choices, Value, Worksheet

Answers = Mapping[str, Value]


def response(
    content: Content, card: Card, number: int = 1, numbers: Mapping[str, int] | None = None, base: str = BASE
) -> Resource:
    """The response of one card; `number` is the card's among those of its worksheet.

    `numbers` are the student's numbers for mentors, by the ids that answers name them by. The status is `completed`
    for a scorecard and `in-progress` for what is kept up to date. Nobody is named: neither subject nor author.
    """
    sheet = content.worksheet(card.worksheet)
    asked = questionnaire(content, sheet.id, base)
    about = {f"{ABOUT}.{key}": value for key, value in _about(sheet, card).items() if value is not None}
    answers = {**about, **_in_numbers(sheet, card.answers, numbers or {})}
    found = {
        "resourceType": "QuestionnaireResponse",
        "id": resource_id("mentorkit", sheet.id, card.term, number),
        "questionnaire": f"{asked['url']}|{asked['version']}",
        "status": "in-progress" if sheet.standing else "completed",
        "item": list(_items(asked["item"], answers)),
    }
    return found | ({"authored": card.at.isoformat()} if card.at else {})


def _about(sheet: Worksheet, card: Card) -> dict[str, Value]:
    return {"version": sheet.version, "term": card.term, "mentor": card.mentor, "mentor_type": card.mentor_type}


def _in_numbers(sheet: Worksheet, answers: Answers, numbers: Mapping[str, int]) -> dict[str, Value]:
    """The answers, with mentors as the student's numbers."""
    mentors = {item.id for item in sheet if isinstance(item, Choices) and item.options_from == "mentors"}
    return {
        item: sorted(numbers[one] for one in value if one in numbers) if item in mentors else value
        for item, value in answers.items()
    }


def _items(asked: list[Resource], answers: Answers, prefix: str = "") -> Iterator[Resource]:
    """The answered items of a questionnaire, group by group; `prefix` is taken off the ids of a group's parts."""
    for item in asked:
        link, value = item["linkId"], answers.get(item["linkId"].removeprefix(prefix))
        if item["type"] == "group" and item.get("repeats"):
            for entry in value or ():
                yield {"linkId": link, "text": item["text"], "item": list(_items(item["item"], entry, f"{link}."))}
        elif item["type"] == "group":
            if inside := list(_items(item["item"], answers)):
                yield {"linkId": link, **_text(item), "item": inside}
        elif found := [one for given in _each(value) if (one := _answer(item, given))]:
            yield {"linkId": link, **_text(item), "answer": found}


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(item: Resource) -> Resource:
    return {"text": item["text"]} if "text" in item else {}


def _answer(item: Resource, value: Any) -> Resource | None:
    if value is None:
        return None
    match item["type"]:
        case "choice":
            codings = (one["valueCoding"] for one in item["answerOption"])
            return next(({"valueCoding": one} for one in codings if one["code"] == str(value)), None)
        case "time":
            return {"valueTime": f"{value}:00"}
        case "date":
            return {"valueDate": value}
        case "integer":
            return {"valueInteger": value}
    return {"valueString": value}
