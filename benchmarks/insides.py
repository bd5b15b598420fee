"""The Python side without a browser: imports, cells, ranking and saving. Each runs in a fresh interpreter.

`python -m benchmarks.insides cells` prints one measurement as JSON; `measured("cells")` starts that and reads it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = [f"mentorkit.pages.{path.stem}" for path in (ROOT / "mentorkit" / "pages").glob("[!_]*.py")]
SAVES = 400
DRAWS = 10_000
Measured = dict[str, float]


def measured(what: str) -> Measured:
    """One measurement of `what` in a fresh interpreter with an empty home."""
    with tempfile.TemporaryDirectory() as home:
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.insides", what],
            cwd=ROOT,
            env={**os.environ, "MENTORKIT_HOME": home},
            check=True,
            capture_output=True,
            text=True,
        )
    found: Measured = json.loads(told.stdout)
    return found


def imports() -> Measured:
    """What the student's pages need."""
    return _imported(PAGES)


def pandas() -> Measured:
    """pandas alone, for comparison."""
    return _imported(["pandas"])


def cells() -> Measured:
    """Every code cell of the student's notebooks, in order, as the kernel runs them, with an empty workbook."""
    from mentorkit.content import load_content
    from mentorkit.serve.notebooks import notebooks_folder, student_pages

    for name in PAGES:
        import_module(name)
    contents = _taken(load_content)
    sources = [cell for page in student_pages(notebooks_folder()) for cell in _code(page)]
    space: dict[str, object] = {}
    taken = [_taken(lambda source=source: exec(source, space)) for source in sources]
    return {"ms": 1000 * sum(taken), "slowest_ms": 1000 * max(taken), "content_ms": 1000 * contents}


def ranking() -> Measured:
    """The kinds of mentor ranked, with every area answered."""
    from mentorkit import open_workbook
    from mentorkit.matching import ranking

    book = open_workbook()
    for item in _ratings(book):
        book.answer("needs", item.id, item.options[len(item.id) % 5].code)
    sheet, answers = book.worksheet("needs"), book.answers("needs")
    ask = lambda: ranking(sheet, answers, book.content.strength, draws=DRAWS)  # noqa: E731
    return {"ms": 1000 * min(_taken(ask) for _ in range(5))}


def saves() -> Measured:
    """From `answer` to on disk; each is a transaction of its own, with its fsyncs."""
    from mentorkit import open_workbook

    book = open_workbook()
    items = _ratings(book)
    book.answer("needs", items[0].id, items[0].options[0].code)
    taken = []
    for at in range(SAVES):
        item = items[at % len(items)]
        code = item.options[(at // len(items) + at) % 5].code
        taken.append(_taken(lambda item=item, code=code: book.answer("needs", item.id, code)))
    return {"p50_ms": 1000 * percentile(taken, 50), "p99_ms": 1000 * percentile(taken, 99)}


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(percent) // 100) - 1)]


def _imported(names: list[str]) -> Measured:
    before = peak_memory()
    wall, cpu = time.perf_counter(), time.process_time()
    for name in names:
        import_module(name)
    return {
        "wall_ms": 1000 * (time.perf_counter() - wall),
        "cpu_ms": 1000 * (time.process_time() - cpu),
        "mb": peak_memory() - before,
        "pandas": float("pandas" in sys.modules),
    }


def peak_memory() -> float:
    """Megabytes at most resident so far."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    import psutil

    return float(psutil.Process().memory_info().rss / 1e6)


def _taken(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _code(page: Path) -> list[str]:
    return [
        "".join(cell["source"]) for cell in json.loads(page.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"
    ]


def _ratings(book: object) -> list[object]:
    sheet = book.worksheet("needs")  # type: ignore[attr-defined]
    return [item for section in sheet.sections for item in section.items if item.kind == "rating"]


MEASUREMENTS = {work.__name__: work for work in (imports, pandas, cells, ranking, saves)}

if __name__ == "__main__":
    print(json.dumps(MEASUREMENTS[sys.argv[1]]()))
