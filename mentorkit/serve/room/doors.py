"""What a visitor can ask for: to come in, their page, code and kernel, and to leave. Others' doors stay shut."""

from typing import Any

import tornado.web
from jupyter_server.auth import Authorizer, User
from jupyter_server.auth.identity import IdentityProvider
from tornado.web import HTTPError, RequestHandler

from mentorkit.errors import MentorkitError, NotSaved
from mentorkit.serve.room import showing
from mentorkit.serve.room.kernels import Full
from mentorkit.serve.room.keys import same_join
from mentorkit.serve.room.room import Room
from mentorkit.serve.room.sessions import Session

COOKIE = "mentorkit-session"
LET_IN = "in"  # in the address of the first page behind the entrance: who has no session there can have none
DAYS = 200  # a semester: as long as a browser may hold the session


class Visitors(IdentityProvider):
    """A visitor is who holds a sealed session; there is no token and no login form."""

    def get_handlers(self) -> list[tuple[str, object]]:
        """No /login and no /logout."""
        return []

    def get_user(self, handler: RequestHandler) -> User | None:
        """Known by the cookie alone."""
        found = session_of(handler)
        return User(found.name) if found else None


class Owners(Authorizer):
    """A kernel is for its owner, whatever is to be done with it."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Whether the kernel in the address is this user's; addresses without one are not served."""
        kernel_id = handler.path_kwargs.get("kernel_id")
        return bool(kernel_id) and handler.kernel_manager.owner_of(kernel_id) == user.username


def session_of(handler: RequestHandler) -> Session | None:
    """The session that the browser holds; None for a stranger."""
    cookie = handler.get_cookie(COOKIE)
    room: Room = handler.settings["room"]
    return room.seal.opened(cookie) if cookie else None


class Door(RequestHandler):
    """A page of the room that is not the workbook."""

    def check_xsrf_cookie(self) -> None:
        """The guard has refused what other websites send; without any origin nothing is done either."""
        if "Origin" not in self.request.headers:
            raise HTTPError(403)

    @property
    def room(self) -> Room:
        """The room."""
        room: Room = self.settings["room"]
        return room

    @property
    def around(self) -> showing.Around:
        """What every page needs to know."""
        return self.room.around()

    def show(self, html: str, status: int = 200) -> None:
        """Answer with a page that no browser keeps."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(html)

    def stranger(self, html: str = "") -> None:
        """Show this to who has no session, or the first page; but say so when the browser has just been given one."""
        if self.request.query == LET_IN:
            self.show(showing.refusal(self.around, "no_cookies"), 403)
        elif html:
            self.show(html)
        else:
            self.redirect(self.room.base)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A page with one sentence."""
        self.show(showing.refusal(self.around, status_code), status_code)

    def remember(self, session: Session) -> None:
        """Let the browser hold the session."""
        self.set_cookie(
            COOKIE, self.room.seal.sealed(session), expires_days=DAYS,
            path=self.room.base, httponly=True, samesite="Strict", secure=self.around.secure,
        )  # fmt: skip

    def forget(self) -> None:
        """Take the session from the browser, and what the page kept there."""
        self.clear_cookie(COOKIE, path=self.room.base)
        self.set_header("Clear-Site-Data", '"storage", "cache"')


class Book(Door):
    """The workbook's page for who has a session; for others the welcome."""

    async def get(self) -> None:
        """Start a kernel for the page; wait on a page that tries again when there is no room."""
        session = session_of(self)
        if session is None:
            self.stranger(showing.welcome(self.around, join=""))
            return
        if self.request.query:
            self.redirect(self.room.base)
            return
        if not self.room.pages_of_one.take(session.name):
            self.show(showing.refusal(self.around, 429), 429)
            return
        try:
            html = await self.room.page_for(session)
        except Full as full:
            self.set_header("Retry-After", "5")
            self.show(showing.waiting(self.around, full.ahead), 503)
            return
        self.show(html)


class Join(Door):
    """Where the QR code leads."""

    def get(self, code: str) -> None:
        """The welcome, with the join code filled in."""
        if session_of(self):
            self.redirect(self.room.base)
            return
        self.show(showing.welcome(self.around, join=code))


class Entrance(Door):
    """What is alike in coming for the first time and coming back."""

    async def post(self) -> None:
        """Let in who brings the join code."""
        join = self.get_body_argument("join", "")
        code = self.get_body_argument("code", "")
        if not same_join(join, self.room.keys.join):
            late = not self.room.wrong_joins.take(self.request.remote_ip or "")
            error = "too_many" if late else "wrong_join"
            self.show(showing.welcome(self.around, join=join, code=code, error=error), 429 if late else 403)
            return
        try:
            session = await self.let_in(code)
        except Full as full:
            again = showing.Again(self.path, {"join": join, "code": code})
            self.show(showing.waiting(self.around, full.ahead, again), 503)
            return
        except MentorkitError as refusal:
            status = 503 if isinstance(refusal, NotSaved) else 403
            self.show(showing.welcome(self.around, join=join, code=code, sentence=str(refusal)), status)
            return
        self.remember(session)
        self.redirect(self.room.base + self.onward, status=303)

    path, onward = "", ""

    async def let_in(self, code: str) -> Session:
        """The session; raises `MentorkitError`."""
        raise HTTPError(405)


class Begin(Entrance):
    """Coming for the first time: a new return code."""

    path, onward = "begin", f"code?{LET_IN}"

    async def let_in(self, code: str) -> Session:
        """A new session. Whoever has one already keeps it: a second click makes no second workbook."""
        return session_of(self) or await self.room.begin()


class Return(Entrance):
    """Coming back with a return code."""

    path, onward = "return", f"?{LET_IN}"

    async def let_in(self, code: str) -> Session:
        """The session of this code; raises `MentorkitError` when there is none."""
        return await self.room.come_back(code, self.request.remote_ip or "")


class Code(Door):
    """The return code, to be kept."""

    def get(self) -> None:
        """Show it to who has it."""
        session = session_of(self)
        if session is None:
            self.stranger()
            return
        self.show(showing.return_code(self.around, session.code, self.room.keys.join))


class Leave(Door):
    """Finish and clear this device."""

    def get(self) -> None:
        """Ask first, with the code."""
        session = session_of(self)
        if session is None:
            self.redirect(self.room.base)
            return
        self.show(showing.leave(self.around, session.code, self.room.keys.join))

    async def post(self) -> None:
        """End the student's pages and forget them in this browser."""
        session = session_of(self)
        if session is not None:
            await self.room.kernels.end_all_of(session.name)
        self.forget()
        self.show(showing.left(self.around))


class Alive(RequestHandler):
    """Tells a page which run of the room answers, and whether its kernel is still there: asked for all the time."""

    def get(self) -> None:
        """Says nothing about others' kernels."""
        session, room = session_of(self), self.settings["room"]
        kernel_id = self.get_query_argument("kernel", "")
        runs = session is not None and room.kernels.owner_of(kernel_id) == session.name
        self.set_header("Cache-Control", "no-store")
        self.finish({"alive": True, "run": room.run_id, "kernel": runs})


class Closed(Door):
    """A page tells that it is gone, so its kernel ends."""

    async def post(self, kernel_id: str) -> None:
        """End the kernel once it has worked off what the page sent last."""
        session = session_of(self)
        if session is None or self.room.kernels.owner_of(kernel_id) != session.name:
            raise tornado.web.HTTPError(403)
        self.room.end_soon(kernel_id)
        self.set_status(204)
        self.finish()
