"""What is done once, before any fork: imports, the kernel's first half, the `warm` hook."""

import gc
import importlib
from typing import Any

from mentorkit.serve.forked.lean import LeanKernelApp, register_widgets
from mentorkit.serve.forked.recipe import Recipe


def warm_up(recipe: Recipe) -> tuple[LeanKernelApp, Any, Any]:
    """The kernel's first half, the function for arrivals (or None), and what the warming gave."""
    gc.disable()
    app = LeanKernelApp.instance()
    app.prepare()
    for name in recipe.preload:
        importlib.import_module(name)
    warmed = hook(recipe.warm)() if recipe.warm else None
    register_widgets()
    app.run_startup()
    return app, hook(recipe.arrive) if recipe.arrive else None, warmed


def hook(name: str) -> Any:
    """The function that "module:function" names."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)
