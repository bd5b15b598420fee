"""Words to send to a person: how they are addressed, and the ways to copy or mail what stands there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from mentorkit.reports.html import Html, day, join, tag

LONGEST_LINK = 1_800  # characters of a mail link that every mail program takes
ASIDE = re.compile(r"\s*[(\[{,;:–—/].*|\s+-\s.*", re.S)
PARTICLES = {
    "al",
    "bin",
    "da",
    "das",
    "de",
    "del",
    "den",
    "der",
    "di",
    "dos",
    "du",
    "el",
    "la",
    "le",
    "ter",
    "van",
    "von",
}

Words = Mapping[str, str]


@dataclass(frozen=True)
class Addressee:
    """To whom words go: the student's nickname for them, whether they are friends, and an e-mail address if known."""

    nickname: str
    is_friend: bool = False
    email: str = ""


def addressed(words: Words, nickname: str) -> str | None:
    """The name in a nickname, as one would write it to that person; None when there is no name in it.

    “Prof. Lind (lab)” is Prof. Lind; “ward mentor” is nobody's name, and it was meant for the student's eyes only.
    """
    parts = ASIDE.sub("", nickname.strip()).split()
    capital = [part for part in parts if part.casefold() not in PARTICLES]
    if not capital or not all(map(_is_name, capital)) or _is_role(words, capital[-1]):
        return None
    return " ".join(parts)


def _is_name(part: str) -> bool:
    return part[0].isalpha() and not part[0].islower()


def _is_role(words: Words, part: str) -> bool:
    return part.casefold().strip(".") in words["letter_roles"].split()


def for_both(words: Words, nickname: str, today: date) -> str:
    """The line under the title of a page that the mentor sees."""
    name, as_of = addressed(words, nickname), day(today.isoformat())
    if name is None:
        return words["sheet_for_unnamed"].format(day=as_of)
    return words["sheet_for_both"].format(mentor=name, day=as_of)


def letter(words: Words, to: Addressee, *paragraphs: str) -> str:
    """A message from greeting to signature."""
    name = addressed(words, to.nickname) or words["letter_name"]
    greeting = words["letter_greeting_friend"] if to.is_friend else words["letter_greeting"]
    close = words["letter_close_friend"] if to.is_friend else words["letter_close"]
    return "\n\n".join((greeting.format(name=name), *(part for part in paragraphs if part), close))


def to_copy(words: Words, title: str, text: str) -> Html:
    """A few words to say, with a button that copies them."""
    return tag("div", _shown(text), tag("div", _copy(words, title), class_="mk-buttons"), data_words=title)


def to_send(words: Words, title: str, text: str, subject: str, email: str = "") -> Html:
    """A message, with buttons to copy it and to open it in a mail program."""
    link = mailto(email, subject, text)
    fits = len(link) <= LONGEST_LINK
    named = words["mail_named"].format(title=title)
    mail = tag("a", words["mail"], href=link, class_="mk-button mk-quiet", aria_label=named) if fits else None
    hint = None if fits else tag("p", words["mail_long"], class_="mk-hint")
    buttons = tag("div", join(_copy(words, title), mail), class_="mk-buttons")
    return tag("div", _shown(text), buttons, hint, data_words=title)


def _shown(text: str) -> Html:
    return tag("p", text, class_="mk-words", data_text=True)


def _copy(words: Words, title: str) -> Html:
    named = words["copy_named"].format(title=title)
    return tag("button", words["copy"], type="button", class_="mk-button", data_copy=title, aria_label=named)


def mailto(email: str, subject: str, text: str) -> str:
    """The link that opens a mail program with a message in it (RFC 6068)."""
    body = quote("\r\n".join(text.splitlines()), safe="")
    return f"mailto:{quote(email, safe='@')}?subject={quote(subject, safe='')}&body={body}"


def weekday(when: date) -> str:
    """A day of the coming weeks as people say it: *Tuesday, December 15*."""
    return f"{when:%A}, {when:%B} {when.day}"


def when_words(words: Words, when: date, today: date) -> str:
    """How far off a day is: *today*, *tomorrow*, *in 5 days*; nothing for a day that has passed."""
    days = (when - today).days
    if days < 0:
        return ""
    near = (words["due_today"], words["meeting_tomorrow"])
    return near[days] if days < len(near) else words["meeting_in"].format(count=days)
