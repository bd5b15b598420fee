"""The scripts that every visit needs come as one file, and a page opens as well where one of them does not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from protocol import ask, sign_in
from serving import Served

from mentorkit.serve.bots.rooms import OwnRoom
from mentorkit.serve.files import PIECE
from mentorkit.serve.scripts import BEGUN, WHOLE, in_one

Window = Callable[..., Any]
OPEN = ".mk-book[data-state=open]"
ADDRESS = re.compile(r"mentorkit/scripts\.[0-9a-f]{32}\.js")


def asked_by(page: Any) -> list[str]:
    """The paths that the page asks for from now on."""
    paths: list[str] = []
    page.on("request", lambda request: paths.append(request.url.split("/", 3)[-1]))
    return paths


def written(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def address(small_app: Served) -> str:
    """Where the page finds them."""
    found = ADDRESS.search(ask(small_app, "/", Cookie=sign_in(small_app))[2])
    assert found
    return "/" + found[0]


def test_a_visit_asks_once_for_all_of_them(small_app: Served, window: Window) -> None:
    page = window()
    asked = asked_by(page)
    page.goto(small_app.address)
    page.locator(OPEN).wait_for(timeout=30_000)
    assert [path for path in asked if path.startswith("voila/static/")] == ["voila/static/voila.js"]
    theirs = [path for path in asked if path.startswith("voila/labextensions/")]
    assert len(theirs) == 3 and all("/remoteEntry." in path for path in theirs)
    assert len([path for path in asked if ADDRESS.match(path)]) == 1
    assert page.problems == []


def test_a_page_opens_as_well_where_they_do_not_come(small_app: Served, window: Window) -> None:
    page = window()
    page.route("**/mentorkit/scripts.*", lambda route: route.abort())
    asked = asked_by(page)
    page.goto(small_app.address)
    page.locator(OPEN).wait_for(timeout=30_000)
    page.get_by_label("Say start").fill("hello")
    page.get_by_text("Python heard hello").wait_for()
    assert len([path for path in asked if path.startswith("voila/static/")]) > 50


def test_in_a_room_they_come_while_people_read_the_welcome(room: OwnRoom, window: Window) -> None:
    page = window()
    with page.expect_event("requestfinished", lambda request: ADDRESS.search(request.url)):
        page.goto(room.join_address)
    page.get_by_role("button", name="Begin").click()
    asked = asked_by(page)
    page.get_by_role("link", name="I have kept it").click()
    page.locator(OPEN).wait_for(timeout=30_000)
    assert [path for path in asked if path.startswith("voila/static/")] == ["voila/static/voila.js"]
    assert page.problems == []


def test_they_come_whole_packed_or_not_and_are_kept(small_app: Served, address: str) -> None:
    status, headers, plain = ask(small_app, address)
    assert status == 200 and len(plain.encode()) == int(headers["content-length"]) > 8 * PIECE
    assert "immutable" in headers["cache-control"] and headers["content-type"].startswith("text/javascript")
    status, packed, _ = ask(small_app, address, Accept_Encoding="gzip")
    assert packed["content-encoding"] == "gzip" and int(packed["content-length"]) < len(plain) / 3
    assert ask(small_app, address, If_None_Match=headers["etag"])[0] == 304
    assert ask(small_app, "/mentorkit/scripts.0123456789abcdef0123456789abcdef.js")[0] == 404


def test_only_what_the_page_would_ask_for_is_in_them(tmp_path: Path) -> None:
    core = {"voila.js": "all([r.e(1),r.e(22)])", "1.voila.js": "one", "3.voila.js": "no"}
    theirs = {"7.abc.js": "seven", "style.js": "no", "remoteEntry.js": "no"}
    static = written(tmp_path / "static", core)
    written(tmp_path / "extensions" / WHOLE[0] / "static", theirs)
    entry = '{"./index":()=>Promise.all([t.e(4)]).then(),"./extension":()=>Promise.all([t.e(5),t.e(6)]).then(t.e(8))}'
    begun = {"remoteEntry.abc.js": entry, "4.a.js": "no", "5.a.js": "five", "6.a.js": "six", "8.a.js": "no"}
    written(tmp_path / "extensions" / BEGUN / "static", begun)
    found = in_one([static], [tmp_path / "extensions"]).plain.decode()
    assert found == "".join(f"(() => {{{word}\n}})();\n" for word in ("one", "seven", "five", "six"))


def test_each_comes_from_the_folder_that_a_page_would_get_it_from(tmp_path: Path) -> None:
    none, new, old = (tmp_path / name for name in ("none", "new", "old"))
    for folder, other in ((new, "2.voila.js"), (old, "3.voila.js")):
        texts = {"voila.js": "r.e(1) r.e(2) r.e(3)", "1.voila.js": folder.name, other: folder.name}
        written(folder / "static", texts)
        written(folder / WHOLE[1] / "static", texts)
    found = in_one([none, new / "static", old / "static"], [none, new, old])
    assert b"new" in found.plain and b"old" not in found.plain


def test_an_installation_without_them_has_none(tmp_path: Path) -> None:
    assert in_one([tmp_path], [tmp_path / "none"]).plain == b""
