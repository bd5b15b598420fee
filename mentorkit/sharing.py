"""What a student may hand in for one term: scores alone, checked in writing and in reading. What they chose is no part.

A score of three ratings is a multiple of 25/3, an index a mean of such. Both go out to four digits. Coarser steps would
hide nobody, since some forty scores side by side are as good as unique, and would blur what a change is judged by: what
keeps a student unseen is what is released about many, not the file. Whoever has it may recognise somebody by it.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, field_validator
from pydantic.json_schema import models_json_schema

from mentorkit.errors import BadFile, NotReady
from mentorkit.scorecard import Scorecard
from mentorkit.scoring import NeedsScores, RelationshipScores, Score
from mentorkit.worksheet import Part

if TYPE_CHECKING:
    from mentorkit.workbook import Workbook

SHARE: Literal["mentorkit-share/1"] = "mentorkit-share/1"
WITHDRAWAL: Literal["mentorkit-withdrawal/1"] = "mentorkit-withdrawal/1"
DIGITS = 4  # of a score, behind the point
LARGEST = 64 * 1024  # bytes of a file; one with ten relationships has about 10,000
EXPORT = "mentorkit-export"  # how a whole workbook that was saved calls itself
OWN = "own"  # the area in a student's own words: it stays at home, even that there is one
ID = 16  # bytes


def _rounded(score: float) -> float:
    return round(score, DIGITS) + 0.0  # no −0


Name = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A permanent id of the content: of an area, a practice, an outcome, a kind of mentor, a class year."""

RandomId = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{32}$")]
"""16 random bytes in hexadecimal digits; they come from nothing and tell nothing."""

Term = Annotated[str, Field(strict=True, pattern=r"^[12][0-9]{3}-[a-z][a-z0-9]*$", max_length=20)]
Points = Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False), AfterValidator(_rounded)]
"""A score, 0–100, to four digits."""


class SharedNeed(Part):
    """One area of needs; null is not scored."""

    need: Points | None
    support: Points | None
    unmet: Points | None  # max(0, need − support)


class SharedRelationship(Part):
    """One relationship, of nobody known: what kind of mentor, which questions were asked, and the scores."""

    mentor_type: Name | None
    form: Literal["full", "short", "few_meetings"]  # with fewer than two meetings only four topics are asked
    practices: dict[Name, Points | None] = Field(max_length=40)
    outcomes: dict[Name, Points | None] = Field(max_length=40)
    practice_index: Points | None
    outcome_index: Points | None


class Share(Part):
    """What one student hands in for one term. There is no room in it for a name, a text, a date or an order."""

    kind: Literal["mentorkit-share/1"] = Field(default=SHARE, alias="schema")
    id: RandomId = Field(default_factory=lambda: new_id())  # of this share alone: by it, it is replaced or withdrawn
    student: RandomId | None  # the same in all terms that the student agreed to link, else null
    term: Term
    class_year: Name | None
    content: Annotated[str, Field(strict=True, pattern=r"^[a-z0-9_/ ]*$", max_length=80)]  # the questions' versions
    needs: dict[Name, SharedNeed] | None = Field(max_length=40)
    relationships: tuple[SharedRelationship, ...] = Field(max_length=60)  # in an order that only the scores make

    @field_validator("relationships")
    @classmethod
    def _in_canonical_order(cls, given: tuple[SharedRelationship, ...]) -> tuple[SharedRelationship, ...]:
        return tuple(sorted(given, key=_text))


class Withdrawal(Part):
    """Takes back shares that were handed in as files, by their random ids; whoever has such a share leaves it out."""

    kind: Literal["mentorkit-withdrawal/1"] = Field(default=WITHDRAWAL, alias="schema")
    shares: tuple[RandomId, ...] = Field(min_length=1, max_length=200)

    @field_validator("shares")
    @classmethod
    def _in_canonical_order(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(given)))


# Writing


def share_of(
    workbook: "Workbook",
    term: str,
    *,
    id: str | None = None,
    student: str | None = None,
    class_year: str | None = None,
) -> Share:
    """The scores of what was finished in a term, as they would be handed in.

    `id` is the share's own (else a new one), `student` the one that links terms. Raises `NotReady` when nothing was
    finished, and `Unknown` for a term that is none.
    """
    term = workbook.content.calendar.parse(term)
    needs = next((card for card in workbook.sealed("needs") if card.term == term), None)
    met = [card for card in _about_mentors(workbook) if card.term == term]
    if needs is None and not met:
        raise NotReady(workbook.content.words["share_nothing"].format(term=workbook.content.calendar.name(term)))
    return Share(
        id=id or new_id(),
        student=student,
        term=term,
        class_year=class_year,
        content=_content(workbook),
        needs=_needs(workbook, needs) if needs else None,
        relationships=tuple(_relationship(workbook, card) for card in met),
    )


def terms_to_share(workbook: "Workbook") -> list[str]:
    """The terms in which anything was finished that can be shared, earliest first."""
    cards = (*workbook.sealed("needs"), *_about_mentors(workbook))
    return workbook.content.calendar.sort({card.term for card in cards})


def as_text(handed: Share | Withdrawal) -> str:
    """The file: the same scores give the same text, but for the random ids."""
    return _text(handed, indent=1) + "\n"


def file_name(handed: Share | Withdrawal, term: str) -> str:
    """A name that tells nothing of the student, and that no other student's file has."""
    if isinstance(handed, Share):
        return f"mentorkit-share-{term}-{handed.id[:8]}.json"
    return f"mentorkit-take-back-{term}-{handed.shares[0][:8]}.json"


def new_id() -> str:
    """16 random bytes, in hexadecimal digits."""
    return secrets.token_hex(ID)


def _text(part: Part, indent: int | None = None) -> str:
    return json.dumps(part.model_dump(mode="json", by_alias=True), sort_keys=True, indent=indent)


def _about_mentors(workbook: "Workbook") -> list[Scorecard]:
    return [card for mentor in workbook.mentors for card in workbook.sealed("relationship", mentor=mentor.id)]


def _content(workbook: "Workbook") -> str:
    return " ".join(f"{name}/{workbook.content.worksheet(name).version}" for name in ("needs", "relationship"))


def _needs(workbook: "Workbook", card: Scorecard) -> dict[str, SharedNeed]:
    scores = workbook.card_scores(card)
    assert isinstance(scores, NeedsScores)
    parts = {"need": scores.need, "support": scores.support, "unmet": scores.unmet}
    return {
        area: SharedNeed(**{name: part[area].value for name, part in parts.items()})
        for area in scores.need
        if area != OWN
    }


def _relationship(workbook: "Workbook", card: Scorecard) -> SharedRelationship:
    scores, mentor = workbook.card_scores(card), workbook.mentor(str(card.mentor))
    assert isinstance(scores, RelationshipScores)
    sheet = workbook.content.worksheet("relationship")
    of = {name: len(sheet.subscale(f"practice.{name}").items) for name in scores.practice}
    return SharedRelationship(
        mentor_type=mentor.type,
        form=_form(scores.practice, of),
        practices=_values(scores.practice),
        outcomes=_values(scores.outcome),
        practice_index=scores.practice_index.value,
        outcome_index=scores.outcome_index.value,
    )


def _form(practices: Mapping[str, Score], of: Mapping[str, int]) -> Literal["full", "short", "few_meetings"]:
    """Which questions were asked, seen by how many there were."""
    if not all(score.of for score in practices.values()):
        return "few_meetings"
    return "full" if all(score.of == of[name] for name, score in practices.items()) else "short"


def _values(scores: Mapping[str, Score]) -> dict[str, float | None]:
    return {name: score.value for name, score in scores.items()}


# Reading

WHOLE = (
    "This is a student's whole workbook and not a share file: do not open it, delete it, and ask for the file that "
    "“Share your scores with your program” saves."
)
NOT_OURS = "The file is not one that Mentorkit shares: take the one that “Share your scores with your program” saves."
BROKEN = "The file is not readable as JSON: save it again and hand in the whole file, as it was saved."
_KINDS: Mapping[str, type[Share] | type[Withdrawal]] = {SHARE: Share, WITHDRAWAL: Withdrawal}


def read_handed_in(raw: bytes) -> Share | Withdrawal:
    """What a student handed in; raises `BadFile` with one sentence, which holds nothing of the scores."""
    text, head = _json_of(raw)
    if not isinstance(head, dict) or not isinstance(name := head.get("schema"), str):
        raise BadFile(WHOLE if isinstance(head, dict) and head.get("format") == EXPORT else NOT_OURS)
    if name not in _KINDS:
        ours = name.startswith(tuple(kind.rpartition("/")[0] + "/" for kind in _KINDS))
        raise BadFile("The file was made by a newer Mentorkit: update this one first." if ours else NOT_OURS)
    if name == SHARE and "id" not in head:
        raise BadFile(LACKS.format("id"))
    try:
        return _KINDS[name].model_validate_json(text, strict=True)
    except ValidationError as mistakes:
        raise BadFile(_mistake(mistakes)) from None


def read_share(raw: bytes) -> Share:
    """A share; raises `BadFile` with one sentence, also when it is a withdrawal."""
    found = read_handed_in(raw)
    if isinstance(found, Share):
        return found
    raise BadFile("The file takes back a share and is none: put it beside the shares that it is about.")


def schema() -> dict[str, Any]:
    """The JSON Schema of what is handed in, as Mentorkit writes it: with every key."""
    kinds = (Share, Withdrawal)
    title = "Mentorkit: what a student hands in for one term, as a file or in a room, and how it is taken back"
    _, found = models_json_schema([(kind, "serialization") for kind in kinds], title=title)
    for part in found["$defs"].values():
        part["required"] = sorted(part["properties"])
        part["properties"].get("schema", {}).pop("default", None)
        for one in part["properties"].values():
            for named in (one, *one.get("anyOf", ())):
                if "patternProperties" in named:
                    named["additionalProperties"] = False
    one_of = [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "oneOf": one_of}


def _json_of(raw: bytes) -> tuple[str, Any]:
    """The file as text and as values; raises `BadFile`."""
    if not raw.strip():
        raise BadFile("The file is empty: save it again.")
    if raw.startswith(b"SQLite format 3") or (len(raw) > LARGEST and EXPORT.encode() in raw[:200]):
        raise BadFile(WHOLE)
    if len(raw) > LARGEST:
        raise BadFile(NOT_OURS)
    try:
        text = raw.decode("utf-8-sig")
        return text, json.loads(text, object_pairs_hook=_each_key_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadFile(BROKEN) from None


def _each_key_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    given = list(pairs)
    found = dict(given)
    if len(found) < len(given):
        raise ValueError("a key stands twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


LACKS = "The file lacks “{}”: save it again and hand in the whole file."


def _mistake(mistakes: ValidationError) -> str:
    """Where a file is wrong, and how; nothing of what stands there."""
    first = mistakes.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part)[:40] for part in first["loc"] if part != "[key]")
    where = "".join(char if char.isprintable() else "?" for char in place[:120]) or "its start"
    if first["type"] == "extra_forbidden":
        return f"The file holds “{where}”, which a shared file never does: save it again, and change nothing in it."
    if first["type"] == "missing":
        return LACKS.format(where)
    return f"The file is damaged at “{where}”: save it again, and change nothing in it."


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2, ensure_ascii=False))
