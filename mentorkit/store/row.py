"""One row of the file: a record as JSON, and the hash that tells whether it is as it was written."""

import hashlib
from contextlib import suppress

from mentorkit.errors import NotSaved
from mentorkit.store.record import RECORD, AnyRecord

Row = tuple[int, bytes, int, bytes, bytes]
"""Its place (1, 2, 3 …), stream, revision, document and hash. Bytes, because what is damaged may not be text."""


def document_of(record: AnyRecord) -> bytes:
    """The record as JSON; raises `NotSaved` when it could not be read back as it is."""
    with suppress(ValueError):  # pydantic's errors are ValueErrors
        document = RECORD.dump_json(record)
        if RECORD.validate_json(document) == record:
            return document
    raise NotSaved("This answer holds something that cannot be kept: type it again without it.")


def row_hash(place: int, document: bytes) -> bytes:
    """The SHA-256 that stands beside a document at its place."""
    return hashlib.sha256(b"%d\n%b" % (place, document)).digest()


def verified(row: Row) -> AnyRecord | None:
    """The record in a row, or None when any part of the row is not as it was written.

    Raises pydantic's `ValidationError` for a whole row that only a later version understands.
    """
    place, stream, revision, document, digest = row
    if not isinstance(document, bytes) or digest != row_hash(place, document):
        return None
    record = RECORD.validate_json(document)
    return record if (record.stream.encode(), record.revision) == (stream, revision) else None
