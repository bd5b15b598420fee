"""Words to a person: how they are addressed, what a mail program gets, and how days are said."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import TODAY
from test_reports import Outline

from mentorkit.content import load_content
from mentorkit.reports.letters import LONGEST_LINK, Addressee, addressed, letter, mailto, to_send, weekday, when_words

WORDS = load_content().words
TO = Addressee("Dr. K")


@pytest.mark.parametrize(
    ("nickname", "name"),
    [
        ("Dr. K", "Dr. K"),
        ("Dr. K (ward)", "Dr. K"),
        ("Prof. Lind (lab)", "Prof. Lind"),
        ("Sam, two years ahead", "Sam"),
        ("Anna-Lena", "Anna-Lena"),
        ("Sam - anatomy", "Sam"),
        ("Ludwig van Beek", "Ludwig van Beek"),
        ("Professor Lind", "Professor Lind"),
        ("王医生", "王医生"),
        ("ward mentor", None),
        ("Ward mentor", None),
        ("the grumpy surgeon", None),
        ("Attending", None),
        ("My Mentor", None),
        ("(ward)", None),
        ("dr. k", None),
        ("???", None),
    ],
)
def test_only_a_name_is_written_to_the_person(nickname: str, name: str | None):
    assert addressed(WORDS, nickname) == name


@given(st.text(max_size=80))
def test_any_nickname_can_be_addressed_or_not(nickname: str):
    found = addressed(WORDS, nickname)
    assert found is None or (found and found.split()[0] in nickname)


def test_what_was_meant_for_the_student_s_eyes_is_not_in_a_letter():
    text = letter(WORDS, Addressee("ward mentor"), "Hello.")
    assert "ward" not in text
    assert text.startswith("Dear [name],")


def test_a_friend_is_greeted_as_a_friend():
    assert letter(WORDS, Addressee("Sam, two years ahead", is_friend=True)).startswith("Hi Sam,\n\n")
    assert letter(WORDS, TO, "", "One.").startswith("Dear Dr. K,\n\nOne.\n\n")


@given(st.text(), st.text(), st.text())
def test_a_mail_link_carries_exactly_what_was_written(email: str, subject: str, text: str):
    found = urlsplit(mailto(email, subject, text))
    assert found.scheme == "mailto"
    parts = parse_qs(found.query, keep_blank_values=True, strict_parsing=True)
    assert parts["subject"] == [subject]
    assert parts["body"] == ["\r\n".join(text.splitlines())]
    assert set(parts) == {"subject", "body"}


def test_a_message_too_long_for_a_mail_program_can_still_be_copied():
    drawn = Outline(to_send(WORDS, "A message", "word " * LONGEST_LINK, "Hello"))
    assert not drawn.named("a")
    assert WORDS["mail_long"] in drawn.words
    assert drawn.named("button")[0]["data-copy"] == "A message"


def test_days_to_come_are_said_as_people_do():
    assert weekday(date(2026, 12, 15)) == "Tuesday, December 15"
    said = [when_words(WORDS, TODAY + timedelta(days=days), TODAY) for days in (-1, 0, 1, 5)]
    assert said == ["", "today", "tomorrow", "in 5 days"]
