"""One relationship in one term: practice beside outcome, what each came to, and words for the decision."""

from mentorkit.content import Content
from mentorkit.content.model import Flag, Practice
from mentorkit.reports.html import Html, details, figure, join, notice, paragraphs, table, tag
from mentorkit.reports.letters import addressed, to_copy
from mentorkit.reports.marks import block, point, row
from mentorkit.scoring import RelationshipScores, Score
from mentorkit.worksheet import Answers

LEAVING = ("pause", "close")  # decisions after which advice for the next meeting would be out of place
PLACES = {  # where each quadrant stands in the picture: practice grows to the right, outcome upwards
    "mentor_carries": "mk-top mk-left",
    "keep_it_up": "mk-top mk-right",
    "restart_or_close": "mk-bottom mk-left",
    "talk_or_add": "mk-bottom mk-right",
}


def relationship_picture(content: Content, scores: RelationshipScores, mentor: str, answers: Answers) -> Html:
    """Help where something is wrong, before all else; then practice and outcome, never as one number."""
    scored = [s for s in (*scores.practice.values(), *scores.outcome.values()) if s.scored]
    if not scored:
        return join(_flags(content, answers), notice(content.words["relationship_empty"]))
    if raised := _flags(content, answers):  # no score says that such a relationship goes well
        return join(raised, details(content.words["scores_all_the_same"], _bars(content, scores)))
    return join(_quadrant(content, scores, mentor, scores.decision not in LEAVING), _bars(content, scores))


def _quadrant(content: Content, scores: RelationshipScores, mentor: str, advise: bool) -> Html:
    words, practice, outcome = content.words, scores.practice_index, scores.outcome_index
    if not scores.quadrant or practice.value is None or outcome.value is None:
        return notice(words["no_quadrant"].format(practice=practice, outcome=outcome))
    here = content.quadrants[scores.quadrant.id]
    cells = [
        tag("div", content.quadrants[q].name, class_=f"{place}{' mk-here' if q == here.id else ''}")
        for q, place in PLACES.items()
    ]
    mark = tag("svg", point(practice.value, outcome.value), aria_hidden="true", focusable="false")
    near = tag("p", words["near_line"]) if scores.quadrant.near_line else None
    return figure(
        words["quadrant_finding"].format(mentor=mentor, name=here.name),
        here.meaning,
        tag("p", words["outcome_axis"], class_="mk-axis-name"),
        tag(
            "div",
            cells,
            mark,
            class_="mk-quadrants",
            role="img",
            aria_label=words["quadrant_alt"].format(practice=practice, outcome=outcome),
        ),
        tag("p", words["practice_axis"], class_="mk-axis-name"),
        near,
        tag("p", tag("strong", words["say_now"]), " ", here.say) if advise else None,
        details(
            words["how_it_came"],
            tag("p", words["relationship_formula"]),
            paragraphs(content.texts["not_validated"].body),
        ),
    )


def _bars(content: Content, scores: RelationshipScores) -> Html:
    words = content.words
    practice = [_bar(content.practices[name], score) for name, score in scores.practice.items() if score.of]
    outcome = [_bar(content.outcomes[name], score) for name, score in scores.outcome.items() if score.of]
    rows = [
        [one.name, score]
        for group, found in ((content.practices, scores.practice), (content.outcomes, scores.outcome))
        for one, score in ((group[name], score) for name, score in found.items())
    ]
    return figure(
        _weakest(content, scores),
        words["bars_how"],
        tag("h3", words["your_part"]),
        tag("ul", practice, class_="mk-rows"),
        tag("h3", words["what_came"]) if outcome else None,
        tag("ul", outcome, class_="mk-rows") if outcome else None,
        details(words["as_table"], table(words["relationship_table"], [words["part"], words["score"]], rows)),
    )


def _weakest(content: Content, scores: RelationshipScores) -> str:
    values = {name: score.value for name, score in scores.practice.items() if score.value is not None}
    if not values:
        return content.words["bars_finding_none"]
    low = min(values.values())
    if low >= content.norms.cut:
        return content.words["bars_finding_high"]
    name = next(name for name, value in values.items() if value == low)
    return content.words["bars_finding_low"].format(practice=content.practices[name].name)


def _bar(one: Practice, score: Score) -> Html:
    marks = [] if score.value is None else [block(0, score.value, "bar")]
    return row(one.name, score, *marks)


def decision_words(content: Content, scores: RelationshipScores, mentor: str, answers: Answers) -> Html:
    """Words for the decision, and one thing to do about the practice with most room."""
    words = content.words
    decision = content.decisions.get(str(scores.decision))
    name = addressed(words, mentor) or words["letter_name"]
    drafts = [
        join(tag("h4", draft.name), to_copy(words, draft.name, draft.text.strip().replace("{mentor}", name)))
        for draft in (decision.drafts if decision else ())
    ]
    if decision is None:
        return notice(words["no_decision"])
    if _raised(content, answers):
        first = tag("p", words["words_after_flag"], class_="mk-private")
        return join(tag("h3", decision.name), first, details(words["words_anyway"], drafts))
    said = join(tag("h3", decision.name), tag("p", decision.help), drafts)
    return join(said, None if scores.decision in LEAVING else _next_step(content, scores))


def _raised(content: Content, answers: Answers) -> list[Flag]:
    return [content.flags[flag] for flag in answers.get("relationship.flags", []) if flag in content.flags]


def _flags(content: Content, answers: Answers) -> Html | None:
    raised = _raised(content, answers)
    if not raised:
        return None
    helps = [
        tag("li", tag("strong", f"{flag.name}."), " ", flag.help, " ", flag.contact or content.words["no_contact"])
        for flag in raised
    ]
    return tag(
        "div", tag("p", content.words["flags_private"]), tag("ul", helps), class_="mk-notice mk-alarm mk-private"
    )


def _next_step(content: Content, scores: RelationshipScores) -> Html | None:
    values = {name: score.value for name, score in scores.practice.items() if score.value is not None}
    if not values or min(values.values()) >= content.norms.cut:
        return None
    lowest = content.practices[min(values, key=lambda name: values[name] or 0.0)]
    return tag(
        "div",
        tag("h3", content.words["next_week"].format(practice=lowest.name)),
        tag("p", lowest.advice),
        tag("p", lowest.why),
        class_="mk-card",
    )
