"""What every answer of the app carries, and how the widgets' modules and styles are served."""

import sys
from pathlib import Path

import pytest
from protocol import ask, sign_in
from serving import Served
from voila.paths import collect_static_paths

from mentorkit.serve.app import FAMILY
from mentorkit.widgets.parts import made

ANYWIDGET = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "anywidget"
SCRIPTS_AND_STYLES = [
    "/mentorkit/static/workbook.css",
    "/mentorkit/static/workbook.js",
    "/mentorkit/widgets/form.js",
    "/mentorkit/widgets/widgets.css",
    "/voila/static/voila.js",
    *(f"/voila/labextensions/anywidget/static/{path.name}" for path in ANYWIDGET.glob("static/remoteEntry*.js")),
]
KINDS = {"js": "javascript", "css": "css"}
VOILA = [Path(folder) for folder in collect_static_paths(FAMILY, "lab")]
PICTURES = [f"/voila/static/{path.name}" for folder in VOILA for path in sorted(folder.glob("*.svg"))][:1]


@pytest.fixture(scope="module")
def cookie(small_app: Served) -> str:
    return sign_in(small_app)


def carry(headers: dict[str, str], **wanted: str) -> bool:
    return all(headers.get(name.replace("_", "-")) == value for name, value in wanted.items())


@pytest.mark.parametrize("path", ["/", "/nothing", "/mentorkit/alive", "/mentorkit/widgets/none.js", *PICTURES])
def test_all_that_a_browser_may_open_as_a_document_carries_the_policy(
    small_app: Served, cookie: str, path: str
) -> None:
    for headers in (ask(small_app, path, Cookie=cookie)[1], ask(small_app, path)[1], ask(small_app, path, Host="x")[1]):
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert (
            policy["default-src"]
            == policy["frame-ancestors"]
            == policy["base-uri"]
            == policy["form-action"]
            == policy["worker-src"]
            == "'none'"
        )
        assert policy["script-src"] == "'self' blob:" and policy["script-src-attr"] == "'none'"
        assert carry(headers, x_frame_options="DENY", cross_origin_opener_policy="same-origin")
        assert "camera=()" in headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/", "/nothing", "/mentorkit/alive", *SCRIPTS_AND_STYLES])
def test_every_answer_stays_what_it_is_and_on_its_own_page(small_app: Served, cookie: str, path: str) -> None:
    for headers in (ask(small_app, path, Cookie=cookie)[1], ask(small_app, path)[1], ask(small_app, path, Host="x")[1]):
        assert carry(headers, referrer_policy="no-referrer", x_content_type_options="nosniff")
        assert carry(headers, cross_origin_resource_policy="same-origin")
        assert "server" not in headers and "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", SCRIPTS_AND_STYLES)
def test_a_script_or_a_style_is_spared_the_headers_of_a_document(small_app: Served, path: str) -> None:
    status, headers, _ = ask(small_app, path)
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/" + KINDS[path.rpartition(".")[2]])
    assert {"content-security-policy", "permissions-policy", "x-frame-options"} & set(headers) == set()


def test_a_refused_script_is_a_document_and_carries_the_policy(small_app: Served) -> None:
    status, headers, _ = ask(small_app, "/mentorkit/widgets/form.js", Host="evil.example")
    assert (status, headers["x-frame-options"]) == (403, "DENY") and "content-security-policy" in headers


# ---- the widgets' modules and styles


def test_a_widget_s_file_is_what_it_is_made_of_and_a_browser_need_not_load_it_twice(small_app: Served) -> None:
    status, headers, body = ask(small_app, "/mentorkit/widgets/form.js")
    assert (status, body) == (200, made("form.js"))
    assert ask(small_app, "/mentorkit/widgets/form.js", If_None_Match=headers["etag"])[0] == 304


@pytest.mark.parametrize("name", ["", "elements.js", "../parts.py", "..%2fparts.py", "form.py", "form.js/"])
def test_only_whole_modules_and_styles_are_served(small_app: Served, name: str) -> None:
    assert ask(small_app, f"/mentorkit/widgets/{name}")[0] == 404
