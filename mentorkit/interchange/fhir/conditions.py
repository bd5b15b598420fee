"""The conditions of a worksheet as FHIR's `enableWhen`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mentorkit.interchange.fhir.coding import coding, system_of
from mentorkit.worksheet import Choice, Choices, Code, Item, Rating, Section

Test = dict[str, Any]
Resource = dict[str, Any]


def enabling(part: Section | Item, items: Mapping[str, Item], base: str) -> Resource:
    """`enableWhen` and, where it is needed, `enableBehavior`; nothing for what is always asked.

    One condition that several answers meet becomes “any of them”. Where other conditions must hold too, it becomes
    “answered, and none of the other answers”, so that all tests must hold: FHIR joins them in one way only.
    """
    alone = len(part.when) == 1 and not part.unless
    tests: list[Test] = []
    for name, codes in part.when.items():
        tests += _any(items[name], codes, base) if alone else _all(items[name], codes, base)
    for name, codes in part.unless.items():
        tests += _none(items[name], codes, base)
    if not tests:
        return {}
    behaviour = {"enableBehavior": "any" if alone else "all"} if len(tests) > 1 else {}
    return {"enableWhen": tests, **behaviour}


def _any(item: Item, codes: tuple[Code, ...] | str, base: str) -> Iterator[Test]:
    if isinstance(codes, str):
        yield _exists(item, True)
    else:
        yield from _tests(item, "=", base, lambda code: code in codes)


def _all(item: Item, codes: tuple[Code, ...] | str, base: str) -> Iterator[Test]:
    if isinstance(codes, str):
        yield _exists(item, True)
    elif len(codes) == 1:
        yield from _tests(item, "=", base, lambda code: code in codes)
    else:
        yield _exists(item, True)
        yield from _tests(item, "!=", base, lambda code: code not in codes)


def _none(item: Item, codes: tuple[Code, ...] | str, base: str) -> Iterator[Test]:
    """Holds for a question that was not answered too: in R4, != is “no answer is equal”."""
    if isinstance(codes, str):
        yield _exists(item, False)
    else:
        yield from _tests(item, "!=", base, lambda code: code in codes)


def _exists(item: Item, there: bool) -> Test:
    return {"question": item.id, "operator": "exists", "answerBoolean": there}


def _tests(item: Item, operator: str, base: str, named: Callable[[Code], bool]) -> Iterator[Test]:
    assert isinstance(item, Rating | Choice | Choices)  # the content was checked: only options have codes
    for one in item.options:
        if named(one.code):
            answer = coding(system_of(base, item), one.code, one.label)
            yield {"question": item.id, "operator": operator, "answerCoding": answer}
