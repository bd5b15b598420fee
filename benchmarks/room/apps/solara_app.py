"""Solara: a Select for each item; only what shows the status is rendered again."""

from uuid import uuid4

import solara
from records import RECORDS
from worksheet import SECTIONS, TITLE


@solara.component
def Question(item, visitor, said):
    """The item, which saves when something is chosen."""
    chosen = solara.use_reactive(None)

    def keep(label):
        said.value = RECORDS.save(visitor, item.id, item.code(label))

    solara.Select(label=item.text, values=item.labels, value=chosen, on_value=keep)


@solara.component
def Status(said):
    """Whether it is saved."""
    solara.Text(said.value)


@solara.component
def Page():
    """The worksheet."""
    visitor = solara.use_memo(lambda: str(uuid4()), [])
    said = solara.use_reactive("")
    solara.Title(TITLE)
    with solara.Column():
        solara.Markdown(f"# {TITLE}")
        Status(said)
        for section in SECTIONS:
            solara.Markdown(f"## {section.title}\n\n{section.intro}")
            for item in section.items:
                Question(item, visitor, said)
