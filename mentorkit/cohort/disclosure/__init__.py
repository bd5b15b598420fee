"""Disclosure control: the only way by which numbers about a cohort leave Mentorkit."""

from mentorkit.cohort.disclosure.ledger import Ledger
from mentorkit.cohort.disclosure.publishing import LEAST, publish
from mentorkit.cohort.disclosure.question import Ask, Figure, Mean, Shares, Table, Verdict, either
from mentorkit.cohort.disclosure.release import Published, Release

__all__ = ["LEAST", "Ask", "Figure", "Ledger", "Mean", "Published", "Release", "Shares", "Table", "Verdict", "either"]
__all__ += ["publish"]
