"""What may be said of published numbers: sentences that never say more than the rounded numbers bear.

A rounded number is *about* so much, a withheld one is said to be withheld, a change that is not detectable is
*no detectable change* and never *no change*, and what was not compared is not called different.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mentorkit.cohort.disclosure import Published
from mentorkit.cohort.report.charts import ChangeRow, Course, HeatRow
from mentorkit.cohort.report.charts.canvas import known

Words = Mapping[str, str]
MARKS = {"rounded": "n_rounded", "about": "n_about", "at most": "n_at_most", "at least": "n_at_least"}


def number(words: Words, found: Published | None, percent: bool = False) -> str:
    """A number in a sentence: *about 35*, *at most 5%*, *a number that is withheld*."""
    value = known(found)
    if found is None or value is None:
        return words["n_share_withheld" if percent else "n_withheld"]
    plain = f"{value:g}".replace("-", "−")
    return words[MARKS[found.mark]].format(number=words["n_share"].format(number=plain) if percent else plain)


def people(words: Words, n: int | None) -> str:
    """About how many students are behind a number; withheld when that may not be said."""
    return words["withheld"] if n is None else words["n_about"].format(number=n)


def cell(words: Words, found: Published | None, signed: bool = False, percent: bool = False) -> str:
    """A number in a table: exactly as it was published; *withheld* for what is."""
    if found is None:
        return words["not_asked"]
    value = known(found)
    if value is None:
        return words["withheld"] if found.mark == "withheld" else found.word
    plain = f"{value:+g}" if signed and value else f"{value:g}"
    plain = plain.replace("-", "−")
    plain = words["n_share"].format(number=plain) if percent else plain
    return plain if found.mark == "rounded" else words[MARKS[found.mark]].format(number=plain)


def interval(words: Words, low: Published | None, high: Published | None) -> str:
    """The ends of an interval in a table."""
    if known(low) is None or known(high) is None:
        return cell(words, low if known(low) is None else high)
    return words["interval"].format(low=cell(words, low, signed=True), high=cell(words, high, signed=True))


def listed(words: Words, names: Iterable[str]) -> str:
    """Names as a person lists them: *a, b and c*."""
    found = list(names)
    return found[0] if len(found) == 1 else words["and"].format(first=", ".join(found[:-1]), last=found[-1])


def moving(words: Words, row: ChangeRow | None) -> tuple[str, str]:
    """A change and its interval, in two cells of a table."""
    if row is None:
        return words["not_asked"], words["not_asked"]
    return cell(words, row.change, signed=True), interval(words, row.low, row.high)


# Numbers of students


def counted(words: Words, key: str, found: Published | None, **names: str) -> str:
    """How many students: the sentence of that key, or that the number is withheld."""
    return words[key].format(number=number(words, found), **names)


def answering(words: Words, found: Published | None, invited: int | None) -> str:
    """How many were invited, and about which share of them answered, to 5 %; nothing when nobody says how many."""
    value = known(found)
    if not invited:
        return ""
    share = 5 * round(20 * value / invited) if value is not None and value <= invited else 0
    return words["invited_share" if share else "invited_alone"].format(invited=f"{invited:,}", share=share)


# Levels


@dataclass(frozen=True)
class Largest:
    """Which of several means are the largest among those that may be said; equal when rounded is equal here."""

    names: tuple[str, ...]
    number: Published | None
    of: int  # how many may be said
    withheld: int  # and how many may not


def largest(found: Sequence[tuple[str, Published | None]]) -> Largest:
    """The names with the largest published number; those that may have more than is said count as equal to it."""
    said = [(name, one) for name, one in found if known(one) is not None]
    top = max((known(one) or 0.0 for _, one in said), default=0.0)
    names = tuple(name for name, one in said if known(one) == top)
    first = next((one for _, one in said if known(one) == top), None)
    return Largest(names, first, len(said), len(found) - len(said))


def highest(
    words: Words, of: str, term: str, found: Sequence[tuple[str, Published | None]], percent: bool = False, **more: str
) -> str:
    """Where the largest number stands among those that may be said, and how many are withheld.

    `of` is what is compared: unmet, need, spread (with its `band`).
    """
    top = largest(found)
    if not top.of:
        return words[f"{of}_withheld"].format(term=term, **more)
    best = "shown" if top.withheld else "largest"
    key = f"{of}_{'alike' if len(top.names) == len(found) > 1 else best}"
    sentence = words[key].format(
        term=term, where=listed(words, top.names), number=number(words, top.number, percent), **more
    )
    return f"{sentence} {_left_out(words, top.withheld)}".strip()


def unmet_map(words: Words, term: str, columns: Sequence[str], rows: Sequence[HeatRow]) -> str:
    """The largest published field of the map of areas and class years; how many fields are withheld."""
    fields = [
        (words["in_year"].format(area=row.name, year=column), found)
        for row in rows
        for column, found in zip(columns[1:], row.numbers[1:], strict=True)
        if found is not None
    ]
    top = largest(fields)
    if not top.of:
        return words["map_withheld"].format(term=term)
    key = "map_largest" if len(top.names) <= 3 else "map_many"
    sentence = words[key].format(
        term=term,
        fields=listed(words, top.names),
        count=len(top.names),
        of=len(fields),
        number=number(words, top.number),
    )
    return f"{sentence} {_left_out(words, top.withheld)}".strip()


def _left_out(words: Words, withheld: int, kind: str = "larger") -> str:
    if not withheld:
        return ""
    key = f"left_{kind}_one" if withheld == 1 else f"left_{kind}"
    return words[key].format(count=withheld)


# Change


def changes(words: Words, rows: Sequence[ChangeRow], before: str, after: str, what: str, subject: str) -> str:
    """All scales of a picture in one sentence: which moved detectably, for how many no change could be detected."""
    up: list[str] = []
    down: list[str] = []
    small: list[str] = []
    for row in rows:
        if row.is_detectable:
            value = known(row.change)
            is_up = (value or 0) > 0 if row.is_rise is None else row.is_rise
            (small if not value and row.is_rise is None else up if is_up else down).append(row.name)
    none = sum(row.is_detectable is False for row in rows)
    closed = sum(row.is_detectable is None for row in rows)
    parts = [
        words[key].format(scales=listed(words, names))
        for key, names in (("moved_up", up), ("moved_down", down), ("moved_small", small))
        if names
    ]
    if none:
        parts.append(_no_change(words, rows, none, what))
    if closed:
        parts.append(words["moved_withheld"].format(count=closed, of=len(rows), what=what))
    said = words["moved_between"].format(before=before, after=after, subject=subject)
    return f"{said} {'; '.join(parts)}."


def _no_change(words: Words, rows: Sequence[ChangeRow], none: int, what: str) -> str:
    if none == len(rows):
        return words["moved_none_all"].format(count=none, what=what)
    return words["moved_none"].format(scales=listed(words, [row.name for row in rows if row.is_detectable is False]))


# Distributions and courses


def course(words: Words, what: str, terms: Sequence[str], found: Sequence[Course]) -> str:
    """How far the published means of each scale lie apart over the terms, without calling that a change.

    Means that are 10 apart once they are rounded to 5 are 5 apart or more, and those that are 5 apart 10 or less.
    """
    moving, withheld = [], 0
    for one in found:
        values = [value for mean in one.means if (value := known(mean)) is not None]
        withheld += sum(known(mean) is None and mean is not None for mean in one.means)
        if len(values) > 1 and max(values) - min(values) >= 10:
            moving.append(one.name)
    span = {"what": what, "first": terms[0], "last": terms[-1]}
    sentence = (
        words["course_apart"].format(scales=listed(words, moving), **span)
        if moving
        else words["course_near"].format(**span)
    )
    return f"{sentence} {_left_out(words, withheld, 'outside')}".strip()


def averages(words: Words, by: str, term: str, found: Sequence[Published | None]) -> str:
    """Between which numbers the means of groups lie; no group is named, since that would rank them.

    `by` is which groups: by_type, by_year.
    """
    return _range(words, by, found, term=term)


def changes_by_year(words: Words, before: str, after: str, rows: Sequence[ChangeRow]) -> str:
    """Between which numbers the mean changes of class years lie, and whether all their intervals hold 0."""
    sentence = _range(words, "change_by_year", [row.change for row in rows], before=before, after=after)
    ends = [
        (low, high) for row in rows if (low := known(row.low)) is not None and (high := known(row.high)) is not None
    ]
    if not ends or not all(low <= 0 <= high for low, high in ends):
        return sentence
    return f"{sentence} {words['intervals_hold_zero']}"


def _range(words: Words, key: str, found: Sequence[Published | None], **names: str) -> str:
    asked = [one for one in found if one is not None]
    said = sorted((one for one in asked if known(one) is not None), key=lambda one: known(one) or 0.0)
    if not said:
        return words[f"{key}_withheld"].format(**names)
    sentence = words[f"{key}_range"].format(low=number(words, said[0]), high=number(words, said[-1]), **names)
    return f"{sentence} {_left_out(words, len(asked) - len(said), 'outside')}".strip()


def slope(words: Words, name: str, found: Published) -> str:
    """The step from one term to the next that the mixed model finds; nothing is tested here."""
    if known(found) is None:
        return words["slope_withheld"].format(scale=name)
    return words["slope"].format(scale=name, number=number(words, found))


def moved(words: Words, name: str, up: Published | None, down: Published | None) -> str:
    """How many single students moved by more than the noise of the questions."""
    if known(up) is None and known(down) is None:
        return words["reliable_withheld"].format(scale=name)
    said = {"up": number(words, up, percent=True), "down": number(words, down, percent=True)}
    return words["reliable_said"].format(scale=name, **said)
