"""Shiny for Python: an input_select for each item and an effect that saves it."""

from uuid import uuid4

from records import RECORDS
from shiny import App, reactive, render, ui
from worksheet import ITEMS, SECTIONS, TITLE


def select(item):
    """The item."""
    return ui.input_select(item.name, item.text, {"": "", **dict(item.options)}, width="100%")


def area(section):
    """One area."""
    return ui.TagList(ui.h2(section.title), ui.p(section.intro), *(select(item) for item in section.items))


app_ui = ui.page_fluid(
    ui.h1(TITLE), ui.output_text("status"), *(area(section) for section in SECTIONS), title=TITLE, lang="en"
)


def server(input, output, session):
    """One visitor."""
    visitor = str(uuid4())
    said = reactive.value("")

    def keep(item):
        @reactive.effect
        @reactive.event(input[item.name], ignore_init=True)
        def _():
            said.set(RECORDS.save(visitor, item.id, input[item.name]()))

    for item in ITEMS:
        keep(item)

    @render.text
    def status():
        return said()


app = App(app_ui, server)
