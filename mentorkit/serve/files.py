"""The scripts and styles of the page, read and compressed once, and handed out from memory."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tornado import web
from tornado.iostream import StreamClosedError

HASHED = re.compile(r"\.[0-9a-f]{16,}\.js$")
SMALL = 1024  # bytes up to which compression gains nothing
PIECE = 128 * 1024  # bytes
FOREVER = "private, max-age=31536000, immutable"
BRIEFLY = "private, max-age=600"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json"}


@dataclass(frozen=True)
class Ready:
    """A file as it goes out."""

    kind: str  # its media type
    plain: bytes
    packed: bytes | None  # gzip; None where that gains nothing
    tag: str

    @classmethod
    def of(cls, name: str, data: bytes) -> "Ready":
        """A file of this name with these contents."""
        kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        packs = len(data) > SMALL and not kind.startswith(("image/png", "font/woff"))
        packed = gzip.compress(data, 9, mtime=0) if packs else None
        return cls(kind, data, packed, f'"{hashlib.sha256(data).hexdigest()[:32]}"')


def files_below(folders: Iterable[str | Path]) -> dict[str, Path]:
    """The files in these folders by their path below; the first folder counts. Nothing hidden, and no link."""
    found: dict[str, Path] = {}
    for folder in map(Path, folders):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in name.split("/")):
                found.setdefault(name, path)
    return found


@lru_cache(maxsize=1024)
def _ready(path: Path) -> Ready:
    return Ready.of(path.name, path.read_bytes())


class Files(web.RequestHandler):
    """Hands out the files that were listed when the room opened, and nothing else."""

    def initialize(self, files: Mapping[str, Path | Ready]) -> None:
        """Keep the list."""
        self._files = files

    def compute_etag(self) -> None:
        """It is known."""

    async def get(self, name: str) -> None:
        """The file, or 304 when the browser has it."""
        found = self._files.get(name)
        if found is None:
            raise web.HTTPError(404)
        ready = found if isinstance(found, Ready) else _ready(found)
        self.set_header("Cache-Control", FOREVER if HASHED.search(name) else BRIEFLY)
        self.set_header("ETag", ready.tag)
        self.set_header("Content-Type", ready.kind)
        self.set_header("Vary", "Accept-Encoding")
        if self.request.headers.get("If-None-Match") == ready.tag:
            self.set_status(304)
            self.finish()
            return
        packs = ready.packed is not None and "gzip" in self.request.headers.get("Accept-Encoding", "")
        if packs:
            self.set_header("Content-Encoding", "gzip")
        await self._send(ready.packed if packs and ready.packed else ready.plain)

    async def _send(self, data: bytes) -> None:
        """In pieces, so that a slow phone holds one of them in memory and not the whole."""
        pieces = [data[start : start + PIECE] for start in range(0, len(data), PIECE)] or [b""]
        with suppress(StreamClosedError):  # they went away
            if len(pieces) > 1:
                self.set_header("Content-Length", len(data))
            for piece in pieces[:-1]:
                self.write(piece)
                await self.flush()
            self.finish(pieces[-1])
