"""Questionnaires and responses in one FHIR R4 Bundle, as a JSON document."""

import json
from collections import Counter
from uuid import NAMESPACE_URL, uuid5

from mentorkit.content import Content
from mentorkit.interchange.cards import Student
from mentorkit.interchange.fhir.coding import BASE, Resource
from mentorkit.interchange.fhir.questionnaire import questionnaire
from mentorkit.interchange.fhir.response import response


def bundle(content: Content, student: Student | None = None, base: str = BASE) -> str:
    """All worksheets as Questionnaires, and one student's responses if given; the same content gives the same text."""
    found = [questionnaire(content, sheet, base) for sheet in content.worksheets]
    counted: Counter[str] = Counter()
    for card in student.cards if student else ():
        counted[card.worksheet] += 1
        found.append(response(content, card, counted[card.worksheet], student.numbers if student else None, base))
    entries = [{"fullUrl": _address(base, student, resource), "resource": resource} for resource in found]
    document = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _address(base: str, student: Student | None, resource: Resource) -> str:
    record = student.record if student and resource["resourceType"] == "QuestionnaireResponse" else ""
    name = "/".join((base, resource["resourceType"], record, resource["id"]))
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"
