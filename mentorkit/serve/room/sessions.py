"""Who is at the door: a return code, what is derived from it, and the sealed cookie that carries both."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mentorkit.serve.keeper.keys import Locker

NONCE = 12  # bytes
PURPOSE = b"mentorkit session 1"


@dataclass(frozen=True)
class Session:
    """A student in the room. Nothing of it is ever written down here: the browser holds it, sealed."""

    code: str = field(repr=False)
    locker: Locker = field(repr=False)

    @property
    def name(self) -> str:
        """Tells students apart within this process; it opens nothing."""
        return self.locker.id.hex()


class Seal:
    """Seals sessions into cookies and opens them; a cookie that was made elsewhere or changed is none."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(hashlib.sha256(PURPOSE + bytes.fromhex(secret)).digest())
        self.opened = lru_cache(maxsize=2000)(self._opened)  # one is asked for with every request

    def sealed(self, session: Session) -> str:
        """The cookie's value."""
        said = json.dumps([session.code, session.locker.id.hex(), session.locker.key.hex()]).encode()
        nonce = os.urandom(NONCE)
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, said, PURPOSE)).decode()

    def _opened(self, cookie: str) -> Session | None:
        try:
            raw = base64.urlsafe_b64decode(cookie)
            code, locker, key = json.loads(self._cipher.decrypt(raw[:NONCE], raw[NONCE:], PURPOSE))
        except (ValueError, InvalidTag):
            return None
        return Session(code, Locker(bytes.fromhex(locker), bytes.fromhex(key)))
