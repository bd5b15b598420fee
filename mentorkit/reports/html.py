"""HTML built from values: what is not `Html` is text, and text is escaped. There is no other way to markup here."""

import re
from collections.abc import Iterable
from datetime import date
from html import escape

from mentorkit.content import Content
from mentorkit.content.model import Passage


class Html(str):
    """A piece of finished markup."""

    __slots__ = ()


def text(value: object) -> Html:
    """Any value as escaped text; markup stays as it is."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def join(*parts: object) -> Html:
    """The parts one after the other: None says nothing, what can be gone through is joined too, the rest is text."""
    flat: list[str] = []
    for part in parts:
        if isinstance(part, Iterable) and not isinstance(part, str):
            flat.append(join(*part))
        elif part is not None:
            flat.append(text(part))
    return Html("".join(flat))


def tag(name: str, *children: object, **attributes: object) -> Html:
    """An element. `class_` stands for class, `_` in a name for `-`; None and False leave an attribute out."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{written}>{join(*children)}</{name}>")


def paragraphs(body: str) -> Html:
    """A text of the content, a blank line starting a paragraph."""
    return join(tag("p", part.strip()) for part in re.split(r"\n\s*\n", body) if part.strip())


def details(summary: str, *children: object, **attributes: object) -> Html:
    """One click away."""
    return tag("details", tag("summary", summary), children, **attributes)


def passage(content: Content, found: Passage) -> Html:
    """A text of the content, one click away, with where it comes from."""
    sources = "; ".join(content.sources[name].citation.rstrip(".") for name in found.sources)
    said = content.words["from_sources"].format(sources=sources)
    body = tag("div", paragraphs(found.body), tag("p", said, class_="mk-source"))
    return details(found.title, body, data_id=found.id)


def notice(sentence: str | Html, alarm: bool = False) -> Html:
    """A sentence that the student should see."""
    return tag(
        "div",
        tag("p", sentence),
        class_="mk-notice mk-alarm" if alarm else "mk-notice",
        role="alert" if alarm else None,
    )


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[object]], numbers: int = 1) -> Html:
    """A table whose first column heads its rows; the columns from `numbers` on are right-aligned."""
    names = list(heads)
    head = tag("tr", (tag("th", name, scope="col", class_=_number(place, numbers)) for place, name in enumerate(names)))
    body = (tag("tr", _cells(list(row), numbers)) for row in rows)
    return tag(
        "div",
        tag("table", tag("caption", tag("span", caption)), tag("thead", head), tag("tbody", body)),
        class_="mk-scroll",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def _cells(row: list[object], numbers: int) -> Html:
    first = tag("th", text(row[0]), scope="row")
    return join(first, (tag("td", text(cell), class_=_number(place, numbers)) for place, cell in enumerate(row[1:], 1)))


def _number(place: int, numbers: int) -> str | None:
    return "mk-number" if place >= numbers else None


def figure(finding: str | Html, more: str | Html | None, *parts: object) -> Html:
    """A picture: the caption says the finding in words, the picture follows, its numbers stand in a table."""
    return tag("figure", tag("figcaption", tag("strong", finding), more), parts)


def day(iso: str) -> str:
    """A day as people write it: *December 15, 2026*."""
    found = date.fromisoformat(iso)
    return f"{found:%B} {found.day}, {found.year}"


def and_(names: Iterable[str]) -> str:
    """Names as a person lists them: *a, b and c*."""
    found = list(names)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""
