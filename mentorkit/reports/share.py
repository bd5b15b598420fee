"""What would be shared, in words and tables and as the file itself; and what was shared, and how it is taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mentorkit.content import Content
from mentorkit.reports.html import Html, details, join, paragraphs, table, tag
from mentorkit.sharing import Share, SharedRelationship, as_text

State = Literal["room", "file", "elsewhere", "back"]


@dataclass(frozen=True)
class Asked:
    """What can be chosen before looking, and what the student chose there last."""

    terms: Sequence[str]  # the latest last
    term: str
    year: str | None
    link: bool


@dataclass(frozen=True)
class Given:
    """What was shared of one term, and where it is now."""

    term: str
    state: State
    again: bool = False  # whether there is a file that takes something back


# The share itself, as rows of text


def facts(content: Content, share: Share) -> list[tuple[str, str]]:
    """All in a share that is no score."""
    words = content.words
    year = content.years[share.class_year].name if share.class_year else words["share_not_given"]
    return [
        (words["share_row_term"], content.calendar.name(share.term)),
        (words["share_row_year"], year),
        (words["share_row_link"], share.student or words["share_row_unlinked"]),
        (words["share_row_id"], share.id),
        (words["share_row_content"], share.content),
    ]


def need_rows(content: Content, share: Share) -> list[tuple[str, ...]]:
    """Each area with need, support and unmet need."""
    return [
        (content.areas[area].name, *(_points(content, score) for score in (one.need, one.support, one.unmet)))
        for area, one in (share.needs or {}).items()
    ]


def relationship_heads(content: Content, share: Share) -> list[str]:
    """What stands above the scores of each relationship."""
    return [_about(content, number, one) for number, one in enumerate(share.relationships, start=1)]


def relationship_rows(content: Content, share: Share) -> Iterator[tuple[str, ...]]:
    """Each practice, outcome and index, with its score in every relationship."""
    words, every = content.words, share.relationships
    for name, practice in content.practices.items():
        yield practice.name, *(_points(content, one.practices.get(name)) for one in every)
    yield words["practice_index"], *(_points(content, one.practice_index) for one in every)
    for name, outcome in content.outcomes.items():
        yield outcome.name, *(_points(content, one.outcomes.get(name)) for one in every)
    yield words["outcome_index"], *(_points(content, one.outcome_index) for one in every)


def _about(content: Content, number: int, one: SharedRelationship) -> str:
    words = content.words
    kind = content.types[one.mentor_type].name if one.mentor_type else words["share_kind_none"]
    return f"{number}. {kind}, {words[f'share_form_{one.form}']}"


def _points(content: Content, score: float | None) -> str:
    return content.words["share_not_scored"] if score is None else f"{score:g}"


def lines(content: Content, share: Share) -> Iterator[str]:
    """Everything in a share, for a terminal."""
    words = content.words
    yield words["share_all"]
    yield from _columns(facts(content, share))
    if share.needs:
        heads = [words[f"share_head_{name}"].lower() for name in ("need", "support", "unmet")]
        yield words["share_needs_table"]
        yield from _columns([("", *heads), *need_rows(content, share)])
    rows = list(relationship_rows(content, share))
    for number, head in enumerate(relationship_heads(content, share), start=1):
        yield head
        yield from _columns([(row[0], row[number]) for row in rows])


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widest = max(len(row[0]) for row in rows)
    for first, *rest in rows:
        yield "  " + "  ".join([first.ljust(widest), *(cell.ljust(10) for cell in rest)]).rstrip()


# HTML


def offer(content: Content, asked: Asked) -> Html:
    """What sharing is, what it can and cannot protect, and the choices before looking."""
    words = content.words
    goes = tag("ul", tag("li", words["share_goes"]), tag("li", words["share_stays"]))
    know = details(words["share_know_title"], paragraphs(words["share_know"]))
    return join(tag("p", words["share_intro"]), goes, know, _choices(content, asked))


def preview(content: Content, share: Share) -> Html:
    """Everything that would go out, as tables and one click away as the file, and the buttons that decide."""
    words = content.words
    heads = (words["share_head_area"], words["share_head_need"], words["share_head_support"], words["share_head_unmet"])
    heads_of_facts = (words["share_head_what"], words["share_head_is"])
    about = table(words["share_about_table"], heads_of_facts, facts(content, share), numbers=2)
    needs = table(words["share_needs_table"], heads, need_rows(content, share)) if share.needs else None
    heads_of_all = (words["share_head_score"], *relationship_heads(content, share))
    met = table(words["share_relationships_table"], heads_of_all, relationship_rows(content, share))
    order = tag("p", words["share_order"], class_="mk-hint")
    file = details(words["share_file_itself"], tag("pre", tag("code", as_text(share)), class_="mk-file", tabindex=0))
    agree = tag("button", words["share_agree"], type="button", class_="mk-button", data_do="agree")
    leave = tag("button", words["share_leave"], type="button", class_="mk-button mk-quiet", data_do="leave")
    return tag(
        "div",
        tag("h3", words["share_all"], tabindex="-1", data_arrive="preview"),
        join(about, needs, (met, order) if share.relationships else None, file),
        tag("p", words["share_then"]),
        tag("div", agree, leave, class_="mk-buttons"),
        class_="mk-ask mk-share",
        data_ask="decide",
    )


def shared(content: Content, given: Sequence[Given]) -> Html:
    """What was shared of each term, and the way to take it back."""
    words = content.words
    lines = (tag("li", _given(content, one)) for one in given)
    return join(
        tag("h3", words["share_given"]),
        tag("div", tag("ul", lines, class_="mk-shared"), data_answers="agree back"),
        tag("p", words["share_hand_in"]) if any(one.state == "file" for one in given) else None,
        tag("p", words["share_back_means"]),
        tag("p", words["share_back_file"]) if any(one.again for one in given) else None,
    )


def _given(content: Content, one: Given) -> Html:
    words, term = content.words, content.calendar.name(one.term)
    said = tag("span", words[f"share_state_{one.state}"].format(term=term))
    if one.state == "back" and not one.again:
        return said
    way = "file" if one.state == "elsewhere" else one.state
    style, name = "mk-button mk-quiet", words[f"share_take_{way}"].format(term=term)
    return join(said, " ", tag("button", name, type="button", class_=style, data_do="back", data_of=one.term))


def _choices(content: Content, asked: Asked) -> Html:
    words = content.words
    terms = [(one, content.calendar.name(one)) for one in asked.terms]
    term = _select("term", words["share_term"], None, terms, asked.term)
    years = [("", words["share_year_none"]), *((year.id, year.name) for year in content.years.values())]
    year = _select("year", words["share_year"], words["share_year_hint"], years, asked.year or "")
    box = tag("input", type="checkbox", name_="link", value="yes", checked=asked.link)
    hint = tag("span", words["share_link_hint"], class_="mk-hint")
    link = tag("label", box, " ", tag("span", tag("strong", words["share_link"]), " ", hint), class_="mk-either")
    look = tag("button", words["share_look"], type="button", class_="mk-button mk-quiet", data_do="look")
    fields = (term if len(asked.terms) > 1 else None, year, tag("div", link, class_="mk-field"))
    return tag("div", fields, tag("div", look, class_="mk-buttons"), class_="mk-ask", data_ask="look")


def _select(name: str, label: str, hint: str | None, options: Sequence[tuple[str, str]], chosen: str) -> Html:
    found = (tag("option", said, value=code, selected=code == chosen) for code, said in options)
    more = tag("span", hint, class_="mk-hint") if hint else None
    return tag("div", tag("label", label, more, tag("select", found, name_=name)), class_="mk-field")
