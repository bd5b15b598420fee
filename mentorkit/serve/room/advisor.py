"""The advisor's live page: how to join, and counts. Never who, and never what."""

import asyncio
import json
import secrets
from typing import Any

from tornado.web import HTTPError

from mentorkit.serve.room import showing
from mentorkit.serve.room.doors import Door

COOKIE = "mentorkit-advisor"


class _Advisor(Door):
    def prepare(self) -> None:
        """For who has the advisor's address, or has used it in this browser."""
        shown = self.get_query_argument("token", "") or self.get_cookie(COOKIE) or ""
        if not secrets.compare_digest(shown.encode(), self.room.keys.advisor.encode()):
            raise HTTPError(403)


class Page(_Advisor):
    """How to join, in large letters, and the counts below."""

    def get(self) -> None:
        """The token of the address is traded for a cookie and leaves the address bar."""
        here = f"{self.room.base}advisor"
        if self.request.query:
            token = self.room.keys.advisor
            self.set_cookie(COOKIE, token, path=here, httponly=True, samesite="Strict", secure=self.around.secure)
            self.redirect(f"{here}/")
            return
        self.show(showing.advisor(self.around, self.room.joining()))


class Counts(_Advisor):
    """The counts as JSON."""

    async def get(self) -> None:
        """Counts only."""
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(await counts(self.room)))


async def counts(room: Any) -> dict[str, Any]:
    """What the advisor may know, see `showing.advisor`; `saving` says when the keeper does not answer."""
    try:
        kept = await asyncio.wait_for(room.keeper.counts(), 2)
    except (OSError, TimeoutError):
        kept = None
    kernels = room.kernels
    return {
        "expected": room.setup.students,
        "in": kept.lockers if kept else None,
        "here": kernels.people,
        "finished": {label: kept.finished.get(slug, 0) for slug, label in room.pages} if kept else {},
        "waiting": kernels.waiting,
        "saving": room.saving(kept),
        "memory": {"used_mb": room.health.memory, "limit_mb": room.health.limit},
        "answer_ms": room.health.answer,
        "full": kernels.is_full,
        "kernels": kernels.kind,
        "apart": kernels.are_apart,
        "cohort": room.setup.cohort,
        "encrypted": room.setup.secure,
    }
