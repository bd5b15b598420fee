"""A mistake in a content file, said as one sentence with the file and the key in the words of a maintainer."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from mentorkit.errors import BadContent

_EXPECTED = {
    "string_type": "text in quotation marks",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list in [brackets]",
    "mapping_type": "a table",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "literal_error": "{expected}",
    "union_tag_invalid": "one of {expected_tags}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "a list with at least {min_length} in it",
}


def mistake(file: str, key: str, what: str) -> BadContent:
    """The refusal of a content file: `file: key what.`"""
    sentence = " ".join(part for part in (f"{file}:", key, what) if part)
    return BadContent(sentence if sentence.endswith("?") else f"{sentence.rstrip('.')}.")


def bad_syntax(file: str, error: tomllib.TOMLDecodeError) -> BadContent:
    """What is wrong with the TOML, and in which line."""
    found = re.fullmatch(r"(.*?)\s*\(at line (\d+), column \d+\)", str(error), re.DOTALL)
    text, where = (found[1], f", line {found[2]}") if found else (str(error).replace(" (at end of document)", ""), "")
    return BadContent(f"{file}{where}: this is not TOML: {text[:1].lower()}{text[1:].rstrip('.')}.")


def bad_value(file: str, raw: Any, error: ValidationError, known: Iterable[str]) -> BadContent:
    """The first mistake that pydantic found; `known` are the keys that exist, for a suggestion."""
    first = error.errors()[0]
    kind, value, context = first["type"], first["input"], first.get("ctx", {})
    key = _key(first["loc"], raw, absent=kind == "missing")
    if kind == "value_error":
        return mistake(file, key, str(context["error"]))
    if kind == "missing":
        return mistake(file, key, "is missing")
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(first["loc"][-1]), list(known), n=1)
        return mistake(file, key, "is not a key that exists" + (f": did you mean {near[0]}?" if near else ""))
    if kind == "string_pattern_mismatch":
        return mistake(file, key, f"must match the pattern {context['pattern']}, unlike {_shown(value)}")
    if kind == "union_tag_invalid":
        key, value = f"{key}.kind", context["tag"]
    if kind == "union_tag_not_found":
        return mistake(file, f"{key}.kind", "is missing")
    if kind not in _EXPECTED:  # pragma: no cover  # a mistake of a kind that none of our models can have today
        return mistake(file, key, f"does not fit: {first['msg'][:1].lower()}{first['msg'][1:]}")
    limits = {name: f"{limit:g}" if isinstance(limit, float) else limit for name, limit in context.items()}
    expected = _EXPECTED[kind].format(**limits).replace("'", "")
    return mistake(file, key, f"must be {expected}, not {_shown(value)}")


def _key(loc: Sequence[int | str], raw: Any, absent: bool) -> str:
    """A place in a file as a person names it: an entry by its id instead of by its position in a list."""
    names: list[str] = []
    at = raw
    for depth, part in enumerate(loc, start=1):
        if isinstance(part, int):
            at = at[part] if isinstance(at, list | tuple) and part < len(at) else None
            names = _entered(names, part, at if isinstance(at, Mapping) else {})
        elif isinstance(at, Mapping) and part in at:
            at = at[part]
            names.append(part)
        elif absent and depth == len(loc):
            names.append(part)  # else it is a word of pydantic's own, such as the kind of an item
    return ".".join(names)


def _entered(names: list[str], position: int, entry: Mapping[str, Any]) -> list[str]:
    """The way to an entry of a list: by its id, by the code of an option, else by its number."""
    if "." in str(entry.get("id", "")):
        return [entry["id"]]  # an item's id says it all
    if "id" in entry:
        return [*names[:-1], str(entry["id"])]
    if "code" in entry:
        return [*names, str(entry["code"])]
    return [*names[:-1], f"{''.join(names[-1:])} {position + 1}"]


def _shown(value: Any) -> str:
    """A value as it would stand in a file, cut short."""
    if isinstance(value, str):
        value = f"“{value}”"
    elif isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, Mapping):
        value = "a table"
    elif isinstance(value, Sequence):
        value = "a list" if value else "an empty list"
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
