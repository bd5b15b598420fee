"""What a student chose to share: looked at first, then handed in, and taken back; kept in their own records alone."""

import secrets
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from mentorkit.content import Content
from mentorkit.errors import NewerFile, NotReady, Unknown
from mentorkit.sharing import Name, RandomId, Share, Withdrawal, as_text, new_id, share_of, terms_to_share
from mentorkit.store import Setting, Stale, TakesShares
from mentorkit.workbook import Workbook
from mentorkit.worksheet import Part

PREFIX = "share/"  # of the setting of a term
LINK = "share/link"  # the setting with the random id that links terms, or null
KEY = 32  # bytes


class Handed(Part):
    """What the student's records know of the share of one term."""

    share: RandomId  # the share's own id
    student: RandomId | None  # with which it was linked to other terms
    class_year: Name | None
    file: bool  # whether it was saved as a file to hand in
    key: Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")] | None  # under which it lies in a room
    taken_back: bool = False
    earlier: tuple[RandomId, ...] = Field(default=(), max_length=100)  # ids of shares of this term that were taken back


def handed_in(book: Workbook) -> dict[str, Handed]:
    """What was handed in, also when it was taken back, by term; earliest first. Raises `NewerFile`."""
    kept = {key: value for key, value in _settings(book).items() if key.startswith(PREFIX) and key != LINK}
    try:
        found = {key.removeprefix(PREFIX): Handed.model_validate(value) for key, value in kept.items()}
    except ValidationError:
        raise NewerFile(book.content.words["share_newer"]) from None
    return {term: found[term] for term in book.content.calendar.sort(set(found))}


def term_at_hand(book: Workbook) -> str:
    """The term that is worked on, or else the last one in which anything was finished that can be shared."""
    terms = terms_to_share(book)
    return terms[-1] if terms and book.term not in terms else book.term


def linked(book: Workbook) -> str | None:
    """The random id that links the student's terms, as long as they agree to that."""
    value = _settings(book).get(LINK)
    return value if isinstance(value, str) else None


def room_of(book: Workbook) -> TakesShares | None:
    """Where a share is handed in by a click; None where it is handed in as a file."""
    return book.storage if isinstance(book.storage, TakesShares) else None


def draw_up(book: Workbook, term: str, class_year: str | None = None, link: bool = False) -> Share:
    """What would go out, to be looked at; nothing is kept of it yet.

    Raises `NotReady` when nothing was finished in the term, and `Unknown` for a term or a class year that is none.
    """
    if class_year not in (None, *book.content.years):
        raise Unknown(f"There is no class year {class_year!r}: there are {', '.join(book.content.years)}.")
    before = handed_in(book).get(book.content.calendar.parse(term))
    own = before.share if before and not before.taken_back else new_id()
    student = (linked(book) or new_id()) if link else None
    return share_of(book, term, id=own, student=student, class_year=class_year)


def hand_in(book: Workbook, share: Share) -> str:
    """Hand in what was looked at: in a room at once, else as the file that is returned.

    Raises `NotReady` when the answers have changed since it was drawn up, and `NotSaved`.
    """
    book.refresh()
    if not holds(book, share):
        raise NotReady(book.content.words["share_changed"])
    before, room = handed_in(book).get(share.term), room_of(book)
    replaced = before.share if before and not before.taken_back else None
    handed = Handed(
        share=share.id,
        student=share.student,
        class_year=share.class_year,
        file=room is None or bool(replaced and before and before.file),
        key=(before and before.key) or (secrets.token_hex(KEY) if room else None),
        earlier=before.earlier if before else (),
    )
    _keep(book, LINK, share.student)
    _keep(book, PREFIX + share.term, handed.model_dump(mode="json"))
    if room and handed.key:
        room.share(bytes.fromhex(handed.key), as_text(share))
    return as_text(share)


def holds(book: Workbook, share: Share) -> bool:
    """Whether what was drawn up is still what would go out."""
    before, known = handed_in(book).get(share.term), linked(book)
    if before and (share.id in before.earlier or (not before.taken_back and share.id != before.share)):
        return False
    if known and share.student not in (None, known):
        return False
    try:
        return share == share_of(book, share.term, id=share.id, student=share.student, class_year=share.class_year)
    except NotReady:  # it was erased
        return False


def take_back(book: Workbook, term: str) -> Withdrawal | None:
    """Take back what was shared of a term: out of this room at once, and with the file that is returned elsewhere.

    None is returned when it lay in this room alone. Raises `NotReady` when nothing was shared, and `NotSaved`.
    """
    book.refresh()
    handed = handed_in(book).get(term)
    if handed is None:
        raise NotReady(book.content.words["share_not_shared"].format(term=book.content.calendar.name(term)))
    here = lies_here(book, handed)
    if here and (room := room_of(book)) and handed.key:
        room.withdraw(bytes.fromhex(handed.key))
    only_here = here and not handed.file
    gone = handed.earlier if handed.taken_back or only_here else (*handed.earlier, handed.share)
    after = {"taken_back": True, "file": handed.file and not only_here, "earlier": gone}
    _keep(book, PREFIX + term, handed.model_copy(update=after).model_dump(mode="json"))
    others = [one for one in handed_in(book).values() if not one.taken_back]
    if handed.student and handed.student not in (one.student for one in others):
        _keep(book, LINK, None)  # the next time the student agrees, it is another
    return None if only_here or not gone else Withdrawal(shares=gone)


def lies_here(book: Workbook, handed: Handed) -> bool:
    """Whether a share lies in this room."""
    room = room_of(book)
    return bool(room and handed.key and room.shared(bytes.fromhex(handed.key)) is not None)


def clear_room(book: Workbook) -> None:
    """Take back all that was shared in this room, before everything is erased; raises `NotSaved`."""
    if room := room_of(book):
        for handed in handed_in(book).values():
            if handed.key:
                room.withdraw(bytes.fromhex(handed.key))


def is_choice(key: str, value: JsonValue, content: Content) -> bool:
    """Whether a setting is one that is kept here; raises `Unknown` for a term that is none."""
    try:
        if key == LINK:
            TypeAdapter(RandomId | None).validate_python(value)
        else:
            Handed.model_validate(value)
    except ValidationError:
        return False
    return key == LINK or (key.startswith(PREFIX) and bool(content.calendar.key(key.removeprefix(PREFIX))))


def _settings(book: Workbook) -> Mapping[str, JsonValue]:
    return {record.key: record.value for record in book.records if isinstance(record, Setting)}


def _keep(book: Workbook, key: str, value: JsonValue) -> None:
    if _settings(book).get(key) == value:
        return
    last = max((one.revision for one in book.records if isinstance(one, Setting) and one.key == key), default=0)
    try:
        book.add([Setting(revision=last + 1, key=key, value=value)])
    except Stale:  # another window was first: it is to be looked at again
        book.refresh()
        raise NotReady(book.content.words["share_changed"]) from None
