"""One mentor as noted: to be corrected, taken off the list and put back. The buttons name what a page does."""

from collections.abc import Iterable

from mentorkit.content import Content
from mentorkit.reports.html import Html, details, join, tag
from mentorkit.reports.network import DISTANCES, distance_words
from mentorkit.scorecard import Mentor


def mentor_line(content: Content, mentor: Mentor) -> str:
    """What was noted about a mentor besides the name, on one line."""
    kind = content.types[mentor.type].name if mentor.type else ""
    distance = distance_words(content, mentor.distance) if mentor.distance else ""
    return " · ".join(part for part in (kind, mentor.field, distance) if part)


def mentor_card(content: Content, mentor: Mentor) -> Html:
    """Name, kind, field and distance as fields, and the way off the list; folded away."""
    words = content.words
    kinds = {"": words["kind_unsure"], **{kind.id: kind.name for kind in content.types.values()}}
    ways = {"": words["distance_open"], **{code: distance_words(content, code) for code in DISTANCES}}
    if mentor.distance not in ways:
        ways[mentor.distance] = mentor.distance
    form = tag(
        "div",
        _field(words["mentor_name"], tag("input", name_="name", type="text", value=mentor.name, autocomplete="off")),
        _field(words["mentor_kind"], _select("type", kinds, mentor.type or "")),
        _field(words["mentor_field"], _text_field(mentor.field), words["mentor_field_hint"]),
        _field(words["mentor_distance"], _select("distance", ways, mentor.distance)),
        tag(
            "div",
            _button(words["mentor_save"], "correct", mentor),
            _button(words["mentor_leave"].format(name=mentor.name), "leave", mentor, "mk-quiet"),
            class_="mk-buttons",
        ),
        class_="mk-ask",
        data_ask=mentor.id,
    )
    return details(words["mentor_correct"].format(name=mentor.name), form)


def still_so(content: Content, mentor: Mentor, term: str, areas: str) -> Html:
    """What was said last about a mentor, and a button that says it again for this term."""
    words = content.words
    said = words["mentor_carried" if areas else "mentor_carried_none"]
    asked = tag("p", said.format(term=term, name=mentor.name, areas=areas))
    button = tag("div", _button(words["mentor_still"], "still", mentor, "mk-quiet"), class_="mk-buttons")
    return tag("div", asked, button, class_="mk-notice")


def closed_offer(content: Content, mentor: Mentor) -> Html:
    """Whether a mentor with whom the student closed the relationship shall come off the list."""
    words, name = content.words, mentor.name
    buttons = (
        _button(words["mentor_leave"].format(name=name), "leave", mentor, "mk-quiet"),
        _button(words["mentor_stays"].format(name=name), "stay", mentor, "mk-quiet"),
    )
    asked = tag("p", words["mentor_closed"].format(name=name))
    return tag("div", asked, tag("div", buttons, class_="mk-buttons"), class_="mk-notice")


def undo_leave(content: Content, mentor: Mentor) -> Html:
    """The way back for somebody who was taken off the list just now."""
    label = content.words["mentor_undo"].format(name=mentor.name)
    return tag("div", _button(label, "back", mentor, "mk-quiet"), class_="mk-buttons")


def off_the_list(content: Content, mentors: Iterable[Mentor]) -> Html | None:
    """Those who left, each with a way back; None when nobody did."""
    words = content.words
    rows = [
        tag("li", _button(words["mentor_put_back"].format(name=mentor.name), "back", mentor, "mk-quiet"))
        for mentor in mentors
    ]
    return details(words["mentor_gone"].format(count=len(rows)), tag("ul", rows, class_="mk-list")) if rows else None


def how_far(content: Content, seen: int, total: int, after: Mentor | None) -> Html:
    """How many mentors were looked at in this term, and who comes next."""
    words = content.words
    if after is None:
        return tag("p", words["network_next_done"])
    button = _button(words["network_next_button"].format(name=after.name), "next", after)
    said = tag("p", words["network_next"].format(count=seen, total=total))
    return join(said, tag("div", button, class_="mk-buttons"))


def _field(label: str, field: Html, hint: str = "") -> Html:
    said = tag("span", hint, class_="mk-hint") if hint else None
    return tag("div", tag("label", label, said, field), class_="mk-field")


def _text_field(value: str) -> Html:
    return tag("input", name_="field", type="text", value=value, autocomplete="off")


def _select(name: str, options: dict[str, str], chosen: str) -> Html:
    every = (tag("option", label, value=code, selected=code == chosen) for code, label in options.items())
    return tag("select", every, name_=name)


def _button(label: str, deed: str, about: Mentor, style: str = "") -> Html:
    classes = f"mk-button {style}".strip()
    return tag("button", label, type="button", class_=classes, data_do=deed, data_of=about.id)
