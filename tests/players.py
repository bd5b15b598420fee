"""Students who answer every question the same way: what their scores are is plain."""

from datetime import date

from made import TODAY
from somewhere import InMemory

from mentorkit import Workbook, load_content
from mentorkit.sharing import Share, as_text, new_id
from mentorkit.store import Storage
from mentorkit.worksheet import Rating, Value

TERM = "2026-fall"


def student(today: date = TODAY, storage: Storage | None = None, in_room: bool = False) -> Workbook:
    """A new workbook, in memory unless there is another place for it."""
    content = load_content()
    return Workbook(storage or InMemory(), content.in_room() if in_room else content, today=lambda: today)


def rate(book: Workbook, worksheet: str, code: int, mentor: str | None = None, **answers: Value) -> None:
    """Answer every rating the same way, other items as given, and finish."""
    for name, value in answers.items():
        book.answer(worksheet, name.replace("__", "."), value, mentor=mentor)
    for item in book.worksheet(worksheet).asked(book.answers(worksheet, mentor=mentor)):
        if isinstance(item, Rating) and len(item.options) <= 6:
            book.answer(worksheet, item.id, code, mentor=mentor)
    book.seal(worksheet, mentor=mentor)


def met(book: Workbook, kind: str | None, code: int, **answers: Value) -> str:
    mentor = book.add_mentor(f"Dr. {len(book.people)}", kind)
    given = {"relationship__meetings": "4+", "relationship__form": "full"} | answers
    rate(book, "relationship", code, mentor, **given)
    return mentor


def a_share(term: str = TERM, need: float = 50, student: str | None = None) -> str:
    """A share as it is handed in; `need` tells one from another."""
    needs = {"academic": {"need": need, "support": 0, "unmet": need}}
    given = {"class_year": None, "content": "", "needs": needs, "relationships": []}
    return as_text(Share(id=new_id(), student=student, term=term, **given))
