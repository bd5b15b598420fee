"""Reads the content files when asked, ours or a school's edits of them, and refuses mistakes in one sentence."""

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError, create_model

from mentorkit.content.checks import first_mistake
from mentorkit.content.mistakes import bad_syntax, bad_value, mistake
from mentorkit.content.model import (
    Area,
    Ask,
    ClassYear,
    Content,
    Decision,
    Flag,
    MentorType,
    Norms,
    Passage,
    Practice,
    Quadrant,
    Reach,
    Sign,
    Source,
    Stage,
    Tone,
    Way,
    Wording,
)
from mentorkit.errors import BadContent
from mentorkit.term import Calendar
from mentorkit.worksheet import Part, ResponseOption, Scale, Worksheet

Raw = dict[str, Any]
Model = TypeVar("Model", bound=Part)

ENVIRONMENT = "MENTORKIT_CONTENT"
"""The environment variable that may name a school's folder of edited files."""

SHIPPED = Path(__file__).resolve().parent
WORKSHEETS = (
    "needs",
    "network",
    "mentor_types",
    "finding",
    "approach",
    "agreement",
    "meeting",
    "actions",
    "relationship",
)
TABLES: Mapping[str, Mapping[str, type[Part]]] = {
    "scales": {"scale": Scale},
    "areas": {"area": Area},
    "types": {"type": MentorType},
    "years": {"year": ClassYear},
    "practices": {"practice": Practice, "outcome": Practice},
    "advice": {"quadrant": Quadrant, "decision": Decision, "flag": Flag},
    "ways": {"way": Way},
    "reaching": {"reach": Reach, "ask": Ask, "stage": Stage, "sign": Sign, "tone": Tone, "wording": Wording},
    "texts": {"text": Passage},
    "sources": {"source": Source},
}
FILES = (*TABLES, *WORKSHEETS, "terms", "norms", "interface", "cohort")


class Interface(Part):
    """The short visible texts of the workbook, or of the report on a cohort, by key."""

    words: Mapping[str, str]


def load_content(folder: Path | str | None = None) -> Content:
    """The content, read once per folder; raises `BadContent`.

    `folder` (else the environment variable MENTORKIT_CONTENT) holds files that replace ours of the same name.
    """
    chosen = folder or os.environ.get(ENVIRONMENT)
    return _load(Path(chosen).expanduser().resolve() if chosen else SHIPPED)


@cache
def _load(folder: Path) -> Content:
    raw = {name: _read(path) for name, path in _paths(folder).items()}
    tables = {table: entries for file, kinds in TABLES.items() for table, entries in _tables(file, kinds, raw[file])}
    content = Content(
        scales=tables["scale"],
        areas=tables["area"],
        types=tables["type"],
        years=tables["year"],
        practices=tables["practice"],
        outcomes=tables["outcome"],
        quadrants=tables["quadrant"],
        decisions=tables["decision"],
        flags=tables["flag"],
        ways=tables["way"],
        reaches=tables["reach"],
        asks=tables["ask"],
        stages=tables["stage"],
        signs=tables["sign"],
        tones=tables["tone"],
        wording=tables["wording"],
        texts=tables["text"],
        sources=tables["source"],
        worksheets={name: _worksheet(name, raw[name], tables) for name in WORKSHEETS},
        calendar=_valid(Calendar, "terms", raw["terms"]),
        norms=_valid(Norms, "norms", raw["norms"]),
        words=_valid(Interface, "interface", raw["interface"]).words,
        cohort=_valid(Interface, "cohort", raw["cohort"]).words,
    )
    if found := first_mistake(content, shipped=content if folder == SHIPPED else _load(SHIPPED)):
        raise found
    return content


def _paths(folder: Path) -> dict[str, Path]:
    """Where each file is read from: the folder if it has one of that name, else ours."""
    ours = {name: SHIPPED / f"{name}.toml" for name in FILES}
    if folder == SHIPPED:
        return ours
    if not folder.is_dir():
        raise BadContent(f"The content folder {folder} does not exist: create it, or unset {ENVIRONMENT}.")
    theirs = {path.name: path for path in sorted(folder.iterdir()) if not path.name.startswith(".")}
    for name in theirs.keys() - {path.name for path in ours.values()}:
        known = ", ".join(path.name for path in ours.values())
        raise mistake(name, "", f"is not a content file: the folder may hold {known}")
    return {name: theirs.get(path.name, path) for name, path in ours.items()}


def _read(path: Path) -> Raw:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise bad_syntax(path.name, error) from None
    except UnicodeDecodeError:
        raise mistake(path.name, "", "is not UTF-8 text: save it again with that encoding") from None
    except OSError as error:
        raise mistake(path.name, "", f"cannot be read: {error.strerror}") from None


def _valid(model: type[Model], file: str, raw: Raw) -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise bad_value(f"{file}.toml", raw, error, _keys(Part)) from None


def _keys(model: type[Part]) -> set[str]:
    """Every key that may stand in a content file."""
    own = {field.alias or name for name, field in model.model_fields.items()}
    return own.union(*(_keys(kind) for kind in model.__subclasses__()))


def _tables(file: str, kinds: Mapping[str, type[Part]], raw: Raw) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of each table of a file, by id."""
    fields: dict[str, Any] = {table: (tuple[kind, ...], Field(min_length=1)) for table, kind in kinds.items()}  # type: ignore[valid-type]
    whole: Any = _valid(create_model(file, __base__=Part, **fields), file, raw)
    for table in kinds:
        entries = getattr(whole, table)
        ids = [entry.id for entry in entries]
        for name in ids:
            if ids.count(name) > 1:
                raise mistake(f"{file}.toml", f"the {table} {name}", "stands twice")
        yield table, {entry.id: entry for entry in entries}


def _worksheet(name: str, raw: Raw, tables: Mapping[str, Mapping[str, Any]]) -> Worksheet:
    """A worksheet with the options of every item written out."""
    if raw.get("id") != name:
        raise mistake(f"{name}.toml", "id", f"must be {name}, as the file is called")
    sections = [
        {**section, "item": [_item(f"{name}.toml", item, tables) for item in _entries(section.get("item"))]}
        for section in _entries(raw.get("section"))
    ]
    return _valid(Worksheet, name, {**raw, "section": sections} if sections else raw)


def _entries(value: Any) -> list[Raw]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _item(file: str, raw: Raw, tables: Mapping[str, Mapping[str, Any]]) -> Raw:
    """An item without a kind is a rating; a scale and the name of a table stand for their options."""
    return _with_options(file, {"kind": "rating", **raw}, tables)


def _with_options(file: str, item: Raw, tables: Mapping[str, Mapping[str, Any]]) -> Raw:
    key = str(item.get("id", "an item without an id"))
    if "scale" in item and "options" in item:
        raise mistake(file, f"{key}.options", "must not stand beside a scale, which has its own")
    if "scale" in item:
        if item["scale"] not in tables["scale"]:
            raise mistake(file, f"{key}.scale", f"names {item['scale']}, which is not in scales.toml")
        item["options"] = tables["scale"][item["scale"]].options
    elif isinstance(item.get("options"), list):
        item["options"] = [option for entry in item["options"] for option in _options(file, key, entry, tables)]
    if isinstance(item.get("items"), list):
        parts = item["items"]
        item["items"] = [_with_options(file, {**p}, tables) if isinstance(p, dict) else p for p in parts]
    return item


def _options(file: str, key: str, entry: Any, tables: Mapping[str, Mapping[str, Any]]) -> Sequence[Any]:
    """One option, or those of a whole table when it is named (for example "areas")."""
    if not isinstance(entry, str):
        return [entry]
    named = {"areas": "area", "types": "type", "decisions": "decision", "flags": "flag"}
    named |= {"ways": "way", "reaches": "reach", "asks": "ask", "stages": "stage"}
    if entry not in named:
        raise mistake(file, f"{key}.options", f"names {entry}, and can name {', '.join(named)}")
    return [
        ResponseOption(
            code=each.id,
            label=each.situation if isinstance(each, Reach) else each.name,
            help=each.help if isinstance(each, Decision) else "",
        )
        for each in tables[named[entry]].values()
    ]
