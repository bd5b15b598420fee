"""The secrets of one room, kept in its home so that it starts again where it was."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from mentorkit.errors import MentorkitError
from mentorkit.store.disk import make_private_folder

FILE = "room-keys.json"
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
JOIN_LENGTH = 6


def _hex() -> str:
    return secrets.token_hex(32)


def _join() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(JOIN_LENGTH))


@dataclass(frozen=True)
class RoomKeys:
    """What opens the doors of a room. None of it opens a student's records: that takes the return code."""

    join: str = field(default_factory=_join)  # shown to the room
    advisor: str = field(default_factory=_hex)  # opens the advisor's page
    cookies: str = field(default_factory=_hex, repr=False)  # seals what browsers hold
    keeper: str = field(default_factory=_hex, repr=False)  # makes the capabilities that the keeper checks


def room_keys(home: Path) -> RoomKeys:
    """The keys kept in `home`; made there, readable by the owner only, when there are none.

    Raises `MentorkitError` when there are some that cannot be read: new ones would lock everybody out.
    """
    path = home / FILE
    make_private_folder(home)
    if not path.exists():
        _write(path, RoomKeys())
    try:
        kept = json.loads(path.read_text("utf-8"))
        return RoomKeys(**{one.name: str(kept[one.name]) for one in fields(RoomKeys)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MentorkitError(f"{path} cannot be read: put it back from a copy, or choose another --home.") from error


def same_join(typed: str, join: str) -> bool:
    """Whether this is the join code, however it was typed: case, blanks and dashes do not count."""
    plain = "".join(char for char in typed.upper() if char.isalnum())
    return secrets.compare_digest(plain.encode(), join.encode())


def _write(path: Path, keys: RoomKeys) -> None:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(keys), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
