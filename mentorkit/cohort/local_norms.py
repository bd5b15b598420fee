"""A school's own retests → the file by which its students' thresholds rest on them instead of on an assumption."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Literal

import pandas as pd

from mentorkit.cohort.statistics.retest import Retest, retest_reliability
from mentorkit.cohort.statistics.rules import why_not_for_thresholds
from mentorkit.content.model import Content, Norm
from mentorkit.errors import NotReady
from mentorkit.takeaway import write_files

FILE = "norms.toml"
Index = Literal["practice", "outcome"]
INDICES: tuple[Index, ...] = ("practice", "outcome")
NEVER_ABOVE = 0.99  # a reliability that is rounded down to two places


@dataclass(frozen=True)
class LocalNorm:
    """What a school's retests say about one index."""

    index: Index  # practice or outcome
    retest: Retest  # the figures, unrounded: they stay at the school
    norm: Norm | None  # what the file will say, rounded; None with a `reason`
    reason: str  # why this index keeps the norm it has, in a sentence; empty when it has a new one


def pair_retests(first: pd.DataFrame, second: pd.DataFrame, is_numbered: bool = False) -> pd.DataFrame:
    """The scores of relationships rated twice: one row each, with `student`, `scale`, `first`, `second`.

    Both frames are frames of scores, the second from a few days or weeks later and only of relationships in which
    nothing changed; that, nobody but the school can know. Relationships carry numbers: `is_numbered` says that the
    same number means the same mentor in both, as in a survey of the school's own. Shared scores do not say so. Of
    them only students with a single relationship both times are taken, with a mentor of the same type, so that
    nobody is compared with somebody else.
    """
    wanted = [f"{index}_index" for index in INDICES]
    key = ["student", "relationship", "scale"] if is_numbered else ["student", "scale"]
    earlier, later = (_once(rows[rows["scale"].isin(wanted)], key, is_numbered) for rows in (first, second))
    both = earlier.merge(later, on=key, suffixes=("_first", "_second"), validate="one_to_one")
    if {"mentor_type_first", "mentor_type_second"} <= set(both):
        one, other = both["mentor_type_first"], both["mentor_type_second"]
        both = both[(one == other).fillna(False).astype(bool) | (one.isna() & other.isna())]
    found = both[["student", "scale", "score_first", "score_second"]]
    return found.rename(columns={"score_first": "first", "score_second": "second"}).reset_index(drop=True)


def local_norms(
    retests: pd.DataFrame, content: Content, school: str, year: int, items: Mapping[Index, int] | None = None
) -> tuple[LocalNorm, LocalNorm]:
    """What retests of relationships in which nothing changed say about practice and outcome.

    `retests` has the columns `student`, `scale` (practice_index, outcome_index), `first`, `second` (0–100); several
    relationships of a student weigh as one together. `items` says how many questions each index had in them, else
    those of the long form. From 50 students on there is a norm. It says little about anybody: the reliability is
    rounded down to 0.01 and the SD up to 0.5, so that thresholds are rather too wide, the mean to 5 and the students
    down to 5.
    """
    lengths = {"practice": content.norms.practice.items, "outcome": content.norms.outcome.items, **(items or {})}
    practice, outcome = (_local(retests, index, content, lengths[index], school, year) for index in INDICES)
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
        rows = rows[rows.groupby("student")["relationship"].transform("nunique") <= 1]
    columns = [*key, *(name for name in ("mentor_type", "score") if name in rows)]
    return rows.loc[~rows.duplicated(key, keep=False), columns]


def _local(retests: pd.DataFrame, index: Index, content: Content, items: int, school: str, year: int) -> LocalNorm:
    rows = retests[retests["scale"] == f"{index}_index"]
    found = retest_reliability(rows["first"], rows["second"], students=rows["student"], basis="stable retests")
    if reason := why_not_for_thresholds(found):
        return LocalNorm(index, found, None, f"{content.words[f'{index}_index']}: {reason}")
    assert found.r is not None and found.sd is not None and found.mean is not None
    reliability = min(floor(found.r * 100 + 1e-9) / 100, NEVER_ABOVE)
    if reliability <= 0:
        reason = "Two ratings of the same relationship have next to nothing in common."
        return LocalNorm(index, found, None, f"{content.words[f'{index}_index']}: {reason}")
    students = found.n // 5 * 5
    norm = Norm(
        mean=min(5 * round(found.mean / 5), 100),
        sd=min(ceil(found.sd * 2 - 1e-9) / 2, 50),
        reliability=reliability,
        items=items,
        students=students,
        source=content.words["norms_local"].format(students=students, school=school, year=year),
    )
    return LocalNorm(index, found, norm, "")


def _toml(value: object) -> str:
    return _quoted(value) if isinstance(value, str) else f"{value:g}"


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes are among its own."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007f")
