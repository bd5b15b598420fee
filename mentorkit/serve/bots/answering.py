"""What a bot answers: valid values, drawn from a seed, for whatever a form asks."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from mentorkit.worksheet import Answers

WORDS = ("reading", "a clinic", "the wards", "research", "exams", "a friend", "time", "sleep", "choosing", "asking")
LAST_DAY = 28


def answer(item: Mapping[str, Any], chance: random.Random) -> Any:
    """A valid answer to an item of a form; None where there is nothing to choose from."""
    match item["kind"]:
        case "rating" | "choice":
            return chance.choice(item["options"])["code"] if item["options"] else None
        case "choices":
            codes = [option["code"] for option in item["options"]]
            most = min(len(codes), item["at_most"] or len(codes))
            chosen = chance.sample(codes, chance.randint(1, most)) if most else []
            return [code for code in codes if code in chosen] or None  # in their order, in which they are kept
        case "text":
            return " ".join(chance.choices(WORDS, k=3))[: item["at_most"]]
        case "date":
            return f"2027-{chance.randint(1, 12):02}-{chance.randint(1, LAST_DAY):02}"
        case "group":
            entry = {part["id"]: answer(part, chance) for part in item["items"]}
            return [{name: value for name, value in entry.items() if value is not None}]
    return None


def asked(spec: Mapping[str, Any], answers: Answers) -> Iterator[Mapping[str, Any]]:
    """The items that a form asks with these answers, in their order."""
    for section in spec["sections"]:
        if _applies(section, answers):
            yield from (item for item in section["items"] if _applies(item, answers))


def _applies(part: Mapping[str, Any], answers: Answers) -> bool:
    def holds(item: str, codes: Any) -> bool:
        return item in answers and (codes == "answered" or answers[item] in codes)

    when, unless = part["when"], part["unless"]
    return all(holds(*one) for one in when.items()) and not any(holds(*one) for one in unless.items())
