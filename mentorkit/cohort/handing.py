"""One share as rows of scores, once it is plain that it is about this content and does not contradict itself."""

from collections.abc import Iterable, Iterator, Mapping

from mentorkit.cohort.score_rows import ScoreRow
from mentorkit.content import Content
from mentorkit.errors import BadFile, Unknown
from mentorkit.sharing import DIGITS, Share, SharedRelationship

NEAR = 2 * 10.0**-DIGITS  # points: how far a figure of a share may be from the others by rounding alone
STRANGE = "The file asks about “{}”, which this workbook does not: hand it in where the same questions are asked."
CONTRADICTS = "The file contradicts itself at “{}”: save it again, and change nothing in it."


def rows_of(share: Share, content: Content) -> list[ScoreRow]:
    """Its scores; raises `BadFile` when the share cannot be of this content, or its figures contradict one another.

    A share that must not be linked is of a student of its own, so it is counted in its term alone.
    """
    _expect(share, content)
    student = f"share {share.id}" if share.student is None else f"student {share.student}"
    about = (student, share.student is not None, share.term, share.class_year)
    found = []
    for area, one in (share.needs or {}).items():
        parts = {"need": one.need, "support": one.support, "unmet": one.unmet}
        found += [ScoreRow(*about, None, None, f"{part}.{area}", score, None) for part, score in parts.items()]
    for number, met in enumerate(share.relationships, start=1):
        found += [ScoreRow(*about, number, met.mentor_type, *one) for one in _scales(met, content)]
    return found


def items_asked(scales: Iterable[str], content: Content, is_full: bool) -> int | None:
    """How many items of these scales the form asks; None when it asks none."""
    sheet = content.worksheet("relationship")
    items = (sheet.item(name) for scale in scales for name in sheet.subscale(scale).items)
    return sum(is_full or item.short for item in items) or None


def _scales(met: SharedRelationship, content: Content) -> Iterator[tuple[str, float | None, int | None]]:
    """Each scale with its score and, of the indices, the number of questions."""
    for family, index, parts in (
        ("practice", met.practice_index, met.practices),
        ("outcome", met.outcome_index, met.outcomes),
    ):
        yield from ((f"{family}.{name}", score, None) for name, score in parts.items())
        scored = [f"{family}.{name}" for name, score in parts.items() if score is not None]
        yield f"{family}_index", index, items_asked(scored, content, is_full=met.form == "full")


def _expect(share: Share, content: Content) -> None:
    try:
        content.calendar.key(share.term)
    except Unknown:
        raise BadFile(STRANGE.format(share.term)) from None
    strange = [name for name in share.needs or {} if name not in content.areas]
    for met in share.relationships:
        strange += [name for name in met.practices if name not in content.practices]
        strange += [name for name in met.outcomes if name not in content.outcomes]
        strange += [met.mentor_type] if met.mentor_type and met.mentor_type not in content.types else []
    if strange:
        raise BadFile(STRANGE.format(strange[0]))
    _expect_agreement(share)


def _expect_agreement(share: Share) -> None:
    for area, one in (share.needs or {}).items():
        if one.need is None or one.support is None:
            if one.unmet is not None:
                raise BadFile(CONTRADICTS.format(f"needs.{area}.unmet"))
        elif one.unmet is None or abs(one.unmet - max(0.0, one.need - one.support)) > NEAR:
            raise BadFile(CONTRADICTS.format(f"needs.{area}.unmet"))
    for met in share.relationships:
        for name, index, parts in (
            ("practice_index", met.practice_index, met.practices),
            ("outcome_index", met.outcome_index, met.outcomes),
        ):
            if index is not None and not _is_mean(index, parts):
                raise BadFile(CONTRADICTS.format(name))


def _is_mean(index: float, parts: Mapping[str, float | None]) -> bool:
    scored = [score for score in parts.values() if score is not None]
    return bool(scored) and abs(index - sum(scored) / len(scored)) <= NEAR
