"""What a REDCap form is: fields, which are rows of the data dictionary and columns of a record export."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mentorkit.worksheet import Code, Worksheet

RECORD = "record_id"
CLASS_YEAR = "class_year"
INSTRUMENT = "redcap_repeat_instrument"
INSTANCE = "redcap_repeat_instance"
EVENT = "redcap_event_name"
STUDENT = "student"  # the one form that is not repeated, with the record's id and the class year


@dataclass(frozen=True)
class Field:
    """One variable of REDCap: a row of the data dictionary."""

    variable: str
    form: str
    kind: str  # text, notes, radio or checkbox
    label: str
    item: str = ""  # the item's permanent id; empty for a field that no item stands behind
    entry: int = 0  # of a group: 1, 2, 3 …; else 0
    part: str = ""  # of a group's entry
    codes: Mapping[Code, str] = field(default_factory=dict)  # our code → REDCap's
    labels: Mapping[Code, str] = field(default_factory=dict)  # our code → what is shown
    header: str = ""  # stands above the field
    note: str = ""  # stands below it
    validation: str = ""  # integer, date_ymd or time
    least: str = ""
    most: str = ""
    identifier: bool = False  # could name somebody: REDCap leaves it out of de-identified exports
    logic: str = ""  # the field is shown only if this holds
    required: bool = False
    matrix: str = ""  # the same for neighbours that share their options
    annotation: str = ""  # the permanent id, then action tags

    @property
    def columns(self) -> Mapping[str, Code | None]:
        """The columns of a record export that this field has, with the option that a checkbox's column is about."""
        if self.kind == "checkbox":
            return {f"{self.variable}___{made}": code for code, made in self.codes.items()}
        return {self.variable: None}


@dataclass(frozen=True)
class Form:
    """One instrument of REDCap, which is one worksheet."""

    sheet: Worksheet
    fields: tuple[Field, ...]  # the keys first

    @property
    def name(self) -> str:
        """The form's unique name, which is the worksheet's id."""
        return self.sheet.id

    @property
    def about_mentor(self) -> bool:
        """Whether one instance is about one mentor, or about a meeting with one."""
        return self.sheet.per_mentor or self.sheet.per_meeting

    @property
    def year(self) -> str:
        """The variable of the year in which the term began."""
        return f"{self.name}_year"

    @property
    def season(self) -> str:
        """The variable of the term's season."""
        return f"{self.name}_season"

    @property
    def mentor(self) -> str:
        """The variable of the mentor's number."""
        return f"{self.name}_mentor"

    @property
    def mentor_type(self) -> str:
        """The variable of the mentor's type."""
        return f"{self.name}_mentor_type"

    @property
    def complete(self) -> str:
        """The variable in which REDCap keeps whether the form is complete."""
        return f"{self.name}_complete"

    @property
    def keys(self) -> tuple[str, ...]:
        """The variables that say what an instance is about, and REDCap's own."""
        return self.year, self.season, self.mentor, self.mentor_type, self.complete
