"""A host for the widgets that is not Jupyter: a bare page whose model talks to the Python object directly."""

import json

from playwright.sync_api import Page

HOST = """
window.mount = async (name, source, css, state) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const listeners = {};
  const model = {
    get: (key) => structuredClone(state[key]),
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    off: (event, listener) => { listeners[event] = (listeners[event] ?? []).filter((one) => one !== listener); },
    send: (content) => window.heard(name, content),
  };
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  const stop = module.default.render({ model, el });
  (window.hosts ??= {})[name] = {
    tell: (content) => (listeners["msg:custom"] ?? []).forEach((listener) => listener(content)),
    set: (key, value) => { state[key] = value; (listeners[`change:${key}`] ?? []).forEach((listener) => listener()); },
    stop,
  };
};
"""
EMPTY = "<!doctype html><html lang=en><title>A bare page</title><meta name=viewport content='width=device-width'><main></main>"


class BarePage:
    """Widgets on one bare page. `connected` set to False drops every message, as a dead server does."""

    def __init__(self, page: Page, address: str = "http://bare.test/"):
        self.page = page
        self.connected = True
        self.widgets: dict[str, object] = {}
        self.sent: list[dict] = []
        page.route(f"{address}**", lambda route: route.fulfill(body=EMPTY, content_type="text/html"))
        page.expose_function("heard", self._heard)
        self.address = address
        self.open()

    def open(self) -> None:
        """Load the page anew: what it kept in its storage stays."""
        self.page.goto(self.address)
        self.page.add_script_tag(content=HOST)

    def mount(self, widget, name: str = "widget") -> None:
        """Show a widget, and pass on what either side says."""
        self.widgets[name] = widget
        state = {key: getattr(widget, key) for key in ("spec", "state", "html") if hasattr(widget, key)}
        widget.send = lambda content, buffers=None: self._tell(name, content)
        widget.observe(lambda change: self._set(name, change["name"], change["new"]), names=list(state))
        self.page.evaluate(
            "([name, source, css, state]) => window.mount(name, source, css, state)",
            [name, str(widget._esm), str(widget._css), json.loads(json.dumps(state))],
        )

    def _heard(self, name: str, content: dict) -> None:
        self.sent.append(content)
        if self.connected:
            self.widgets[name]._heard(None, content, [])

    def _tell(self, name: str, content: dict) -> None:
        if self.connected:
            self.page.evaluate("([name, content]) => window.hosts[name].tell(content)", [name, content])

    def _set(self, name: str, key: str, value: object) -> None:
        self.page.evaluate("([name, key, value]) => window.hosts[name].set(key, value)", [name, key, value])
