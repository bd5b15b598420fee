"""REDCap: its data dictionary, records to import into it, and its record exports read back.

Every worksheet is a repeating instrument: one instance is one scorecard, with its term (`…_year`, `…_season`) and, for
a worksheet about a mentor, the number that the student gave the mentor. The first form, `student`, is not repeated.
"""

from mentorkit.interchange.cards import Card, Student, student_of
from mentorkit.interchange.redcap.answering import MISSING
from mentorkit.interchange.redcap.dictionary import COLUMNS, data_dictionary, key_csv
from mentorkit.interchange.redcap.form import Field, Form
from mentorkit.interchange.redcap.laying import forms_of
from mentorkit.interchange.redcap.reading import read_records
from mentorkit.interchange.redcap.records import records_csv
from mentorkit.interchange.rows import ItemRow, Reading
from mentorkit.interchange.table import Refused

__all__ = [
    "COLUMNS",
    "MISSING",
    "Card",
    "Field",
    "Form",
    "ItemRow",
    "Reading",
    "Refused",
    "Student",
    "data_dictionary",
    "forms_of",
    "key_csv",
    "read_records",
    "records_csv",
    "student_of",
]
