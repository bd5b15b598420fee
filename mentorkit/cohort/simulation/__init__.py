"""Made-up cohorts with a known truth: item rows as schools collect them, or the share files of their students."""

from mentorkit.cohort.simulation.drawing import Drawn, draw
from mentorkit.cohort.simulation.model import Model
from mentorkit.cohort.simulation.truth import Truth, truth_of
from mentorkit.cohort.simulation.writing import write_items, write_shares

__all__ = ["Drawn", "Model", "Truth", "draw", "truth_of", "write_items", "write_shares"]
