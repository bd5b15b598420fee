"""A draft reads well whatever was typed, names are said once with their title, and a message is looked at kindly."""

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mentorkit import simulate
from mentorkit.content import load_content
from mentorkit.message import (
    Remark,
    Signs,
    brackets,
    called,
    email_address,
    ended,
    look_at,
    noticed,
    one_line,
    said,
    subject_and_body,
    tidy_name,
    wish,
    word_count,
)
from mentorkit.reports import drafts

CONTENT = load_content()
GRAMMAR = drafts.grammar(CONTENT)
SIGNS = drafts.signs(CONTENT)
TITLES = CONTENT.wording["titles"].words
TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=80)
LATIN = st.text(string.ascii_letters + string.digits + " .,;:!?'’-()", max_size=80)
NAME = st.lists(st.sampled_from(["Anna", "K", "Osei", "van", "Maya", "Lind", "M."]), min_size=1, max_size=3).map(
    " ".join
)


def want(typed: str) -> str:
    found = wish(typed, GRAMMAR)
    assert found
    pattern = "" if found.form in ("own", "question") else CONTENT.words[f"want_{found.form}"]
    return said(pattern, found)


def know(typed: str) -> str:
    found = noticed(typed, GRAMMAR)
    assert found
    return said("I noticed {text}.", found)


# What somebody wants


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("To get better at suturing.", "I want to get better at suturing."),
        ("get better at suturing", "I want to get better at suturing."),
        ("I want to get better at suturing", "I want to get better at suturing."),
        ("I’d like to get better at suturing!", "I want to get better at suturing."),
        ("My goal is to get better at suturing…", "I want to get better at suturing."),
        ("  Get   better\nat suturing ", "I want to get better at suturing."),
        ("Better understand ECGs", "I want to better understand ECGs."),
        ("Suturing", "I want to get better at suturing."),
        ("Reading ECGs", "I want to get better at reading ECGs."),
        ("Bring a project to an end", "I want to bring a project to an end."),
        ("time management", "I would like help with time management."),
        ("My presentation skills", "I would like help with my presentation skills."),
        ("A project in oncology for the summer", "I would like help with a project in oncology for the summer."),
        ("ECG reading", "I would like help with ECG reading."),
        ("Help with my research", "I would like help with my research."),
        ("Advice on residency programs", "I would like advice on residency programs."),
        ("Someone who has been through the match", "I would like someone who has been through the match."),
        ("How residency interviews work", "I would like to find out how residency interviews work."),
        ("whether surgery is for me", "I would like to find out whether surgery is for me."),
        ("How do I get into dermatology?", "How do I get into dermatology?"),
        ("I am not sure yet, and I would like to talk it over", "I am not sure yet, and I would like to talk it over."),
        ("Learn to suture. I also want more OR time.", "I want to learn to suture. I also want more OR time."),
        ("To learn knots. Is that realistic?", "I want to learn knots. Is that realistic?"),
        ("Learn from Dr. Smith", "I want to learn from Dr. Smith."),
        ("Learn to suture (interrupted).", "I want to learn to suture (interrupted)."),
    ],
)
def test_what_was_typed_becomes_a_sentence(typed: str, sentence: str):
    assert want(typed) == sentence


@pytest.mark.parametrize(
    "typed", ["更好地缝合。", "Nähen üben", "Besser nähen und knoten lernen, auch nachts", "научиться шить"]
)
def test_another_language_stays_as_it_was_typed(typed: str):
    assert typed in want(typed)
    assert not want(typed).endswith("。.")


@pytest.mark.parametrize("typed", ["", "   ", "\n", "To", ". .", "…"])
def test_nothing_typed_is_nothing_wanted(typed: str):
    assert wish(typed, GRAMMAR) is None


@pytest.mark.parametrize(
    "goal",
    [
        *(goal for goal, _, _ in simulate.GOALS),
        "Choose two specialties to see up close before third year",
    ],
)
def test_goals_of_the_first_page_can_be_wanted(goal: str):
    assert want(goal) == f"I want to {goal[0].lower()}{goal[1:]}."


@given(TYPED | LATIN)
def test_whatever_is_typed_the_sentence_ends_once_and_loses_no_word(typed: str):
    found = wish(typed, GRAMMAR)
    if found is None:
        return
    sentence = want(typed)
    assert ended(sentence) == sentence
    assert sentence == one_line(sentence)
    assert not re.search(r"[^.…]\.\.$", sentence)
    kept = re.findall(r"\w+", f"{found.text} {found.rest}".casefold())
    assert re.findall(r"\w+", typed.casefold())[-len(kept) :] == kept if kept else True


@given(LATIN)
def test_a_period_or_a_blank_at_the_end_changes_nothing(typed: str):
    if wish(typed, GRAMMAR) and not typed.rstrip().endswith((".", "!", "?", "…")):
        assert want(typed) == want(f"{typed}. ")


@given(TYPED)
@example("B 0 0 0")
def test_a_wish_is_said_in_one_way_however_often_it_is_put_in(typed: str):
    found = wish(typed, GRAMMAR)
    if found and found.form == "want" and not found.rest and found.text.isascii():
        again = wish(f"I want to {found.text}", GRAMMAR)
        assert again and said("I want to {text}.", again) == said("I want to {text}.", found)


# What somebody noticed


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("The way you explained the CT to the family.", "I noticed the way you explained the CT to the family."),
        ("your paper on sepsis in children", "I noticed your paper on sepsis in children."),
        ("CT reading on rounds", "I noticed CT reading on rounds."),
        ("German lessons", "I noticed German lessons."),
        ("I liked your talk", "I liked your talk."),
        ("i’ve read your paper", "I’ve read your paper."),
        ("Your paper. It was clear", "I noticed your paper. It was clear."),
    ],
)
def test_what_was_noticed_becomes_a_sentence(typed: str, sentence: str):
    assert know(typed) == sentence


def test_a_pattern_may_come_without_its_period():
    found = noticed("your talk", GRAMMAR)
    assert found and said("I noticed {text}", found) == "I noticed your talk."


# Names


@pytest.mark.parametrize(
    ("name", "how", "said_as"),
    [
        ("Dr. K", "title", "Dr. K"),
        ("Prof. Lind", "title", "Prof. Lind"),
        ("K", "title", "Dr. K"),
        ("Anna van der Berg", "title", "Dr. Anna van der Berg"),
        ("Dr. K", "first", "Dr. K"),
        ("Dr. Maya Patel", "first", "Maya"),
        ("Prof. Dr. Meyer", "first", "Prof. Dr. Meyer"),
        ("Maya", "first", "Maya"),
        ("M. Osei", "first", "M. Osei"),
        ("Maya Patel", "first", "Maya"),
        ("Maya Patel", "name", "Maya Patel"),
        ("[name]", "title", "Dr. [name]"),
    ],
)
def test_everybody_is_addressed_as_it_is_done(name: str, how: str, said_as: str):
    assert called(name, how, TITLES, "Dr.") == said_as  # type: ignore[arg-type]


@given(st.sampled_from([*TITLES]), NAME)
def test_a_title_is_never_said_twice(title: str, name: str):
    typed = f"{title.title()}. {name}"
    assert called(typed, "title", TITLES, "Dr.") == typed


@given(NAME, st.sampled_from(["title", "name", "first"]))
def test_nobody_is_without_a_name(name: str, how: str):
    assert called(name, how, TITLES, "Dr.").strip()  # type: ignore[arg-type]
    assert len(called(name, how, TITLES, "Dr.")) <= len(f"Dr. {name}")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("dr. osei", "Dr. Osei"),
        ("dr.osei", "Dr. Osei"),
        (" Dr.  K ", "Dr. K"),
        ("ward mentor", "ward mentor"),
        ("Dr.", ""),
        ("McCoy", "McCoy"),
    ],
)
def test_a_name_typed_in_haste_is_tidied(typed: str, tidy: str):
    assert tidy_name(typed, TITLES) == tidy


# Addresses


@pytest.mark.parametrize(
    "typed", ["ann@example.org", " ann@example.org ", "Ann Osei <ann@example.org>", "mailto:ann@example.org"]
)
def test_an_address_is_found_in_what_was_pasted(typed: str):
    assert email_address(typed) == "ann@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@example",
        "ann@example..org",
        "a b@example.org",
        "a@b.org, c@d.org",
        "x" * 200 + "@example.org",
    ],
)
def test_what_is_no_address_is_none(typed: str):
    assert email_address(typed) is None


@given(TYPED)
def test_an_address_is_one_word_with_one_at(typed: str):
    found = email_address(typed)
    assert found is None or (found.count("@") == 1 and not re.search(r"[\s<>,;]", found))


# Parts of a message


def test_the_subject_line_is_taken_out():
    assert subject_and_body("Subject: A question\n\nDear Dr. K,\n", "Subject") == ("A question", "Dear Dr. K,")
    assert subject_and_body("  subject : A question", "Subject") == ("A question", "")
    assert subject_and_body("Dear Dr. K,\nSubject: none", "Subject") == ("", "Dear Dr. K,\nSubject: none")


@given(TYPED, TYPED)
def test_a_subject_and_a_body_come_out_as_they_went_in(subject: str, body: str):
    lines = f"Subject: {one_line(subject)}\n\n{body}"
    assert subject_and_body(lines, "Subject") == (one_line(subject), body.strip())


def test_words_and_gaps_are_counted():
    assert word_count("Dear Dr. K – thank you (again).") == 6
    assert brackets("[day] or [day] at [place], [] and [not\nthis]") == ("[day]", "[place]")


# A look at a message

GOOD = (
    "Dr. K, thank you for today. I noticed the way you explained the CT. Could we talk for fifteen minutes? "
    "If this is a busy time, that is completely fine."
)


def seen(text: str, kind: str = "spoken", known: str = "") -> dict[str, Remark]:
    return {remark.id: remark for remark in look_at(text, kind, SIGNS, known)}  # type: ignore[arg-type]


def good(text: str, kind: str = "spoken", known: str = "") -> set[str]:
    return {name for name, remark in seen(text, kind, known).items() if remark.good}


def test_a_good_message_is_praised_and_nothing_else():
    assert good(GOOD) == set(seen(GOOD)) == {"length", "about", "request", "way_out"}


def test_nothing_is_said_about_an_empty_message():
    assert look_at("  \n", "email", SIGNS) == ()


@pytest.mark.parametrize(("kind", "limit"), [("email", 150), ("spoken", 60), ("application", 200)])
def test_each_kind_has_its_length(kind: str, limit: int):
    assert seen("word " * limit, kind)["length"].good
    assert seen("word " * (limit + 1), kind)["length"] == Remark("length", False, limit + 1)


def test_a_message_asks_for_one_thing():
    assert seen("I liked your talk.")["request"] == Remark("request", False, 0)
    assert seen("Could we talk? May I shadow you?")["request"] == Remark("request", False, 2)
    assert seen("How are you? Could we talk? If not, whom would you ask?")["request"].good
    assert seen("I’d be grateful for fifteen minutes of your time.")["request"].good


def test_an_easy_no_is_seen_with_every_apostrophe():
    assert seen("If you don’t have time, I understand.")["way_out"].good
    assert seen("If you don't have time, fine.")["way_out"].good
    assert not seen("Could we talk?")["way_out"].good


def test_an_application_is_not_asked_for_a_way_out():
    assert set(seen("I want to learn about your program.", "application")) == {"length", "about"}


def test_what_the_student_knows_is_looked_for():
    assert seen("Your paper on sepsis in children was clear.", known="your sepsis paper")["about"].good
    assert not seen("Could we talk about your career?", known="your sepsis paper")["about"].good
    assert "about" not in seen("I noticed the way you [one thing they did].")
    assert not seen("Could we talk?")["about"].good


def test_a_phrase_is_found_as_words_in_any_case():
    assert seen("Please answer ASAP.")["tone"].named == ("asap", "demanding")
    assert "tone" not in seen("Casapulla taught me.")
    assert seen("Can I pick   your\nbrain?")["tone"].named == ("pick your brain", "vague")


def test_gaps_are_named():
    assert seen("I am a [year] student at [school].")["brackets"] == Remark(
        "brackets", False, 2, ("[year]", "[school]")
    )


@given(TYPED | st.text(max_size=200), st.sampled_from(["email", "spoken", "application"]), TYPED)
def test_every_message_can_be_looked_at(text: str, kind: str, known: str):
    found = look_at(text, kind, SIGNS, known)  # type: ignore[arg-type]
    assert bool(found) == bool(text.strip())
    assert [remark.id for remark in found if remark.id != "tone"] == list(
        dict.fromkeys(r.id for r in found if r.id != "tone")
    )


def test_without_phrases_nothing_is_found():
    none = Signs((), (), (), (), {})
    assert [remark.good for remark in look_at(GOOD, "spoken", none)] == [True, False, True, False]
