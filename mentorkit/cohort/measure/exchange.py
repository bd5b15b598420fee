"""Sums as a file from one school to those who compare several: what it says, and what is believed of it."""

import json
from typing import Annotated, Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mentorkit.cohort.measure.sums import CENTER, LEVEL, NOISE, PAIR, Sums
from mentorkit.errors import BadFile

SCHEMA: Literal["mentorkit-sums/1"] = "mentorkit-sums/1"
MINIMUM = 10  # students behind a cell, below which it stays at the school
FURTHEST = 100 - CENTER  # a score is at most so far from the center
Figure = Annotated[float, Field(allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Cell(_Part):
    class_year: str = ""
    mentor_type: str = ""
    scale: str
    n: int = Field(ge=1)

    def _expect(self, total: float, squares: float) -> None:
        """What sums of `n` scores of 0–100 can be."""
        room = 1 + NOISE
        if not total * total <= self.n * squares * room + NOISE or squares > self.n * FURTHEST**2 * room:
            raise ValueError(f"the sums of {self.scale} are not sums of {self.n} scores")


class _Level(_Cell):
    term: str
    sum: Figure
    squares: Figure

    @model_validator(mode="after")
    def _possible(self) -> Self:
        self._expect(self.sum, self.squares)
        return self


class _Pair(_Cell):
    before: str
    after: str
    sum_before: Figure
    sum_after: Figure
    squares_before: Figure
    squares_after: Figure
    products: Figure

    @model_validator(mode="after")
    def _possible(self) -> Self:
        self._expect(self.sum_before, self.squares_before)
        self._expect(self.sum_after, self.squares_after)
        if self.products**2 > self.squares_before * self.squares_after * (1 + NOISE) + NOISE:
            raise ValueError(f"the products of {self.scale} are larger than its squares allow")
        return self


class _File(_Part):
    schema_: Literal["mentorkit-sums/1"] = Field(alias="schema")
    center: Literal[50]
    by: list[Literal["class_year", "mentor_type"]]
    levels: list[_Level]
    pairs: list[_Pair]

    @model_validator(mode="after")
    def _groupings_once(self) -> Self:
        if len(set(self.by)) < len(self.by):
            raise ValueError("a grouping is named twice")
        return self


def as_json(sums: Sums, minimum: int = MINIMUM) -> str:
    """The sums as one JSON document, without cells of fewer than `minimum` students (at least 5).

    Of pairs those are left out too that only fewer than `minimum` students of the earlier or of the later term are
    missing from: subtracting would tell of those few. Send one grouping only, for the same reason.
    """
    if minimum < 5:
        raise BadFile("Sums about fewer than 5 students stay at the school: choose a minimum of 5 or more.")
    levels = sums.levels[sums.levels["n"] >= minimum]
    pairs = sums.pairs[(sums.pairs["n"] >= minimum) & ~_tells_of_few(sums, "before", minimum)]
    pairs = pairs[~_tells_of_few(sums, "after", minimum).loc[pairs.index]]
    parts = {"levels": levels.to_dict("records"), "pairs": pairs.to_dict("records")}
    return json.dumps({"schema": SCHEMA, "center": int(CENTER), "by": list(sums.by), **parts}, indent=1)


def _tells_of_few(sums: Sums, end: str, minimum: int) -> pd.Series:
    """Whether fewer than `minimum` students, and at least one, have a score in this term of the pair only."""
    there = sums.levels.rename(columns={"term": end, "n": "all"})[[end, *sums.by, "scale", "all"]]
    missing = sums.pairs.merge(there, how="left", on=[end, *sums.by, "scale"])["all"] - sums.pairs["n"]
    return missing.between(1, minimum - 1)


def read_sums(text: str | bytes) -> Sums:
    """The sums of such a document. Raises `BadFile` when it is none, or its figures cannot be sums of scores."""
    try:
        found = _File.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = " → ".join(str(part) for part in first["loc"]) or "the whole"
        raise BadFile(f"This is not a file of sums ({where}: {first['msg']}): ask for it again.") from error
    by = tuple(sorted(found.by))
    return Sums.of(
        by,
        [pd.DataFrame([level.model_dump() for level in found.levels], columns=["term", *by, "scale", *LEVEL])],
        [pd.DataFrame([pair.model_dump() for pair in found.pairs], columns=["before", "after", *by, "scale", *PAIR])],
    )
