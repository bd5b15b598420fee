"""docs/performance.md: the figures, what they were measured on, and plainly what misses its goal."""

from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.table import Parts, as_markdown

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"

TOP = """# Performance

What `make bench` measured on {day}. `python -m benchmarks --write` measures again and writes this page. It is not a test: nothing
fails because a machine is slow.

{computer}. {software}. {busy}

*Ours* is `mentorkit open --no-browser` with an empty home: five pages in one kernel. *Stock* is `voila` with its own template and settings and one
`ipywidgets.Text`, from the same environment. A visit is a fresh Chromium window without a cache; no other host can be reached. The two take
turns, in {rounds} rounds with three visits each; figures are medians. *Can be used*: ours shows its first page with the panel and says that it is
open; the stock page shows its field. *The first answer came back*: a rating clicked on the goals page and “Saved” seen; what was typed into
the field heard back from Python. The first visit of a round comes right after the command, the others when both apps are at rest.

{verdict}

"""

NOTES = {
    "the first page can be used": "Most of the start is Voilà's own JavaScript, which both pages load; see below.",
    "files and websocket": "Every panel and form sends its module and its style sheet again, over a websocket that is not compressed.",
}

BOTTOM = """## Where the start goes

The kernel is started before a page asks for it. Reading the content and running all cells takes less than a tenth of a second. What remains is
Voilà's JavaScript: about 90 scripts, 3.6 MB unpacked, loaded and run after the document has ended, by ours and by stock alike.

## How the figures are made

Bytes are Chromium's own count (`encodedDataLength`, headers included) and the websocket's messages both ways; where the websocket compresses,
they are compressed again to be counted, since Chromium shows them unpacked. A click is timed inside the page, from the click to the line
that says “Saved”, which the page says only when the store has the answer on disk. A page turn is timed from the click to the drawn frame.
Processor time counts kernels that ended. Memory of a kernel is what no other process shares with it.
"""


def write(parts: Parts, machine: Machine, rounds: int) -> Path:
    """Write the page."""
    top = TOP.format(**vars(machine), rounds=rounds, verdict=_verdict(parts))
    DOCUMENT.write_text(top.replace(" \n\n", "\n\n") + as_markdown(parts) + "\n" + BOTTOM, "utf-8")
    return DOCUMENT


def _verdict(parts: Parts) -> str:
    missed = [row for part in parts.values() for row in part if row.met is False]
    if not missed:
        return "**Every goal is met.**"
    lines = [f"- {row.what}: {row.ours}, goal {row.goal}. {NOTES.get(row.what, '')}".rstrip() for row in missed]
    return "\n".join(["**Missed:**", "", *lines])
