"""A PostgreSQL server for tests: a cluster in a new folder, reached by a Unix socket only, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROGRAMS = Path("/usr/lib/postgresql")  # where Debian has them, by version
OWNER = "postgres"  # runs the server when we are root, as whom PostgreSQL refuses to


class OwnPostgres:
    """`with OwnPostgres() as server: server.connect()`; other clusters of the machine are left alone."""

    def __init__(self) -> None:
        found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        if not found:
            raise FileNotFoundError("PostgreSQL is not installed: make test installs it (apt-get install postgresql).")
        self._programs = found[-1].parent
        self._folder = Path(tempfile.mkdtemp(prefix="mk-pg-", dir="/tmp"))  # a socket's path must be short

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(OWNER)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        try:
            self._run(
                "initdb", "-D", "data", "-U", "mentorkit", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"
            )
            options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c fsync=off"
            self._run("pg_ctl", "-D", "data", "-l", "log", "-o", options, "-w", "start")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if (self._folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def connect(self) -> Any:
        """A connection of ibis."""
        import ibis

        return ibis.postgres.connect(host=str(self._folder), user="mentorkit", database="postgres")

    def _run(self, program: str, *arguments: str) -> None:
        as_owner = ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*as_owner, str(self._programs / program), *arguments]
        log = self._folder / "said"
        with log.open("ab") as said:  # a pipe would stay open as long as the server runs
            code = subprocess.run(
                command, cwd=self._folder, stdout=said, stderr=said, stdin=subprocess.DEVNULL, check=False
            ).returncode
        if code:
            raise RuntimeError(f"{program} failed: {log.read_text('utf-8', 'replace')[-2000:]}")
