"""A made-up cohort as files: item rows in one table, or a share file of each student; the truth stands beside."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mentorkit.cohort.measure import Scored, in_pandas, score
from mentorkit.cohort.simulation.drawing import Drawn, draw, generator
from mentorkit.cohort.simulation.model import Model
from mentorkit.cohort.simulation.truth import truth_of
from mentorkit.content import Content, load_content
from mentorkit.errors import BadFile, MentorkitError, NotSaved
from mentorkit.sharing import DIGITS, ID

ASIDE = 2**32  # draws ids beside the answers, which stay as they are
Said = Callable[[int], object]  # hears how many more students are done


def _nobody_hears(students: int) -> None:
    pass


def write_items(
    target: Path, students: int, terms: Sequence[str], seed: int, model: Model | None = None, said: Said = _nobody_hears
) -> Path:
    """Write the item rows to a .parquet or .csv file that is not there yet, and give the file of the truth.

    Raises `BadFile` for another or an existing file, `NotSaved` when it cannot be written, and `MentorkitError` when
    DuckDB, which writes Parquet, is missing.
    """
    kinds: Mapping[str, Callable[[Path, Iterable[pd.DataFrame]], None]] = {".parquet": _parquet, ".csv": _csv}
    truth = target.with_name(f"{target.stem}-truth.json")
    if target.suffix.lower() not in kinds:
        raise BadFile(f"{target} ends in none of .parquet and .csv: rename it.")
    _expect_none(target, truth)
    try:
        chunks = _told(draw(students, terms, seed, model), said)
        kinds[target.suffix.lower()](target, (drawn.items for drawn in chunks))
        truth.write_text(truth_of(terms, model).as_json(students=students, seed=seed), "utf-8")
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise NotSaved(f"{target} cannot be written ({error.strerror}): choose another place.") from error
        raise
    return truth


def write_shares(
    folder: Path, students: int, terms: Sequence[str], seed: int, model: Model | None = None, said: Said = _nobody_hears
) -> tuple[int, Path]:
    """Write a share file for each student and term into an empty or new folder; how many, and the file of the truth.

    The files are those of `mentorkit.sharing`; some students do not link their terms. Raises `BadFile` when something
    is in the folder, and `NotSaved` when it cannot be written to.
    """
    figures, content = model or Model(), load_content()
    truth = folder.with_name(f"{folder.name}-truth.json")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise BadFile(f"{folder} has something in it. Choose an empty folder for made-up shares.")
        _expect_none(truth)
        folder.mkdir(exist_ok=True)
        rng = generator(seed, ASIDE)
        count = 0
        for drawn in _told(draw(students, terms, seed, figures, content), said):
            for share in shares(drawn, rng, figures, content):
                name = f"mentorkit-share-{share['term']}-{share['id']}.json"
                (folder / name).write_text(json.dumps(share, sort_keys=True, indent=1) + "\n", "utf-8")
                count += 1
        truth.write_text(truth_of(terms, figures).as_json(students=students, seed=seed), "utf-8")
    except OSError as error:
        raise NotSaved(f"{folder} cannot be written to ({error.strerror}): choose another place.") from error
    return count, truth


def shares(drawn: Drawn, rng: np.random.Generator, model: Model, content: Content) -> Iterator[dict[str, Any]]:
    """What each student hands in for each term, as the JSON of `mentorkit.sharing`; in no order of students."""
    needs, relationships = (_records(one) for one in score(in_pandas(drawn.items)))
    forms = {tuple(key): form for *key, form in drawn.forms.itertuples(index=False)}
    met: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in relationships:
        form = forms[row["student"], row["term"], row["relationship"]]
        met.setdefault((row["student"], row["term"]), []).append(_relationship(row, form, content))
    own = {name: rng.bytes(ID).hex() for name in sorted({row["student"] for row in needs})}
    linked = {name: rng.random() >= model.unlinked for name in own}
    rows = list(needs)
    for place in rng.permutation(len(rows)):
        student, term = rows[place]["student"], rows[place]["term"]
        yield {
            "schema": "mentorkit-share/1",
            "id": rng.bytes(ID).hex(),
            "student": own[student] if linked[student] else None,
            "term": term,
            "class_year": rows[place]["class_year"],
            "content": " ".join(f"{name}/{content.worksheet(name).version}" for name in ("needs", "relationship")),
            "needs": {area: _need(rows[place], area) for area in content.areas},
            "relationships": sorted(met.get((student, term), []), key=lambda one: json.dumps(one, sort_keys=True)),
        }


def _expect_none(*files: Path) -> None:
    for file in files:
        if file.exists():
            raise BadFile(f"{file} exists already: choose another name for made-up students.")
        if not file.absolute().parent.is_dir():
            raise BadFile(f"There is no folder {file.absolute().parent}: make it first, or choose another place.")


def _records(scored: Scored) -> list[dict[str, Any]]:
    names = {column: scale for scale, column in scored.column.items()}
    table = scored.rows.place.fetch(scored.rows.frame).rename(columns=names)
    found: list[dict[str, Any]] = table.to_dict("records")
    return found


def _need(row: Mapping[str, Any], area: str) -> dict[str, float | None]:
    return {part: _points(row[f"{part}.{area}"]) for part in ("need", "support", "unmet")}


def _relationship(row: Mapping[str, Any], form: str, content: Content) -> dict[str, Any]:
    return {
        "mentor_type": row["mentor_type"],
        "form": form,
        "practices": {name: _points(row[f"practice.{name}"]) for name in content.practices},
        "outcomes": {name: _points(row[f"outcome.{name}"]) for name in content.outcomes},
        "practice_index": _points(row["practice_index"]),
        "outcome_index": _points(row["outcome_index"]),
    }


def _points(score: float) -> float | None:
    return None if np.isnan(score) else round(float(score), DIGITS)


def _told(chunks: Iterable[Drawn], said: Said) -> Iterator[Drawn]:
    for drawn in chunks:
        yield drawn
        said(len(drawn.items["student"].cat.categories))


def _csv(target: Path, chunks: Iterable[pd.DataFrame]) -> None:
    with target.open("x", encoding="utf-8", newline="") as file:
        for number, chunk in enumerate(chunks):
            chunk.to_csv(file, index=False, header=number == 0)


def _parquet(target: Path, chunks: Iterable[pd.DataFrame]) -> None:
    """Each chunk in a file of its own, and then all in one: so that memory is needed for one chunk only."""
    try:
        import duckdb
    except ImportError as missing:
        raise MentorkitError("Parquet files need DuckDB. Install it: pip install 'mentorkit[big]'") from missing
    parts = Path(tempfile.mkdtemp(prefix=f".{target.stem}-", dir=target.absolute().parent))
    try:
        with duckdb.connect(config={"memory_limit": "2GB"}) as connection:
            for number, chunk in enumerate(chunks):
                connection.from_df(chunk).write_parquet(str(parts / f"{number:06d}.parquet"))
            connection.read_parquet(str(parts / "*.parquet")).write_parquet(str(target))
    except duckdb.IOException as error:
        raise NotSaved(f"{target} cannot be written: choose another place with more room.") from error
    finally:
        shutil.rmtree(parts, ignore_errors=True)
