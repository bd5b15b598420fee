"""What admits somebody to one locker, or to the counts of all: given out by the server, checked by the keeper."""

import hmac

from mentorkit.store.changes import ID

OPERATOR = b"operator"  # no locker: these have 16 bytes
SECRET = 32  # bytes, at least


def grant(secret: bytes, locker: bytes) -> bytes:
    """The capability for one locker: 32 bytes that can only be made with the keeper's secret."""
    return hmac.digest(secret, locker, "sha256")


def operator_grant(secret: bytes) -> bytes:
    """The capability for counts and health; it opens no locker."""
    return grant(secret, OPERATOR)


def admits(secret: bytes, who: bytes, capability: bytes) -> bool:
    """Whether a capability admits to this locker, or as the operator; takes the same time whatever was tried."""
    right = hmac.compare_digest(grant(secret, who), capability)
    return right and (len(who) == ID or who == OPERATOR)
