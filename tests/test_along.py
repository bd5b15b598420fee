"""Taking it along on the first page: what is saved, what a file would bring, and that nothing happens unseen."""

import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from made import MARKED, fill, opened

from mentorkit import Workbook, load_content, open_workbook
from mentorkit.errors import MentorkitError, NotSaved
from mentorkit.merging import bring_in
from mentorkit.pages import along, desk
from mentorkit.reports.exchange import as_json, read_export
from mentorkit.store import Store, back_up
from mentorkit.widgets.panel import File, Said

WORDS = load_content().words
STRATEGIES = "need.academic.strategies"
SOME, VITAL = "Some", "Cannot move on without it"


class Page:
    """The panel, asked as a browser would."""

    def __init__(self) -> None:
        self.panel = along.take_along()

    def press(self, name: str, **values: str) -> object:
        return self.panel._does[name](values)

    def refused(self, name: str, **values: str) -> str:
        with pytest.raises(MentorkitError) as refusal:
            self.press(name, **values)
        return str(refusal.value)

    @property
    def html(self) -> str:
        return self.panel.html


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbook]:
    """The student's workbook with everything in it, as the page has it."""
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VOILA_KERNEL_ID", "1")
    desk.workbook.cache_clear()
    filled = opened(tmp_path / "home")
    fill(filled)
    filled.close()
    yield desk.workbook()
    desk.workbook.cache_clear()


@pytest.fixture
def page(book: Workbook) -> Page:
    return Page()


@pytest.fixture
def elsewhere(book: Workbook, tmp_path: Path) -> Workbook:
    """The same student on another computer."""
    other = opened(tmp_path / "elsewhere")
    bring_in(other, read_export(export(book).encode(), other.content))
    return other


def export(book: Workbook) -> str:
    return as_json(book.content, book.records)


# Saving


def test_everything_is_saved_to_a_file_that_comes_back_and_has_nothing_private(page: Page, book: Workbook):
    file = page.press("save")
    assert isinstance(file, File) and file.name == f"mentorkit-{book.today}.json"
    assert file.data.decode().split('"records"')[1] == export(book).split('"records"')[1]
    assert MARKED not in file.data.decode() and "boundary" not in file.data.decode()
    assert page.press("look", file=file.data.decode()) is None
    assert WORDS["along_nothing"] in page.html


def test_what_another_window_saved_is_in_the_file_too(page: Page, book: Workbook):
    opened(book.home.path).answer("needs", "need.clinical.reasoning", 2)
    file = page.press("save")
    assert isinstance(file, File) and b"need.clinical.reasoning" in file.data


def test_a_full_copy_has_the_private_things_and_leaves_nothing_behind(page: Page, book: Workbook, tmp_path: Path):
    before = {path: path.stat().st_mode for path in book.home.path.rglob("*")}
    copy = page.press("copy")
    assert isinstance(copy, File) and MARKED.encode() in copy.data
    (tmp_path / "copy.sqlite").write_bytes(copy.data)
    assert Store(tmp_path / "copy.sqlite").records == list(book.records)
    assert {path: path.stat().st_mode for path in book.home.path.rglob("*")} == before


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_full_copy_is_never_open_to_others(page: Page, book: Workbook, monkeypatch: pytest.MonkeyPatch):
    seen, read = [], Path.read_bytes

    def noted(path: Path) -> bytes:
        if path.suffix == ".part" and "backups" in path.parts:
            seen.append((stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    old = os.umask(0)
    try:
        page.press("copy")
    finally:
        os.umask(old)
    assert (0o600, 0o700) in seen and set(seen) == {(0o600, 0o700)}


def test_a_copy_that_cannot_be_made_is_said(page: Page, book: Workbook, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mentorkit.store.backup.sync_file", full)
    assert "No space left" in page.refused("copy")
    assert not list(book.home.backups.glob(".*"))


def test_an_empty_workbook_says_that_there_is_nothing_to_save(
    book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MENTORKIT_HOME", str(tmp_path / "new"))
    desk.workbook.cache_clear()
    found = Page()
    assert WORDS["along_none_yet"] in found.html and WORDS["along_save_title"] not in found.html
    found.press("look", file=export(book))
    assert found.press("add") == WORDS["along_added"]
    assert WORDS["along_save_title"] in found.html and len(desk.workbook().mentors) == 2


# Bringing in


def test_nothing_happens_before_it_was_shown_and_agreed(page: Page, book: Workbook, elsewhere: Workbook):
    elsewhere.answer("needs", STRATEGIES, 4)
    elsewhere.add_mentor("Kim")
    before = book.records
    assert page.refused("add") == WORDS["along_choose_first"]
    page.press("look", file=export(elsewhere))
    assert "“What do I need from mentoring now?”, Fall 2026: 1 answer, newer than what is here" in page.html
    assert "New people: Kim" in page.html
    assert page.press("leave") == WORDS["along_not_added"]
    assert book.records == before and WORDS["along_would"] not in page.html
    page.press("look", file=export(elsewhere))
    assert page.press("add") == WORDS["along_added"]
    assert book.draft("needs")[STRATEGIES] == 4 and book.mentors[-1].name == "Kim"
    assert WORDS["along_would"] not in page.html
    assert page.refused("add") == WORDS["along_choose_first"]


@pytest.fixture
def apart(book: Workbook, elsewhere: Workbook) -> str:
    """The text of a file in which an answer was changed that was changed here too."""
    book.answer("needs", STRATEGIES, 2)
    elsewhere.answer("needs", STRATEGIES, 4)
    elsewhere.answer("needs", "need.clinical.reasoning", 3)
    return export(elsewhere)


def difference(page: Page) -> str:
    shown = page.panel._does["add"].__self__._shown
    return shown.differing[0].id


@pytest.mark.parametrize(("side", "code"), [("here", 2), ("file", 4), ("nonsense", 2)])
def test_what_differs_is_chosen_or_stays(page: Page, book: Workbook, apart: str, side: str, code: int):
    page.press("look", file=apart)
    assert WORDS["along_here"].format(value=SOME) in page.html
    assert WORDS["along_file"].format(value=VITAL) in page.html
    assert not re.search("<input[^>]* checked", page.html), "nothing is chosen for the student"
    left = side == "nonsense"
    said = page.press("add", **{difference(page): side})
    assert said == (WORDS["along_added_left"].format(count=1) if left else WORDS["along_added"])
    assert book.draft("needs")[STRATEGIES] == code and book.draft("needs")["need.clinical.reasoning"] == 3
    page.press("look", file=apart)
    assert (WORDS["along_differs_title"] in page.html) == left


def test_many_differences_can_be_taken_from_the_file_at_once_but_for_those_chosen(
    page: Page, book: Workbook, elsewhere: Workbook
):
    items = [f"need.clinical.{facet}" for facet in ("reasoning", "decisions")] + [STRATEGIES, "support.academic"]
    for other, code in ((book, 2), (elsewhere, 4)):
        for item in items:
            other.answer("needs", item, code)
    page.press("look", file=export(elsewhere))
    assert WORDS["along_add_file"].replace("'", "&#x27;") in page.html
    page.press("add", of="file", **{difference(page): "here"})
    assert sorted(book.draft("needs")[item] for item in items) == [2, 4, 4, 4]


def test_a_change_in_the_meantime_is_shown_before_anything_is_added(page: Page, book: Workbook, apart: str):
    page.press("look", file=apart)
    opened(book.home.path).answer("needs", "need.clinical.reasoning", 1)
    assert page.refused("add", **{difference(page): "file"}) == WORDS["along_changed"]
    assert book.draft("needs")[STRATEGIES] == 2 and page.html.count("<fieldset") == 2
    assert page.press("add", of="file") == WORDS["along_added"]


def test_namesakes_are_named_before_they_are_added(page: Page, book: Workbook, tmp_path: Path):
    other = opened(tmp_path / "other")
    other.add_mentor("sam")
    page.press("look", file=export(other))
    assert WORDS["along_namesake"].format(name="Sam") in page.html
    page.press("add")
    assert [mentor.name for mentor in book.mentors] == ["Sam", "Prof. Lind (lab)", "sam"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not readable"),
        ("\x89PNG\ufffd\x00", "not readable"),
        ("{}", "not a Mentorkit export"),
        ("\ud800", "not readable"),
        ("SQLite format 3\x00…", "full copy"),
    ],
)
def test_a_wrong_file_is_one_clear_sentence_and_what_was_shown_stays(page: Page, apart: str, text: str, said: str):
    page.press("look", file=apart)
    before = page.html
    sentence = page.refused("look", file=text)
    assert said in sentence and sentence.count("\n") == 0
    assert page.html == before
    assert page.refused("look") == WORDS["along_choose_first"]


def test_names_and_words_of_a_file_are_text(page: Page, tmp_path: Path):
    other = opened(tmp_path / "other")
    other.add_mentor("<img src=x onerror=fired()>")
    page.press("look", file=export(other))
    assert "&lt;img src=x" in page.html and "<img" not in page.html


# Where it lies


def test_it_says_where_the_files_lie_when_the_last_backup_was_made_and_how_to_go_back(page: Page, book: Workbook):
    assert str(book.home.path) in page.html and f"mentorkit restore --home &quot;{book.home.path}&quot;" in page.html
    backup = book.home.found_backups()[-1]
    made = time.mktime((2026, 3, 4, 5, 6, 0, 0, 0, -1))
    os.utime(backup, (made, made))
    page.panel.draw()
    assert WORDS["along_backup"].format(when="March 4, 2026, 05:06") in page.html
    for backup in book.home.found_backups():
        backup.unlink()
    page.panel.draw()
    assert WORDS["along_no_backup"] in page.html


def test_the_usual_folder_needs_no_naming(book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("MENTORKIT_HOME")
    desk.workbook.cache_clear()
    assert "<code>mentorkit restore</code>" in Page().html


# Erasing


@pytest.mark.parametrize("word", ["", "yes", "eras", "erase everything"])
def test_without_the_word_nothing_is_erased(page: Page, book: Workbook, word: str):
    assert page.refused("erase", word=word) == page.refused("erase") == WORDS["along_erase_not"]
    assert book.records == opened(book.home.path).records != ()


def test_erasing_leaves_an_empty_file_says_so_and_the_workbook_goes_on(page: Page, book: Workbook):
    back_up(book.home, Store(book.home.records))
    (book.home.path / "app-keys.json").write_text("{}")
    (book.home.path / "letter.txt").write_text("mine")
    told = []
    book.on_change(lambda: told.append(len(book.records)))
    said = page.press("erase", word=" “Erase” ")
    assert isinstance(said, Said) and said.forget
    assert str(book.home.path) in said.sentence
    assert said.sentence.endswith(WORDS["along_still"].format(names="letter.txt"))
    left = {path.name: path.read_bytes() for path in book.home.path.rglob("*") if path.is_file()}
    assert set(left) == {"letter.txt", "mentorkit.sqlite", "mentorkit.sqlite-journal"}
    assert not any(b"need." in data or b"Sam" in data or MARKED.encode() in data for data in left.values())
    assert book.records == () and book.mentors == () and 0 in told
    assert WORDS["along_none_yet"] in page.html
    book.answer("needs", STRATEGIES, 1)
    assert len(open_workbook(book.home.path).records) == 1


def test_another_window_with_what_was_erased_saves_nothing_more_and_says_why(page: Page, book: Workbook):
    other = opened(book.home.path)
    lind = next(mentor.id for mentor in other.mentors if mentor.left)
    page.press("erase", word="erase")
    for worksheet, item, mentor in (("needs", STRATEGIES, None), ("relationship", "practice.prepared.topics", lind)):
        for _ in range(2):
            with pytest.raises(NotSaved, match="erased or exchanged in another window"):
                other.answer(worksheet, item, 4, mentor=mentor)
    with pytest.raises(NotSaved):
        other.seal("needs")
    with pytest.raises(NotSaved):
        other.add_mentor("Kim")
    assert open_workbook(book.home.path).records == () and not book.home.found_backups()


def test_another_window_that_had_nothing_to_show_goes_on(tmp_path: Path):
    one, other = opened(tmp_path / "home"), opened(tmp_path / "home")
    one.answer("needs", STRATEGIES, 1)
    one.erase()
    other.answer("needs", STRATEGIES, 2)
    one.refresh()
    assert one.draft("needs")[STRATEGIES] == 2


def test_notebooks_that_are_open_in_jupyterlab_stay_and_that_is_said(
    page: Page, book: Workbook, monkeypatch: pytest.MonkeyPatch
):
    notebooks = book.home.notebooks
    notebooks.mkdir()
    for name, text in (("00_start_here.ipynb", "{}"), (".shipped.json", '{"00_start_here.ipynb": "abc"}')):
        (notebooks / name).write_text(text)
    monkeypatch.delenv("VOILA_KERNEL_ID")
    said = page.press("erase", word="erase")
    assert isinstance(said, Said) and WORDS["along_notebooks"] in said.sentence
    assert (notebooks / "00_start_here.ipynb").exists()
    monkeypatch.setenv("VOILA_KERNEL_ID", "1")
    said = page.press("erase", word="erase")
    assert isinstance(said, Said) and WORDS["along_notebooks"] not in said.sentence and not notebooks.exists()


def test_what_cannot_be_erased_is_said_and_the_answers_are_still_there(
    page: Page, book: Workbook, monkeypatch: pytest.MonkeyPatch
):
    count = len(book.records)

    def busy(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "The file is in use", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", busy)
        assert "close other windows" in page.refused("erase", word="erase")
    assert len(book.records) == count
    book.answer("needs", STRATEGIES, 3)
    assert len(open_workbook(book.home.path).records) == count + 1
