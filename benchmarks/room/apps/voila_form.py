"""The notebook that a Voilà user would write: a Dropdown of ipywidgets for each item. Its text is the one code cell."""

from uuid import uuid4

import ipywidgets as widgets
import pandas as pd
from IPython.display import display
from records import RECORDS
from worksheet import ITEMS, SECTIONS, TITLE

visitor = str(uuid4())
answers = pd.DataFrame({"item": [item.id for item in ITEMS], "value": None}).set_index("item")
status = widgets.Label()


def dropdown(item):
    """The item, which saves when something is chosen."""
    chosen = widgets.Dropdown(
        description=item.text,
        options=[("", None), *((label, code) for code, label in item.options)],
        style={"description_width": "initial"},
        layout={"width": "100%"},
    )

    def keep(change):
        status.value = RECORDS.save(visitor, item.id, change["new"])
        answers.loc[item.id, "value"] = change["new"]

    chosen.observe(keep, "value")
    return chosen


display(widgets.HTML(f"<h1>{TITLE}</h1>"), status)
for section in SECTIONS:
    heading = widgets.HTML(f"<h2>{section.title}</h2><p>{section.intro}</p>")
    display(widgets.VBox([heading, *(dropdown(item) for item in section.items)]))
