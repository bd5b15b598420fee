"""What a student does on a visit, timed: open the first page, answer, turn the page. And the same on the stock page."""

import time
from copy import copy
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.apps import App
from benchmarks.browser import Wire, window
from mentorkit.content import load_content

SAVED = load_content().words["saved"].split("{")[0]
CLICKS = 40
BETWEEN = 400  # milliseconds from one answer to the next: the picture is redrawn in between
TURNS = 24

STAGES = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const scripts = performance.getEntriesByType("resource").filter((one) => one.initiatorType === "script");
  return {
    "first byte": page.responseStart,
    "document ended": page.responseEnd,
    "last script": Math.max(...scripts.map((one) => one.responseEnd)),
  };
}"""

CLICK = """([at, saved]) => new Promise((done) => {
  const items = [...document.querySelectorAll("#goals .mk-section:not([hidden]) .mk-item:not([hidden])")]
    .filter((item) => item.querySelector("input[type=radio]"));
  const radios = items[at % items.length].querySelectorAll("input[type=radio]");
  const others = [...radios].filter((radio) => !radio.checked);
  const status = document.querySelector("#goals .mk-status");
  const watch = new MutationObserver(() => {
    if (!status.textContent.startsWith(saved)) return;
    watch.disconnect();
    done(performance.now() - start);
  });
  const start = performance.now();
  watch.observe(status, { childList: true, characterData: true, subtree: true });
  others[at % others.length].click();
})"""

TURN = """(at) => new Promise((done) => {
  const links = [...document.querySelectorAll(".mk-nav a")];
  const link = links[at % links.length];
  const start = performance.now();
  const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  const arrived = () => document.querySelector(".mk-page[data-current]").id === link.hash.slice(1);
  const look = () => (arrived() ? painted() : setTimeout(look));
  link.click();
  look();
})"""


@dataclass(frozen=True)
class Visit:
    """One visit to the first page; times in seconds from navigation."""

    shown: float
    answered: float  # until the first answer came back from Python
    cpu: float  # seconds of the server and its kernels, until they had nothing more to do
    stages: dict[str, float]
    wire: Wire
    started: float  # from the command that started the app; 0 unless this was the first visit


def visit_ours(browser: Browser, app: App) -> Visit:
    """The first page with its panel, then the goals: an answer, and *Saved*."""
    with window(browser) as (page, wire):
        before, start = app.cpu_seconds(), time.perf_counter()
        page.goto(app.address, wait_until="commit")
        page.locator(".mk-book[data-state=open]").wait_for()
        page.locator("#start-here .mk-panel").first.wait_for()
        shown = time.perf_counter()
        page.evaluate("location.hash = '#goals'")
        page.locator("#goals .mk-section:not([hidden]) input[type=radio]").first.check()
        page.locator("#goals .mk-status").filter(has_text=SAVED).wait_for()
        return _visit(page, wire, app, before, (start, shown, time.perf_counter()))


def visit_stock(browser: Browser, app: App) -> Visit:
    """The text field, then what Python heard."""
    with window(browser) as (page, wire):
        before, start = app.cpu_seconds(), time.perf_counter()
        page.goto(app.address, wait_until="commit")
        page.get_by_label("Say").wait_for()
        shown = time.perf_counter()
        page.get_by_label("Say").fill("hello")
        page.get_by_text("heard hello").wait_for()
        return _visit(page, wire, app, before, (start, shown, time.perf_counter()))


def _visit(page: Page, wire: Wire, app: App, cpu: float, moments: tuple[float, float, float]) -> Visit:
    start, shown, answered = moments
    stages = {name: at / 1000 for name, at in page.evaluate(STAGES).items()}
    page.wait_for_load_state("networkidle")
    wire = copy(wire)  # what an open page asks from time to time is not part of a visit
    app.settle()
    spent = app.cpu_seconds() - cpu
    return Visit(shown - start, answered - start, spent, stages, wire, shown - app.asked_at)


def clicks(browser: Browser, app: App) -> list[float]:
    """Milliseconds until *Saved*, for each of many answers on the goals page."""
    with window(browser) as (page, _):
        _open(page, app, "#goals")
        taken = []
        for at in range(CLICKS):
            taken.append(float(page.evaluate(CLICK, [at, SAVED])))
            page.wait_for_timeout(BETWEEN)
        return taken


def turns(browser: Browser, app: App) -> list[float]:
    """Milliseconds from a click in the navigation until the other page is drawn."""
    with window(browser) as (page, _):
        _open(page, app, "")
        return [float(page.evaluate(TURN, at + 1)) for at in range(TURNS)]


def _open(page: Page, app: App, where: str) -> None:
    page.goto(app.address + where)
    page.locator(".mk-book[data-state=open]").wait_for()
    page.wait_for_load_state("networkidle")


def middle(values: list[Any]) -> float:
    """The median."""
    return float(median(values))
