"""What the page can ask for: itself, its kernel, whether the app still runs, and to be closed."""

import re
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import FileFindHandler, JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from voila.tornado.handler import TornadoVoilaHandler

from mentorkit.serve.plain import Plain
from mentorkit.widgets.parts import MADE_OF, made

GRACE = 2.0  # seconds in which a closed page's last answers still reach the kernel
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
HASHED = re.compile(r"\.[0-9a-f]{16,}\.js$")


class Page(Plain, TornadoVoilaHandler):  # type: ignore[misc]
    """The workbook. The token in the first address is traded for a cookie and leaves the address bar."""

    async def get(self) -> None:
        """Run the notebook and stream the page."""
        if self.request.query:
            self.redirect(self.base_url)
            return
        await super().get()


class OwnKernel(Plain, KernelHandler):
    """The model of one kernel, which Voilà's page reads before it connects; the other methods are not offered."""

    SUPPORTED_METHODS = ("GET",)


class Alive(Plain, JupyterHandler):
    """Tells a page which run of the app answers, and whether the page's kernel is still there."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """`run` changes with each start of the app."""
        answer: dict[str, Any] = {"alive": True, "run": self.settings["mentorkit_run"]}
        kernel_id = self.get_query_argument("kernel", "")
        if kernel_id:
            answer["kernel"] = await self._runs(kernel_id)
        self.set_header("Cache-Control", "no-store")
        self.finish(answer)

    async def _runs(self, kernel_id: str) -> bool:
        kernels = self.kernel_manager
        return kernel_id in kernels and bool(await ensure_async(kernels.is_alive(kernel_id)))


class Closed(Plain, JupyterHandler):
    """A page tells that it is gone, so its kernel ends.

    Voilà's own beacon is not used: it fires on `beforeunload`, which a click on a mailto: link also causes.
    """

    def check_xsrf_cookie(self) -> None:
        """A beacon cannot carry the token; the guard has refused foreign origins, and none at all is refused here."""
        if "Origin" not in self.request.headers:
            raise HTTPError(403)

    @tornado.web.authenticated
    def post(self, kernel_id: str) -> None:
        """End the kernel once it has worked off what the page sent last."""
        if kernel_id not in self.kernel_manager:
            raise HTTPError(404)
        IOLoop.current().call_later(GRACE, self._end, kernel_id)
        self.set_status(204)
        self.finish()

    async def _end(self, kernel_id: str) -> None:
        if kernel_id in self.kernel_manager:
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel_id))  # type: ignore[no-untyped-call]


class WidgetFile(Plain, tornado.web.RequestHandler):
    """A module or the style sheet of the widgets, once for all of them on a page; read anew, so that an edit shows."""

    def get(self, name: str) -> None:
        """The file, which a browser may keep and asks about with its ETag."""
        if name not in MADE_OF:
            raise HTTPError(404)
        self.set_header("Content-Type", TYPES[Path(name).suffix])
        self.set_header("Cache-Control", "no-cache")
        self.finish(made(name))


class Labextension(FileFindHandler):
    """Voilà's and the widgets' scripts; a name with a hash in it never changes, so a browser may keep it."""

    def set_extra_headers(self, path: str) -> None:
        """Let the hashed ones be kept."""
        if HASHED.search(path):
            self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        else:
            super().set_extra_headers(path)
