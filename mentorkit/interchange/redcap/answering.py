"""What the cells of a record export answer: raw codes, labels, boxes, missing-data codes; or nothing that can be."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from mentorkit.errors import BadAnswer
from mentorkit.interchange.redcap.form import Field
from mentorkit.interchange.table import Row
from mentorkit.worksheet import Code

MISSING = frozenset(  # the missing-data codes that REDCap proposes
    {"ASKU", "DER", "INV", "MSK", "NA", "NASK", "NAV", "NAVU", "NI", "NINF", "NP", "OTH", "PINF", "QI", "QS", "TRC"}
    | {"UNC", "UNK"}
)
CHECKED, UNCHECKED = {"1", "checked"}, {"0", "unchecked"}


class BadCell(BadAnswer):
    """A cell that is no answer, and its column."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


@dataclass(frozen=True)
class Asked:
    """One field, and how its cells are read."""

    field: Field
    missing: Collection[str] = MISSING

    def chosen(self, row: Row) -> Code | None:
        """Our code of the option that is chosen, by REDCap's code or by its label; raises `BadCell`."""
        text = row[self.field.variable]
        if not text:
            return None
        whole = re.fullmatch(r"(\d+)\.0+", text, re.ASCII)  # 3.0, as tables with gaps write 3
        for key, table in ((text, self._codes), (whole[1] if whole else "", self._codes), (plain(text), self._labels)):
            if key in table:
                return table[key]
        if is_missing(text, self.missing):
            return None
        takes = ", ".join(self.field.codes.values())
        raise BadCell(
            self.field.variable, f"“{short(text)}” is neither an answer ({takes}, or a label) nor a missing-data code."
        )

    def checked(self, row: Row) -> list[Code]:
        """Our codes of the boxes that are checked, in the order of the options; raises `BadCell`."""
        found = []
        for column, code in self.field.columns.items():
            text = plain(row[column])
            if code is not None and (text in CHECKED or (text in self._labels and self._labels[text] == code)):
                found.append(code)
            elif text and text not in UNCHECKED and not is_missing(row[column], self.missing):
                raise BadCell(column, f"“{short(row[column])}” is neither checked (1) nor unchecked (0).")
        return found

    @cached_property
    def _codes(self) -> Mapping[str, Code]:
        ours = {str(code): code for code in self.field.codes}
        return ours | {made: code for code, made in self.field.codes.items()}

    @cached_property
    def _labels(self) -> Mapping[str, Code]:
        """By label, but for labels that two options share."""
        labels = {code: plain(label.replace("|", "/")) for code, label in self.field.labels.items()}
        often = Counter(labels.values())
        return {label: code for code, label in labels.items() if often[label] == 1}


def number(column: str, row: Row, missing: Collection[str] = MISSING) -> int | None:
    """A whole number from 1 on; raises `BadCell`."""
    text = row[column]
    if not text or is_missing(text, missing):
        return None
    if not re.fullmatch(r"0*[1-9]\d{0,8}(\.0+)?", text, re.ASCII):
        raise BadCell(column, f"“{short(text)}” is not a number such as 1, 2 or 3.")
    return int(text.partition(".")[0])


def is_missing(text: str, missing: Collection[str]) -> bool:
    """Whether a cell has a missing-data code."""
    return text in missing or text.upper() in missing


def plain(text: str) -> str:
    """A label without what an export changes about it: case, blanks, HTML's way to write a <."""
    return " ".join(unescape(text).split()).casefold()


def short(text: str) -> str:
    """A cell as a sentence quotes it: on one line, and not more of it than shows what is meant."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= 30 else f"{line[:30]}…"
