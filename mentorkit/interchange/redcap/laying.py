"""Lays worksheets out as REDCap forms: names, headers, matrices and conditions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from mentorkit.content import Content
from mentorkit.interchange.leaving import open_items, open_sections
from mentorkit.interchange.redcap import names
from mentorkit.interchange.redcap.form import CLASS_YEAR, EVENT, INSTANCE, INSTRUMENT, RECORD, STUDENT, Field, Form
from mentorkit.interchange.redcap.logic import logic_of
from mentorkit.worksheet import Choices, Clock, Day, Group, Item, Rating, Text, Worksheet

MENTORS_NOTE = "The numbers of your mentors, with blanks between them, such as: 1 3"
SEEN = "What you answer here can be read by those who run this project."
AGAIN_NOTE = "Only if you answered this in an earlier term too."


def forms_of(content: Content) -> tuple[Form, ...]:
    """Every worksheet as a form, in the order of the content; variables are told apart over all of them."""
    sheets = content.worksheets.values()
    taken = {RECORD, CLASS_YEAR, EVENT, INSTRUMENT, INSTANCE, f"{STUDENT}_complete"}
    taken = taken.union(*(Form(sheet, ()).keys for sheet in sheets))
    made = names.variables((name for sheet in sheets for item in open_items(sheet) for name in _ids(item)), taken)
    return tuple(Form(sheet, (*_keys(content, sheet), *_asked(content, sheet, made))) for sheet in sheets)


def _ids(item: Item) -> list[str]:
    """What needs a variable: an item, or each part of each entry of a group."""
    if not isinstance(item, Group):
        return [item.id]
    return [f"{item.id}.{entry}.{part.id}" for entry in range(1, item.at_most + 1) for part in item.items]


def _keys(content: Content, sheet: Worksheet) -> Iterator[Field]:
    """What an instance is about: a term, a mentor."""
    form = Form(sheet, ())
    header = f"{sheet.title}\n{SEEN}"
    if not sheet.standing:
        yield Field(
            form.year, sheet.id, "text", "In which year did this term begin?", header=header,
            validation="integer", least="1000", most="2999", required=True, annotation="term",
        )  # fmt: skip
        seasons = {season.id: _without_year(season.name) or season.id for season in content.calendar.seasons}
        yield _choosing(Field(form.season, sheet.id, "radio", "Which term?", required=True, annotation="term"), seasons)
        header = ""
    if form.about_mentor:
        yield Field(
            form.mentor, sheet.id, "text", "Which of your mentors is this about? Give a number, not a name.",
            header=header, note="Give each mentor a number of your own, 1, 2, 3 and so on, and keep it.",
            validation="integer", least="1", most="999", required=True, annotation="mentor",
        )  # fmt: skip
    if sheet.per_mentor:
        types = {kind.id: kind.name for kind in content.types.values()}
        yield _choosing(Field(form.mentor_type, sheet.id, "radio", "What kind of mentor?", annotation="type"), types)


def _without_year(pattern: str) -> str:
    return re.sub(r"[\W\d]*\{[^}]*\}[\W\d]*", " ", pattern).strip()


def _asked(content: Content, sheet: Worksheet, made: Mapping[str, str]) -> Iterator[Field]:
    fields = {item.id: tuple(_fields(sheet, item, made)) for item in open_items(sheet)}
    for section in open_sections(sheet):
        header = [section.title]  # an intro speaks of the workbook: “no one sees this”
        for _, run in groupby(section.items, key=_shared):
            items = tuple(run)
            matrix = f"m_{made[items[0].id]}" if len(items) > 1 else ""
            if isinstance(items[0], Rating) and items[0].scale in content.scales:
                header.append(content.scales[items[0].scale].question)
            for item in items:
                for one in fields[item.id]:
                    above = "\n".join(filter(None, header))
                    yield replace(one, header=above, matrix=matrix, logic=logic_of(section, item, fields, one.entry))
                    header = []


def _shared(item: Item) -> object:
    """Neighbours with the same are shown as one matrix: ratings on one scale."""
    return (item.scale, item.options) if isinstance(item, Rating) else item.id


def _fields(sheet: Worksheet, item: Item, made: Mapping[str, str]) -> Iterator[Field]:
    if not isinstance(item, Group):
        yield replace(_field(sheet, item), variable=made[item.id], item=item.id)
        return
    for entry in range(1, item.at_most + 1):
        for part in item.items:
            name = f"{item.id}.{entry}.{part.id}"
            yield replace(
                _field(sheet, part), variable=made[name], item=item.id, entry=entry, part=part.id,
                label=f"{item.text} ({entry}): {part.text}",
            )  # fmt: skip


def _field(sheet: Worksheet, item: Item) -> Field:
    said = item.help if isinstance(item, Rating) else ""  # else it says how the workbook works
    note = " ".join(filter(None, (said, AGAIN_NOTE if item.again else "")))
    plain = Field("", sheet.id, "text", item.text, note=note)
    match item:
        case Choices(options_from="mentors"):
            return replace(plain, note=MENTORS_NOTE)
        case Choices():
            boxes = replace(plain, kind="checkbox", annotation=f"@MAXCHECKED={item.at_most}" if item.at_most else "")
            return _choosing(boxes, {option.code: option.label for option in item.options})
        case Day():
            return replace(plain, validation="date_ymd")
        case Clock():
            return replace(plain, validation="time")
        case Text():
            kind = "notes" if item.lines > 1 else "text"
            return replace(plain, kind=kind, identifier=True, annotation=f"@CHARLIMIT='{item.at_most}'")
        case Group():
            raise TypeError("A group is laid out part by part.")
    return _choosing(replace(plain, kind="radio"), {option.code: option.label for option in item.options})


def _choosing(field: Field, labels: Mapping[Any, str]) -> Field:
    return replace(field, codes=names.codes(labels), labels=dict(labels))
