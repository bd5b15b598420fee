"""What two people agree on, a meeting, its steps and its words: what they say, and what never goes out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import TODAY, opened
from test_reports import MARKUP, Outline

from mentorkit import Workbook, steps
from mentorkit.content import load_content
from mentorkit.reports.agreement import agreement_sheet, head_start, is_friend, with_goal
from mentorkit.reports.letters import Addressee
from mentorkit.reports.meeting import (
    Agenda,
    ahead_message,
    did_it_take_place,
    earlier_meetings,
    meeting_ahead,
    meeting_choices,
    meeting_sheet,
    next_up,
    plan_meeting,
    send_ahead,
)
from mentorkit.reports.paper import Heading, Pairs, Points, Ruled, Sheet, Words
from mentorkit.reports.together import came_of, giving, habits, habits_by_name, how_steps_stand
from mentorkit.scorecard import Meeting, Mentor
from mentorkit.steps import Step
from mentorkit.store import Answered

CONTENT = load_content()
WORDS = CONTENT.words
DR_K = Mentor("m-1", "Dr. K", "faculty")
SAM = Mentor("m-2", "Sam, two years ahead", "peer")
TO = Addressee("Dr. K")
SOON = TODAY + timedelta(days=9)
READ = Step("Read the review.", True, TODAY + timedelta(days=3), "open", "")
LATE = replace(READ, what="Send the plan", by=TODAY - timedelta(days=5))
THEIRS = Step("Introduce me to the fellow", False, TODAY - timedelta(days=2), "open", "")
DONE = Step("Watch an echo", True, None, "done", "I saw three.")
DROPPED = Step("Join the journal club", True, None, "dropped", "It clashes with clinic.")
SECRETS = {
    "meeting.notes": "SECRET notes",
    "meeting.know": "SECRET homework",
}


def printed(sheet: Sheet | None) -> str:
    """Every word on a sheet."""
    assert sheet is not None
    return repr(sheet)


def labels(sheet: Sheet | None) -> list[str]:
    assert sheet is not None
    return [label for block in sheet.blocks if isinstance(block, Pairs) for label, _ in block.rows]


def meeting(day: date | None = SOON, state: str | None = None, **more: object) -> Meeting:
    answers = {"meeting.day": day.isoformat()} if day else {}
    answers |= {"meeting.state": state} if state else {}
    return Meeting(f"m-1/d-{day}", "m-1", {**answers, **{f"meeting.{name}": value for name, value in more.items()}})


def agenda(one: Meeting, news: tuple[Step, ...] = (), open_: tuple[Step, ...] = (), to: Addressee = TO) -> Agenda:
    return Agenda(one, to, news, open_, TODAY)


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return opened(tmp_path)


# The agreement


ALL_OF_IT = {
    "agreement.kind": "peer",
    "agreement.goals": "Present in five minutes",
    "agreement.often": "monthly",
    "agreement.channel": ["email", "person"],
    "agreement.reply": "week",
    "agreement.limits": "Nothing about grades",
    "agreement.hats": "Mentor time?",
    "agreement.apart": "Money",
    "agreement.confidential": "all",
    "agreement.review": "2026-12-22",
}


def test_an_agreement_without_answers_is_no_page():
    assert agreement_sheet(CONTENT, DR_K, {}, TODAY) is None
    assert agreement_sheet(CONTENT, DR_K, {"agreement.kind": "senior"}, TODAY) is None


def test_the_page_for_both_says_all_of_it_in_words():
    sheet = agreement_sheet(CONTENT, DR_K, ALL_OF_IT, TODAY)
    said = printed(sheet)
    for words in ("Dr. K", "Present in five minutes", "About once a month", "E-mail\\nIn person", "December 22, 2026"):
        assert words in said
    assert [type(block) for block in sheet.blocks] == [Pairs, Words, Ruled]
    assert WORDS["agreement_danger"] in said


def test_what_is_still_open_stands_on_the_page_to_be_talked_about():
    sheet = agreement_sheet(CONTENT, DR_K, {"agreement.often": "weekly"}, TODAY)
    open_ = next(block for block in sheet.blocks if isinstance(block, Points))
    assert "What stays between us" in open_.items
    assert "What we keep apart from the friendship" not in open_.items


def test_what_holds_between_friends_is_on_a_friend_s_page_only():
    assert "Money" in printed(agreement_sheet(CONTENT, SAM, ALL_OF_IT, TODAY))
    assert "Money" not in printed(agreement_sheet(CONTENT, DR_K, {**ALL_OF_IT, "agreement.kind": "senior"}, TODAY))


def test_a_nickname_that_is_no_name_is_on_no_page_for_the_mentor():
    grumpy = replace(DR_K, name="the grumpy surgeon")
    assert "grumpy" not in printed(agreement_sheet(CONTENT, grumpy, ALL_OF_IT, TODAY))
    one = meeting(bring="Echo")
    assert "grumpy" not in printed(meeting_ahead(CONTENT, agenda(one, to=Addressee(grumpy.name))))


def test_a_peer_is_taken_for_a_friend_until_the_student_says_otherwise():
    assert is_friend(SAM, {})
    assert not is_friend(SAM, {"agreement.kind": "senior"})
    assert not is_friend(DR_K, {})


def test_a_goal_is_offered_until_it_is_used():
    drawn = Outline(head_start(CONTENT, DR_K, {}, ["Suture", MARKUP], TODAY))
    assert [button["data-of"] for button in drawn.named("button") if "data-of" in button] == ["Suture", MARKUP]
    assert not drawn.named("img")
    used = {"agreement.goals": "Something else\nSuture"}
    drawn = Outline(head_start(CONTENT, DR_K, used, ["Suture"], TODAY))
    assert not [button for button in drawn.named("button") if "data-of" in button]


def test_a_goal_is_added_to_what_stands_there():
    assert with_goal({}, "Suture") == "Suture"
    assert with_goal({"agreement.goals": "Present\n"}, "Suture") == "Present\nSuture"


def test_a_day_to_look_again_is_suggested_while_none_lies_ahead():
    suggested = WORDS["agreement_review_set"].format(day="December 22, 2026")
    assert suggested in head_start(CONTENT, DR_K, {}, [], TODAY)
    assert head_start(CONTENT, DR_K, {"agreement.review": "2027-01-15"}, [], TODAY) is None
    due = head_start(CONTENT, DR_K, {"agreement.review": "2026-11-03"}, [], TODAY)
    assert "November 3, 2026" in due
    assert suggested in due


# Meetings


def test_the_next_meeting_comes_first_and_the_earlier_ones_are_folded():
    found = [
        meeting(TODAY - timedelta(days=30), "held"),
        meeting(TODAY - timedelta(days=8)),
        meeting(TODAY + timedelta(days=1)),
        meeting(SOON),
        meeting(SOON + timedelta(days=1), "cancelled"),
    ]
    spec = meeting_choices(CONTENT, found, None, TODAY)
    assert [option["help"] for option in spec["options"]] == ["tomorrow", "in 9 days"]
    assert spec["options"][0]["label"] == "Monday, November 23, 2026"
    folded = Outline(earlier_meetings(CONTENT, found, found[0].id, TODAY))
    assert "open" in folded.named("details")[0]
    assert (
        folded.words.index("fell through") < folded.words.index("Did it take place?") < folded.words.index("took place")
    )
    assert len(folded.named("button")) == 2  # the chosen one is open already
    assert next_up(found, TODAY) == found[2]
    assert next_up(found[:2], TODAY) == found[1]
    assert next_up([], TODAY) is None


def test_without_earlier_meetings_nothing_is_folded():
    assert earlier_meetings(CONTENT, [meeting()], None, TODAY) is None


def test_a_meeting_without_a_day_still_lies_ahead():
    one = meeting(None, bring="Echo")
    assert next_up([one], TODAY) == one
    assert meeting_choices(CONTENT, [one], None, TODAY)["options"][0]["label"] == WORDS["meeting_no_date"]
    assert "[day]" in ahead_message(CONTENT, agenda(one))


def test_a_meeting_whose_day_has_passed_is_asked_about_until_it_is_said():
    past = meeting(TODAY - timedelta(days=1))
    drawn = Outline(did_it_take_place(CONTENT, [past, meeting(TODAY), meeting(SOON)], TODAY))
    assert drawn.words.startswith("You had planned to meet on Saturday, November 21.")
    assert [(b["data-do"], b["data-of"]) for b in drawn.named("button")] == [("held", past.id), ("cancelled", past.id)]
    assert did_it_take_place(CONTENT, [meeting(TODAY - timedelta(days=1), "held")], TODAY) == ""


def test_planning_is_open_when_there_is_no_meeting_and_one_click_away_later():
    assert not Outline(plan_meeting(CONTENT, "m-1", [])).named("details")
    assert Outline(plan_meeting(CONTENT, "m-1", [meeting()])).named("details")


def test_the_sheet_for_oneself_has_everything():
    one = meeting(time="14:30", minutes=30, where="Office", bring="Echo", decision="Which one", **{"know": "A paper"})
    said = printed(
        meeting_sheet(CONTENT, agenda(one, (DONE, replace(DONE, what="Lend a book", mine=False)), (LATE, THEIRS)))
    )
    for words in (
        "December 1, 2026, 14:30, 30 minutes",
        "Office",
        "Echo",
        "Which one",
        "A paper",
        "I saw three.",
        "Lend a book",
    ):
        assert words in said
    assert "Send the plan (was due on November 17)" in said
    assert WORDS["meeting_by_hand"] in said
    assert "My notes" in printed(meeting_sheet(CONTENT, agenda(meeting(notes="My notes"))))


def test_what_goes_ahead_never_has_notes_or_homework_on_it():
    answers = {**meeting(bring="Echo", decision="Which one", where="Office").answers, **SECRETS}
    one = agenda(Meeting("m-1/d-1", "m-1", answers), (DONE, DROPPED), (READ, THEIRS))
    for said in (printed(meeting_ahead(CONTENT, one)), ahead_message(CONTENT, one), send_ahead(CONTENT, one)):
        assert "SECRET" not in said
        assert "Echo" in said
        assert "I saw three." in said
        assert "It clashes with clinic." in said


@given(st.dictionaries(st.sampled_from(sorted(item.id for item in CONTENT.worksheet("meeting"))), st.just("SECRET")))
def test_only_what_is_meant_for_the_mentor_is_read_for_what_goes_ahead(answers: dict[str, str]):
    shared = {"meeting.bring", "meeting.decision", "meeting.where", "meeting.minutes", "meeting.time"}
    hidden = {item: value for item, value in answers.items() if item not in {*shared, "meeting.day", "meeting.state"}}
    one = agenda(Meeting("m-1/d-1", "m-1", {**hidden, "meeting.bring": "Echo"}))
    assert "SECRET" not in printed(meeting_ahead(CONTENT, one)) + ahead_message(CONTENT, one)


def test_a_mentor_is_never_told_that_they_are_late():
    one = agenda(meeting(bring="Echo"), open_=(THEIRS,))
    said = printed(meeting_ahead(CONTENT, one))
    assert "Introduce me to the fellow (by November 20)" in said
    assert "was due" not in said
    assert "Introduce me" not in ahead_message(CONTENT, one)


def test_nothing_goes_ahead_before_the_student_brings_something_or_after_the_meeting():
    assert meeting_ahead(CONTENT, agenda(meeting())) is None
    assert send_ahead(CONTENT, agenda(meeting())) == ""
    assert meeting_ahead(CONTENT, agenda(meeting(TODAY - timedelta(days=1), bring="Echo"))) is None
    assert send_ahead(CONTENT, agenda(meeting(bring="Echo", state="held"))) == ""


def test_the_message_goes_out_two_days_ahead_or_today():
    assert WORDS["ahead_on"].format(day="Sunday, November 29") in send_ahead(CONTENT, agenda(meeting(bring="Echo")))
    assert WORDS["ahead_now"] in send_ahead(CONTENT, agenda(meeting(TODAY, bring="Echo")))


def test_the_message_reads_as_a_letter():
    one = agenda(meeting(time="14:30", bring="Echo\nECG", decision="Which one"), (DONE,), (READ,))
    assert ahead_message(CONTENT, one) == (
        "Dear Dr. K,\n\n"
        "I look forward to our meeting on Tuesday, December 1 at 14:30. Here is what I would like to bring.\n\n"
        "What I would like to talk about:\nEcho\nECG\n\n"
        "What I would most like to leave with:\nWhich one\n\n"
        "What came of what we agreed:\n– Watch an echo: Done. I saw three.\n\n"
        "Still open on my side:\n– Read the review (by November 25)\n\n"
        "Is there anything you would like to add?\n\n"
        "Best wishes,\n[Your name]"
    )


# Steps


def agreed(book: Workbook, mentor: str, day: date, *entries: dict[str, str]) -> None:
    """The list as it was saved on a day, at noon."""
    number = book.draft("actions", mentor=mentor).revision + 1
    at = datetime.combine(day, datetime.min.time(), UTC).replace(hour=12)
    about = {"worksheet": "actions", "version": 1, "term": None, "subject": mentor}
    book.add([Answered(revision=number, at=at, item="actions.list", value=list(entries), **about)])


def test_a_step_carries_over_until_it_is_done(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    met, later = TODAY - timedelta(days=20), TODAY - timedelta(days=3)
    past = book.add_meeting(mentor, met)
    book.answer("meeting", "meeting.state", "held", mentor=past)
    read, plan = {"what": "Read", "owner": "me"}, {"what": "Plan", "by": "2026-11-10"}
    agreed(book, mentor, met, read, plan)
    assert [step.what for step in steps.open_steps(book, mentor)] == ["Plan", "Read"]
    assert steps.news(book, mentor) == ()
    agreed(book, mentor, later, {**read, "state": "done", "came": "Two ideas"}, plan)
    assert [step.what for step in steps.open_steps(book, mentor)] == ["Plan"]
    assert [step.came for step in steps.news(book, mentor)] == ["Two ideas"]


def test_what_was_finished_before_the_two_last_met_is_no_news(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    met = TODAY - timedelta(days=2)
    agreed(book, mentor, met, {"what": "Read", "state": "done"})
    assert [step.what for step in steps.news(book, mentor)] == ["Read"]
    book.answer("meeting", "meeting.state", "held", mentor=book.add_meeting(mentor, met))
    assert steps.news(book, mentor) == ()
    assert [step.what for step in steps.news(book, mentor, before=met.isoformat())] == ["Read"]  # for that very meeting


def test_a_meeting_that_fell_through_changes_nothing(book: Workbook):
    mentor = book.add_mentor("Dr. K")
    agreed(book, mentor, TODAY - timedelta(days=9), {"what": "Read", "state": "done"})
    book.answer("meeting", "meeting.state", "cancelled", mentor=book.add_meeting(mentor, TODAY - timedelta(days=2)))
    assert steps.last_held(book, mentor) is None
    assert len(steps.news(book, mentor)) == 1


def test_one_mentor_s_steps_are_not_another_s(book: Workbook):
    first, second = book.add_mentor("Dr. K"), book.add_mentor("Sam")
    agreed(book, first, TODAY, {"what": "Read"}, {"owner": "me"})
    assert [step.what for step in steps.steps(book, first)] == ["Read"]
    assert steps.steps(book, second) == ()


def test_late_steps_are_said_in_words_and_kindly():
    said = how_steps_stand(CONTENT, TO, (READ, LATE, THEIRS), (), TODAY)
    assert "“Send the plan” was due on November 17." in said
    assert WORDS["steps_late_say"] in said
    assert "“Introduce me to the fellow”: your mentor had this for November 20." in said
    assert "Read the review" not in said


def test_only_the_mentor_being_late_asks_nothing_of_the_student():
    assert WORDS["steps_late_say"] not in how_steps_stand(CONTENT, TO, (THEIRS,), (), TODAY)


def test_what_came_of_a_step_is_told_also_when_it_was_dropped():
    done, dropped = came_of(CONTENT, TO, DONE), came_of(CONTENT, TO, DROPPED)
    assert "“Watch an echo”. I did it, and this is what came of it: I saw three." in done
    assert "I decided against it, and this is why: It clashes with clinic." in dropped
    assert WORDS["came_to_say"] in came_of(CONTENT, TO, replace(DONE, came=""))
    assert WORDS["came_reason"] in came_of(CONTENT, TO, replace(DROPPED, came=""))


def test_words_are_there_for_the_student_s_own_steps_the_latest_first():
    theirs = replace(DONE, what="Lend a book", mine=False)
    drawn = Outline(how_steps_stand(CONTENT, TO, (), (DONE, theirs, DROPPED), TODAY))
    assert [one["data-words"] for name, one in drawn.elements if "data-words" in one] == [DROPPED.what, DONE.what]
    assert WORDS["came_waiting"] in how_steps_stand(CONTENT, TO, (), (theirs,), TODAY)


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_what_a_student_typed_is_never_markup(what: str, came: str):
    step = replace(DONE, what=what.strip(), came=came)
    outline = Outline(how_steps_stand(CONTENT, Addressee(what), (replace(LATE, what=what.strip()),), (step,), TODAY))
    assert {name for name, _ in outline.elements} <= {"div", "p", "h3", "details", "summary", "button", "a"}


# What keeps it good


@pytest.mark.parametrize("draw", [habits, habits_by_name])
def test_all_eight_practices_are_reminded_of(draw):
    drawn = Outline(draw(CONTENT))
    shown = [one["data-id"] for one in drawn.named("li")]
    assert all(one.name in drawn.words and one.advice in drawn.words for one in CONTENT.practices.values())
    assert shown == [f"keep.{name}" for name in CONTENT.practices]
    assert len(shown) == 8


def test_giving_has_prompts_and_no_scores():
    drawn = Outline(giving(CONTENT))
    assert 6 <= len(drawn.named("button")) <= 10
    assert "100" not in drawn.words
    for practice in ("appreciation", "reciprocity"):
        assert 3 <= len(CONTENT.practices[practice].prompts) <= 5


def test_headings_of_a_sheet_are_the_questions_of_the_form():
    sheet = meeting_sheet(CONTENT, agenda(meeting(bring="Echo")))
    assert CONTENT.worksheet("meeting").item("meeting.bring").text in [
        b.text for b in sheet.blocks if isinstance(b, Heading)
    ]
    assert labels(sheet) == [WORDS["meeting_when"]]
