"""Names and codes in FHIR: permanent ids as they are, under a system that says whose they are."""

import re
from typing import Any

from mentorkit.worksheet import Choice, Choices, Code, Rating, ResponseOption

BASE = "urn:mentorkit"  # a school that serves these resources puts its own address here
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
Resource = dict[str, Any]
Choosing = Rating | Choice | Choices


def canonical(base: str, kind: str, name: str) -> str:
    """The address of something of ours: `urn:mentorkit:scale:need`, or `https://school.edu/fhir/scale/need`."""
    return ":".join((base, kind, name)) if base.startswith("urn:") else "/".join((base.rstrip("/"), kind, name))


def system_of(base: str, item: Choosing) -> str:
    """The code system of an item's options: its scale's, or its own."""
    if isinstance(item, Rating):
        return canonical(base, "scale", item.scale)
    return canonical(base, "item", item.id)


def coding(system: str, code: Code, label: str) -> Resource:
    """One option. Its code is a text, also where it looks like a number."""
    return {"system": system, "code": str(code), "display": label}


def scored(system: str, given: ResponseOption) -> Resource:
    """One point of a scale, with its score; *not counted* has none."""
    found = coding(system, given.code, given.label)
    if isinstance(given.code, int):
        return {"extension": [{"url": ORDINAL, "valueDecimal": given.code}], **found}
    return found


def resource_id(*parts: object) -> str:
    """An id as FHIR takes it: letters, digits, hyphens and dots, 64 at most."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(str(part) for part in parts if part is not None))[:64]
