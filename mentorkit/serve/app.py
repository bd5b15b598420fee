"""Stand-alone Voilà for one student: our template, our kernels, our guard, and only the routes a page needs."""

import logging
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server import DEFAULT_STATIC_FILES_PATH
from jupyter_server.auth.identity import IdentityProvider
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_static_paths, collect_template_paths
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from mentorkit.content import load_content
from mentorkit.serve import handlers
from mentorkit.serve.channels import Channels, CommsOnly
from mentorkit.serve.files import Files
from mentorkit.serve.guard import GuardedApplication, own_hosts
from mentorkit.serve.kernels import FewKernels, OwnPython
from mentorkit.serve.keys import Keys
from mentorkit.serve.scripts import in_one
from mentorkit.serve.templates import compile_templates, share_compiled_templates
from mentorkit.widgets.parts import MADE_OF, SERVED, words_in

TEMPLATE = Path(__file__).parent / "template"
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
FAMILY = ["voila", "nbconvert"]
WIDGETS = "mentorkit/widgets/"  # where the page finds the widgets' modules and styles, from its own address
LONGEST_SOCKET_FOLDER = 40  # a kernel's ipc socket adds about 55 characters, and the system allows 104 to 108


class OneStudent(IdentityProvider):
    """Whoever has the token; there is no login form."""

    def get_handlers(self) -> list[tuple[str, object]]:
        """No /login and no /logout."""
        return []


class Workbook(Voila):  # type: ignore[misc]
    """Voilà with everything closed that one student's workbook does not need."""

    def __init__(self, notebook: Path, sockets: list[Any], keys: Keys, env: dict[str, str], **kwargs: Any):
        self.run_id = secrets.token_hex(8)
        self.sockets = sockets
        self.ioloop = IOLoop.current()
        port = sockets[0].getsockname()[1]
        super().__init__(
            notebook_path=str(notebook),
            ip="127.0.0.1",
            port=port,
            token=keys.token,
            cookie_secret=keys.cookie_secret,
            open_browser=False,
            config_file_paths=[],  # settings of another Voilà on this machine do not apply
            config=self.configured(env),
            **kwargs,
        )
        self.log_level = logging.ERROR

    def configured(self, env: dict[str, str]) -> Config:
        """The settings of Voilà, its exporter and its kernels."""
        return settings(self.run_id, env)

    @property
    def address(self) -> str:
        """The address that opens the first page."""
        return f"http://127.0.0.1:{self.port}{self.base_url}?token={self.token}"

    def setup_template_dirs(self) -> None:
        """Our template first; what it extends is Voilà's `lab`. Nothing has to be installed in share/jupyter."""
        self.template_paths = [str(TEMPLATE), *collect_template_paths(FAMILY, "lab", prune=True)]
        self.static_paths = [*collect_static_paths(FAMILY, "lab"), DEFAULT_STATIC_FILES_PATH]

    def init_settings(self) -> dict[str, Any]:
        """Voilà's settings, with ours."""
        return {
            **super().init_settings(),
            "mathjax_url": self.base_url + "mentorkit/static/no-formulas.js",
            "mathjax_config": "none",
            "mentorkit_run": self.run_id,
            "websocket_compression_options": {"compression_level": 6},
            "ws_ping_interval": 0,  # on one computer a connection does not fade away, and sleep must not look like that
            "websocket_max_message_size": 1024 * 1024,
            "serve_traceback": False,
        }

    def init_handlers(self) -> list[Any]:
        """Only what the page needs: no tree, no files, no listing, no themes, no login."""
        page = {
            "notebook_path": Path(self.notebook_path).name,
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        labextensions = {"path": self.labextensions_path, "no_cache_paths": ["/"]}
        routes = [
            ("", handlers.Page, page),
            (f"api/kernels/{KERNEL_ID}", handlers.OwnKernel),
            (f"api/kernels/{KERNEL_ID}/channels", Channels),
            ("mentorkit/alive", handlers.Alive),
            (f"mentorkit/closed/{KERNEL_ID}", handlers.Closed),
            ("mentorkit/static/(.*)", MultiStaticFileHandler, {"paths": [str(TEMPLATE / "static")]}),
            (f"{WIDGETS}(.*)", handlers.WidgetFile),
            ("voila/templates/(lab/static/.*)", TemplateStaticFileHandler),
            ("voila/static/(.*)", MultiStaticFileHandler, {"paths": self.static_paths}),
            ("voila/labextensions/(.*)", handlers.Labextension, labextensions),
            self.route_of_scripts(),
        ]
        return [(self.base_url + path, *rest) for path, *rest in routes]

    def route_of_scripts(self) -> tuple[Any, ...]:
        """The route of the scripts that every visit needs; the pages are told of it."""
        scripts = in_one(self.static_paths, self.labextensions_path)
        name = f"scripts.{scripts.tag[1:-1]}.js"
        self.scripts_path = f"mentorkit/{name}"
        self.config.VoilaConfiguration.resources["mentorkit"]["scripts"] = self.scripts_path
        return (f"mentorkit/({name})", Files, {"files": {name: scripts}})

    def start(self) -> None:
        """Serve until `stop_soon` is called, then end the kernels."""
        self.connection_dir = tempfile.mkdtemp(prefix="mk", dir=socket_folder())
        self.app = self.guarded()
        self.app.add_handlers(".*$", self.init_handlers())
        self.ioloop.add_callback(self.get_ready)
        server = HTTPServer(self.app, max_body_size=64 * 1024, **self.connection())
        server.add_sockets(self.sockets)
        try:
            self.ioloop.start()
        finally:
            server.stop()
            self.stop()

    def guarded(self) -> GuardedApplication:
        """What turns strangers away."""
        app = GuardedApplication(**self.init_settings())
        app.hosts = own_hosts(self.port)
        return app

    def connection(self) -> dict[str, Any]:
        """How the server is reached, besides its sockets."""
        return {}

    def get_ready(self) -> Any:
        """What is done once, while the first page may already be asked for."""
        self.kernel_manager.prepare_spare()
        share_compiled_templates()
        compile_templates(self.template_paths, "index.html.j2")

    def stop_soon(self) -> None:
        """Stop serving; safe to call from a signal handler."""
        self.ioloop.add_callback_from_signal(self.ioloop.stop)

    def stop(self) -> None:
        """End the kernels, and only then remove the sockets through which they are told to."""
        self.ioloop.run_sync(lambda: ensure_async(self.kernel_manager.shutdown_all()))
        shutil.rmtree(self.connection_dir, ignore_errors=True)


def settings(run_id: str, env: dict[str, str]) -> Config:
    """The settings of Voilà, its exporter and its kernels. Raises `BadContent`."""
    config = Config()
    words = dict(load_content().words)
    script = (TEMPLATE / "static" / "workbook.js").read_text("utf-8")
    about = {
        "run": run_id,
        "sample": bool(env.get("MENTORKIT_SAMPLE")),
        "words": words,
        "words_of_script": {key: words[key] for key in sorted(words_in(script))},
        "widgets": WIDGETS,
        "modules": [name for name in MADE_OF if name.endswith(".js")],
    }
    config.VoilaConfiguration = Config(
        {
            "template": "lab",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_allowlist": EXTENSIONS,
            "file_allowlist": ["a^"],
            "show_tracebacks": False,
            "http_keep_alive_timeout": 3600,
            "multi_kernel_manager_class": FewKernels,
            "kernel_spec_manager_class": OwnPython,
            "resources": {"mentorkit": about},
        }
    )
    config.CSSHTMLHeaderPreprocessor.enabled = False  # colours for source code, which no page shows
    config.HTMLExporter.exclude_anchor_links = True
    config.VoilaExecutor = Config({"allow_errors": True, "timeout": 120})
    config.Voila.identity_provider_class = OneStudent
    config.Voila.kernel_websocket_connection_class = CommsOnly
    config.OneStudent.cookie_options = {"samesite": "Strict"}
    config.OwnPython.kernel_env = {name: value.replace("$", "$$") for name, value in env.items()} | {SERVED: WIDGETS}
    config.FewKernels = Config({"cull_idle_timeout": 600, "cull_interval": 60, "cull_connected": False})
    config.KernelManager = Config({"autorestart": False, "shutdown_wait_time": 3.0})
    if sys.platform != "win32":
        config.KernelManager.transport = "ipc"
    return config


def socket_folder() -> str:
    """Where kernels' sockets lie: a folder whose name is short enough for them."""
    folder = tempfile.gettempdir()
    return folder if len(folder) <= LONGEST_SOCKET_FOLDER or sys.platform == "win32" else "/tmp"
