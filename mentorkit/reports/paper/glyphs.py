"""Which characters the fonts here can show, and words for the others: nothing typed is left out of a PDF."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

PLAIN = re.compile(r"[\t\n -\u02ff\u1e00-\u1eff\u2010-\u2040\u20ac\u2190-\u2193]")  # these the built-in fonts have
JOINER = "\N{ZERO WIDTH JOINER}"
SKIN = range(0x1F3FB, 0x1F400)
FLAG = range(0x1F1E6, 0x1F200)
PROBE = b"""#set document(title: "-", date: none)
#set text(lang: "en")
#for one in json(bytes(sys.inputs.clusters)) { par(one) }"""


def clusters(text: str) -> list[str]:
    """The text cut into what is drawn as one: a character with its marks, an emoji with what is joined to it."""
    found: list[str] = []
    for one in text:
        if found and _goes_with(found[-1], one):
            found[-1] += one
        else:
            found.append(one)
    return found


def _goes_with(cluster: str, one: str) -> bool:
    flag = len(cluster) == 1 and ord(cluster) in FLAG and ord(one) in FLAG
    return flag or one == JOINER or cluster[-1] == JOINER or unicodedata.category(one)[0] == "M" or ord(one) in SKIN


def unusual(value: Any) -> list[str]:
    """The clusters in all texts of plain data, each once, that the built-in fonts may not have."""
    found = {cluster for text in texts(value) for cluster in clusters(text)}
    return sorted(cluster for cluster in found if not PLAIN.fullmatch(cluster))


def texts(value: Any) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def spelled(cluster: str) -> str:
    """The names of its characters in brackets, as *[green heart]*; the number of one that has no telling name."""
    if all(ord(one) in FLAG for one in cluster):
        return f"[flag {''.join(chr(ord(one) - FLAG[0] + ord('A')) for one in cluster)}]"
    seen = [one for one in _seen(cluster) if ord(one) not in SKIN]
    return f"[{', '.join(map(_name, seen or cluster))}]"


def _seen(cluster: str) -> list[str]:
    return [one for one in cluster if unicodedata.category(one)[0] not in "MC"]


def _name(one: str) -> str:
    name = unicodedata.name(one, "").lower()
    return f"U+{ord(one):04X}" if not name or "ideograph-" in name else name


def respell(value: Any, words: dict[str, str]) -> Any:
    """The same plain data, every cluster of `words` replaced by its words."""
    if not words:
        return value
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return _in_every_text(value, lambda text: pattern.sub(lambda found: words[found[0]], text))


def _in_every_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _in_every_text(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_in_every_text(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


@cache
def fonts(system: bool) -> Any:
    """The fonts that come with Typst, and this computer's own if asked for."""
    import typst

    return typst.Fonts(include_system_fonts=system)


def not_shown(asked: Sequence[str], system: bool) -> list[str]:
    """The clusters of which these fonts lack something."""
    lost = set(_lost(sorted({part for cluster in asked for part in _parts(cluster)}), system))
    return [cluster for cluster in asked if lost & _parts(cluster)]


def _parts(cluster: str) -> set[str]:
    return {cluster, *_seen(cluster)}  # a font may pass a joined emoji of which it draws the smaller half


def _lost(asked: Sequence[str], system: bool) -> list[str]:
    """What these fonts lack, found by halving: a PDF/UA with a missing character is refused."""
    if not asked or written(PROBE, {"clusters": json.dumps(asked)}, system):
        return []
    half = len(asked) // 2
    return [*_lost(asked[:half], system), *_lost(asked[half:], system)] if half else [*asked]


def written(template: bytes, inputs: dict[str, str], system: bool) -> bytes | None:
    """The PDF/UA-1 of a template, or None when the compiler refuses it or breaks."""
    import typst

    options = {"font_paths": fonts(system), "ignore_system_fonts": True, "pdf_standards": ["ua-1"]}
    try:
        done: bytes = typst.compile(template, sys_inputs=inputs, **options)
    except typst.TypstError:
        return None
    except BaseException as failure:  # a panic of the compiler is no Exception, and the next text may go well
        if type(failure).__name__ != "PanicException":
            raise
        return None
    return done
