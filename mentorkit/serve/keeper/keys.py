"""From a return code to the locker it opens and the key to what lies in it; neither is ever written down.

Argon2id with 19 MiB and two passes is what is recommended for passwords that people choose. A code is 66 random bits:
at a million guesses each second, all of them take two million years. So the cost is a margin, and one pass is
taken: 300 students come within a minute, and each pass is a hundredth of a second of a processor.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from mentorkit.serve.keeper.codes import read_code
from mentorkit.store.changes import ID

MEMORY = 19 * 1024  # KiB
PASSES = 1
KEY = 32  # bytes


@dataclass(frozen=True)
class Locker:
    """Where a student's records lie, and what they are sealed with. Shown nowhere, not even by `repr`."""

    id: bytes = field(repr=False)  # 16 bytes, known to the keeper
    key: bytes = field(repr=False)  # 32 bytes, never known to the keeper


def locker_of(code: str, salt: bytes) -> Locker:
    """The locker of a return code in the room with this salt; about 0.01 s. Raises `BadAnswer` as `read_code` does."""
    derive = Argon2id(salt=salt, length=ID + KEY, iterations=PASSES, lanes=1, memory_cost=MEMORY)
    derived = derive.derive(read_code(code))
    return Locker(derived[:ID], derived[ID:])
