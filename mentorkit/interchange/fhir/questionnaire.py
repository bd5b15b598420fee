"""A worksheet as a FHIR R4 Questionnaire. `linkId` is the permanent id of an item; nothing private is in it."""

from collections.abc import Iterator, Mapping

from mentorkit.content import Content
from mentorkit.interchange.fhir import coding as fhir
from mentorkit.interchange.fhir.coding import BASE, Choosing, Resource, canonical, coding, system_of
from mentorkit.interchange.fhir.conditions import enabling
from mentorkit.interchange.leaving import open_items, open_sections
from mentorkit.worksheet import Choice, Choices, Clock, Day, Group, Item, Rating, Section, Text, Worksheet

ABOUT = "about"  # the group that says what a response is about
MAXIMUM = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs"
CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
NOT_VALIDATED = "Original to Mentorkit and not validated. Not for the evaluation of students or mentors."


def questionnaire(content: Content, worksheet: str, base: str = BASE) -> Resource:
    """The Questionnaire of a worksheet; raises `Unknown`. `base` is the address under which a school serves it."""
    sheet = content.worksheet(worksheet)
    items = {item.id: item for item in open_items(sheet)}
    return {
        "resourceType": "Questionnaire",
        "id": fhir.resource_id("mentorkit", sheet.id),
        "url": canonical(base, "Questionnaire", sheet.id),
        "version": str(sheet.version),
        "name": "Mentorkit" + "".join(part.capitalize() for part in sheet.id.split("_")),
        "title": sheet.title,
        "status": "active",
        "subjectType": ["Person"],
        "description": NOT_VALIDATED,
        "item": [
            {"linkId": ABOUT, "type": "group", "item": list(_about(content, sheet, base))},
            *(_section(content, sheet, section, items, base) for section in open_sections(sheet)),
        ],
    }


def _about(content: Content, sheet: Worksheet, base: str) -> Iterator[Resource]:
    """A term, the number that the student gave the mentor, and the mentor's type; never a name."""
    yield {"linkId": f"{ABOUT}.version", "text": "Version of the questions", "type": "integer"}
    if not sheet.standing:
        yield {"linkId": f"{ABOUT}.term", "text": "The term, such as 2026-fall", "type": "string", "maxLength": 20}
    if sheet.per_mentor or sheet.per_meeting:
        yield {"linkId": f"{ABOUT}.mentor", "text": "The student's number for the mentor", "type": "integer"}
        system = canonical(base, "mentor-type", "types")
        types = [{"valueCoding": coding(system, kind.id, kind.name)} for kind in content.types.values()]
        yield {"linkId": f"{ABOUT}.mentor_type", "text": "What kind of mentor", "type": "choice", "answerOption": types}


def _section(content: Content, sheet: Worksheet, section: Section, items: Mapping[str, Item], base: str) -> Resource:
    return {
        "linkId": f"{sheet.id}/{section.id}",
        "text": section.title,
        "type": "group",
        **enabling(section, items, base),
        "item": list(_items(content, section, items, base)),
    }


def _items(content: Content, section: Section, items: Mapping[str, Item], base: str) -> Iterator[Resource]:
    """The items, the question of a scale before the first rating on it."""
    scale = ""
    for item in section.items:
        if isinstance(item, Rating) and item.scale != scale:
            scale = item.scale
            if scale in content.scales and (question := content.scales[scale].question):
                yield {"linkId": f"{item.id}/question", "text": question, "type": "display"}
        yield _item(item, item.id, items, base)


def _item(item: Item, link: str, items: Mapping[str, Item], base: str) -> Resource:
    return {
        "linkId": link,
        "text": item.text,
        **_kind(item, base),
        **enabling(item, items, base),
        **_inside(item, base),
    }


def _kind(item: Item, base: str) -> Resource:
    match item:
        case Choices(options_from="mentors"):
            return {"type": "integer", "repeats": True}  # the numbers of the student's own mentors
        case Choices():
            return {"type": "choice", "repeats": True, **_most(item.at_most), **_options(item, base)}
        case Rating() | Choice():
            return {"type": "choice", **_options(item, base)}
        case Day():
            return {"type": "date"}
        case Clock():
            return {"type": "time"}
        case Text():
            return {"type": "text" if item.lines > 1 else "string", "maxLength": item.at_most}
    return {"type": "group", "repeats": True, **_most(item.at_most)}


def _options(item: Choosing, base: str) -> Resource:
    system = system_of(base, item)
    if isinstance(item, Rating):
        return {"answerOption": [{"valueCoding": fhir.scored(system, one)} for one in item.options]}
    return {"answerOption": [{"valueCoding": coding(system, one.code, one.label)} for one in item.options]}


def _most(at_most: int | None) -> Resource:
    return {"extension": [{"url": MAXIMUM, "valueInteger": at_most}]} if at_most else {}


def _inside(item: Item, base: str) -> Resource:
    """The parts of a group; under a rating, what is meant. Other help speaks of the workbook, and stays there."""
    if isinstance(item, Group):
        return {"item": [_item(part, f"{item.id}.{part.id}", {}, base) for part in item.items]}
    if not isinstance(item, Rating) or not item.help:
        return {}
    control = {"coding": [{"system": CONTROLS, "code": "help", "display": "Help-Button"}]}
    extension = [{"url": CONTROL, "valueCodeableConcept": control}]
    return {"item": [{"linkId": f"{item.id}/help", "text": item.help, "type": "display", "extension": extension}]}
