"""Names that REDCap takes, made from permanent ids: the same id gives the same name, and no two ids share one.

A variable has lower-case letters, digits and underscores, begins with a letter, and has at most 26 characters. An id
that is longer loses letters at the end of its longest parts: `practice.professionalism.confidence` becomes
`practice_professi_confiden`. Where two would be the same, four digits of the id's SHA-256 tell them apart.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

from mentorkit.worksheet import Code

Name = TypeVar("Name", str, Code)

LONGEST = 26  # REDCap takes up to 100, and asks for no more than this


def variables(ids: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """The variable of each id; none is one of those `taken`."""
    return _told_apart(ids, variable, taken, LONGEST)


def codes(given: Iterable[Code]) -> dict[Code, str]:
    """REDCap's code of each option of one item, in order."""
    return _told_apart(given, code, (), LONGEST)


def variable(name: str) -> str:
    """One id as a variable, not yet told apart from others."""
    parts = [re.sub(r"[^a-z0-9]+", "_", part.lower()).strip("_") for part in name.split(".")]
    parts = [part for part in parts if part] or ["v"]
    if not parts[0][0].isalpha():
        parts.insert(0, "v")
    while len("_".join(parts)) > LONGEST:
        longest = max(range(len(parts)), key=lambda place: len(parts[place]))
        if len(parts[longest]) == 1:
            return "_".join(parts)[:LONGEST].strip("_")
        parts[longest] = parts[longest][:-1].rstrip("_")
    return "_".join(parts)


def code(given: Code) -> str:
    """One code of ours as REDCap takes it: `2-3` is 2_3, `4+` is 4plus, -3 is minus3 (it begins no formula)."""
    if isinstance(given, int):
        return str(given) if given >= 0 else f"minus{-given}"
    return "".join(map(_letter, given.lower()))[:LONGEST] or "empty"


def _letter(char: str) -> str:
    if re.fullmatch(r"[a-z0-9_]", char):
        return char
    return {"-": "_", " ": "_", "+": "plus"}.get(char, f"x{ord(char):x}")


def _told_apart(
    ids: Iterable[Name], short: Callable[[Name], str], taken: Iterable[str], longest: int
) -> dict[Name, str]:
    names = {name: short(name) for name in ids}
    often = Counter(names.values())
    held = set(taken)
    for name, made in names.items():
        if made in held or (often[made] > 1 and made != str(name)):
            names[name] = _with_digits(made, repr(name), longest, held | set(often))
        held.add(names[name])
    return names


def _with_digits(made: str, name: str, longest: int, held: set[str]) -> str:
    digits = sha256(name.encode()).hexdigest()
    tries = (f"{made[: longest - size - 1]}_{digits[:size]}" for size in range(4, longest - 1))
    return next(told for told in tries if told not in held)
