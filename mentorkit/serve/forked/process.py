"""A forked kernel's process as its starter sees it, with the methods of `subprocess.Popen` that jupyter_client uses."""

import asyncio
import os
import select
import signal
import socket

from mentorkit.serve.forked.sheet import hear

UNKNOWN = 255  # the exit code of a kernel whose forker died before it
BURIED_WITHIN = 1.0  # seconds in which a living forker tells the exit code


class ForkedProcess:
    """Not our child, so watched by descriptor; its forker tells the exit code."""

    stdin = stdout = stderr = None

    def __init__(self, line: socket.socket, lifeline: int):
        self.pid = 0
        self.returncode: int | None = None
        self._line: socket.socket | None = line
        self._lifeline = lifeline
        self._watched = -1
        self._ready = False

    async def until_ready(self) -> None:
        """Return when the kernel answers. ChildProcessError: it failed, and why; ConnectionError: it was not forked."""
        while not (self._ready and self.pid):
            assert self._line is not None
            await readable(self._line.fileno())
            word, descriptors = hear(self._line)
            if "pid" in word:
                self.pid, self._watched = word["pid"], descriptors[0]
            elif "ready" in word:
                self._ready = True
            elif not word:
                raise ConnectionResetError("The forker died before it could fork.")
            else:
                raise ChildProcessError(word.get("failed") or f"exit code {word['code']}")

    def poll(self) -> int | None:
        """None while it runs, else its exit code."""
        if self.returncode is None and self.pid and has_news(self._watched, 0):
            self.returncode = self._told()
            self._close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, at its end. TimeoutError when it runs on."""
        if self.returncode is None and not has_news(self._watched, timeout):
            raise TimeoutError
        code = self.poll()
        assert code is not None
        return code

    async def until_ended(self) -> int:
        """The same without blocking."""
        if self.poll() is None:
            await readable(self._watched)
        return self.wait()

    def send_signal(self, number: int) -> None:
        """To the process alone; ProcessLookupError when it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._watched, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def discard(self) -> None:
        """End it, whatever state it is in: without a writer on its lifeline it cannot live."""
        self.returncode = UNKNOWN if self.returncode is None else self.returncode
        self._close()

    def _told(self) -> int:
        assert self._line is not None
        self._line.settimeout(BURIED_WITHIN)
        try:
            word, _ = hear(self._line)
        except OSError:
            word = {}
        return int(word.get("code", UNKNOWN))

    def _close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
            os.close(self._lifeline)
        if self._watched >= 0:
            os.close(self._watched)
            self._watched = -1

    def __del__(self) -> None:
        self._close()


def has_news(descriptor: int, timeout: float | None) -> bool:
    """Whether there is something to read within so many seconds; `select` knows no descriptor above 1,023."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(None if timeout is None else 1000 * timeout))


async def readable(descriptor: int) -> None:
    """Return when there is something to read."""
    loop = asyncio.get_running_loop()
    there = loop.create_future()
    own = os.dup(descriptor)  # a loop keeps one reader for each number, and others may wait for the same
    loop.add_reader(own, lambda: None if there.done() else there.set_result(None))
    try:
        await there
    finally:
        loop.remove_reader(own)
        os.close(own)
