"""The keeper's process: what is acknowledged is kept, whatever happens to it, and its ends and starts are clean."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from made import MARKED
from protocol import run
from store_samples import answer, answers

from mentorkit.errors import MentorkitError, NotSaved
from mentorkit.serve.keeper import Locker, line
from mentorkit.serve.keeper.address import read_address
from mentorkit.serve.keeper.process import main, read_secret
from mentorkit.store import Stale
from verify.keeping import COMMAND, Keeping, some_locker

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
posix = pytest.mark.skipif(os.name != "posix", reason="needs Unix sockets and signals")


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    kept = Keeping(tmp_path / "home").start()
    yield kept
    if kept.process.poll() is None:
        kept.stop()


# Starting and ending


def test_it_ends_cleanly_and_starts_again_where_it_was(keeping):
    locker = some_locker()
    keeping.storage(locker).append(answer(1))
    salt = run(keeping.operator.salt())
    assert keeping.stop() == 0
    assert not Path(keeping.address.removeprefix("unix:")).exists()
    assert [file.name for file in keeping.home.iterdir()] == ["lockers.sqlite"]
    keeping.start()
    assert len(keeping.storage(locker).records) == 1
    assert run(keeping.operator.salt()) == salt
    assert keeping.log == ""


def test_a_second_keeper_of_the_same_room_is_refused_and_the_first_goes_on(keeping):
    command = [*COMMAND, "--home", str(keeping.home), "--address", keeping.address]
    second = subprocess.run(command, input=keeping.secret.hex(), capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "held by another keeper" in second.stderr and second.stderr.count("\n") == 1
    keeping.storage(some_locker()).append(answer(1))


@pytest.mark.parametrize("secret", ["", "\n", "abcd", "not hexadecimal", "zz" * 32])
def test_it_does_not_start_without_a_secret(tmp_path, monkeypatch, capsys, secret):
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO(secret))
    assert main(["--home", str(tmp_path / "home"), "--address", f"unix:{tmp_path}/socket"]) == 1
    assert capsys.readouterr().err.startswith("The keeper reads its secret from standard input")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "address", ["", "unix:", "tcp:0.0.0.0:80", "tcp:127.0.0.1:x", "tcp:127.0.0.1:70000", "http://x"]
)
def test_no_other_address_is_taken(address):
    with pytest.raises(MentorkitError, match=r"unix:PATH or tcp:127\.0\.0\.1:PORT"):
        read_address(address)


def test_a_path_that_is_too_long_for_a_socket_is_said():
    with pytest.raises(MentorkitError, match="too long for a socket"):
        read_address("unix:/" + "x" * 120)


def test_where_it_cannot_listen_is_said(tmp_path):
    command = [*COMMAND, "--home", str(tmp_path / "home"), "--address", f"unix:{tmp_path}/no/such/folder"]
    ran = subprocess.run(command, input="ab" * 32, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith("The keeper cannot listen at unix:") and ran.stderr.count("\n") == 1


def test_a_secret_is_read_from_one_line():
    assert read_secret("ab" * 32 + "\r\n") == b"\xab" * 32


@posix
@pytest.mark.parametrize(("options", "mode"), [((), 0o600), (("--socket-mode", "0666"), 0o666)])
def test_only_who_may_connect_can(tmp_path, options, mode):
    kept = Keeping(tmp_path / "home", None, *options).start()
    assert stat.S_IMODE(Path(kept.address.removeprefix("unix:")).stat().st_mode) == mode
    kept.stop()


def test_it_listens_at_a_port_of_this_computer_where_there_are_no_unix_sockets(tmp_path):
    kept = Keeping(tmp_path / "home", "tcp:127.0.0.1:0").start()
    assert kept.address.startswith("tcp:127.0.0.1:") and not kept.address.endswith(":0")
    kept.storage(locker := some_locker()).append(answer(1))
    assert len(kept.storage(locker).records) == kept.counts().with_rows == 1
    assert run(kept.operator.has(locker.id))
    assert kept.stop() == 0


def test_it_ends_with_whoever_started_it(tmp_path):
    kept = Keeping(tmp_path / "home", None, "--while-stdin-open").start()
    kept.storage(some_locker()).append(answer(1))
    kept.process.stdin.close()
    assert kept.process.wait(20) == 0


# What the server may know


def test_the_server_knows_how_many_there_are_and_whether_all_is_saved(keeping):
    first, second = some_locker(), some_locker()
    run(keeping.operator.open(first.id))
    before = keeping.counts()
    assert (before.lockers, before.with_rows, before.finished) == (1, 0, {})
    store = keeping.storage(second)
    store.append(answer(1))
    store.report_finished(["goals", "network"])
    counts = keeping.counts()
    assert (counts.lockers, counts.with_rows, counts.finished) == (2, 1, {"goals": 1, "network": 1})
    assert (counts.waiting, counts.failing_since) == (0, None)
    assert counts.last_commit and 0 < counts.p50_ms <= counts.p99_ms < 10_000


def test_a_code_is_known_from_the_moment_it_is_given_out(keeping):
    locker = some_locker()
    assert not run(keeping.operator.has(locker.id))
    run(keeping.operator.open(locker.id))
    assert run(keeping.operator.has(locker.id))
    keeping.restart()
    assert run(keeping.operator.has(locker.id))


def test_a_server_whose_keeper_is_gone_hears_a_sentence(keeping):
    keeping.stop()
    with pytest.raises(NotSaved, match="does not answer"):
        keeping.counts()


def test_what_a_student_writes_is_nowhere_in_any_file_or_log(keeping):
    locker = some_locker()
    store = keeping.storage(locker)
    store.append(answer(1, MARKED), answer(2, MARKED * 100))
    store.report_finished(["goals"])
    assert run(keeping.operator.back_up()) == "lockers-copy.sqlite"
    keeping.kill()
    seen = everything_in(keeping.home) + keeping.log.encode()
    for secret in (MARKED.encode(), b"SECRET", locker.key, locker.key.hex().encode(), keeping.secret):
        assert secret not in seen
    assert locker.id in seen  # the search would find what is there
    keeping.start()
    assert [record.value for record in keeping.storage(locker).records] == [MARKED, MARKED * 100]
    assert keeping.stop() == 0
    assert MARKED.encode() not in everything_in(keeping.home)
    assert locker.id.hex() not in keeping.log


def test_short_answers_look_alike_from_outside(keeping):
    sizes = {len(row) for value in (1, "na", None, "I would like this") for row in sealed_rows(keeping, value)}
    assert len(sizes) == 1


def test_what_was_erased_is_in_no_file_any_more(keeping):
    locker = some_locker()
    store = keeping.storage(locker)
    store.append(answer(1, MARKED))
    _, rows = store._rows_after(0)
    assert rows[0] in everything_in(keeping.home)
    store.erase()
    assert rows[0] not in everything_in(keeping.home)
    keeping.kill()
    assert rows[0] not in everything_in(keeping.home)


# Nothing acknowledged is lost


def test_a_keeper_that_is_killed_in_the_middle_of_writing_has_all_it_acknowledged(keeping):
    lockers = [some_locker() for _ in range(6)]
    acknowledged: dict[Locker, list[object]] = {locker: [] for locker in lockers}
    some = threading.Semaphore(0)

    def write(locker: Locker) -> None:
        store = keeping.storage(locker)
        for record in answers(1, 60):
            store.append(record)
            acknowledged[locker].append(record)
            some.release()

    writers = [threading.Thread(target=write, args=(locker,)) for locker in lockers]
    for writer in writers:
        writer.start()
    for _ in range(3):
        for _ in range(60):
            assert some.acquire(timeout=30)
        keeping.restart()
    for writer in writers:
        writer.join()
    keeping.restart()
    for locker in lockers:
        assert keeping.storage(locker).records == acknowledged[locker]
        assert len(acknowledged[locker]) == 60  # a writer noticed nothing but a pause


def test_an_acknowledgement_that_is_lost_on_the_way_leads_to_no_second_row(keeping, monkeypatch):
    locker = some_locker()
    store = keeping.storage(locker)
    heard, lost = line._heard, iter([True, True])

    def losing(connection: object) -> object:
        message = heard(connection)
        if "outcome" in message.head and next(lost, False):
            raise ConnectionResetError
        return message

    monkeypatch.setattr(line, "_heard", losing)
    store.append(answer(1), answer(2))
    assert next(lost, None) is None
    store.append(answer(3))
    assert store.records == keeping.storage(locker).records
    assert len(store.records) == 3


def test_another_writer_in_between_is_not_taken_for_what_was_lost(keeping, monkeypatch):
    locker = some_locker()
    store, other = keeping.storage(locker), keeping.storage(locker)
    exchanged, lost = line.Line._exchanged, iter([True])

    def losing(self: line.Line, request: bytes) -> object:
        if self is store._line and next(lost, False):
            other.append(answer(1, "theirs"))
            raise ConnectionResetError
        return exchanged(self, request)

    monkeypatch.setattr(line.Line, "_exchanged", losing)
    with pytest.raises(Stale):
        store.append(answer(1, "mine"), answer(2, "mine"))
    assert [record.value for record in store.records] == ["theirs"]
    assert keeping.storage(locker).records == store.records


@posix
def test_a_keeper_that_hangs_is_said_and_what_arrived_is_not_written_twice(keeping, monkeypatch):
    locker = some_locker()
    store = keeping.storage(locker)
    monkeypatch.setattr(line, "REPLY_WITHIN", 0.3)
    store.close()  # so that the next connection has the short time limit
    store.refresh()
    keeping.process.send_signal(signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(NotSaved, match="does not answer"):
        store.append(answer(1))
    assert time.monotonic() - start < line.PATIENCE / 2  # it is there: nobody waits for it to come back
    keeping.process.send_signal(signal.SIGCONT)
    monkeypatch.undo()
    with suppress(Stale):
        store.append(answer(1))
    assert len(keeping.storage(locker).records) == 1


def test_a_page_finds_its_keeper_again_without_being_told(keeping):
    locker = some_locker()
    store = keeping.storage(locker)
    keeping.restart()
    store.append(answer(1))
    keeping.restart()
    store.refresh()
    assert store.records == keeping.storage(locker).records


# A disk that refuses


@linux
def test_a_disk_that_refuses_is_said_and_counted_and_later_everything_is_saved(keeping):
    store = keeping.storage(locker := some_locker())
    store.append(answer(1))
    with no_file_may_grow(keeping.process.pid):
        for _ in range(3):
            with pytest.raises(NotSaved, match=r"room's computer .*nothing is saved just now.*\.$"):
                store.append(answer(2, "x" * 50_000))
        assert keeping.counts().failing_since
    store.append(answer(2, "x" * 50_000))
    counts = keeping.counts()
    assert (counts.failing_since, counts.waiting) == (None, 0)
    assert keeping.storage(locker).records == store.records
    assert keeping.log.endswith("Records are saved again.\n")
    keeping.restart()
    assert keeping.storage(locker).records == store.records


@linux
def test_a_full_disk_is_said_and_when_there_is_space_again_everything_is_saved(tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        kept = Keeping(disk / "home").start()
        try:
            store = kept.storage(locker := some_locker())
            store.append(answer(1))
            fill_up(film := disk / "somebody else's film")
            with pytest.raises(NotSaved, match="no space left"):
                store.append(answer(2, "x" * 50_000))
            film.unlink()
            store.append(answer(2, "x" * 50_000))
            kept.restart()
            assert kept.storage(locker).records == store.records
        finally:
            kept.stop()


# Around the tests


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def sealed_rows(keeping: Keeping, value: object) -> list[bytes]:
    store = keeping.storage(some_locker())
    store.append(answer(1, value))
    return list(store._rows_after(0)[1])


def fill_up(film: Path) -> None:
    with film.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass


@contextmanager
def no_file_may_grow(process: int) -> Iterator[None]:
    import resource

    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1, before[1]))
    yield
    resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    made = subprocess.run(mount, capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
