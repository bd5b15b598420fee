"""Voilà's templates, compiled once and before the first page is asked for."""

from typing import Any

import jinja2
import voila.notebook_renderer
from jinja2 import meta
from voila.exporter import VoilaExporter


class InMemory(jinja2.BytecodeCache):
    """Compiled templates by their key."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Any) -> None:
        """Give back what was compiled."""
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Any) -> None:
        """Keep what was compiled."""
        self.compiled[bucket.key] = bucket.bytecode_to_string()


COMPILED = InMemory()


class CachedExporter(VoilaExporter):  # type: ignore[misc]
    """Voilà's exporter makes a new environment for each page, and would compile its 13 templates each time."""

    @property
    def environment(self) -> jinja2.Environment:
        """The environment, with the shared cache."""
        env: jinja2.Environment = super().environment
        env.bytecode_cache = COMPILED
        return env


def share_compiled_templates() -> None:
    """Let Voilà's renderer use `CachedExporter`; it names the class itself and has no setting for it."""
    voila.notebook_renderer.VoilaExporter = CachedExporter


def compile_templates(paths: list[str], name: str) -> None:
    """Compile a template and all that it refers to."""
    env = CachedExporter(template_paths=paths, template_name="lab").environment
    env.filters |= dict.fromkeys(("highlight_code", "trusted"), str)  # Voilà names them when it renders
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen or env.loader is None:
            continue
        seen.add(current)
        env.get_template(current)
        source = env.loader.get_source(env, current)[0]
        waiting += [other for other in meta.find_referenced_templates(env.parse(source)) if other]
