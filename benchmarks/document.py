"""docs/performance.md: the figures, what they were measured on, and plainly what misses its goal."""

from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.table import Parts, as_markdown

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"
ROOM = "## A room at once, beside other frameworks"  # a part that benchmarks.room writes
COHORT = "## A cohort, beside SQL and pandas by hand"  # a part that benchmarks.cohort writes
ORDER = ("", ROOM, COHORT)

TOP = """# Performance

What `make bench` measured on {day}. `python -m benchmarks --write` measures again and writes this page. It is not a
test: nothing fails because a machine is slow.

{computer}. {software}.
{busy}

{verdict}

*Ours* is `mentorkit open --no-browser` with an empty home: all pages in one kernel. *Stock* is `voila` with its own
template and settings and one `ipywidgets.Text`, from the same environment. A visit is a fresh Chromium window without a
cache; no other host can be reached. Each of {rounds} rounds starts both apps anew, each is visited at once and twice
more when both are at rest, ours with a kernel ready for the next tab, by turns; figures are medians.

- *Can be used*: ours shows its first page with the panel and says that it is open; the stock page shows its field.
- *The first answer came back*: ours shows the goals page, a rating is clicked and “Saved” is seen; on the stock page,
  what was typed is heard back from Python.
- *From the command*: the visit right after the app has said its address.

"""

NOTES = {
    "the first page can be used": "Most of the start is Voilà's own JavaScript, which both pages load.",
    "files and websocket": "Most of it is Voilà's and the widgets' JavaScript.",
    "requests to other hosts": "No request may leave: see the template and its content security policy.",
    "· is pandas among it?": "`python -X importtime -c 'import mentorkit.pages.start'` says what brings it.",
}

BOTTOM = """## Where the start goes

The kernel is started before a page asks for it; what the pages import takes about 0.3 s of processor time there.
Python's part of all cells takes about 0.05 s. To ask a kernel for eighty cells one after the other, and to pass on what
ninety widgets say of themselves, takes server and kernel most of a second; in a room, where the pages are drawn before
anybody comes, that falls away. Voilà's and the widgets' JavaScript, 3.6 MB unpacked, comes meanwhile as one file. The
stock page asks for a hundred, most of them only after the last cell, and loads MathJax besides to look for formulas;
ours says that it has none, which saves 0.2 MB. The modules and styles of our own widgets are files that the page asks
for once, however many widgets there are.

## How the figures are made

Bytes of files are Chromium's own count, headers included (`encodedDataLength`). Websocket messages are counted both
ways; where the websocket compresses they are packed again to be counted, since Chromium shows them unpacked. A click is
timed inside the page until the line says “Saved”, which it does only when the store has the answer on disk. A page turn
is timed from the click to the drawn frame. Processor time counts kernels that ended, and the one that is started for
the next tab. A kernel's memory is what no other process shares with it. Python's figures come from fresh interpreters.
"""


def write(parts: Parts, machine: Machine, rounds: int) -> Path:
    """Write the page; the parts about a room and a cohort stay."""
    top = TOP.format(**vars(machine), rounds=rounds, verdict=_verdict(parts)).replace("\n\n\n", "\n\n")
    return put("", top + as_markdown(parts) + "\n" + BOTTOM)


def put(heading: str, part: str) -> Path:
    """Write the part under this heading (the top of the page has none); the other parts stay."""
    DOCUMENT.write_text(with_part(DOCUMENT.read_text("utf-8"), heading, part), "utf-8")
    return DOCUMENT


def with_part(page: str, heading: str, part: str) -> str:
    """The page with this part in the place of the one under its heading."""
    places = sorted((page.index(f"\n{mark}\n") + 1, mark) for mark in ORDER[1:] if f"\n{mark}\n" in page)
    ends = [place for place, _ in places[1:]] + [len(page)]
    kept = {mark: page[place:end] for (place, mark), end in zip(places, ends, strict=False)}
    kept |= {"": page[: places[0][0] if places else len(page)], heading: part}
    return "\n\n".join(kept[mark].strip() for mark in ORDER if mark in kept) + "\n"


def _verdict(parts: Parts) -> str:
    missed = [row for part in parts.values() for row in part if row.met is False]
    if not missed:
        return "**Every goal is met.**"
    lines = [f"- {row.what}: {row.ours}, goal {row.goal}. {NOTES.get(row.what, '')}".rstrip() for row in missed]
    return "\n".join(["**Missed:**", "", *lines])
