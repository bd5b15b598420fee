"""The starter's side of a forker: start it when it is needed, again when it died, and ask it for kernels."""

import asyncio
import atexit
import contextlib
import json
import os
import socket
import subprocess
import threading
import weakref
from typing import Any

from mentorkit.errors import MentorkitError
from mentorkit.serve.forked.process import ForkedProcess
from mentorkit.serve.forked.recipe import Birth, Recipe
from mentorkit.serve.forked.sheet import hear, read_sheet, say, write_sheet

AT_ONCE = 2 * (os.cpu_count() or 1)  # kernels coming up together; more would only wait for each other
LIBRARIES = ("OMP", "OPENBLAS", "MKL", "NUMEXPR")
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in LIBRARIES}  # no others in the forker
PATIENCE = 60.0  # seconds until a kernel must answer


class NoKernel(MentorkitError):
    """No kernel could be forked; the sentence says why."""


class Nursery:
    """One recipe's forker, seen from the process that starts kernels."""

    def __init__(self, recipe: Recipe):
        self.recipe = recipe
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lifeline = -1
        self._warmed: Any = None
        self._turns: weakref.WeakKeyDictionary[Any, asyncio.Semaphore] = weakref.WeakKeyDictionary()

    @property
    def pid(self) -> int | None:
        """The forker's process id while there is one."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> Any:
        """Have a warmed forker; give what `warm` returned (bytes, or JSON). NoKernel when the warming failed."""
        with self._lock:
            if self.pid is None:
                self._end()
                self._begin()
            return self._warmed

    def stop(self) -> None:
        """End the forker. Kernels that run go on."""
        with self._lock:
            self._end()

    async def fork(self, birth: Birth) -> ForkedProcess:
        """A kernel that answers. NoKernel when it could not start."""
        async with self._turn():
            forker = self._process
            try:
                return await self._born(birth)
            except ConnectionError:  # the forker died just now
                await asyncio.to_thread(self._bury, forker)
                return await self._born(birth)

    def _bury(self, forker: subprocess.Popen[bytes] | None) -> None:
        with self._lock:
            if self._process is forker:  # nobody else has done it meanwhile
                self._end()

    def _turn(self) -> asyncio.Semaphore:
        return self._turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))

    async def _born(self, birth: Birth) -> ForkedProcess:
        process = ForkedProcess(*await self._ask(birth))
        try:
            await asyncio.wait_for(process.until_ready(), PATIENCE)
            return process
        except BaseException as error:
            process.discard()
            if isinstance(error, TimeoutError):
                raise NoKernel(f"The kernel did not answer within {PATIENCE:.0f} seconds of its fork.") from None
            if isinstance(error, ChildProcessError):
                raise NoKernel(f"The forked kernel did not start: {error}. The server's log says where.") from None
            raise

    async def _ask(self, birth: Birth) -> tuple[socket.socket, int]:
        if self.pid is None:
            await asyncio.to_thread(self.start)
        assert self._control is not None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        read, write = os.pipe()
        sheet = write_sheet(birth.as_bytes())
        try:
            say(self._control, {"fork": True}, theirs.fileno(), read, sheet)
        except BaseException:
            ours.close()
            os.close(write)
            raise
        finally:
            theirs.close()
            os.close(read)
            os.close(sheet)
        return ours, write

    def _begin(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        read, self._lifeline = os.pipe()
        self._control = ours
        try:
            self._process = subprocess.Popen(
                _command(self.recipe, theirs.fileno(), read),
                env=_environment(self.recipe),
                pass_fds=(theirs.fileno(), read),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        finally:
            theirs.close()
            os.close(read)
        self._warmed = self._greeting(ours)

    def _greeting(self, control: socket.socket) -> Any:
        word, descriptors = hear(control)
        if "warm" not in word:
            self._end()
            raise NoKernel(f"The forker did not start: {word.get('failed', 'it ended at once')}.")
        content = read_sheet(descriptors[0])
        return content if word["raw"] else json.loads(content)

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.kill()
            self._process.wait()
            self._process = None


def _command(recipe: Recipe, control: int, lifeline: int) -> list[str]:
    module = "mentorkit.serve.forked.forker"
    return [recipe.python, "-P", "-m", module, str(control), str(lifeline), recipe.as_json()]


def _environment(recipe: Recipe) -> dict[str, str]:
    environment = {"MALLOC_ARENA_MAX": "1"}  # else each of a kernel's few threads gets a heap of its own
    environment |= {**os.environ, **ONE_THREAD, **dict(recipe.environment)}
    environment.pop("JPY_PARENT_PID", None)  # ipykernel would watch that process instead of its own starter
    return environment


_NURSERIES: dict[Recipe, Nursery] = {}


def nursery_for(recipe: Recipe) -> Nursery:
    """The one nursery of this process for a recipe."""
    if recipe not in _NURSERIES:
        _NURSERIES[recipe] = Nursery(recipe)
        atexit.register(_NURSERIES[recipe].stop)
    return _NURSERIES[recipe]
