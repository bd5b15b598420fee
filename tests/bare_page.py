"""A host for the widgets that is not Jupyter: a bare page whose model talks to the Python object directly.

    page = BarePage(window()); page.mount(Form(workbook, "needs")); page.page.get_by_role(…)

`page.connected = False` drops every message, as a dead server does; `page.holding = True` keeps the replies back until
`page.release()`, as a slow one does. `page.sent` has what the page sent.
"""

import base64
import json
from typing import Any

from playwright.sync_api import Page

HOST = """
window.mount = async (name, source, css, state) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const listeners = {};
  const model = {
    get: (key) => structuredClone(state[key]),
    on: (events, listener) => events.split(" ").forEach((event) => (listeners[event] ??= []).push(listener)),
    off: (events, listener) => events.split(" ").forEach((event) => {
      listeners[event] = (listeners[event] ?? []).filter((one) => one !== listener);
    }),
    send: (content) => window.heard(name, content),
  };
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer);
  const fire = (event, ...given) => (listeners[event] ?? []).forEach((listener) => listener(...given));
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  (window.hosts ??= {})[name] = {
    tell: (content, buffers) => fire("msg:custom", content, buffers.map(bytes)),
    set: (changes) => { Object.assign(state, changes); Object.keys(changes).forEach((key) => fire(`change:${key}`)); },
    view: () => module.default.render({ model, el }),
    stop: module.default.render({ model, el }),
  };
};
"""
EMPTY = """<!doctype html><html lang=en><title>A bare page</title>
<meta name=viewport content='width=device-width, initial-scale=1'>
<style>:root { color-scheme: light dark; font-size: var(--text, 100%) }
body { margin: 1rem; background: light-dark(#fbfaf6, #14171a); color: light-dark(#1f2426, #e7e4dd) }</style>
<main><h1>A bare page</h1><h2>A part of it</h2></main>"""


class BarePage:
    """Widgets on one bare page."""

    def __init__(self, page: Page, address: str = "http://bare.test/"):
        self.page = page
        self.connected = True
        self.holding = False
        self.widgets: dict[str, Any] = {}
        self.sent: list[dict[str, Any]] = []
        self._held: list[tuple[str, dict[str, Any], list[bytes] | None]] = []
        page.context.route(f"{address}**", lambda route: route.fulfill(body=EMPTY, content_type="text/html"))
        page.expose_function("heard", self._heard)
        self.address = address
        self.open()

    def open(self) -> None:
        """Load the page anew: what it kept in its storage stays."""
        self.widgets.clear()
        self._held.clear()
        self.page.goto(self.address)
        self.page.add_script_tag(content=HOST)

    def mount(self, widget: Any, name: str = "widget") -> None:
        """Show a widget, and pass on what either side says."""
        self.widgets[name] = widget
        names = ("place", "spec", "state", "html", "words")
        state = {key: getattr(widget, key) for key in names if hasattr(widget, key)}
        widget.send = lambda content, buffers=None: self._tell(name, content, buffers)
        widget.send_state = lambda key=None: self._set(name, widget, state if key is None else key)
        self.page.evaluate(
            "([name, source, css, state]) => window.mount(name, source, css, state)",
            [name, str(widget._esm), str(widget._css), json.loads(json.dumps(state))],
        )

    def view(self, name: str = "widget") -> None:
        """A second view of a widget, as JupyterLab can open one: drawn from the traits as they first were."""
        self.page.evaluate("(name) => { window.hosts[name].view(); }", name)

    def release(self) -> None:
        """Let the replies go that were kept back, and keep none back from now on."""
        self.holding = False
        while self._held:
            self._tell(*self._held.pop(0))

    def release_one(self) -> None:
        """Let the reply go that was kept back longest."""
        self._pass_on(*self._held.pop(0))

    def _heard(self, name: str, content: dict[str, Any]) -> None:
        self.sent.append(content)
        if self.connected and name in self.widgets:
            self.widgets[name]._heard(None, content, [])

    def _tell(self, name: str, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        if self.holding:
            self._held.append((name, content, buffers))
        elif self.connected:
            self._pass_on(name, content, buffers)

    def _pass_on(self, name: str, content: dict[str, Any], buffers: list[bytes] | None) -> None:
        told = [name, content, [base64.b64encode(buffer).decode() for buffer in buffers or ()]]
        self.page.evaluate("([name, content, buffers]) => window.hosts?.[name]?.tell(content, buffers)", told)

    def _set(self, name: str, widget: Any, keys: Any) -> None:
        names = {keys} if isinstance(keys, str) else set(keys)
        changes = {key: getattr(widget, key) for key in ("place", "state", "spec", "html") if key in names}
        if changes and self.connected:
            self.page.evaluate("([name, changes]) => window.hosts?.[name]?.set(changes)", [name, changes])
