"""What is warmed before the fork, and what one kernel is given after it."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


class Given:
    """Something for one kernel's eyes, bytes or JSON; its `repr` says nothing, so that no log can hold it."""

    def __init__(self, value: Any):
        self.value: Any = value.value if isinstance(value, Given) else value

    def __repr__(self) -> str:
        return "<given>"

    def packed(self) -> tuple[bool, bytes]:
        """Whether it is bytes, and it as bytes."""
        raw = isinstance(self.value, bytes)
        return raw, self.value if raw else json.dumps(self.value).encode()


@dataclass(frozen=True)
class Recipe:
    """What a forker imports and makes ready once. Two kernels of one recipe share one forker."""

    preload: tuple[str, ...] = ()  # modules to import
    warm: str = ""  # "module:function", called once; what it returns goes back to the starter
    arrive: str = ""  # "module:function", called in each kernel with what it is given
    python: str = sys.executable
    environment: tuple[tuple[str, str], ...] = ()  # in addition to the starter's own

    def as_json(self) -> str:
        """For the forker's command line; nothing in it is secret."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """The recipe that `as_json` wrote."""
        said = json.loads(text)
        pairs = tuple((name, value) for name, value in said.pop("environment"))
        return cls(preload=tuple(said.pop("preload")), environment=pairs, **said)


@dataclass(frozen=True)
class Birth:
    """What one kernel starts with. `memory`: MB over what it was forked with (0: no limit); `uid` 0 keeps the user."""

    connection_file: str
    connection: Mapping[str, Any]
    environment: Mapping[str, str]
    folder: str
    memory: int = 0
    uid: int = 0
    given: Given = field(default_factory=lambda: Given(None))

    def as_bytes(self) -> bytes:
        """For a sheet of memory or a pipe; never for a file."""
        raw, given = self.given.packed()
        head = {name: getattr(self, name) for name in ("connection_file", "folder", "memory", "uid")}
        head |= {"connection": _text(self.connection), "environment": dict(self.environment), "raw": raw}
        return json.dumps(head).encode() + b"\n" + given

    @classmethod
    def from_bytes(cls, content: bytes) -> "Birth":
        """What `as_bytes` wrote."""
        head, given = content.split(b"\n", 1)
        said = json.loads(head)
        return cls(given=Given(given if said.pop("raw") else json.loads(given)), **said)


def _text(connection: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in connection.items()}
