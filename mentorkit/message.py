"""A message to somebody new: how typed words become part of a draft, and a kind look at it. It holds no words."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "spoken", "application"]
Form = Literal["want", "doing", "thing", "gift", "asking", "question", "own"]
"""How a wish is said: *learn X*, *suturing*, *a project*, *advice on X*, *how X works*, a question, or as it stands."""

Address = Literal["title", "name", "first"]
"""How somebody is addressed: with a title, by the name as it is typed, or by the first name."""

LONGEST: Mapping[Kind, int] = {"email": 150, "spoken": 60, "application": 200}  # words
SHORT = 3  # words up to which a wish without a verb is taken for a thing
TELLING = 4  # letters from which a word tells what a text is about
BRACKETS = re.compile(r"\[[^\[\]\n]{1,80}\]")
SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
LAST_MARKS = re.compile(r"[\s.…!]+$")
ENDED = re.compile(r"[.!?…。！？।؟][\"”’')\]]*$")  # in other scripts too
EMAIL = re.compile(r"[^@\s<>,;:()]+@(?:[^@\s<>,;:().]+\.)+[^@\s<>,;:().]{2,}")
LONGEST_EMAIL = 120


# Saying what was typed


@dataclass(frozen=True)
class Grammar:
    """The words of the language by which it is seen how a text begins; all in small letters."""

    verbs: frozenset[str]  # learn, find …: “I want to” can stand before them
    before: frozenset[str]  # better, really …: a verb may follow
    things: frozenset[str]  # a, my, more …: what follows is a thing, not a deed
    gifts: frozenset[str]  # advice, “help with”, “a mentor” …: what one is given
    asking: frozenset[str]  # how, what …
    speaking: frozenset[str]  # I, I’d …: what follows is a sentence already
    small: frozenset[str]  # further words that may begin with a small letter
    leads: tuple[str, ...]  # “I want to” and its like, the longest first: a draft says them itself

    @property
    def known(self) -> frozenset[str]:
        """Every word by which a text is seen to be in this language."""
        return self.verbs | self.before | self.things | self.gifts | self.asking | self.speaking | self.small


@dataclass(frozen=True)
class Wish:
    """What a student wants or noticed: `text` goes into the pattern for its form, `rest` follows."""

    form: Form
    text: str
    rest: str = ""


def wish(typed: str, grammar: Grammar) -> Wish | None:
    """What a student wants, as a part of a sentence; None when nothing was typed.

    “To get better at suturing.” is *get better at suturing*, “Suturing” is something one does, “A project” is a thing
    and “How do I choose?” a question. A text in another language stays as it was typed.
    """
    whole = one_line(typed)
    first, rest = _first_sentence(whole)
    text = LAST_MARKS.sub("", first)
    if not text:
        return None
    if first.endswith("?"):
        return Wish("question", first, rest)
    if not _is_known(text, grammar):
        return Wish("thing" if len(text.split()) <= SHORT else "want", text, rest)
    bare = _without_lead(text, grammar)
    if bare != text:
        return Wish("want", _lowered(bare) if _is_known(bare, grammar) else bare, rest) if bare else None
    form = _form(text, grammar)
    return Wish(form, text if form == "own" else _lowered(text), rest)


def noticed(typed: str, grammar: Grammar) -> Wish | None:
    """What a student noticed about somebody: a *thing*, or a sentence of its own; None when nothing was typed."""
    first, rest = _first_sentence(one_line(typed))
    text = LAST_MARKS.sub("", first)
    if not text:
        return None
    begins = _plain(text.split()[0])
    if first.endswith("?"):
        return Wish("question", first, rest)
    if begins in grammar.speaking:
        return Wish("own", text, rest)
    return Wish("thing", _lowered(text) if begins in grammar.known else text, rest)


def said(pattern: str, what: Wish) -> str:
    """The sentences for it: the pattern holds `{text}` where it goes, and stays away from what is a sentence."""
    is_sentence = what.form in ("own", "question")
    first = _raised(what.text) if is_sentence else pattern.removesuffix(".").format(text=what.text)
    return ended(f"{ended(first)} {what.rest}".strip())


def one_line(typed: str) -> str:
    """The text with single blanks, without blanks around it."""
    return " ".join(typed.split())


def ended(text: str) -> str:
    """The text with a period, unless it ends as a sentence does already."""
    return text if not text or ENDED.search(text) else f"{text}."


def _first_sentence(text: str) -> tuple[str, str]:
    first, *rest = SENTENCE_ENDS.split(text, maxsplit=1)
    return first, "".join(rest)


def _plain(word: str) -> str:
    """A word to look up: small letters, a straight apostrophe, no marks around it."""
    return word.replace("’", "'").casefold().strip('.,;:!?…"“”()')


def _is_known(text: str, grammar: Grammar) -> bool:
    words = text.split()
    is_plain = all(char.isascii() for char in words[0] if char.isalpha())
    return is_plain and (any(_plain(word) in grammar.known for word in words) or _is_doing(words[0], grammar))


def _without_lead(text: str, grammar: Grammar) -> str:
    plain = text.replace("’", "'").casefold()
    lead = next((one for one in grammar.leads if plain == one or plain.startswith(f"{one} ")), "")
    return text[len(lead) :].strip() if lead and len(plain) == len(text) else text


def _form(text: str, grammar: Grammar) -> Form:
    words = text.split()
    first, second = _plain(words[0]), _plain(words[1]) if len(words) > 1 else ""
    if first in grammar.speaking:
        return "own"
    if first in grammar.asking:
        return "asking"
    if {first, f"{first} {second}"} & grammar.gifts:
        return "gift"
    if first in grammar.verbs or (first in grammar.before and second in grammar.verbs):
        return "want"
    if _is_doing(words[0], grammar):
        return "doing"
    is_name = _has_own_spelling(words[0])
    return "thing" if first in grammar.things or is_name or len(words) <= SHORT else "want"


def _is_doing(word: str, grammar: Grammar) -> bool:
    plain = _plain(word)
    return plain.endswith("ing") and len(plain) > 5 and plain not in grammar.verbs


def _has_own_spelling(word: str) -> bool:
    """Whether a word is written as no other: ECG, iPad, M3."""
    return any(char.isupper() or char.isdigit() for char in word[1:]) or word[:1].isdigit()


def _lowered(text: str) -> str:
    word = text.split()[0]
    is_alone = len(_plain(word)) == 1 and word[0] in "I"
    return text if _has_own_spelling(word) or is_alone else text[:1].lower() + text[1:]


def _raised(text: str) -> str:
    return text if _has_own_spelling(text.split()[0]) else text[:1].upper() + text[1:]


# Addressing somebody


def tidy_name(name: str, titles: Collection[str]) -> str:
    """The name with single blanks; one that begins with a title in small letters gets its capitals.

    Empty when there is nothing but titles.
    """
    parts = re.sub(r"^(\w+\.)(?=[^\W\d_])", r"\1 ", one_line(name)).split()
    if all(_is_title(part, titles) for part in parts):
        return ""
    if len(parts) > 1 and _is_title(parts[0], titles) and not any(char.isupper() for char in name):
        parts = [part[:1].upper() + part[1:] for part in parts]
    return " ".join(parts)


def called(name: str, how: Address, titles: Collection[str], usual: str) -> str:
    """How to address somebody by a tidy name. A title is never said twice: “Dr. K” stays “Dr. K”.

    `usual` is the title of somebody who is to be given one and has none in their name. A single name behind a title
    is a family name, so that it keeps its title where first names are used.
    """
    parts = name.split()
    titled = [place for place, part in enumerate(parts) if _is_title(part, titles)]
    own = [part for place, part in enumerate(parts) if place not in titled]
    if how == "title":
        return name if titled else f"{usual} {name}"
    is_short = not own or len(own[0].strip(".")) == 1 or (titled and len(own) == 1)
    return name if how == "name" or is_short else own[0]


def _is_title(part: str, titles: Collection[str]) -> bool:
    return part.casefold().strip(".") in titles


def email_address(typed: str) -> str | None:
    """The address in what was typed or pasted, such as `Ann <ann@example.org>`; None when there is none."""
    text = typed.strip().removeprefix("mailto:")
    inside = re.fullmatch(r".*<([^<>]+)>", text, re.S)
    address = (inside[1] if inside else text).strip()
    return address if EMAIL.fullmatch(address) and len(address) <= LONGEST_EMAIL else None


# Looking at a message


@dataclass(frozen=True)
class Signs:
    """Phrases to look for in a message: those that show a request, a way to say no, something about them …"""

    request: tuple[str, ...]
    way_out: tuple[str, ...]
    about: tuple[str, ...]
    small_talk: tuple[str, ...]  # questions that ask for nothing
    tones: Mapping[str, tuple[str, ...]]  # by tone: phrases that may not serve the student


@dataclass(frozen=True)
class Remark:
    """One thing seen in a message: `good` is praise. There is no score."""

    id: Literal["length", "brackets", "request", "way_out", "about", "tone"]
    good: bool
    count: int = 0  # words, brackets or requests
    named: tuple[str, ...] = ()  # the brackets; or the phrase, and the tone it is of


def subject_and_body(text: str, label: str) -> tuple[str, str]:
    """The subject line of an e-mail, taken out of it; empty when it has none. `label` is what it begins with."""
    found = re.match(rf"\s*{re.escape(label)}[ \t]*:[ \t]*([^\n]*)\n?", text, re.IGNORECASE)
    return (found[1].strip(), text[found.end() :].strip()) if found else ("", text.strip())


def word_count(text: str) -> int:
    """How many words a text has; marks that stand alone are none."""
    return sum(any(char.isalnum() for char in part) for part in text.split())


def brackets(text: str) -> tuple[str, ...]:
    """The [brackets] that are still to be filled in, each once."""
    return tuple(dict.fromkeys(BRACKETS.findall(text)))


def look_at(text: str, kind: Kind, signs: Signs, known: str = "") -> tuple[Remark, ...]:
    """What can be said about a message without its subject line; `known` is what the student knows about them.

    Praise and what is worth another look, in a fixed order; nothing about an empty message.
    """
    if not text.strip():
        return ()
    return tuple(_remarks(text, kind, signs, known))


def _remarks(text: str, kind: Kind, signs: Signs, known: str) -> Iterator[Remark]:
    open_ = brackets(text)
    if open_:
        yield Remark("brackets", False, len(open_), open_)
    length = word_count(text)
    yield Remark("length", length <= LONGEST[kind], length)
    yield from _about(text, signs, known)
    if kind != "application":
        requests = _requests(text, signs)
        yield Remark("request", requests == 1, requests)
        yield Remark("way_out", _finds(text, signs.way_out) is not None)
    for tone, phrases in signs.tones.items():
        if found := _finds(text, phrases):
            yield Remark("tone", False, named=(found, tone))


def _about(text: str, signs: Signs, known: str) -> Iterator[Remark]:
    """Whether it names something about them: what the student knows, or else a phrase that does."""
    wanted, there = _telling(known), _telling(text)
    if wanted:
        yield Remark("about", 2 * len(wanted & there) >= len(wanted))
    elif not brackets(text) or not _finds(text, signs.about):  # else the phrase may stand before an open bracket
        yield Remark("about", _finds(text, signs.about) is not None)


def _telling(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= TELLING}


def _requests(text: str, signs: Signs) -> int:
    """The questions that ask for something; a request without a question mark counts when there is no question."""
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    asking = [one for one in sentences if not _finds(one, (*signs.way_out, *signs.small_talk))]
    questions = sum(one.rstrip("\"”’')").endswith(("?", "？", "؟")) for one in asking)
    return questions or sum(_finds(one, signs.request) is not None for one in asking)


def _finds(text: str, phrases: Collection[str]) -> str | None:
    plain = one_line(text.replace("’", "'")).casefold()
    for phrase in phrases:
        sought = phrase.replace("’", "'").casefold()
        if re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", plain):
            return phrase
    return None
