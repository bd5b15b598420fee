"""`mentorkit share`: it shows everything, asks, and then writes one file that only its owner can read."""

import io
import json
import shlex
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made import scratch
from players import met, rate

from mentorkit import cli, open_workbook
from mentorkit.consent import handed_in
from mentorkit.sharing import read_handed_in, read_share

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder worked in, with the home of a student who finished two terms in `home`."""
    with scratch() as folder:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("MENTORKIT_HOME", str(folder / "home"))
        book = open_workbook(folder / "home")
        for term in ("2026-spring", "2026-fall"):
            book.term = term
            rate(book, "needs", 3, area__own="marked(own)")
        met(book, "peer", 2, relationship__occasion="marked(occasion)", relationship__flags=["boundary"])
        book.close()
        yield folder


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command, with what is typed; returns its exit code and what it said and complained."""

    def run_it(line: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = cli.run(shlex.split(line))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_it


def written(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def test_it_shows_everything_asks_and_writes_what_it_showed(folder: Path, run: Run):
    code, said, _ = run("share --term 2026-fall --class-year m2 --link", typed="y\n")
    (file,) = written(folder)
    share = read_share(file.read_bytes())
    assert code == 0 and file.name == f"mentorkit-share-2026-fall-{share.id[:8]}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for shown in (share.id, str(share.student), "Second year", "Peer mentoring", "Do you agree"):
        assert shown in said
    assert "marked" not in said + file.read_text() and "boundary" not in file.read_text()
    assert handed_in(open_workbook(folder / "home"))["2026-fall"].share == share.id


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_written_and_nothing_noted(folder: Path, run: Run, typed: str):
    code, _, complained = run("share --term 2026-fall", typed)
    assert code == 2 and "Nothing was changed" in complained
    assert written(folder) == [] and handed_in(open_workbook(folder / "home")) == {}


def test_a_preview_writes_nothing(folder: Path, run: Run):
    code, said, _ = run("share --preview --file out.json")
    assert code == 0 and "Nothing was written" in said
    assert written(folder) == [] and handed_in(open_workbook(folder / "home")) == {}


def test_a_file_that_is_there_is_written_over_only_when_that_is_forced(folder: Path, run: Run):
    (folder / "mine.json").write_text("something else")
    code, _, complained = run("share --term 2026-fall --file mine.json --yes")
    assert code == 2 and "--force" in complained
    assert (folder / "mine.json").read_text() == "something else"
    assert handed_in(open_workbook(folder / "home")) == {}
    assert run("share --term 2026-fall --file mine.json --yes --force")[0] == 0
    assert read_share((folder / "mine.json").read_bytes()).term == "2026-fall"


def test_the_link_stays_as_it_was_chosen_until_it_is_taken_back(folder: Path, run: Run):
    run("share --term 2026-spring --link --yes --file 1.json")
    run("share --term 2026-fall --yes --file 2.json")
    run("share --term 2026-fall --no-link --yes --file 3.json")
    run("share --term 2026-fall --link --yes --file 4.json")
    one, two, three, four = (read_share((folder / f"{number}.json").read_bytes()).student for number in range(1, 5))
    assert one == two and one and three is None and four not in (None, one)


def test_taking_back_writes_a_file_with_the_random_number_alone(folder: Path, run: Run):
    run("share --term 2026-fall --file mine.json --yes")
    share = read_share((folder / "mine.json").read_bytes())
    code, said, _ = run("share --take-back --term 2026-fall", typed="y\n")
    (back,) = [path for path in written(folder) if "take-back" in path.name]
    assert code == 0 and "left out of the next report" in said
    assert json.loads(back.read_text()) == {"schema": "mentorkit-withdrawal/1", "shares": [share.id]}
    assert stat.S_IMODE(back.stat().st_mode) == 0o600
    assert run("share --take-back --term 2026-fall --yes --file again.json")[0] == 0
    assert read_handed_in((folder / "again.json").read_bytes()) == read_handed_in(back.read_bytes())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("share --term soon", "no term"),
        ("share --term 2020-fall --yes", "Nothing with scores is finished in Fall 2020"),
        ("share --term 2026-fall --class-year sophomore --yes", "m1, m2"),
        ("share --term 2026-fall --yes --file missing/out.json", "no folder"),
        ("share --take-back --term 2026-fall --yes", "shared nothing of Fall 2026"),
        ("share --home elsewhere", "nothing saved"),
    ],
)
def test_bad_input_is_one_sentence(folder: Path, run: Run, line: str, said: str):
    code, _, complained = run(line)
    assert code == 2 and said in complained and complained.count("\n") == 1
    assert written(folder) == []
