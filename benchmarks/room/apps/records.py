"""Where every app of the comparison saves: one SQLite table."""

import os
import sqlite3
from pathlib import Path
from threading import Lock

TABLE = "CREATE TABLE IF NOT EXISTS answer (visitor TEXT, item TEXT, value TEXT, at TEXT DEFAULT CURRENT_TIMESTAMP)"


class Records:
    """The answers of all visitors in one file; each is a transaction of its own, synced before `save` returns."""

    def __init__(self, path: Path):
        self._lock = Lock()
        self._saved = 0
        self._database = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE):
            self._database.execute(line)

    def save(self, visitor: str, item: str, value: str) -> str:
        """Save an answer; gives what the page shows then, another text each time."""
        with self._lock:
            self._database.execute("INSERT INTO answer (visitor, item, value) VALUES (?, ?, ?)", (visitor, item, value))
            self._saved += 1
            return f"Saved (answer {self._saved})"


RECORDS = Records(Path(os.environ["ROOM_RECORDS"]))
