"""Return codes: six random words of the BIP-39 English list (66 bits), read back however they are typed."""

import re
import secrets
import unicodedata
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from importlib.resources import files

from mentorkit.errors import BadAnswer

WORDS = 6
ENOUGH = 4  # letters, after which no two words of the list are alike
LONGEST = 400  # characters that are looked at; a code has at most 53
WRONG_COUNT = "A return code has six words; {} here. Type all six, in their order."


@cache
def word_list() -> tuple[str, ...]:
    """The 2,048 words, in alphabetical order."""
    return tuple(files(__package__).joinpath("bip39_english.txt").read_text("ascii").split())


def new_code() -> str:
    """Six words, each drawn from all 2,048: 66 random bits."""
    return " ".join(secrets.choice(word_list()) for _ in range(WORDS))


def read_code(typed: str) -> bytes:
    """The code as it was given out, whatever stands between its words and however they are written.

    The first four letters of a word are enough. Raises `BadAnswer` with one sentence that names the word in question.
    """
    plain = unicodedata.normalize("NFKC", typed[:LONGEST]).casefold()
    words = re.findall(r"[^\W\d_]+", plain)
    if len(words) != WORDS or len(typed) > LONGEST:
        there = f"there are {len(words)}" if len(words) != 1 else "there is 1"
        raise BadAnswer(WRONG_COUNT.format(there if len(typed) <= LONGEST else "this is longer"))
    return " ".join(_word(number, word) for number, word in enumerate(words, 1)).encode()


def _word(number: int, typed: str) -> str:
    if typed in word_list():
        return typed
    meant = [word for word in word_list() if len(typed) >= ENOUGH and word.startswith(typed)]
    if meant:
        return meant[0]
    near = _nearest(typed)
    hint = f": did you mean “{near}”?" if near else ". Look at it again."
    raise BadAnswer(f"Word {number}, “{_short(typed)}”, is not in the list{hint}")


def _nearest(typed: str) -> str | None:
    """The word most alike; of several, the one that begins the same way."""
    near = get_close_matches(typed, word_list(), n=5)
    alike = SequenceMatcher(b=typed)

    def likeness(word: str) -> tuple[float, bool]:
        alike.set_seq1(word)
        return alike.ratio(), word[0] == typed[0]

    return max(near, key=likeness, default=None)


def _short(typed: str) -> str:
    return typed if len(typed) <= 20 else f"{typed[:19]}…"
