"""From files to scores: shares as files or in a room, REDCap's record exports, item rows. What is not read is told."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pandas as pd

from mentorkit.cohort.handing import rows_of
from mentorkit.cohort.score_rows import KINDS, SCORES, ScoreRow
from mentorkit.content import Content, load_content
from mentorkit.errors import BadFile, MentorkitError
from mentorkit.interchange.codebook import OF_ITEM_ROWS
from mentorkit.interchange.table import LARGEST as LARGEST_TABLE
from mentorkit.interchange.table import head
from mentorkit.sharing import LARGEST, Share, Withdrawal, read_handed_in
from mentorkit.store.shares import shares as shares_in
from mentorkit.takeaway import read_file

ENDINGS = (".json", ".csv")
TOLD = 5  # cells and rows of a table that are told one by one
NEITHER = "It ends in none of .json (a share) and .csv (REDCap's records or item rows), so it is not read."
TWICE = "It says something else than an earlier file of the same student and term: what has more scores counts."
Said = Callable[[int], object]  # hears that so many more files are done


def _nobody_hears(files: int) -> None:
    pass


@dataclass(frozen=True)
class Told:
    """What is said about one file or room."""

    source: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.source}: {self.sentence}"


@dataclass(frozen=True)
class Collected:
    """What was read, and what was not. It shows no score and no number of students: `release` does, where it may."""

    read: tuple[str, ...]  # the files and rooms of which something was read
    refused: tuple[Told, ...]  # files that count for nothing, and why
    notes: tuple[Told, ...]  # what else should be known of a file that was read
    terms: tuple[str, ...]  # of which there are scores, earliest first
    content: Content = field(repr=False)
    _scores: pd.DataFrame = field(repr=False, compare=False)


Key = tuple[str, str]  # student and term


@dataclass
class _Pile:
    """The rows of each student and term, one share each."""

    content: Content
    rows: dict[Key, dict[str, list[ScoreRow]]] = field(default_factory=dict)  # then by the share's id, or its file
    shares: dict[str, Key] = field(default_factory=dict)  # by the share's own id
    taken_back: set[str] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    read: list[str] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)

    def put(self, source: str, name: str, rows: list[ScoreRow]) -> None:
        """One student's rows of one term, under the share's own id or the name of its file."""
        others = self.rows.setdefault((rows[0].student, rows[0].term), {})
        if any(_order(one) != _order(rows) for one in others.values()):
            self.note(source, TWICE)
        if name not in others or _order(others[name]) < _order(rows):
            others[name] = rows

    def note(self, source: str, sentence: str) -> None:
        """Say something about a source, once however many students it is true of."""
        if (told := Told(source, sentence)) not in self.notes:
            self.notes.append(told)

    def scores(self) -> pd.DataFrame:
        """Of each student and term one share, without what was taken back."""
        found: list[ScoreRow] = []
        for key in sorted(self.rows):
            left = [rows for name, rows in self.rows[key].items() if name not in self.taken_back]
            found += sorted(left, key=_order)[-1] if left else []
        return pd.DataFrame(found, columns=list(SCORES)).astype(KINDS)


def read(
    paths: Iterable[Path | str] = (),
    *,
    room: Path | str | None = None,
    content: Content | None = None,
    said: Said = _nobody_hears,
) -> Collected:
    """The scores in files and folders (with all that is in them), and in a room's consented rows.

    A `.json` file is a share or takes one back; a `.csv` file is a record export of REDCap or holds item rows. A file
    is read as a whole or refused with one sentence. The same share twice counts once; of two different shares of one
    student and term that with more scores counts, whatever the order of the files. What is taken back counts nowhere.
    Raises `BadFile` when there is nothing to read at all, and what `mentorkit.store.shares` raises for a room.
    """
    known = content or load_content()
    pile = _Pile(known)
    files = files_in(paths)
    if not files and room is None:
        raise BadFile("There is no file to read: name share files, a folder of them, or a room.")
    for file in files:
        _take_file(pile, file)
        said(1)
    if room is not None:
        _take_room(pile, Path(room))
    scores = pile.scores()
    terms = tuple(known.calendar.sort(set(scores.loc[scores["score"].notna(), "term"])))
    return Collected(tuple(pile.read), tuple(pile.refused), tuple(pile.notes), terms, known, scores)


def scores_of(collected: Collected) -> pd.DataFrame:
    """The scores as rows, for `members_of`. They are single students': nothing of them is shown to anybody."""
    return collected._scores


def files_in(paths: Iterable[Path | str]) -> list[Path]:
    """Every file once, folders taken apart, in the order of their names; raises `BadFile` for a path that is none."""
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise BadFile(f"{path} is not there: check its name.")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            hidden = path.is_dir() and any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.is_file() and not hidden:
                found.setdefault(file.resolve(), file)
    return list(found.values())


def _take_file(pile: _Pile, file: Path) -> None:
    try:
        ending = file.suffix.lower()
        if ending not in ENDINGS:
            raise BadFile(NEITHER)
        raw = read_file(file, LARGEST if ending == ".json" else LARGEST_TABLE)
        digest = sha256(raw).digest()
        if digest not in pile.seen:
            (_take_share if ending == ".json" else _take_table)(pile, str(file), raw)
            pile.seen.add(digest)
        pile.read.append(str(file))
    except MentorkitError as refusal:
        pile.refused.append(Told(str(file), str(refusal)))


def _take_share(pile: _Pile, source: str, raw: bytes) -> None:
    handed = read_handed_in(raw)
    if isinstance(handed, Withdrawal):
        pile.taken_back.update(handed.shares)
    else:
        _put_share(pile, source, handed)


def _put_share(pile: _Pile, source: str, share: Share) -> None:
    rows = rows_of(share, pile.content)
    if not any(row.score is not None for row in rows):
        pile.notes.append(Told(source, "Nothing in it is scored, so it counts nowhere."))
        return
    key = (rows[0].student, share.term)
    if pile.shares.setdefault(share.id, key) != key:
        raise BadFile("Another file has the same random number and is about another term or student: save it again.")
    pile.put(source, share.id, rows)


def _take_room(pile: _Pile, room: Path) -> None:
    for document in shares_in(room):
        try:
            _take_share(pile, str(room), document.encode())
        except MentorkitError as refusal:
            pile.refused.append(Told(f"A share in {room}", str(refusal)))
    pile.read.append(str(room))


def _take_table(pile: _Pile, source: str, raw: bytes) -> None:
    from mentorkit.cohort import items, measure

    columns = head(raw, (*OF_ITEM_ROWS, "record_id"))
    is_redcap = "record_id" in columns and "student" not in columns
    found = (items.from_redcap if is_redcap else items.from_csv)(raw, pile.content)
    if found.refused:
        told = " ".join(str(one) for one in found.refused[:TOLD])
        pile.notes.append(Told(source, f"Not all was read. {told}" + " …" * (len(found.refused) > TOLD)))
    pile.notes += [Told(source, note) for note in found.notes]
    if found.frame.empty:
        raise BadFile("Nothing in it can be read as an answer: check what was exported.")
    scored = measure.score(measure.in_pandas(found.frame), measure.rules_of(pile.content))
    table = measure.long(scored).sort_values(["student", "term", "relationship", "scale"], na_position="first")
    for (student, term), rows in table.groupby(["student", "term"], sort=True):
        if rows["score"].notna().any():
            pile.put(source, source, list(_score_rows(f"record {student}", str(term), rows)))


def _score_rows(student: str, term: str, rows: pd.DataFrame) -> Iterator[ScoreRow]:
    own = rows[~rows["scale"].str.endswith(".own")]
    for row in own.itertuples(index=False):
        score = None if pd.isna(row.score) else float(row.score)
        number, asked = (None if pd.isna(one) else int(one) for one in (row.relationship, row.items))
        year, kind = (None if pd.isna(one) else str(one) for one in (row.class_year, row.mentor_type))
        yield ScoreRow(student, True, term, year, number, kind, str(row.scale), score, asked)


def _order(rows: Sequence[ScoreRow]) -> tuple[int, str]:
    """By which of two shares of one student and term is taken: more scores, then the larger text."""
    return sum(row.score is not None for row in rows), repr(sorted(map(repr, rows)))
