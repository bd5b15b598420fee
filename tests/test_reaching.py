"""Reaching out, as results: the drafts, the look at a message, the days, everyone in order, and the plan on paper."""

import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import TODAY
from test_content import _grade
from test_reports import MARKUP, Outline

from mentorkit.content import load_content
from mentorkit.message import LONGEST, brackets, subject_and_body, word_count
from mentorkit.reports import drafts, reaching
from mentorkit.reports.drafts import Approach, draft_shown, kind_of, letters, look, look_shown, name_of
from mentorkit.reports.paper import Grid, Sheet, Words, as_html
from mentorkit.scorecard import Mentor

CONTENT = load_content()
WORDS = CONTENT.words
DR_K = Mentor("m-1", "Dr. K (ward)", "faculty")
MAYA = Mentor("m-2", "Maya Patel (M4)", "peer")
SAID = {"know": "the way you explained the CT.", "want": "To get better at suturing.", "ask": "talk"}
GOALS = ["Feel ready for my surgery shelf exam"]
PLAN = [{"way": "alumni", "first": "Write to Dr. Lee", "by": "2026-12-04"}, {"way": "events"}, {"by": "2026-12-05"}]


def approach(person: Mentor = DR_K, situation: str | None = "inperson", **answers: str) -> Approach:
    found = {"situation": situation, **answers} if situation else answers
    return Approach(person, {f"approach.{item}": value for item, value in found.items()})


def only(one: Approach, goals: list[str] | None = None) -> str:
    (text,) = letters(CONTENT, one, goals or []).values()
    return text


def said(html: str) -> str:
    return re.sub(r"\s+", " ", Outline(html).words)


# Drafts


def test_a_draft_says_what_was_said_about_them():
    text = only(approach(**SAID))
    assert text.startswith(
        "Dr. K, thank you for today. I noticed the way you explained the CT. I want to get better at"
    )
    assert CONTENT.asks["talk"].say in text
    assert not brackets(text)


@pytest.mark.parametrize("situation", CONTENT.reaches)
def test_what_is_unknown_stays_in_brackets(situation: str):
    text = only(approach(Mentor("m", "ward mentor", None), situation))
    assert brackets(text)
    assert "ward mentor" not in text
    assert "{" not in text
    assert ".." not in text


def test_without_a_wish_the_first_goal_is_a_start():
    assert "I want to feel ready for my surgery shelf exam." in only(approach(), [*GOALS, "Another"])
    assert "Another" not in only(approach(want="learn knots"), ["Another"])


@pytest.mark.parametrize("situation", CONTENT.reaches)
@pytest.mark.parametrize("ask", CONTENT.asks)
def test_every_draft_passes_its_own_look_once_its_gaps_are_filled(situation: str, ask: str):
    one = approach(situation=situation, **{**SAID, "ask": ask})
    text = re.sub(r"\[[^\]]*\]", "spring", only(one))
    there, open_ = look(CONTENT, replace(one, answers={**one.answers, "approach.message": text}))
    assert open_ == []
    assert there


@pytest.mark.parametrize(
    "letter", [letter for stage in CONTENT.stages.values() for letter in stage.drafts], ids=lambda one: one.id
)
def test_the_words_after_a_silence_or_an_answer_are_short(letter):
    subject, body = subject_and_body(drafts.draft(CONTENT, approach(**SAID), letter, []), WORDS["letter_subject"])
    assert subject
    assert body.startswith("Dear Dr. K,")
    assert word_count(body) <= 60
    assert len(re.findall(r"[.?](?=\s)", body)) <= 6


def test_friends_are_greeted_by_their_first_name():
    assert name_of(CONTENT, approach(MAYA, "organic")) == "Maya"
    assert name_of(CONTENT, approach(MAYA, "email")) == "Maya"
    assert only(approach(MAYA, "organic", **SAID)).startswith("Hi Maya.")
    letter = CONTENT.stages["contacted"].drafts[0]
    assert "Hi Maya," in drafts.draft(CONTENT, approach(MAYA, "organic", **SAID), letter, [])


def test_a_chapter_gets_no_title():
    assert name_of(CONTENT, approach(Mentor("m", "AMWA", None), "fair")) == "AMWA"
    assert name_of(CONTENT, approach(Mentor("m", "Dr.", None))) == "Dr. [name]"


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([*CONTENT.reaches]))
def test_whatever_was_typed_the_draft_is_whole(know: str, wanted: str, situation: str):
    text = only(approach(situation=situation, know=know, want=wanted))
    assert text == text.strip()
    assert text.startswith(CONTENT.reaches[situation].drafts[0].text.split("{")[0].strip())


# What can be done with a draft


def test_an_empty_message_takes_the_draft_and_another_is_never_silently_replaced():
    one = approach(**SAID)
    assert 'data-do="use"' in draft_shown(CONTENT, one, [], False)
    same = replace(one, answers={**one.answers, "approach.message": f"  {only(one)}\n"})
    assert WORDS["draft_there"] in draft_shown(CONTENT, same, [], False)
    own = replace(one, answers={**one.answers, "approach.message": "My own words"})
    shown = draft_shown(CONTENT, own, [], True)
    assert WORDS["draft_differs"] in shown
    assert 'data-do="replace"' in shown and 'data-do="use"' not in shown
    assert 'data-do="back"' in shown


def test_goals_are_offered_until_one_is_used():
    assert 'data-do="goal"' in draft_shown(CONTENT, approach(), GOALS, False)
    assert 'data-do="goal"' not in draft_shown(CONTENT, approach(want=GOALS[0]), GOALS, False)
    assert WORDS["draft_goals_instead"] in draft_shown(CONTENT, approach(want="learn knots"), GOALS, False)


def test_before_the_situation_is_said_there_is_no_draft():
    assert letters(CONTENT, approach(situation=None), GOALS) == {}
    assert WORDS["draft_choose"] in draft_shown(CONTENT, approach(situation=None), GOALS, False)


# The look at a message


def test_each_remark_is_one_line():
    long = "Could we talk? " * 120 + "[a] [b] [c] [d] asap pick your brain huge fan sorry to bother"
    there, open_ = look(CONTENT, approach(message=long, know="x" * 300 + " sepsis"))
    assert len(open_) >= 6
    assert all(len(line) <= 110 for line in (*there, *open_))
    assert any("[a], [b], [c] and more" in line for line in open_)


def test_a_subject_line_makes_it_an_e_mail():
    assert kind_of(CONTENT, approach(), "Subject: Hello\n\nText") == "email"
    assert kind_of(CONTENT, approach(), "Text") == "spoken"
    assert kind_of(CONTENT, approach(situation=None), "Text") == "email"


def mail_link(one: Approach) -> str:
    return next((a["href"] for a in Outline(look_shown(CONTENT, one)).named("a")), "")


def test_an_e_mail_goes_to_the_mail_program_as_it_is():
    text = "Subject: A question & more?\n\nDear Dr. K,\n\n100 % “yes” – 50+50=1\nÅsa 😀"
    link = mail_link(approach(situation="email", message=text, email="Ann <ann@example.org>"))
    assert link.startswith("mailto:ann@example.org?subject=A%20question%20%26%20more%3F&body=")
    assert unquote(link.partition("&body=")[2]) == "Dear Dr. K,\r\n\r\n100 % “yes” – 50+50=1\r\nÅsa 😀"
    assert "Subject" not in link


def test_a_mail_needs_no_address_and_a_bad_one_is_said_once():
    assert mail_link(approach(situation="email", message="Dear")).startswith("mailto:?subject=")
    one = approach(situation="email", message="Dear", email="ann@@example")
    assert mail_link(one).startswith("mailto:?subject=")
    assert said(look_shown(CONTENT, one)).count("does not look like an e-mail address") == 1
    assert "does not look" not in look_shown(CONTENT, approach(situation="email", message="Dear", email="a@b.org"))


def test_words_to_say_are_not_mailed_unless_there_is_an_address():
    assert mail_link(approach(message="Thank you for today.")) == ""
    assert mail_link(approach(message="Thank you for today.", email="a@b.org"))


def test_a_message_too_long_for_a_link_is_pasted_and_never_cut():
    one = approach(situation="email", message="Subject: Hi\n\n" + "word " * 400, email="a@b.org")
    assert mail_link(one) == "mailto:a@b.org?subject=Hi"
    assert WORDS["mail_too_long"] in look_shown(CONTENT, one)
    assert WORDS["mail_too_long"] not in look_shown(CONTENT, approach(situation="email", message="Dear"))


def test_what_is_copied_is_the_message_without_its_subject():
    html = look_shown(CONTENT, approach(situation="email", message="Subject: Hi\n\nDear Dr. K,\nThanks"))
    assert re.search(r"<p [^>]*data-text[^>]*>Dear Dr. K,\nThanks</p>", html)
    assert re.search(r"<span [^>]*data-text[^>]*>Hi</span>", html)


def test_sent_is_offered_until_it_is_said():
    assert 'data-do="sent"' in look_shown(CONTENT, approach(message="Text", state="to_approach"))
    later = look_shown(CONTENT, approach(message="Text", state="contacted", contacted="2026-11-20"))
    assert 'data-do="sent"' not in later and "November 20, 2026" in later
    assert 'data-do="sent"' not in look_shown(CONTENT, approach(message="Text", state="declined"))


# Days


def test_a_day_is_suggested_where_a_stage_waits_and_none_is_set():
    def day(**answers: str) -> date | None:
        return reaching.follow_up_day(CONTENT, approach(**answers), TODAY)

    assert day(state="contacted") == TODAY + timedelta(days=14)
    assert day(state="contacted", contacted="2026-11-20") == date(2026, 12, 4)
    assert day(state="contacted", contacted="2026-01-20") == TODAY
    assert day(state="contacted", next="2026-12-01") is None
    assert day(state="to_approach") is None
    assert day(state="declined") is None


def test_an_overdue_day_is_said_in_words_and_only_while_it_matters():
    def shown(**answers: str) -> str:
        return reaching.stage_shown(CONTENT, approach(**answers), [], TODAY, None)

    assert "November 20, 2026" in shown(state="contacted", next="2026-11-20")
    assert "November 20, 2026" not in shown(state="declined", next="2026-11-20")
    assert WORDS["stage_late"].partition("{")[0] not in shown(state="contacted", next="2026-11-22")


@pytest.mark.parametrize("state", CONTENT.stages)
def test_every_stage_has_a_kind_next_step_and_most_have_words(state: str):
    html = reaching.stage_shown(CONTENT, approach(state=state, **SAID), [], TODAY, None)
    assert CONTENT.stages[state].next in said(html)
    assert ("data-copy" in html) == (state != "to_approach")


def test_who_became_a_mentor_is_said_to_be_on_the_list():
    html = said(reaching.stage_shown(CONTENT, approach(state="mentor"), [], TODAY, None))
    assert "Dr. K (ward) is on your list of mentors now" in html
    assert WORDS["page_together"] in html
    assert "Take Dr. K" not in html


# Everyone


def people() -> list[Approach]:
    def one(name: str, **answers: str) -> Approach:
        return Approach(Mentor(name, name, None), {f"approach.{k}": v for k, v in answers.items()}, TODAY)

    return [
        one("No day", state="to_approach"),
        one("Declined", state="declined", next="2026-11-01"),
        one("Later", state="contacted", contacted="2026-11-01", next="2026-12-09"),
        one("åsa", state="talking", next="2026-11-20"),
        one("Nothing said"),
    ]


def names(order: reaching.Order) -> list[str]:
    return [one.person.name for one in reaching.in_order(CONTENT, people(), order)]


def test_the_next_day_comes_first_and_what_is_settled_last():
    assert names("next") == ["åsa", "Later", "No day", "Nothing said", "Declined"]
    assert names("stage") == ["No day", "Nothing said", "Later", "åsa", "Declined"]
    assert names("name")[0] == "Declined"


def test_the_list_says_what_is_late_and_what_comes_next():
    words = said(reaching.tracker(CONTENT, people(), "next", TODAY))
    assert "4 people are under way." in words
    assert "passed with åsa" in words
    assert "Next: Later, on December 9, 2026." in words
    assert "November 20 (has passed)" in words
    assert "Settled (1)" in words
    assert "November 1 (has passed)" not in words


def test_nobody_and_one_person_are_said_as_such():
    assert WORDS["track_empty"] in reaching.tracker(CONTENT, [], "next", TODAY)
    assert WORDS["track_one"] in reaching.tracker(CONTENT, people()[:1], "next", TODAY)
    assert WORDS["track_none"] in reaching.tracker(CONTENT, people()[1:2], "next", TODAY)


def test_a_long_list_can_be_put_in_order():
    many = [replace(one, person=replace(one.person, id=f"{n}")) for n, one in enumerate(people() * 2)]
    outline = Outline(reaching.tracker(CONTENT, many, "name", TODAY))
    pressed = [(b["data-of"], b["aria-pressed"]) for b in outline.named("button")]
    assert pressed == [("next", "false"), ("name", "true"), ("stage", "false")]
    assert not Outline(reaching.tracker(CONTENT, people(), "next", TODAY)).named("button")


# Ways, the plan, and paper


def test_every_way_and_the_national_groups_are_one_click_away():
    ids = {d["data-id"] for d in Outline(reaching.ways_list(CONTENT)).named("details")}
    assert ids == {f"find.{way}" for way in CONTENT.ways} | {"type.national"}


def test_all_ways_to_ask_stand_there_and_the_chosen_one_first():
    for one in (None, approach(situation=None), approach(situation="fair")):
        html = reaching.way_to_ask(CONTENT, one)
        assert {f"reach.{name}" for name in CONTENT.reaches} == set(re.findall(r'data-id="([^"]+)"', html))
    assert html.index("reach.fair") < html.index("<details")


def test_the_plan_is_two_lines_to_do():
    lines = reaching.plan_lines(CONTENT, PLAN)
    assert lines[0] == ("Ask alumni: Write to Dr. Lee", "by December 4, 2026")
    assert lines[1] == (f"{CONTENT.ways['events'].name}: {CONTENT.ways['events'].first}", WORDS["plan_no_day"])
    assert len(lines) == 2


def printed(sheet: Sheet | None) -> str:
    assert sheet is not None
    return as_html(sheet)


def test_the_plan_on_paper_has_the_ways_the_people_and_the_message():
    chosen = approach(message="Dear Dr. K", email="ann@example.org", state="contacted", next="2026-12-01")
    sheet = reaching.plan_sheet(CONTENT, PLAN, [chosen, *people()], chosen, TODAY)
    assert sheet and [type(block) for block in sheet.blocks].count(Grid) == 2
    assert Words("Dear Dr. K") in sheet.blocks
    html = printed(sheet)
    assert "Write to Dr. Lee" in html and "December 1<" in html
    assert "ann@example.org" not in html and "Declined" not in html


def test_an_empty_plan_is_no_sheet():
    assert reaching.plan_sheet(CONTENT, [], [], None, TODAY) is None
    assert reaching.plan_sheet(CONTENT, [{"by": "2026-12-05"}], [], None, TODAY) is None


# Words and markup


def test_everything_typed_is_text():
    one = approach(
        Mentor("m", MARKUP, None), "email", message=MARKUP, know=MARKUP, want=MARKUP, email=MARKUP, state="contacted"
    )
    plan = [{"first": MARKUP}]
    parts = (
        draft_shown(CONTENT, one, [MARKUP], True),
        look_shown(CONTENT, one),
        reaching.stage_shown(CONTENT, one, [MARKUP], TODAY, None),
        reaching.tracker(CONTENT, [one], "next", TODAY),
        reaching.plan_shown(CONTENT, plan),
        printed(reaching.plan_sheet(CONTENT, plan, [one], one, TODAY)),
    )
    for html in parts:
        assert not Outline(html).named("img")
        assert "onerror" in Outline(html).words


def test_the_words_of_this_page_read_easily_and_do_not_shout():
    entries = [*CONTENT.ways.values(), *CONTENT.reaches.values(), *CONTENT.stages.values(), *CONTENT.signs.values()]
    texts = [text for entry in entries for text in re.findall(r"['\"]?: '([^']{60,})'", str(entry.model_dump()))]
    assert len(texts) > 25
    assert [text for text in texts if _grade(text) > 10] == []
    assert not [text for text in texts if "!" in text]
    assert LONGEST["spoken"] < LONGEST["email"]
