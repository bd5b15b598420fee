"""Voilà for a whole room: the workbook's app with visitors instead of one student, and pages that are drawn already."""

import asyncio
from pathlib import Path
from typing import Any

from tornado.web import GZipContentEncoding
from traitlets.config import Config
from voila.utils import get_page_config

from mentorkit.serve import handlers
from mentorkit.serve.app import KERNEL_ID, TEMPLATE, WIDGETS, Workbook, settings
from mentorkit.serve.files import Files, Ready, files_below
from mentorkit.serve.guard import Carried, GuardedApplication
from mentorkit.serve.keys import Keys
from mentorkit.serve.room import advisor, doors
from mentorkit.serve.room.comms import PING, RoomChannels, RoomComms
from mentorkit.serve.room.kernels import QuietKernel, RoomKernels, RoomPython
from mentorkit.serve.room.page import render
from mentorkit.serve.room.room import Room
from mentorkit.serve.templates import share_compiled_templates
from mentorkit.widgets.parts import MADE_OF, made

OWN = Path(__file__).parent / "static"
QUICK = {"compression_level": 1, "mem_level": 5}  # most of a visit is one message of 230 kB
STRANGER = "This is not the room's address. Scan the code again, or type the address that is shown."


class WithForms(Carried):
    """The headers of the workbook's app; the doors have forms."""

    forms = "'self'"


class RoomApp(Workbook):
    """Everything closed but what a visitor needs: their own page, kernel and code, and the way in and out."""

    def __init__(self, room_of: Any, notebook: Path, sockets: list[Any], base: str, env: dict[str, str]) -> None:
        self._room_of = room_of  # makes the room once there is a kernel manager
        super().__init__(notebook, sockets, Keys("", b""), env, base_url=base)

    def configured(self, env: dict[str, str]) -> Config:
        """The workbook's settings, with visitors and many kernels."""
        config = settings(self.run_id, env)
        config.VoilaConfiguration.multi_kernel_manager_class = RoomKernels
        config.VoilaConfiguration.kernel_spec_manager_class = RoomPython
        config.RoomKernels.kernel_manager_class = f"{QuietKernel.__module__}.{QuietKernel.__name__}"
        config.RoomPython.kernel_env = config.OwnPython.kernel_env
        config.VoilaConfiguration.resources["mentorkit"]["room"] = True
        config.Voila.identity_provider_class = doors.Visitors
        config.Voila.authorizer_class = doors.Owners
        config.Voila.kernel_websocket_connection_class = RoomComms
        return config

    def init_settings(self) -> dict[str, Any]:
        """The workbook's settings, with the room."""
        found = super().init_settings()
        self.room: Room = self._room_of(self.kernel_manager, self.run_id)
        own = {"ws_ping_interval": PING, "ws_ping_timeout": PING, "websocket_compression_options": QUICK}
        return {**found, **own, "room": self.room}

    def init_handlers(self) -> list[Any]:
        """The doors, and the files of the page."""
        routes = [
            ("", doors.Book),
            ("join/?([^/]*)", doors.Join),
            ("begin", doors.Begin),
            ("return", doors.Return),
            ("code", doors.Code),
            ("leave", doors.Leave),
            ("advisor/?", advisor.Page),
            ("advisor/counts", advisor.Counts),
            ("mentorkit/alive", doors.Alive),
            (f"mentorkit/closed/{KERNEL_ID}", doors.Closed),
            (f"api/kernels/{KERNEL_ID}", handlers.OwnKernel),
            (f"api/kernels/{KERNEL_ID}/channels", RoomChannels),
            ("mentorkit/room/(.*)", Files, {"files": files_below([OWN])}),
            ("mentorkit/static/(.*)", Files, {"files": files_below([TEMPLATE / "static"])}),
            (f"{WIDGETS}(.*)", Files, {"files": {name: Ready.of(name, made(name).encode()) for name in MADE_OF}}),
            ("voila/templates/lab/static/(.*)", Files, {"files": files_below(self.static_paths)}),
            ("voila/static/(.*)", Files, {"files": files_below(self.static_paths)}),
            ("voila/labextensions/(.*)", Files, {"files": self._extensions()}),
            self.route_of_scripts(),
        ]
        return [(self.base_url + path, *rest) for path, *rest in routes]

    def route_of_scripts(self) -> tuple[Any, ...]:
        """The same, and people are told of it who are not in yet."""
        route = super().route_of_scripts()
        self.room.scripts = self.scripts_path
        return route

    def _extensions(self) -> dict[str, Path]:
        wanted = self.voila_configuration.extension_allowlist
        found = files_below(self.labextensions_path)
        return {name: path for name, path in found.items() if name.startswith(tuple(f"{one}/" for one in wanted))}

    def guarded(self) -> GuardedApplication:
        """What turns strangers away: the doors have forms, and several names."""
        app = super().guarded()
        app.transforms = [GZipContentEncoding, WithForms]
        app.hosts, app.schemes, app.stranger = self.room.setup.all_hosts, ("http", "https"), STRANGER
        return app

    def connection(self) -> dict[str, Any]:
        """Encrypted, or behind a proxy."""
        return {"ssl_options": self.room.setup.tls, "xheaders": self.room.setup.behind_proxy}

    async def get_ready(self) -> None:
        """Draw and render the pages, and look after what is left behind from then on."""
        share_compiled_templates()
        about = {"base_url": self.base_url, "settings": self.app.settings, "log": self.log}
        config = get_page_config(**about, voila_configuration=self.voila_configuration)
        self.room.open_with(await render(await self.room.kernels.drawn(), self, config))
        watches = self.room.kernels.look_after(), self.room.health.watch()
        self._tasks = [asyncio.ensure_future(watch) for watch in watches]
