"""Sealing a record with a student's key, bound to its place, so that a row that was moved or changed does not open."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mentorkit.serve.keeper.keys import Locker

NONCE = 12  # bytes, random: a locker holds far too few rows for two to be alike
STEP = 256  # bytes; all short answers are equally long, so that their length tells nothing
BLANK = b" "  # behind a JSON document it means nothing
PURPOSE = b"mentorkit row 1"


class Sealer:
    """Seals and opens the rows of one locker."""

    def __init__(self, locker: Locker) -> None:
        self._cipher = AESGCM(locker.key)
        self._about = PURPOSE + locker.id

    def sealed(self, document: bytes, life: bytes, place: int) -> bytes:
        """A JSON document as a row for one place in one life of the locker."""
        nonce = os.urandom(NONCE)
        padded = document.ljust(-(-len(document) // STEP) * STEP, BLANK)
        return nonce + self._cipher.encrypt(nonce, padded, self._bound_to(life, place))

    def opened(self, row: bytes, life: bytes, place: int) -> bytes | None:
        """The document in a row; None when it is not what was sealed for this very place."""
        try:
            padded = self._cipher.decrypt(row[:NONCE], row[NONCE:], self._bound_to(life, place))
        except (InvalidTag, ValueError):
            return None
        return padded.rstrip(BLANK)

    def _bound_to(self, life: bytes, place: int) -> bytes:
        return b"%b\n%b\n%d" % (self._about, life, place)
