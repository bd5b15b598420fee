"""What a worksheet is: items, scales, sections and subscales. It knows no text of its own and no screen."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mentorkit.errors import BadAnswer, Unknown

NOT_COUNTED = "na"
"""The answer code of a response option that is not counted (*not at my stage*, *no occasion*)."""

Code = int | str
Value = Any
"""One answer: an int or a code, a list of codes, a text, an ISO date, or a list of entries of a group."""

Answers = Mapping[str, Value]
"""Answers by item id. An item without an answer is absent: there is no pre-selected answer and no empty one."""

When = Mapping[str, tuple[Code, ...] | Literal["answered"]]
"""Which answers make a part of a worksheet apply: every item named must have one of the codes listed."""


class Part(BaseModel):
    """Strict and frozen: a misspelt key is a mistake, and nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ResponseOption(Part):
    """One answer that can be chosen: its `code` is saved, its `label` is shown."""

    code: Code
    label: str
    help: str = ""

    @property
    def counted(self) -> bool:
        """Whether the answer enters a score."""
        return self.code != NOT_COUNTED


class Scale(Part):
    """The response options that rating items share, in order, every point labelled."""

    id: str
    question: str = ""
    options: tuple[ResponseOption, ...] = Field(min_length=2)


class _Item(Part, ABC):
    id: str
    text: str
    help: str = ""
    optional: bool = False
    short: bool = False  # asked on the short form too
    private: bool = False  # stays on this machine: never exported, shared or counted
    again: bool = False  # a form asks it only when an earlier term was finished, to compare with
    when: When = Field(default_factory=dict)  # asked only with these answers
    unless: When = Field(default_factory=dict)  # not asked with any of these answers

    @abstractmethod
    def check(self, value: Value) -> Value:
        """The value as it will be saved; raises `BadAnswer` when it does not fit."""


class _Choosing(_Item):
    options: tuple[ResponseOption, ...] = ()

    def _code(self, value: Value) -> Code:
        for option in self.options:
            if option.code == value and type(option.code) is type(value):
                return option.code
        choices = ", ".join(str(option.code) for option in self.options) or "none yet"
        raise BadAnswer(f"“{self.text}” takes one of these answers: {choices}.")


class Rating(_Choosing):
    """One question on a labelled scale."""

    kind: Literal["rating"] = "rating"
    scale: str

    def check(self, value: Value) -> Value:
        """The code of one point of the scale."""
        return self._code(value)


class Choice(_Choosing):
    """One of several options."""

    kind: Literal["choice"] = "choice"

    def check(self, value: Value) -> Value:
        """The code of one option."""
        return self._code(value)


class Choices(_Choosing):
    """Any of several options, at most `at_most` of them; in the order of the options."""

    kind: Literal["choices"] = "choices"
    at_most: int | None = None
    options_from: Literal["mentors"] | None = None

    def check(self, value: Value) -> Value:
        """A list of different codes, in the order of the options."""
        if not isinstance(value, list | tuple):
            raise BadAnswer(f"“{self.text}” takes a list of answers.")
        chosen = {self._code(code) for code in value}
        if self.at_most is not None and len(chosen) > self.at_most:
            raise BadAnswer(f"Choose at most {self.at_most} for “{self.text}”: take one away first.")
        return [option.code for option in self.options if option.code in chosen]


class Text(_Item):
    """Words of the student's own: one line, or several."""

    kind: Literal["text"] = "text"
    lines: int = Field(default=1, ge=1, le=20)
    at_most: int = Field(default=300, ge=1, le=10_000)

    def check(self, value: Value) -> Value:
        """The text as typed, without control characters other than line breaks and tabs."""
        if not isinstance(value, str):
            raise BadAnswer(f"“{self.text}” takes words.")
        if (over := len(value) - self.at_most) > 0:
            raise BadAnswer(f"“{self.text}” takes at most {self.at_most} characters: shorten it by {over}.")
        if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\r\t" for char in value):
            raise BadAnswer(f"“{self.text}” has a character that cannot be kept: type it again without it.")
        return value


class Day(_Item):
    """A calendar day."""

    kind: Literal["date"] = "date"
    ahead: bool = False  # meant to lie in the future: a day that is past is remarked, and never refused

    def check(self, value: Value) -> Value:
        """The day as ISO 8601 text, `2026-11-22`."""
        if isinstance(value, date):
            value = value.isoformat()
        try:
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError):
            raise BadAnswer(f"“{self.text}” takes a date such as 2027-03-15.") from None


class Clock(_Item):
    """A time of day."""

    kind: Literal["time"] = "time"

    def check(self, value: Value) -> Value:
        """The time as text on the 24-hour clock, `14:30`."""
        if isinstance(value, str) and re.fullmatch(r"[0-2]\d:[0-5]\d", value, re.ASCII) and value < "24":
            return value
        raise BadAnswer(f"“{self.text}” takes a time such as 14:30.")


class Settled(Part):
    """Which entries of a group are over: those whose `part` has one of the `codes`."""

    part: str
    codes: tuple[Code, ...] = Field(min_length=1)


class Group(_Item):
    """The same few items several times, for example up to three goals."""

    kind: Literal["group"] = "group"
    entry: str  # what one entry is called, as in "Add a goal"
    at_most: int = Field(default=3, ge=1, le=60)
    items: tuple[Annotated[Choice | Text | Day | Clock, Field(discriminator="kind")], ...] = Field(min_length=1)
    settled: Settled | None = None  # entries that are over are shown last
    sort: str | None = None  # the part by which open entries are shown in order

    def is_settled(self, entry: Mapping[str, Value]) -> bool:
        """Whether an entry is over."""
        return self.settled is not None and entry.get(self.settled.part) in self.settled.codes

    def check(self, value: Value) -> Value:
        """A list of entries, each a mapping from the items' ids to their answers; empty entries fall away."""
        if not isinstance(value, list | tuple) or not all(isinstance(entry, Mapping) for entry in value):
            raise BadAnswer(f"“{self.text}” takes a list of entries.")
        entries = [kept for entry in value if (kept := self._entry(entry))]
        if len(entries) > self.at_most:
            raise BadAnswer(f"“{self.text}” takes at most {self.at_most}: take one away first.")
        return entries

    def _entry(self, entry: Mapping[str, Value]) -> dict[str, Value]:
        parts = {item.id: item for item in self.items}
        for key in entry:
            if key not in parts:
                raise BadAnswer(f"“{self.text}” has no part called {key!r}.")
        return {key: parts[key].check(value) for key, value in entry.items() if not is_empty(value)}


Item = Annotated[Rating | Choice | Choices | Text | Day | Clock | Group, Field(discriminator="kind")]


class Section(Part):
    """A part of a worksheet that is shown together."""

    id: str
    title: str
    intro: str = ""
    help: str = ""
    when: When = Field(default_factory=dict)  # asked only with these answers
    unless: When = Field(default_factory=dict)  # not asked with any of these answers
    items: tuple[Item, ...] = Field(min_length=1, alias="item")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def for_the_first_time(self) -> "Section":
        """The section without the items that compare with an earlier term."""
        return self.model_copy(update={"items": tuple(item for item in self.items if not item.again)})


class Subscale(Part):
    """Items that are scored together. `items` are ids of ratings of the same worksheet."""

    id: str
    items: tuple[str, ...] = Field(min_length=1)


class Worksheet(Part):
    """One question to the student, asked as sections of items and scored as subscales."""

    id: str
    version: int = Field(ge=1)
    title: str
    minutes: int = Field(ge=1, le=60)
    per_mentor: bool = False
    per_meeting: bool = False
    standing: bool = False  # kept up to date instead of answered each term; there is nothing to finish
    paged: bool = False  # one section at a time on screen
    sections: tuple[Section, ...] = Field(min_length=1, alias="section")
    subscales: tuple[Subscale, ...] = Field(default=(), alias="subscale")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="after")
    def _hangs_together(self) -> "Worksheet":
        ids = [item.id for item in self]
        for twice in {name for name in ids if ids.count(name) > 1}:
            raise ValueError(f"the item {twice} stands twice")
        for part in (*self.sections, *self):
            for key, conditions in (("when", part.when), ("unless", part.unless)):
                for name in conditions:
                    if name not in ids:
                        raise ValueError(f"{part.id}.{key} names {name}, which is not an item")
        for subscale in self.subscales:
            for name in subscale.items:
                if not isinstance(self._by_id.get(name), Rating):
                    raise ValueError(f"the subscale {subscale.id} names {name}, which is not a rating")
        return self

    def __iter__(self) -> Iterator[Item]:  # type: ignore[override]  # over items, not over fields
        """Every item, in the order asked."""
        return (item for section in self.sections for item in section.items)

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self}

    def item(self, item_id: str) -> Item:
        """The item with this id; raises `Unknown`."""
        try:
            return self._by_id[item_id]
        except KeyError:
            raise Unknown(f"The worksheet “{self.id}” has no item {item_id!r}.") from None

    def subscale(self, subscale_id: str) -> Subscale:
        """The subscale with this id; raises `Unknown`."""
        for subscale in self.subscales:
            if subscale.id == subscale_id:
                return subscale
        raise Unknown(f"The worksheet “{self.id}” has no subscale {subscale_id!r}.")

    def with_options(self, source: str, options: tuple[ResponseOption, ...]) -> "Worksheet":
        """The same worksheet, with `options` in every item that takes them from `source`."""
        if (source, options) not in self._filled:
            self._filled.clear()  # it is asked for again and again with the same
            self._filled[source, options] = self._filled_from(source, options)
        return self._filled[source, options]

    @cached_property
    def _filled(self) -> dict[object, "Worksheet"]:
        return {}

    def _filled_from(self, source: str, options: tuple[ResponseOption, ...]) -> "Worksheet":
        def takes(item: Item) -> bool:
            return isinstance(item, Choices) and item.options_from == source

        def filled(item: Item) -> Item:
            return item.model_copy(update={"options": options}) if takes(item) else item

        if not any(map(takes, self)):
            return self
        sections = tuple(s.model_copy(update={"items": tuple(filled(i) for i in s.items)}) for s in self.sections)
        fields = {name: getattr(self, name) for name in Worksheet.model_fields}  # a copy would keep the old items by id
        return Worksheet.model_validate({**fields, "sections": sections})

    def asked(self, answers: Answers) -> tuple[Item, ...]:
        """The items that apply, given the answers so far."""
        return tuple(
            item
            for section in self.sections
            if applies(section, answers)
            for item in section.items
            if applies(item, answers)
        )

    def missing(self, answers: Answers) -> tuple[Item, ...]:
        """The items that apply, are not optional, and have no answer yet."""
        return tuple(item for item in self.asked(answers) if not item.optional and item.id not in answers)


def applies(part: Section | Item, answers: Answers) -> bool:
    """Whether a part is asked: every condition of `when` holds, and none of `unless`."""
    return all(_holds(entry, answers) for entry in part.when.items()) and not any(
        _holds(entry, answers) for entry in part.unless.items()
    )


def _holds(condition: tuple[str, tuple[Code, ...] | str], answers: Answers) -> bool:
    name, codes = condition
    return name in answers and (codes == "answered" or answers[name] in codes)


def is_empty(value: Value) -> bool:
    """Whether a value says nothing: it then clears the answer. So does a group whose entries are all left blank."""
    if isinstance(value, list | tuple):
        return all(isinstance(entry, Mapping) and all(map(is_empty, entry.values())) for entry in value)
    return value is None or (isinstance(value, str) and not value.strip())
