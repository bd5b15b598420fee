"""The conditions of a worksheet as REDCap's branching logic: the same fields are shown as the workbook would ask."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mentorkit.interchange.redcap.form import Field
from mentorkit.worksheet import Code, Item, Section

Fields = Mapping[str, Sequence[Field]]
"""The fields of each item of a worksheet, by the item's id."""


class Test(NamedTuple):
    """Whether a variable, or one box of it, has a value."""

    reference: str  # variable, or variable(code)
    value: str
    equal: bool = True

    def said(self, holds: bool = True) -> str:
        """The test, or its opposite, as REDCap writes it."""
        return f"[{self.reference}] {'=' if self.equal == holds else '<>'} '{self.value}'"


def logic_of(section: Section, item: Item, fields: Fields, entry: int = 0) -> str:
    """When an item is asked, or one entry of a group: entries after the first only once the one before is begun."""
    said = [*_conditions(section, fields), *_conditions(item, fields)]
    if entry > 1:
        said.append(_any(test for one in fields[item.id] if one.entry == entry - 1 for test in _answered(one)))
    return said[0] if len(said) == 1 else " and ".join(f"({one})" if " or " in one else one for one in said)


def _conditions(part: Section | Item, fields: Fields) -> Iterator[str]:
    for name, codes in part.when.items():
        yield _any(test for one in fields[name] for test in _tests(one, codes))
    for name, codes in part.unless.items():
        yield " and ".join(test.said(False) for one in fields[name] for test in _tests(one, codes))


def _any(tests: Iterator[Test]) -> str:
    return " or ".join(test.said() for test in tests)


def _tests(field: Field, codes: Sequence[Code] | str) -> Iterator[Test]:
    """Tests of which one must hold."""
    if isinstance(codes, str):
        yield from _answered(field)
    elif field.kind == "checkbox":
        yield from (Test(f"{field.variable}({field.codes[code]})", "1") for code in codes)
    else:
        yield from (Test(field.variable, field.codes[code]) for code in codes)


def _answered(field: Field) -> Iterator[Test]:
    if field.kind == "checkbox":
        yield from (Test(f"{field.variable}({made})", "1") for made in field.codes.values())
    else:
        yield Test(field.variable, "", equal=False)
