"""00, below: taking everything along, bringing in a file, and erasing it all. Nothing happens before it was shown."""

import os
from collections.abc import Mapping
from datetime import datetime

from mentorkit.consent import clear_room
from mentorkit.errors import BadFile, NotReady
from mentorkit.merging import Choice, Merge, bring_in, in_words, plan
from mentorkit.pages.desk import panel, workbook
from mentorkit.reports.along import bringing, erasing, saving, whereabouts
from mentorkit.reports.exchange import as_json, read_export
from mentorkit.reports.html import Html, join
from mentorkit.store import AnyRecord, Home, backups, copy_bytes, file_of
from mentorkit.widgets.panel import File, Panel, Reply, Said
from mentorkit.workbook import Workbook

IS_COPY = "SQLite format 3"


def take_along() -> Panel:
    """Saving everything to a file, bringing in a file, where it all lies, and erasing it."""
    return TakeAlong(workbook()).panel


class TakeAlong:
    """The ways in and out. A file that was looked at is held here until it is added or left."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._file: tuple[AnyRecord, ...] | None = None
        self._shown: Merge | None = None
        deeds = {
            "save": self._save,
            "copy": self._copy,
            "look": self._look,
            "add": self._add,
            "leave": self._leave,
            "erase": self._erase,
        }
        self.panel = panel(self._draw, deeds)

    def _draw(self) -> Html:
        book, content = self._book, self._book.content
        self._shown = plan(book, self._file) if self._file else None
        news = in_words(content, self._shown) if self._shown else None
        return join(
            saving(content, not book.records),
            bringing(content, news),
            whereabouts(content, book.home, _last_backup(book.home)) if book.home else None,
            erasing(content, book.home.path if book.home else None),
        )

    def _save(self, _: dict[str, str]) -> Reply:
        book = self._book
        book.refresh()
        text = as_json(book.content, book.records)
        return File(f"mentorkit-{book.today.isoformat()}.json", "application/json", text.encode())

    def _copy(self, _: dict[str, str]) -> Reply:
        book = self._book
        data = copy_bytes(book.home) if book.home else file_of(book.records)
        return File(f"mentorkit-copy-{book.today.isoformat()}.sqlite", "application/vnd.sqlite3", data)

    def _look(self, values: dict[str, str]) -> Reply:
        book, words = self._book, self._book.content.words
        if "file" not in values:
            raise BadFile(words["along_choose_first"])
        if values["file"].startswith(IS_COPY):
            raise BadFile(words["along_is_copy"])
        book.refresh()
        raw = values["file"].encode("utf-8", "surrogatepass")
        self._file = read_export(raw, book.content, [person.id for person in book.people])
        self.panel.draw()
        return None

    def _add(self, values: dict[str, str]) -> Reply:
        book, words, shown = self._book, self._book.content.words, self._shown
        if self._file is None or shown is None:
            raise NotReady(words["along_choose_first"])
        book.refresh()
        if _gist(plan(book, self._file)) != _gist(shown):
            self.panel.draw()
            raise NotReady(words["along_changed"])
        left = len(bring_in(book, self._file, _choices(shown, values)).differing)
        return self._done(words["along_added_left"].format(count=left) if left else words["along_added"])

    def _leave(self, _: dict[str, str]) -> Reply:
        return self._done(self._book.content.words["along_not_added"])

    def _done(self, sentence: str) -> Reply:
        self._file = None
        self.panel.draw()
        return sentence

    def _erase(self, values: dict[str, str]) -> Reply:
        book, words = self._book, self._book.content.words
        if values.get("word", "").strip(" “”\"'").casefold() != words["along_erase_word"]:
            raise NotReady(words["along_erase_not"])
        self._file = None
        clear_room(book)  # nobody could take it back any more
        count = book.erase(notebooks=_in_app())
        self.panel.draw()
        return Said(" ".join(_erased(book, count)), forget=True)


def _gist(merge: Merge) -> object:
    """What the student saw of a merge."""
    return merge.add, merge.differing


def _choices(merge: Merge, values: Mapping[str, str]) -> dict[str, Choice]:
    """For each difference the side that was chosen; `of` says it for those without."""
    sides: dict[str | None, Choice] = {"here": "here", "file": "file"}
    chosen = {one.id: sides.get(values.get(one.id, values.get("of"))) for one in merge.differing}
    return {name: side for name, side in chosen.items() if side}


def _last_backup(home: Home) -> datetime | None:
    found = backups(home)
    return datetime.fromtimestamp(found[-1].stat().st_mtime).astimezone() if found else None


def _in_app() -> bool:
    return "VOILA_KERNEL_ID" in os.environ


def _erased(book: Workbook, count: int) -> list[str]:
    """What was removed, and what is still there and why."""
    words, place = book.content.words, book.home
    if place is None:
        return [words["along_erased"]]
    ours = {place.records.name, f"{place.records.name}-journal"}
    rest = sorted(one.name for one in place.path.iterdir() if one.name not in ours)
    kept = [name for name in rest if name == place.notebooks.name and not _in_app()]
    others = [name for name in rest if name not in kept]
    said = [words["along_erased"].format(count=count, folder=place.path)]
    if kept:
        said.append(words["along_notebooks"])
    if others:
        said.append(words["along_still"].format(names=", ".join(others)))
    return said
