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

    Pairs are left out too where what they say of a term could be subtracted from what else is said of it, and would
    then tell of fewer; and so are practices and outcomes that a few students less have than have their index, since
    the index of these few would be told by the others. Figures are exact: the document is for whoever adds up several
    schools, never for publication. Send one grouping only, since two could be subtracted from one another.
    """
    if minimum < 5:
        raise BadFile("Sums about fewer than 5 students stay at the school: choose a minimum of 5 or more.")
    levels, pairs = (_beside_index(cells, by, minimum) for cells, by in _cells(sums))
    pairs = pairs[_apart(sums.by, levels, pairs, minimum)]
    parts = {"levels": levels[levels["n"] >= minimum].to_dict("records"), "pairs": pairs.to_dict("records")}
    return json.dumps({"schema": SCHEMA, "center": int(CENTER), "by": list(sums.by), **parts}, indent=1)


def _cells(sums: Sums) -> tuple[tuple[pd.DataFrame, list[str]], ...]:
    return (sums.levels, ["term", *sums.by]), (sums.pairs, ["before", "after", *sums.by])


def _beside_index(cells: pd.DataFrame, by: list[str], minimum: int) -> pd.DataFrame:
    """The cells without those of scales that 1 to `minimum` − 1 students more or fewer have than have their index."""
    family = cells["scale"].str.replace(r"(\.|_index).*", "", regex=True)
    of_index = cells.assign(family=family, beside=cells["n"])[cells["scale"].str.endswith("_index")]
    beside = cells.assign(family=family).merge(of_index[[*by, "family", "beside"]], on=[*by, "family"], how="left")
    apart = (beside["n"] - beside["beside"]).abs()
    return cells[~((apart > 0) & (apart < minimum)).to_numpy()]


def _apart(by: tuple[str, ...], levels: pd.DataFrame, pairs: pd.DataFrame, minimum: int) -> list[bool]:
    """Of each pair, whether its students are as many as, or `minimum` fewer or more than, in all else on its terms.

    A pair has the class year of its earlier term, and in the later one its students may be in any.
    """
    said: dict[tuple[object, ...], set[int]] = {}
    kinds = [name for name in by if name != "class_year"]
    about = [*kinds, "scale", "n"]
    for term, *cell, n in levels[["term", *about]].itertuples(index=False, name=None):
        said.setdefault((term, *cell), set()).add(n)
    kept = []
    for before, after, *cell, n in pairs[["before", "after", *about]].itertuples(index=False, name=None):
        others = [said.setdefault((term, *cell), set()) for term in (before, after)]
        kept.append(n >= minimum and not any(0 < abs(n - m) < minimum for other in others for m in other))
        for other in others if kept[-1] else ():
            other.add(n)
    return kept


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
