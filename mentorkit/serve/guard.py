"""Who may ask, and what every answer carries, before any handler of Voilà or Jupyter sees the request."""

from typing import Any

from tornado import httputil, web

STRANGER = "This address is not the workbook's. Open the address that mentorkit open printed."
FOREIGN = "Another website asked for the workbook. Only its own page may."

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DOCUMENT = {
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
}
# A browser makes no document of these. A script's own policy would count in a worker only, and there is none.
NEVER_DOCUMENTS = ("text/javascript", "application/javascript", "text/css")

# Styles cannot be stricter: Voilà, ipywidgets and anywidget put <style> elements into the page.
# blob: is how anywidget loads a widget's module.
POLICY = (
    "default-src 'none'",
    "script-src 'self' blob:",
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'none'",
    "connect-src 'self' ws://{host} wss://{host}",
    "form-action {forms}",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)


def own_hosts(port: int) -> frozenset[str]:
    """The names under which a browser on this computer reaches the app."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


class Carried(web.OutputTransform):
    """Puts the security headers on every response, errors included; those for documents on all that may become one.

    On scripts and styles, of which a page asks for twenty, the headers for documents would weigh and do nothing.
    """

    forms = "'none'"  # where a form may be sent

    def __init__(self, request: httputil.HTTPServerRequest):
        self.host = request.host

    def transform_first_chunk(
        self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        """Add ours, and take away what tells the server's make and version."""
        headers.update(HEADERS)
        if headers.get("Content-Type", "").partition(";")[0] in NEVER_DOCUMENTS:
            headers.pop("Content-Security-Policy", None)  # Jupyter's own
        else:
            headers.update(DOCUMENT)
            headers["Content-Security-Policy"] = "; ".join(POLICY).format(host=self.host, forms=self.forms)
        for name in ("Server", "X-Jupyterhub-Version"):
            headers.pop(name, None)
        return status_code, headers, chunk


class Refused(web.RequestHandler):
    """Answers any method with a status and one sentence."""

    def initialize(self, status: int, sentence: str) -> None:
        """Keep what to say."""
        self.status, self.sentence = status, sentence

    def prepare(self) -> None:
        """Say it, whatever the method is."""
        self.set_status(self.status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self.sentence + "\n")

    def check_xsrf_cookie(self) -> None:
        """Nothing is done here that could be forged."""


class GuardedApplication(web.Application):
    """Turns strangers away before routing: a Host that is not ours, or a page of another website."""

    schemes: tuple[str, ...] = ("http",)  # in which its own page may have been asked for
    stranger = STRANGER

    def __init__(self, **settings: Any):
        super().__init__(default_handler_class=Refused, default_handler_args=NOT_HERE, **settings)
        self.hosts: frozenset[str] = frozenset()
        self.transforms = [web.GZipContentEncoding, Carried]

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """The handler for the request, or the one that refuses it."""
        if request.host.lower() not in self.hosts:
            return self._refusal(request, self.stranger)
        if not self._from_own_page(request.headers):
            return self._refusal(request, FOREIGN)
        return super().find_handler(request, **kwargs)

    def _from_own_page(self, headers: httputil.HTTPHeaders) -> bool:
        origins = headers.get_list("Origin") + headers.get_list("Sec-Websocket-Origin")
        known = {f"{scheme}://{host}" for host in self.hosts for scheme in self.schemes}
        fetched = headers.get("Sec-Fetch-Site") == "cross-site" and headers.get("Sec-Fetch-Mode") != "navigate"
        return not fetched and all(origin.lower() in known for origin in origins)

    def _refusal(self, request: httputil.HTTPServerRequest, sentence: str) -> Any:
        return self.get_handler_delegate(request, Refused, {"status": 403, "sentence": sentence})


NOT_HERE = {"status": 404, "sentence": "There is nothing at this address."}
