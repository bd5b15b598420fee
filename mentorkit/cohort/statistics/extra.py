"""Packages that only statistics need: asked for when a figure is, and missed in one sentence."""

from importlib import import_module
from typing import Any

from mentorkit.errors import NotReady

MISSING = "Statistics on a cohort need two more packages. Install them: pip install 'mentorkit[cohort]'"


def extra(module: str) -> Any:
    """A module of scipy or statsmodels; raises `NotReady` where the extra `cohort` is not installed."""
    try:
        return import_module(module)
    except ImportError as missing:
        raise NotReady(MISSING) from missing
