"""Kernels forked from one warmed process, for any Voilà or Jupyter Server: see docs/forked-kernels.md."""

from mentorkit.serve.forked.here import Choice, can_fork, provisioner_for_here
from mentorkit.serve.forked.recipe import Given, Recipe

__all__ = ["Choice", "Given", "Recipe", "can_fork", "provisioner_for_here"]
