"""What of a worksheet may leave this computer: nothing private, and nothing that depends on something private."""

from collections.abc import Iterator

from mentorkit.worksheet import Answers, Group, Item, Section, Text, Worksheet


def open_sections(sheet: Worksheet) -> tuple[Section, ...]:
    """The sections with the items that may leave; a section of which nothing is left is left out.

    An item that is asked depending on a private answer would tell of that answer, and so stays too.
    """
    hidden: set[str] = set()
    while True:
        sections = tuple(_open(sheet, hidden))
        left = {item.id for section in sections for item in section.items}
        found = {item.id for item in sheet} - left
        if found == hidden:
            return sections
        hidden = found


def open_items(sheet: Worksheet) -> tuple[Item, ...]:
    """The items that may leave, in the order asked."""
    return tuple(item for section in open_sections(sheet) for item in section.items)


def open_answers(sheet: Worksheet, answers: Answers, texts: bool = True) -> Answers:
    """The answers that may leave: of questions that are asked, and not private; of a list without private parts.

    Without `texts`, words of the student's own stay too, and with them what is only asked because of them.
    """
    found = {}
    for item in open_items(sheet):
        if item.id in answers and (texts or not isinstance(item, Text)):
            value = answers[item.id]
            found[item.id] = _entries(item, value, texts) if isinstance(item, Group) else value
    asked = {item.id for item in sheet.asked(found)}
    return {item: value for item, value in found.items() if value != [] and item in asked}


def _open(sheet: Worksheet, hidden: set[str]) -> Iterator[Section]:
    for section in sheet.sections:
        if hidden & {*section.when, *section.unless}:
            continue
        items = tuple(found for item in section.items if (found := _without_private(item, hidden)))
        if items:
            yield section.model_copy(update={"items": items})


def _without_private(item: Item, hidden: set[str]) -> Item | None:
    if item.private or item.id in hidden or hidden & {*item.when, *item.unless}:
        return None
    if isinstance(item, Group):
        parts = tuple(part for part in item.items if not part.private)
        return item.model_copy(update={"items": parts}) if parts else None
    return item


def _entries(group: Group, entries: list[Answers], texts: bool) -> list[Answers]:
    parts = {part.id for part in group.items if texts or not isinstance(part, Text)}
    kept = [{key: value for key, value in entry.items() if key in parts} for entry in entries]
    return [entry for entry in kept if entry]
