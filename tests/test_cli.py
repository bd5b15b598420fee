"""The command line: examples that work, and for bad input one sentence, exit code 2 and nothing half done."""

import http.client
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from cohort_files import rated_twice
from made import fill, opened, scratch

from mentorkit import __version__, cli, simulate
from mentorkit.store import Home, restore

COMMANDS = (
    "open", "orientation", "bots", "export", "import", "share", "cohort", "norms", "backup", "restore", "erase",
    "simulate", "check",
)  # fmt: skip
PROGRAM = [sys.executable, "-c", "from mentorkit.cli import main; main()"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder worked in, with the student's home in `home`."""
    with scratch() as folder:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("MENTORKIT_HOME", str(folder / "home"))
        yield folder


@pytest.fixture
def home(folder: Path) -> Home:
    """A home with a student's answers."""
    book = opened(folder / "home")
    fill(book)
    opened(folder / "home").close()  # which backs up the last few answers
    return book.home


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; returns its exit code and what it said and complained."""

    def run_it(line: str) -> tuple[int, str, str]:
        code = cli.run(shlex.split(line))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_it


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def tree(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files(folder)}


# Help


def test_every_command_is_known_to_these_tests():
    assert set(typer.main.get_command(cli.app).commands) == set(COMMANDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_in_the_help_works(command: str, run: Run, home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(home.path.parent))
    code, said, _ = run(f"{command} --help")
    (example,) = re.findall(r"Example: mentorkit (.+)", said)
    assert code == 0 and example.split()[0] == command
    if command == "open":
        assert "http://127.0.0.1:" in address_of(example)
        return
    if command in ("orientation", "bots"):  # played in tests of the room
        return
    if command == "import":
        assert run("export my-answers.json")[0] == 0
    if command == "restore":
        assert run("backup")[0] == 0
    if command == "cohort":
        assert run("simulate --students 40 --terms 2 --shares handed-in")[0] == 0
    if command == "norms":
        rated_twice()
    code, said, complained = run(example)
    for progress in ("Making up students", "Reading", "Checking what may be published …"):
        complained = complained.replace(progress, "")
    assert (code, complained.strip()) == (0, "") and said


def address_of(line: str) -> str:
    """Start `mentorkit open …` until it answers, then stop it as Ctrl-C does; what it said first."""
    environment = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    command = [*PROGRAM, *shlex.split(line)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout and process.stderr
        said = process.stdout.readline()
        asked = http.client.HTTPConnection(re.findall(r"127\.0\.0\.1:\d+", said)[0], timeout=30)
        asked.request("GET", "/")
        assert asked.getresponse().status < 500
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
    return said


def test_no_command_shows_all_of_them(run: Run):
    code, said, _ = run("")
    assert code == 0 and all(re.search(rf"^  {command} ", said, re.M) for command in COMMANDS)


def test_the_version(run: Run):
    assert run("--version") == (0, f"mentorkit {__version__}\n", "")


# Bad input


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("opne", "No such command"),
        ("--nonsense", "No such option"),
        ("open --port 0", "--port"),
        ("open --port 70000", "--port"),
        ("open --port x", "--port"),
        ("open --demo --home elsewhere", "leave --home out"),
        ("open --home a-file", "cannot be used"),
        ("export", "Missing argument"),
        ("export a.json b.json", "unexpected extra argument"),
        ("export a-file.json", "exists already"),
        ("export a.xlsx", "none of .json"),
        ("export nowhere/a.json", "no folder"),
        ("export a-folder", "none of .json"),
        ("export a-folder.json", "is a folder"),
        ("export a-file/a.json", "no folder"),
        ("export /proc/mentorkit.json", "cannot be written"),
        ("export new.json --home nowhere", "nothing saved"),
        ("export scores.csv", "exists already"),
        ("import nothing.json", "not there"),
        ("import a-folder", "not a file"),
        ("import /dev/zero", "not a file"),
        ("import a-file", "not readable as JSON"),
        ("import home/mentorkit.sqlite", "not readable as JSON"),
        ("import notebook.ipynb", "not a Mentorkit export"),
        ("backup a-file", "exists already"),
        ("backup home/mentorkit.sqlite --force", "your records itself"),
        ("backup nowhere/copy.sqlite", "no folder"),
        ("backup --home nowhere", "nothing saved"),
        ("restore nothing.sqlite --yes", "not there"),
        ("restore a-file --yes", "not a good backup"),
        ("erase --home nowhere --yes", "nothing to erase"),
        ("simulate a-folder-with-things", "has something in it"),
        ("simulate home", "has something in it"),
        ("simulate a-file", "cannot be used"),
        ("simulate /proc/made-up", "cannot be used"),
        ("simulate made-up --students 0", "--students"),
        ("simulate made-up --terms 17", "--terms"),
        ("check --home a-file", "need fixing"),
        ("check --home /tmp", "need fixing"),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(line: str, said: str, run: Run, home: Home, folder: Path):
    for name in ("a-file", "a-file.json", "scores-codebook.csv", "notebook.ipynb", "a-folder-with-things/x"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text('{"cells": []}' if name.endswith("ipynb") else "mine")
    for name in ("a-folder", "a-folder.json"):
        (folder / name).mkdir()
    before, there = tree(folder), set(folder.iterdir())
    code, _, complained = run(line)
    assert code == 2
    assert complained.startswith("mentorkit: ") and complained.endswith(".\n") and complained.count("\n") == 1
    assert said in complained and "Traceback" not in complained and "SECRET" not in complained
    assert tree(folder) == before and set(folder.iterdir()) == there


def test_a_port_that_is_taken_is_refused_in_a_sentence(run: Run, folder: Path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, complained = run(f"open --no-browser --port {taken.getsockname()[1]}")
    assert code == 2 and complained.startswith("mentorkit: Port ") and complained.count("\n") == 1


def test_what_a_file_holds_cannot_steer_the_terminal(run: Run, home: Home, folder: Path):
    run("export a.json")
    found = json.loads((folder / "a.json").read_text("utf-8"))
    found["records"][0]["\x1b[2J\nmentorkit: all is well." + "x" * 5000] = 1
    (folder / "a.json").write_text(json.dumps(found), "utf-8")
    code, _, complained = run("import a.json")
    assert code == 2 and complained.count("\n") == 1 and "\x1b" not in complained and len(complained) < 300


def test_a_mistake_of_ours_is_one_sentence_and_the_cause_is_in_a_log_that_erase_removes(
    run: Run, home: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mentorkit.health.examine", lambda home: 1 / 0)
    log = home.path / "mentorkit.log"
    code, _, complained = run(f"check --home {home.path}")
    assert code == 2 and complained.count("\n") == 1 and str(log) in complained and "Traceback" not in complained
    assert "ZeroDivisionError" in log.read_text("utf-8") and log.stat().st_mode & 0o077 == 0
    run("erase --yes")
    assert not log.exists()


def test_a_terminal_without_our_quotation_marks_still_hears_the_sentence(folder: Path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*PROGRAM, "import", "näh"], capture_output=True, env=environment)
    assert (done.returncode, done.stderr) == (2, b"mentorkit: n?h is not there: check its name.\n")


def test_a_reader_that_stops_listening_is_no_mistake(folder: Path):
    done = subprocess.run(f"{shlex.join(PROGRAM)} check | true", shell=True, capture_output=True, text=True)
    assert "Traceback" not in done.stderr and "wrong in Mentorkit" not in done.stderr


# Prompts


def at_prompt(line: str, typed: bytes) -> tuple[int, str]:
    """Run a command in a terminal of its own, type when it asks, and return its exit code and all it showed."""
    child, terminal = pty.fork()
    if not child:
        os.execv(PROGRAM[0], [*PROGRAM, *shlex.split(line)])
    shown = b""
    while not shown.rstrip().endswith((b":", b"]")):
        shown += os.read(terminal, 1000)
    time.sleep(0.2)  # the prompt is shown a moment before it is listened to
    os.write(terminal, typed)
    try:
        while more := os.read(terminal, 1000):
            shown += more
    except OSError:  # how a terminal says that nobody writes to it any more
        pass
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


@pytest.mark.parametrize("line", ["erase", "restore"])
@pytest.mark.parametrize("typed", [b"\x03", b"\x04", b"no\n"], ids=["Ctrl-C", "Ctrl-D", "no"])
def test_whoever_stops_at_a_question_has_changed_nothing(line: str, typed: bytes, home: Home, folder: Path):
    before = tree(folder)
    code, shown = at_prompt(line, typed)
    assert code == 2 and "Traceback" not in shown and ("Nothing was" in shown)
    assert tree(folder) == before


def test_whoever_types_the_word_erases(home: Home):
    code, shown = at_prompt("erase", "“erase”\n".encode())
    assert code == 0 and "Erased" in shown and not home.path.exists()


# Export and import


def test_an_export_goes_to_another_computer_and_back(run: Run, home: Home, folder: Path):
    assert run("export mine.json")[0] == 0
    assert (folder / "mine.json").stat().st_mode & 0o077 == 0
    code, said, _ = run("import mine.json --home other --dry-run")
    assert code == 0 and "Would add" in said and not opened(folder / "other").records
    assert "- “What do I need from mentoring now?”, Spring 2026: 9 answers, finished\n" in said
    assert "- New people: Sam and Prof. Lind (lab)\n" in said
    done = run("import mine.json --home other")[1]
    assert done.replace("Added", "Would add") == said.replace(" Nothing was changed.", "")
    assert run("import mine.json --home other")[1].startswith("Added 0 records")


@pytest.fixture
def apart(run: Run, home: Home, folder: Path) -> Home:
    """Another computer on which an answer was changed that was changed here too, and a file from here."""
    run("export mine.json")
    run("import mine.json --home other")
    for place, code in ((home.path, 2), (folder / "other", 4)):
        book = opened(place)
        book.answer("needs", "need.academic.strategies", code)
        book.close()
    run("export mine.json --force")
    return Home(folder / "other")


def test_what_was_changed_in_both_places_is_named_in_words_and_stays(run: Run, apart: Home):
    code, said, _ = run(f"import mine.json --home {apart.path} --yes")
    about = "“What do I need from mentoring now?”, Fall 2026: Ways"
    assert code == 0 and said.startswith(f"- Changed in both places: {about}")
    assert "– here: Cannot move on without it; in the file: Some\n" in said and "need.academic" not in said
    assert opened(apart.path).draft("needs")["need.academic.strategies"] == 4


def test_an_import_that_cannot_ask_about_what_differs_changes_nothing(apart: Home):
    before = opened(apart.path).records
    command = [*PROGRAM, "import", "mine.json", "--home", str(apart.path)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "mentorkit: Stopped. Nothing was changed.")
    assert opened(apart.path).records == before


@pytest.mark.parametrize(("typed", "code"), [(b"n\n", 2), (b"\x03", 2), (b"y\n", 0)], ids=["no", "Ctrl-C", "yes"])
def test_an_import_asks_when_something_differs(typed: bytes, code: int, apart: Home, folder: Path):
    opened(folder / "home").answer("needs", "need.clinical.reasoning", 1)
    cli.run(["export", "mine.json", "--force"])
    done, shown = at_prompt(f"import mine.json --home {apart.path}", typed)
    assert done == code and "Traceback" not in shown and "leave what differs as it is here?" in shown
    assert opened(apart.path).draft("needs").get("need.clinical.reasoning") == (None if code else 1)


def test_scores_go_to_a_csv_file_with_its_codebook(run: Run, home: Home, folder: Path):
    assert run("export scores.csv")[0] == 0
    assert (folder / "scores.csv").read_text("utf-8").startswith("term,mentor,revision,scale,score")
    assert "SECRET" not in (folder / "scores.csv").read_text("utf-8")
    assert run("export scores.csv --force")[0] == 0


def test_a_disk_that_fills_up_leaves_no_half_file(run: Run, home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "mine.json").write_text("the last one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mentorkit.takeaway.sync_file", full)
    code, _, complained = run("export mine.json --force")
    assert code == 2 and "No space left" in complained
    assert (folder / "mine.json").read_text() == "the last one" and not list(folder.glob(".*.part"))


# Backup, restore, erase


def test_a_backup_has_everything_and_comes_back(run: Run, home: Home, folder: Path):
    assert "records to copy.sqlite" in run("backup copy.sqlite")[1]
    count = len(opened(home.path).records)
    assert "last verified copy" in run("backup")[1]
    assert run("restore copy.sqlite --yes --home other")[0] == 0
    assert len(opened(folder / "other").records) == count


def test_erase_removes_all_that_mentorkit_made_and_nothing_else(run: Run, home: Home):
    run("backup")
    restore(home)
    (home.path / "app-keys.json").write_text("{}")
    (home.path / "mentorkit.log").write_text("")
    (home.notebooks / ".ipynb_checkpoints").mkdir(parents=True)
    for name in ("00_start_here.ipynb", ".ipynb_checkpoints/00_start_here-checkpoint.ipynb", "mine.ipynb"):
        (home.notebooks / name).write_text("{}")
    (home.notebooks / ".shipped.json").write_text(json.dumps({"00_start_here.ipynb": "abc", "../../a-file": "no"}))
    (home.path.parent / "a-file").write_text("mine")
    (home.path / "letter.txt").write_text("mine")
    code, said, _ = run("erase --yes")
    assert code == 0 and files(home.path) == {"letter.txt", "notebooks/mine.ipynb"}
    assert "letter.txt" in said and "notebooks" in said and (home.path.parent / "a-file").exists()
    assert not opened(home.path).records


# Made-up students


def test_stopping_the_making_of_students_leaves_the_folder_as_it_was(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    make, made = simulate.simulate_student, []

    def stopped_at_the_second(home: Path, **how: int) -> object:
        if made:
            raise KeyboardInterrupt
        made.append(home)
        return make(home, **how)

    monkeypatch.setattr(simulate, "simulate_student", stopped_at_the_second)
    (folder / "empty").mkdir()
    for name in ("new", "empty"):
        made.clear()
        code, _, complained = run(f"simulate {name} --students 3 --terms 1")
        assert code == 2 and complained.endswith("mentorkit: Stopped.\n") and made
    assert list((folder / "empty").iterdir()) == [] and not (folder / "new").exists()


def test_progress_is_shown_while_many_are_made(run: Run, folder: Path):
    code, said, shown = run("simulate made-up --students 2 --terms 1")
    assert code == 0 and "Making up students" in shown and "2 students over 1 terms" in said
    assert len(list((folder / "made-up").iterdir())) == 2
