"""Panel: a Select for each item, watched."""

from uuid import uuid4

import panel as pn
from records import RECORDS
from worksheet import SECTIONS, TITLE

pn.extension()
visitor = str(uuid4())
status = pn.pane.Str("")


def select(item):
    """The item, which saves when something is chosen."""
    options = {"": None} | {label: code for code, label in item.options}
    chosen = pn.widgets.Select(name=item.text, options=options, sizing_mode="stretch_width")

    def keep(event):
        status.object = RECORDS.save(visitor, item.id, event.new)

    chosen.param.watch(keep, "value")
    return chosen


def area(section):
    """One area."""
    return pn.Column(f"## {section.title}\n\n{section.intro}", *(select(item) for item in section.items))


pn.Column(f"# {TITLE}", status, *(area(section) for section in SECTIONS)).servable(title=TITLE)
