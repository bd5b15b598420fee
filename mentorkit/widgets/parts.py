"""Puts a widget's module and style sheet together from the plain files in `web/`: no build step."""

from importlib.resources import files


def web(*names: str) -> str:
    """The named files of `web/`, one after the other, as one text."""
    return "\n".join((files(__package__) / "web" / name).read_text("utf-8") for name in names)
