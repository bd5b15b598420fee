"""What the figures were measured on."""

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.browser import CHROMIUM

PACKAGES = ("voila", "jupyter_server", "ipykernel", "ipywidgets", "anywidget", "pydantic")


@dataclass(frozen=True)
class Machine:
    """The computer, what runs on it, and how busy it was with other work."""

    day: str
    computer: str
    software: str
    busy: str  # empty when it was quiet


def describe(load_before: float | None) -> Machine:
    """This machine now; `load_before` is what `load()` said before anything was measured."""
    computer = f"{_processor()}, {os.cpu_count()} cores, {_memory()}{platform.system()} {platform.release()}"
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    software = f"Python {platform.python_version()}, {packages}, {_chromium()}"
    return Machine(f"{date.today():%d %B %Y}", computer, software, _busy(load_before))


def load() -> float | None:
    """How many programs wanted a core over the last minute, where the system tells."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def _busy(load_before: float | None) -> str:
    cores = os.cpu_count() or 1
    if load_before is None or load_before < 0.5 * cores:
        return ""
    return (
        f"The machine was not quiet: before the first measurement {load_before:.1f} programs wanted its {cores} cores. "
        f"Times are longer than on a quiet machine, and they and the ratios scatter.{_priority()}"
    )


def _priority() -> str:
    nice = os.nice(0) if hasattr(os, "nice") else 0
    return f" The benchmarks and both apps ran at a priority (nice) of {nice}." if nice else ""


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    names = [line for line in known.read_text().splitlines() if line.startswith("model name")] if known.exists() else []
    return names[0].split(":", 1)[1].strip() if names else platform.processor() or platform.machine()


def _memory() -> str:
    known = Path("/proc/meminfo")
    if not known.exists():
        return ""
    return f"{int(known.read_text().split()[1]) / 1e6:.0f} GB, "


def _chromium() -> str:
    said = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, check=False).stdout
    return " ".join(said.split()[:2]) or "Chromium"
