"""The room's pages outside the workbook, each drawn from what it shows; who may see one is decided elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mentorkit.content import load_content
from mentorkit.reports.html import day as written
from mentorkit.widgets.parts import words_in

HERE = Path(__file__).parent
AT_JOIN = ("wrong_join", "too_many")  # what can be wrong with a join code
REASONS = {
    400: "unclear",
    401: "not_yours",
    403: "not_yours",
    404: "nothing",
    405: "unclear",
    413: "unclear",
    429: "too_many",
    503: "closed",
}
GROUP = 3  # characters of a join code that are read together


@dataclass(frozen=True)
class Around:
    """What every page needs to know."""

    base: str  # the path below which everything lies: starts and ends with a slash
    secure: bool  # whether the connection is encrypted
    address: str  # the public one, ending in a slash
    cohort: str = ""
    scripts: str = ""  # the path below the base of what the workbook needs, to be fetched while people read


@dataclass(frozen=True)
class Joining:
    """How to join, for the projector."""

    address: str  # that people can type
    join: str  # the join code
    qr: str  # an SVG element of our own making, which opens the address with the join code


@dataclass(frozen=True)
class Again:
    """What was asked for when there was no room, to be asked again: a path below the base, and the form's fields."""

    path: str
    fields: Mapping[str, str]


def welcome(around: Around, join: str = "", code: str = "", error: str = "", sentence: str = "") -> str:
    """Where people come in. What they typed is kept.

    `error` says what is wrong with the join code (`wrong_join` or `too_many`), `sentence` what with the return code.
    """
    words = _words()
    wrong = words[f"door_{error}"] if error in AT_JOIN else ""
    returns = bool(sentence or (wrong and code))
    return _page(
        "welcome", around, words["door_title"], join=join.strip(), code=code, shown=spaced(join), wrong=wrong,
        sentence=sentence, returns=returns, asks=bool(wrong) or not join.strip(),
    )  # fmt: skip


def return_code(around: Around, code: str, join: str = "", today: date | None = None) -> str:
    """The six words, to be kept. With the `join` code the address on the card leads straight to coming back."""
    return _page("code", around, _words()["code_title"], **_card(around, code, join, today))


def leave(around: Around, code: str, join: str = "", today: date | None = None) -> str:
    """Asks once before the device forgets the student."""
    return _page("leave", around, _words()["leave_title"], **_card(around, code, join, today))


def left(around: Around) -> str:
    """The device has forgotten the student."""
    return _page("left", around, _words()["left_title"])


def waiting(around: Around, ahead: int = 0, again: Again | None = None) -> str:
    """There is no room for a moment; `ahead` is how many come first (0 when nobody knows).

    The page asks for itself again, or sends the form anew that was refused.
    """
    return _page("waiting", around, _words()["wait_title"], ahead=ahead, again=again)


def refusal(around: Around, reason: int | str) -> str:
    """One sentence: for a status, or for `wrong_join`, `too_many`, `not_yours`, `no_cookies`, `closed`."""
    words = _words()
    name = REASONS.get(reason, "trouble") if isinstance(reason, int) else reason
    return _page("refused", around, words["refused_title"], sentence=words[f"refused_{name}"])


def advisor(around: Around, joining: Joining) -> str:
    """How to join, for the projector, and the counts, which the page asks for by itself."""
    script = (HERE / "static" / "advisor.js").read_text("utf-8")
    said = {key: _words()[key] for key in sorted(words_in(script))}
    return _page(
        "advisor", around, _words()["advisor_title"], address=joining.address, shown=spaced(joining.join),
        qr=Markup(joining.qr), script_words=json.dumps(said), typed=around.address.split("://")[-1].rstrip("/"),
    )  # fmt: skip


def spaced(join: str) -> str:
    """A join code as people read it out: in capitals, three at a time."""
    plain = "".join(char for char in join.upper() if char.isalnum())
    return " ".join(plain[at : at + GROUP] for at in range(0, len(plain), GROUP))


def _card(around: Around, code: str, join: str, today: date | None) -> dict[str, object]:
    """What stands on the card, on the screen and on paper, and the same as a text file."""
    words, given = _words(), code.split()
    back = f"{around.address}join/{join}" if join else around.address
    made = words["code_made"].format(day=written((today or date.today()).isoformat()))
    numbered = [f"{number}. {word}" for number, word in enumerate(given, 1)]
    lines = [words["code_card"], "", " ".join(given), "", *numbered, "", f"{words['code_come_back']} {back}", made]
    text = "\r\n".join([*lines, "", words["code_why"], ""])
    return {"given": given, "back": back, "made": made, "file": "data:text/plain;charset=utf-8," + quote(text)}


def _words() -> Mapping[str, str]:
    return load_content().words


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _page(name: str, around: Around, title: str, **values: object) -> str:
    template = _templates().get_template(f"{name}.html")
    return template.render(around=around, words=_as_names(), title=title, **values)


@cache
def _as_names() -> SimpleNamespace:
    """The words for the templates, which ask for `words.key`: an attribute is found at once, a key after a failure."""
    return SimpleNamespace(**_words())
