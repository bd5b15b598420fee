"""What every app of the comparison shows: the ratings of the needs worksheet."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

CONTENT = Path(__file__).parents[3] / "mentorkit" / "content"


@dataclass(frozen=True)
class Item:
    """A question that is answered by choosing one of a few options."""

    id: str
    text: str
    options: tuple[tuple[str, str], ...]  # code and label

    @property
    def name(self) -> str:
        """The id where dots are not allowed."""
        return self.id.replace(".", "_")

    def code(self, label: str) -> str:
        """The code of a label."""
        return next(code for code, known in self.options if known == label)

    @property
    def labels(self) -> list[str]:
        """What can be chosen."""
        return [label for _, label in self.options]


@dataclass(frozen=True)
class Section:
    """An area with its items."""

    title: str
    intro: str
    items: tuple[Item, ...]


def _read() -> tuple[str, tuple[Section, ...]]:
    needs = tomllib.loads((CONTENT / "needs.toml").read_text("utf-8"))
    scales = {scale["id"]: scale for scale in tomllib.loads((CONTENT / "scales.toml").read_text("utf-8"))["scale"]}
    options = {name: tuple((str(one["code"]), one["label"]) for one in scales[name]["options"]) for name in scales}
    sections = []
    for section in needs["section"]:
        ratings = [item for item in section["item"] if item.get("kind", "rating") == "rating"]
        items = tuple(Item(item["id"], item["text"], options[item["scale"]]) for item in ratings)
        if items:
            sections.append(Section(section["title"], section["intro"], items))
    return needs["title"], tuple(sections)


TITLE, SECTIONS = _read()
ITEMS = tuple(item for section in SECTIONS for item in section.items)
