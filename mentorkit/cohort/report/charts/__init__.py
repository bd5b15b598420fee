"""Pictures of what was published, as SVG that carries its own words: for a screen, a phone, and paper.

They are drawn from `Published` numbers alone. A withheld number leaves a gap or a hatched field, and is never drawn as
zero or between its neighbors.
"""

from mentorkit.cohort.report.charts.canvas import NARROW, WIDE
from mentorkit.cohort.report.charts.changes import ChangeRow, changes
from mentorkit.cohort.report.charts.courses import Course, courses
from mentorkit.cohort.report.charts.heat import HeatRow, heat_map
from mentorkit.cohort.report.charts.looks import looks_on_paper, looks_on_screen
from mentorkit.cohort.report.charts.spreads import SpreadRow, spreads

__all__ = [
    "NARROW",
    "WIDE",
    "ChangeRow",
    "Course",
    "HeatRow",
    "SpreadRow",
    "changes",
    "courses",
    "heat_map",
    "looks_on_paper",
    "looks_on_screen",
    "spreads",
]
