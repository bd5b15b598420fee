"""What a refusal looks like to the person at the screen: one sentence, and never a traceback."""

from typing import Any

from tornado.web import HTTPError

LOCKED = "This workbook is locked. Open the address that mentorkit open printed: it ends with ?token=…"
SENTENCES = {403: LOCKED, 404: "There is nothing at this address."}
OTHERWISE = "That did not work. What was shown as saved is safe. Reload the page."


class Plain:
    """A mixin for Jupyter's handlers: no login form, no error page of Jupyter."""

    def get_login_url(self) -> str:
        """There is no login page: the address with the token is the only way in."""
        raise HTTPError(403)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """One sentence as plain text; our own refusals bring theirs along."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        own = error.log_message if isinstance(error, HTTPError) and status_code == 503 else None
        self.set_header("Content-Type", "text/plain; charset=utf-8")  # type: ignore[attr-defined]
        self.finish((own or SENTENCES.get(status_code, OTHERWISE)) + "\n")  # type: ignore[attr-defined]
