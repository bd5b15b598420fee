"""Mentorkit: a workbook about mentoring for medical students. `open_workbook()` is the way in."""

from mentorkit import change, matching
from mentorkit.content import Content, load_content
from mentorkit.errors import MentorkitError
from mentorkit.workbook import Workbook, open_workbook

__all__ = ["Content", "MentorkitError", "Workbook", "change", "load_content", "matching", "open_workbook"]
__version__ = "0.1.0"
