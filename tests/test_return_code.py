"""Return codes: random words, read back however they are typed, and what they open."""

import hashlib
import math
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.errors import BadAnswer, MentorkitError
from mentorkit.serve.keeper import Locker, locker_of, new_code, read_code
from mentorkit.serve.keeper.codes import WORDS, word_list

SALT = bytes(16)
CODE = "apple river mango stone lunar giant"
CODES = st.lists(st.sampled_from(word_list()), min_size=WORDS, max_size=WORDS)
BETWEEN = st.sampled_from([" ", "  ", "-", ", ", " - ", "\n", "\t", ". 2 ", ",", "\u00a0", " – "])
WRITINGS = st.sampled_from([str, str.upper, str.title, lambda word: word[:4], lambda word: word[:5].capitalize()])


def test_a_code_has_six_words_and_at_least_sixty_bits():
    assert len(new_code().split()) == WORDS
    assert WORDS * math.log2(len(set(word_list()))) == 66
    assert len({new_code() for _ in range(2000)}) == 2000
    drawn = {word for _ in range(5000) for word in new_code().split()}
    assert drawn == set(word_list())


def test_the_list_is_the_published_one_and_four_letters_tell_its_words_apart():
    raw = files("mentorkit.serve.keeper").joinpath("bip39_english.txt").read_bytes()
    note = files("mentorkit.serve.keeper").joinpath("bip39_english.note.txt").read_text("utf-8")
    assert hashlib.sha256(raw).hexdigest() in note
    assert "MIT License" in note
    assert len({word[:4] for word in word_list()}) == len(word_list()) == 2048


@given(CODES, st.data())
def test_a_code_is_read_however_it_is_typed(words, data):
    typed = "".join(data.draw(WRITINGS)(word) + data.draw(BETWEEN) for word in words)
    assert read_code(data.draw(st.sampled_from(["", " ", "1. "])) + typed) == " ".join(words).encode()


@given(st.text(max_size=200) | CODES.map("".join) | CODES.map(lambda words: " ".join(words[1:])))
def test_anything_else_is_refused_in_one_sentence(typed):
    try:
        assert len(read_code(typed).split()) == WORDS
    except MentorkitError as error:
        assert "\n" not in str(error)
        assert str(error)[-1] in ".?"
        assert len(str(error)) < 120


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("river stone aple mango lunar giant", "Word 3, “aple”, is not in the list: did you mean “apple”?"),
        ("apple river mango stone lunar giannt", "Word 6, “giannt”, is not in the list: did you mean “giant”?"),
        ("apple river mango stone lunar xqzzw", "Word 6, “xqzzw”, is not in the list. Look at it again."),
        ("apple river mango stonn lunar giant", "Word 4, “stonn”, is not in the list: did you mean “stone”?"),
        ("apple river", "A return code has six words; there are 2 here. Type all six, in their order."),
        ("apple", "A return code has six words; there is 1 here. Type all six, in their order."),
        ("", "A return code has six words; there are 0 here. Type all six, in their order."),
        (f"{CODE} apple", "A return code has six words; there are 7 here. Type all six, in their order."),
        ("apple " * 100_000, "A return code has six words; this is longer here. Type all six, in their order."),
    ],
)
def test_what_is_wrong_is_named(typed, said):
    with pytest.raises(BadAnswer) as refused:
        read_code(typed)
    assert str(refused.value) == said


def test_a_code_always_opens_the_same_locker_in_a_room_and_another_one_elsewhere():
    first = locker_of(CODE, SALT)
    assert locker_of("  APPL-rive, Mang\nston luna GIAN", SALT) == first
    assert (len(first.id), len(first.key)) == (16, 32)
    others = [locker_of(CODE, b"1" * 16), locker_of("river apple mango stone lunar giant", SALT)]
    seen = [part for locker in (first, *others) for part in (locker.id, locker.key)]
    assert len(set(seen)) == 6


def test_the_key_is_derived_as_was_decided():
    """Another cost would lock every student out of a room that already has records."""
    assert locker_of(CODE, SALT).id.hex() == "d53d91a570696fb5c1df8bee672f333d"


def test_a_locker_shows_nothing_of_itself():
    locker = Locker(b"i" * 16, b"k" * 32)
    assert repr(locker) == str(locker) == f"{locker}" == "Locker()"
