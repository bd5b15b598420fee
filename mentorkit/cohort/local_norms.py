"""A school's own retests → the file by which its students' thresholds rest on them instead of on an assumption."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Literal

import pandas as pd

from mentorkit.cohort.handing import items_asked
from mentorkit.cohort.statistics.retest import Retest, retest_reliability
from mentorkit.cohort.statistics.rules import why_not_for_thresholds
from mentorkit.content.model import Content, Norm
from mentorkit.errors import BadFile, NotReady
from mentorkit.takeaway import write_files

FILE = "norms.toml"
Index = Literal["practice", "outcome"]
INDICES: tuple[Index, ...] = ("practice", "outcome")
ITEMS = ("items_first", "items_second")
NEVER_ABOVE = 0.99  # a reliability that is rounded down to two places


@dataclass(frozen=True)
class LocalNorm:
    """What a school's retests say about one index."""

    index: Index  # practice or outcome
    retest: Retest  # the figures, unrounded: they stay at the school
    norm: Norm | None  # what the file will say, rounded; None with a `reason`
    reason: str  # why this index keeps the norm it has, in a sentence; empty when it has a new one
    note: str = ""  # what was left out because it was rated on another form, in a sentence; else empty


def pair_retests(first: pd.DataFrame, second: pd.DataFrame, is_numbered: bool = False) -> pd.DataFrame:
    """The scores of relationships rated twice: one row each, with `student`, `scale`, `first`, `second`.

    Beside them stand `items_first` and `items_second`, on how many items they rest, where the frames tell. Both are
    frames of scores, the second from a few days or weeks later in the same term, and only of relationships in which
    nothing changed; that, nobody but the school can know. Raises `BadFile` when all that was rated twice was rated in
    two terms: then much may have changed. Relationships carry numbers: `is_numbered` says that the
    same number means the same mentor in both, as in a survey of the school's own. Shared scores do not say so. Of
    them only students with a single relationship both times are taken, with a mentor of the same type, so that
    nobody is compared with somebody else.
    """
    wanted = [f"{index}_index" for index in INDICES]
    key = ["student", "term", *(["relationship"] if is_numbered else []), "scale"]
    earlier, later = (_once(rows[rows["scale"].isin(wanted)], key, is_numbered) for rows in (first, second))
    _expect_a_term_in_common(earlier, later)
    both = earlier.merge(later, on=key, suffixes=("_first", "_second"), validate="one_to_one")
    if {"mentor_type_first", "mentor_type_second"} <= set(both):
        one, other = both["mentor_type_first"], both["mentor_type_second"]
        both = both[(one == other).fillna(False).astype(bool) | (one.isna() & other.isna())]
    items = [name for name in ITEMS if name in both]
    found = both[["student", "scale", "score_first", "score_second", *items]]
    return found.rename(columns={"score_first": "first", "score_second": "second"}).reset_index(drop=True)


def local_norms(
    retests: pd.DataFrame, content: Content, school: str, year: int, items: Mapping[Index, int] | None = None
) -> tuple[LocalNorm, LocalNorm]:
    """What retests of relationships in which nothing changed say about practice and outcome.

    `retests` has the columns `student`, `scale` (practice_index, outcome_index), `first`, `second` (0–100); several
    relationships of a student weigh as one together. `items` says how many questions each index had in them. Without
    it `items_first` and `items_second` tell: where some were rated twice on the full form only these count, else those
    rated twice on the short form; where nobody tells, it was the full one. From 50 students on there is a norm. It
    says little about anybody: the reliability is rounded down to 0.01 and the SD up to 0.5, so that thresholds are
    rather too wide, the mean to 5 and the students down to 5.
    """
    given = items or {}
    practice, outcome = (_local(retests, index, content, given.get(index), school, year) for index in INDICES)
    return practice, outcome


def write_norms(folder: Path, found: tuple[LocalNorm, LocalNorm], content: Content, force: bool = False) -> Path:
    """Write `norms.toml` into a school's folder of content; an index without a new norm keeps the one it has.

    Returns its path. Raises `NotReady` when neither has one, `BadFile` when there is such a file and it is not forced,
    `NotSaved` when it cannot be written.
    """
    if not any(one.norm for one in found):
        raise NotReady(f"There is no local norm to write. {' '.join(one.reason for one in found)}")
    target = folder / FILE
    write_files({target: norms_file(found, content)}, force)
    target.chmod(0o644)  # everybody's thresholds rest on it
    return target


def norms_file(found: tuple[LocalNorm, LocalNorm], content: Content) -> str:
    """The text of `norms.toml`: the new norms, and those that stay."""
    now = content.norms
    lines = [
        "# What a change is compared with at this school, from its own retests where there were enough: by Mentorkit.",
        "",
        f"source = {_quoted(now.source)}",
        f"cut = {now.cut:g}",
    ]
    for one, old in zip(found, (now.practice, now.outcome), strict=True):
        values = (one.norm or old).model_dump(exclude_none=True)
        lines += ["", f"[{one.index}]", *(f"{key} = {_toml(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def _once(rows: pd.DataFrame, key: list[str], is_numbered: bool) -> pd.DataFrame:
    """Rows that a key names alone; a student with several relationships is left out where numbers mean nothing."""
    if "linked" in rows:
        rows = rows[rows["linked"].fillna(False).astype(bool)]
    if not is_numbered and "relationship" in rows:
        rows = rows[rows.groupby(["student", "term"])["relationship"].transform("nunique") <= 1]
    columns = [*key, *(name for name in ("mentor_type", "score", "items") if name in rows)]
    return rows.loc[~rows.duplicated(key, keep=False), columns]


def _expect_a_term_in_common(earlier: pd.DataFrame, later: pd.DataFrame) -> None:
    """Raise `BadFile` when students were rated twice, and none of them twice in one term."""
    terms = earlier[["student", "term"]].merge(later[["student", "term"]], on="student")
    if len(terms) and not (terms["term_x"] == terms["term_y"]).any():
        raise BadFile(
            "The two ratings are of different terms: a retest is rated twice in one term, weeks apart at most."
        )


def _of_one_form(rows: pd.DataFrame, index: Index, content: Content) -> tuple[pd.DataFrame, int, str]:
    """The rows rated twice on the same form, the full one if there are any; its items; and what was left out."""
    scales = [one.id for one in content.worksheet("relationship").subscales if one.id.startswith(f"{index}.")]
    full, short = (items_asked(scales, content, is_full=one) or 0 for one in (True, False))
    if not set(ITEMS) <= set(rows):
        return rows, full, ""
    is_scored = rows["first"].notna() & rows["second"].notna()
    was_short = rows[list(ITEMS)].apply(lambda items: items.astype("Int64").le(short).fillna(False).astype(bool))
    all_full, all_short = is_scored & ~was_short.any(axis=1), is_scored & was_short.all(axis=1)
    kept, items = (all_full, full) if all_full.any() or not all_short.any() else (all_short, short)
    name = "full" if items == full else "short"
    other = f"Only ratings on the {name} form, both times, were taken: others were on another form once or twice."
    return rows[kept | ~is_scored], items, other if (is_scored & ~kept).any() else ""


def _local(
    retests: pd.DataFrame, index: Index, content: Content, asked: int | None, school: str, year: int
) -> LocalNorm:
    rows, items, note = retests[retests["scale"] == f"{index}_index"], asked, ""
    if items is None:
        rows, items, note = _of_one_form(rows, index, content)
    found = retest_reliability(rows["first"], rows["second"], students=rows["student"], basis="stable retests")
    if reason := why_not_for_thresholds(found):
        return LocalNorm(index, found, None, f"{content.words[f'{index}_index']}: {reason}", note)
    assert found.r is not None and found.sd is not None and found.mean is not None
    reliability = min(floor(found.r * 100 + 1e-9) / 100, NEVER_ABOVE)
    if reliability <= 0:
        reason = "Two ratings of the same relationship have next to nothing in common."
        return LocalNorm(index, found, None, f"{content.words[f'{index}_index']}: {reason}", note)
    students = found.n // 5 * 5
    norm = Norm(
        mean=min(5 * round(found.mean / 5), 100),
        sd=min(ceil(found.sd * 2 - 1e-9) / 2, 50),
        reliability=reliability,
        items=items,
        students=students,
        source=content.words["norms_local"].format(students=students, school=school, year=year),
    )
    return LocalNorm(index, found, norm, "", note)


def _toml(value: object) -> str:
    return _quoted(value) if isinstance(value, str) else f"{value:g}"


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes are among its own."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007f")
