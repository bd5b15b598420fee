"""The two secrets of the app, kept in the student's folder so that an open page outlives a restart."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

KEYS_FILE = "app-keys.json"


@dataclass(frozen=True)
class Keys:
    """`token` opens the first page; `cookie_secret` signs the cookie that opens the others."""

    token: str
    cookie_secret: bytes


def keys_in(home: Path) -> Keys:
    """The keys kept in `home`; made there, readable by the owner only, when there are none that can be read."""
    path = home / KEYS_FILE
    try:
        kept = json.loads(path.read_text("utf-8"))
        keys = Keys(kept["token"], base64.b64decode(kept["cookie_secret"], validate=True))
    except (OSError, ValueError, KeyError, TypeError):
        return _make(path)
    strong = isinstance(keys.token, str) and len(keys.token) >= 32 and len(keys.cookie_secret) >= 32
    if not strong:
        return _make(path)
    path.chmod(0o600)
    return keys


def _make(path: Path) -> Keys:
    keys = Keys(secrets.token_urlsafe(32), secrets.token_bytes(32))
    text = json.dumps({"token": keys.token, "cookie_secret": base64.b64encode(keys.cookie_secret).decode()})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
    return keys
