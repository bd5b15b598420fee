"""Start the app as a student would, on a free port and with a home of its own; and five small notebooks to serve."""

import contextlib
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

START = """
import sys
from pathlib import Path
from mentorkit.serve.open import open_app
home, port, sample, notebooks = sys.argv[1:]
open_app(Path(home), int(port), False, sample == "yes", Path(notebooks) if notebooks else None)
"""

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Served:
    """A running app. `address` is what it printed: it ends with the token."""

    home: Path
    notebooks: Path | None = None
    sample: bool = False
    port: int = 0
    address: str = ""
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def base(self) -> str:
        """The address without the token."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> "Served":
        """Start it and wait for its address; again at the same port after `stop`."""
        arguments = [str(self.home), str(self.port), "yes" if self.sample else "no", str(self.notebooks or "")]
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            stdout=subprocess.PIPE,
            stderr=(self.home / "stderr.txt").open("a"),
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, (self.home / "stderr.txt").read_text()
        self.address = found[0]
        self.port = int(re.search(r":(\d+)/", self.address)[1])  # type: ignore[index]
        return self

    def stop(self) -> int:
        """End it as Ctrl-C or a log-out would, and give back its exit code."""
        assert self.process is not None
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(20)
        self.process.kill()
        return self.process.wait()


INTRODUCTION = "You answer a few questions. It takes ten minutes. Nobody but you reads the answers."
ECHO = """
import os
import ipywidgets
def echo(name):
    said = ipywidgets.Text(description=f"Say {name}")
    heard = ipywidgets.Label("")
    said.observe(lambda change: setattr(heard, "value", f"Python heard {change.new}"), "value")
    return ipywidgets.VBox([said, heard])
"""
COUNTER = """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      const button = document.createElement("button");
      button.textContent = "Counted " + model.get("count");
      button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
      model.on("change:count", () => { button.textContent = "Counted " + model.get("count"); });
      el.append(button);
    }}'''
    _css = ".counter { color: inherit; }"
    count = traitlets.Int(0).tag(sync=True)
"""
MORE = """## Think of one occasion

Who helped you decide? [Write to them](mailto:someone@example.org), or go to [the goals](#goals).

<details><summary>Why we ask</summary>

Because it matters.

</details>
"""


def write_notebooks(folder: Path) -> Path:
    """Five pages as the real ones are built, and one for advisors that must not be served."""
    pages = {
        "00_start_here": ("What is this?", ["echo('start')", COUNTER, "Counter()"]),
        "01_goals": ("What do I need?", ["echo('goals')"]),
        "03_mentor_types": ("Which kinds would fit?", ["import os\nprint('pid', os.getpid())"]),
        "06_reassess": ("How is it going?", ["secret = 'what I wrote'\nraise ValueError(secret)", "echo('after')"]),
        "07_what_changed": ("What changed?", ["import os\nprint(os.environ['MENTORKIT_HOME'])"]),
        "90_cohort": ("How is our cohort?", ["1/0"]),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for stem, (title, sources) in pages.items():
        cells = [
            new_markdown_cell(f"# {title}\n\n{INTRODUCTION}"),
            new_code_cell(ECHO, metadata={"jupyter": {"source_hidden": True}}),
            *(new_code_cell(source) for source in sources),
            new_markdown_cell(MORE),
        ]
        nbformat.write(new_notebook(cells=cells), folder / f"{stem}.ipynb")
    return folder
