"""What a forked kernel must not do: outlive its server, take others' memory, inherit, or let out what it was given."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from forking import HERE, kernel, play, starter

from mentorkit.errors import MentorkitError
from mentorkit.serve.forked import Given, can_fork
from mentorkit.serve.forked.process import UNKNOWN

pytestmark = pytest.mark.skipif(can_fork() is not None, reason=str(can_fork()))
SECRET = "abandon-ability-able"
BOMB = """
kept, spare = [], bytearray(4_000_000)  # so that the threads that carry messages find some memory left
try:
    while True:
        kept.append(bytearray(8_000_000))
except MemoryError:
    del spare
    raise
"""

SERVER = """
import asyncio, sys
from forking import kernel
async def serve():
    async with kernel() as one, kernel() as other:
        other.client.execute("while True: pass")
        while (await other.client.get_iopub_msg())["msg_type"] != "execute_input":
            pass
        print(one.nursery.pid, one.pid, other.pid, flush=True)
        await asyncio.Event().wait()
asyncio.run(serve())
"""


def test_no_kernel_and_no_forker_outlives_a_killed_server():
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": HERE}
    )
    watched = [os.pidfd_open(int(pid)) for pid in server.stdout.readline().split()]  # type: ignore[union-attr]
    assert len(watched) == 3
    server.kill()
    server.wait()
    for one in watched:
        assert ended(one), "it goes on without its server, even while it is busy"


def ended(watched: int) -> bool:
    """Whether the process ends soon."""
    try:
        return bool(select.select([watched], [], [], 10)[0])
    finally:
        os.close(watched)


def test_a_kernel_that_wants_too_much_memory_troubles_only_itself():
    async def story() -> tuple[str, str, int]:
        async with kernel({"memory": 150}) as greedy, kernel({"memory": 150}) as modest:
            bomb = await greedy.run(BOMB)
            await greedy.run("del kept")
            limit = await greedy.run("import resource; print(resource.getrlimit(resource.RLIMIT_DATA)[1])")
            return bomb, await modest.run("print(len(bytearray(50_000_000)))"), int(limit)

    bomb, modest, limit = play(story())
    assert bomb == "MemoryError"
    assert modest == "50000000"
    assert 150e6 < limit < 600e6


def test_what_a_kernel_is_given_is_in_no_argument_environment_file_or_log(tmp_path, caplog, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    caplog.set_level("DEBUG")

    async def story() -> dict[str, bytes]:
        async with kernel({"arrive": "forked_hooks:arrive"}, given=Given(SECRET), cwd=str(tmp_path)) as one:
            manager = one.manager
            assert SECRET in await one.run("import forked_hooks; print(forked_hooks.given)")
            pids = [one.pid, one.nursery.pid, os.getpid()]
            places = [Path(f"/proc/{pid}/{name}") for pid in pids for name in ("cmdline", "environ")]
            places += [*tmp_path.rglob("*"), *own_files(manager)]
            seen = {str(path): content(path) for path in places if path.is_file()}
            info = await manager.provisioner.get_provisioner_info()  # type: ignore[union-attr]
            assert "given" not in manager._launch_args  # type: ignore[operator]
            seen["stored"] = repr((manager._launch_args, info)).encode()
            seen["forker's memory"] = memory_of(one.nursery.pid)
            return seen

    seen = play(story())
    assert len(seen) > 8
    assert [place for place, content in seen.items() if SECRET.encode() in content] == []
    assert SECRET not in caplog.text


def own_files(manager: Any) -> list[Path]:
    return [Path(manager.connection_file), *Path(manager.ip).parent.rglob("*")]


def content(path: Path) -> bytes:
    """What is in it; nothing where the system lets nobody but root look."""
    try:
        return path.read_bytes()
    except PermissionError:
        return b""


def memory_of(pid: int) -> bytes:
    """All that the process can write to; empty where we may not look."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
            return b"".join(part(memory, line) for line in Path(f"/proc/{pid}/maps").read_text().splitlines())
    except PermissionError:
        return b""


def part(memory: Any, line: str) -> bytes:
    span, rights = line.split()[:2]
    start, end = (int(edge, 16) for edge in span.split("-"))
    if not rights.startswith("rw"):
        return b""
    memory.seek(start)
    return bytes(memory.read(end - start))


def test_a_failing_arrival_is_told_without_what_was_given(capfd):
    async def story() -> str:
        with pytest.raises(MentorkitError) as refused:
            async with kernel({"arrive": "forked_hooks:refuse"}, given=SECRET):
                pass
        return str(refused.value)

    said = play(story())
    assert "ValueError" in said
    assert "forked_hooks.py" in capfd.readouterr().err
    assert SECRET not in said


def test_a_kernel_inherits_nothing_open():
    code = "import os\nfor n in map(int, os.listdir('/proc/self/fd')):\n"
    code += "    if n > 2 and os.path.lexists(f'/proc/self/fd/{n}'): print(os.readlink(f'/proc/self/fd/{n}'))"

    async def story() -> tuple[set[str], set[str]]:
        async with kernel() as one, kernel() as other:
            forker = Path(f"/proc/{one.nursery.pid}/fd")
            held = links(forker)
            return set((await other.run(code)).split()), set((await one.run(code)).split()) | held

    theirs, others = play(story())
    assert len(theirs) > 10
    assert {one for one in theirs & others if not one.startswith("anon_inode")} == set()


def links(folder: Path) -> set[str]:
    """What a process has open; nothing where the system lets nobody but root look."""
    try:
        return {str(path.readlink()) for path in folder.iterdir()}
    except PermissionError:
        return set()


@pytest.mark.parametrize(
    ("warm", "reason"), [("start_thread", r"Threads .* \(busy\)"), ("leave_file_open", r"Left open .*forked_hooks.py")]
)
def test_what_cannot_be_forked_is_named(warm, reason):
    with pytest.raises(MentorkitError, match=reason):
        play(starter(warm=f"forked_hooks:{warm}").start_kernel())


def test_kernels_go_on_when_their_forker_is_killed_and_the_next_one_has_a_new_forker():
    async def story() -> tuple[str, int, int, Any]:
        async with kernel() as one:
            first = one.nursery.pid
            os.kill(first, signal.SIGKILL)
            async with kernel() as other:
                went_on = await one.run("print('still here')")
                return went_on, first, other.nursery.pid, await end(one)

    async def end(one: Any) -> int:
        process = one.manager.provisioner.process
        await one.manager.shutdown_kernel()
        return int(process.returncode)

    went_on, first, second, code = play(story())
    assert went_on == "still here"
    assert first != second
    assert code == UNKNOWN


def test_another_kernel_cannot_look_into_its_memory():
    async def story() -> str:
        async with kernel({"uid": 40_001}) as one, kernel({"uid": 40_001}) as other:
            return await other.run(f"open('/proc/{one.pid}/mem', 'rb')")

    if os.getuid():
        pytest.skip("only root can run kernels as another user")
    assert play(story()) == "PermissionError"


def test_neither_kernel_nor_forker_can_be_traced():
    code = "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"  # PR_GET_DUMPABLE

    async def story() -> tuple[str, int]:
        async with kernel() as one:
            return await one.run(code), Path(f"/proc/{one.nursery.pid}/mem").stat().st_uid

    assert play(story()) == ("0", 0)


def test_a_kernel_runs_as_the_user_it_is_given():
    async def story() -> str:
        async with kernel(uid=40_002) as one:
            return await one.run("import os; print(*os.getresuid(), *os.getresgid(), os.getgroups())")

    if os.getuid():
        pytest.skip("only root can run kernels as another user")
    assert play(story()) == "40002 40002 40002 40002 40002 40002 []"


def test_a_hidden_kernel_leaves_no_connection_file():
    async def story() -> tuple[bool, str]:
        async with kernel({"connectable": False}) as one:
            return Path(one.manager.connection_file).exists(), await one.run("print('reached')")

    assert play(story()) == (False, "reached")


def test_its_sockets_folder_goes_with_it():
    async def story() -> Path:
        async with kernel() as one:
            place = Path(one.manager.ip).parent
            assert place.stat().st_mode & 0o777 == 0o700
            return place

    assert not play(story()).exists()
