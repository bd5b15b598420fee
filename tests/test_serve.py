"""The app as a program meets it: what it serves, whom it refuses, and what its websocket lets through."""

import json
import os
import re
import signal
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from protocol import ask, connect, converse, message, open_kernel, packed, run, sign_in
from serving import Served
from tornado.httpclient import HTTPClientError
from tornado.web import HTTPError

from mentorkit.errors import MentorkitError
from mentorkit.serve.app import EXTENSIONS
from mentorkit.serve.channels import Unreadable, admitted, read_message
from mentorkit.serve.kernels import FewKernels
from mentorkit.serve.keys import KEYS_FILE, keys_in
from mentorkit.serve.notebooks import compose, slug_of, student_pages
from mentorkit.serve.open import listen


@pytest.fixture(scope="module")
def cookie(small_app: Served) -> str:
    return sign_in(small_app)


@pytest.fixture(scope="module")
def kernel(small_app: Served, cookie: str) -> str:
    return open_kernel(small_app, cookie)


# ---- one notebook of many


def test_the_pages_for_students_come_in_order_and_the_advisors_is_left_out(small_notebooks: Path) -> None:
    slugs = [slug_of(path) for path in student_pages(small_notebooks)]
    assert slugs == ["start-here", "goals", "mentor-types", "reassess", "what-changed"]


def test_each_cell_of_the_composed_notebook_knows_its_page(small_notebooks: Path, tmp_path: Path) -> None:
    book = nbformat.read(compose(small_notebooks, tmp_path), as_version=4)
    nbformat.validate(book)
    assert [page["title"] for page in book.metadata.mentorkit.pages][:2] == ["What is this?", "What do I need?"]
    marks = [cell.metadata.mentorkit for cell in book.cells]
    assert [mark.page for mark in marks if mark.first] == [page["slug"] for page in book.metadata.mentorkit.pages]
    assert len({cell.id for cell in book.cells}) == len(book.cells)


def test_a_folder_without_notebooks_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MentorkitError, match="no student notebook"):
        compose(tmp_path, tmp_path)


# ---- keys and ports


def test_the_keys_stay_the_same_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    keys = keys_in(tmp_path / "home")
    assert stat.S_IMODE((tmp_path / "home" / KEYS_FILE).stat().st_mode) == 0o600
    assert keys_in(tmp_path / "home") == keys


@pytest.mark.parametrize("damaged", ["", "{}", "[]", "null", '{"token": "short", "cookie_secret": "AAAA"}'])
def test_damaged_or_weak_keys_are_replaced(tmp_path: Path, damaged: str) -> None:
    (tmp_path / KEYS_FILE).write_text(damaged)
    keys = keys_in(tmp_path)
    assert len(keys.token) >= 32 and len(keys.cookie_secret) == 32
    assert keys == keys_in(tmp_path)


def test_a_wanted_port_that_is_taken_gives_one_sentence() -> None:
    (held,) = listen(0)
    with held, pytest.raises(MentorkitError, match=r"^Port \d+ cannot be used .*Choose another port\.$"):
        listen(held.getsockname()[1])


def test_the_app_listens_on_the_loopback_interface_only() -> None:
    (held,) = listen(0)
    with held:
        assert held.getsockname()[0] == "127.0.0.1"


# ---- who is let in


def test_without_the_token_nothing_of_the_student_is_served(small_app: Served, kernel: str) -> None:
    for path in ("/", "/mentorkit/alive", f"/api/kernels/{kernel}", f"/api/kernels/{kernel}/channels"):
        status, _, body = ask(small_app, path)
        assert status == 403, path
        assert "mentorkit open" in body and "<" not in body


def test_a_wrong_token_and_a_forged_cookie_are_refused(small_app: Served, cookie: str) -> None:
    assert ask(small_app, "/?token=wrong")[0] == 403
    assert ask(small_app, "/", Cookie=cookie[:-4] + "0000")[0] == 403


def test_the_token_is_traded_for_a_strict_cookie_and_leaves_the_address(small_app: Served) -> None:
    status, headers, _ = ask(small_app, small_app.address.removeprefix(small_app.base.rstrip("/")))
    assert (status, headers["location"]) == (302, "/")
    assert "HttpOnly" in headers["set-cookie"] and "SameSite=Strict" in headers["set-cookie"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}", ""]
)
@pytest.mark.parametrize("path", ["/", "/mentorkit/static/workbook.js", "/voila/static/voila.js", "/mentorkit/alive"])
def test_a_name_that_points_here_is_not_enough(small_app: Served, cookie: str, host: str, path: str) -> None:
    status, _, body = ask(small_app, path, Host=host.format(port=small_app.port), Cookie=cookie)
    assert status in (400, 403)
    assert status == 400 or body.count(".") == 2


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "LOCALHOST:{port}"])
def test_the_names_of_this_computer_are_let_in(small_app: Served, host: str) -> None:
    assert ask(small_app, "/mentorkit/static/workbook.js", Host=host.format(port=small_app.port))[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"])
def test_a_foreign_page_is_refused_even_with_the_token(
    small_app: Served, kernel: str, cookie: str, origin: str
) -> None:
    origin, token = origin.format(port=small_app.port), small_app.address.split("=")[1]
    for path, method in (("/mentorkit/alive", "GET"), (f"/mentorkit/closed/{kernel}", "POST")):
        assert ask(small_app, path, method, Cookie=cookie, Origin=origin)[0] == 403
        assert ask(small_app, f"{path}?token={token}", method, Origin=origin)[0] == 403


def test_a_foreign_page_cannot_open_the_websocket(small_app: Served, kernel: str, cookie: str) -> None:
    for origin in ("http://evil.example", "null", f"http://localhost:{small_app.port + 1}"):
        with pytest.raises(HTTPClientError, match="403"):
            run(connect(small_app, kernel, cookie, Origin=origin))


def test_another_website_cannot_embed_a_script_to_find_out_that_the_workbook_runs(small_app: Served) -> None:
    status, _, _ = ask(small_app, "/voila/static/voila.js", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")
    assert status == 403


# ---- what is served, and how


@pytest.mark.parametrize(
    "path",
    [
        "/api/kernels", "/api/sessions", "/api/contents", "/api/kernelspecs", "/api/terminals", "/api/status", "/login",
        "/logout", "/tree", "/voila/tree", "/voila/render/workbook.ipynb", "/voila/files/workbook.ipynb",
        "/voila/query/x", "/voila/files/image.png", "/voila/api/contents", "/voila/api/themes/x",
        "/voila/static/../../app-keys.json", "/mentorkit/static/..%2f..%2fapp.py",
        "/voila/labextensions/..%2f..%2f..%2fapp-keys.json", "/workbook.ipynb",
    ],
)  # fmt: skip
def test_nothing_else_is_there(small_app: Served, cookie: str, path: str) -> None:
    status, _, body = ask(small_app, path, Cookie=cookie)
    assert status in (403, 404)
    assert "Traceback" not in body and "/" not in body.replace("</", "")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "POST", "PATCH"])
def test_a_kernel_can_be_read_and_not_changed(small_app: Served, kernel: str, cookie: str, method: str) -> None:
    token = "token " + small_app.address.split("=")[1]
    assert ask(small_app, f"/api/kernels/{kernel}", method, Authorization=token)[0] == 405
    assert ask(small_app, f"/api/kernels/{kernel}", Cookie=cookie)[0] == 200


def test_scripts_and_the_page_travel_compressed(small_app: Served, cookie: str) -> None:
    for path in ("/", "/voila/static/voila.js", "/mentorkit/static/workbook.css", "/mentorkit/widgets/form.js"):
        assert ask(small_app, path, Cookie=cookie, Accept_Encoding="gzip")[1]["content-encoding"] == "gzip"


def test_another_template_cannot_be_asked_for(small_app: Served, cookie: str) -> None:
    status, headers, _ = ask(small_app, "/?template=reveal", Cookie=cookie)
    assert (status, headers["location"]) == (302, "/")


def test_only_the_extensions_that_a_page_needs_are_loaded(small_app: Served, cookie: str) -> None:
    named = re.search(r'"federated_extensions": (\[.*?\])', ask(small_app, "/", Cookie=cookie)[2])
    assert named and {extension["name"] for extension in json.loads(named[1])} == set(EXTENSIONS)


def test_a_page_can_tell_this_run_from_the_next(small_app: Served, cookie: str, kernel: str) -> None:
    first = json.loads(ask(small_app, f"/mentorkit/alive?kernel={kernel}", Cookie=cookie)[2])
    assert first["alive"] is True and first["kernel"] is True and len(first["run"]) == 16
    assert json.loads(ask(small_app, "/mentorkit/alive?kernel=nonsense", Cookie=cookie)[2])["kernel"] is False


def test_a_beacon_without_an_origin_does_not_end_a_kernel(small_app: Served, kernel: str, cookie: str) -> None:
    assert ask(small_app, f"/mentorkit/closed/{kernel}", "POST", Cookie=cookie)[0] == 403


def test_the_page_never_shows_what_a_failing_cell_said(small_app: Served, cookie: str) -> None:
    html = ask(small_app, "/", Cookie=cookie)[2]
    assert "what I wrote" not in html and "Traceback" not in html and "ValueError" not in html
    assert html.count('class="mk-failed"') == 1


# ---- what the websocket lets through


@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub"])
def test_no_code_runs_from_the_page(small_app: Served, kernel: str, cookie: str, channel: str, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    code = f"open({str(trace)!r}, 'w')"
    asked = [
        message(
            "execute_request", {"code": code, "silent": False, "store_history": False, "user_expressions": {"x": code}}
        ),
        message("inspect_request", {"code": "echo", "cursor_pos": 2, "detail_level": 1}),
        message("complete_request", {"code": "ech", "cursor_pos": 3}),
        message("history_request", {"hist_access_type": "tail", "n": 9, "output": False, "raw": True}),
        message("is_complete_request", {"code": "1"}),
        message("debug_request", {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}}),
        message("input_reply", {"value": code, "status": "ok"}),
        message("create_subshell_request", {}),
        message("usage_request", {}),
        message("interrupt_request", {}),
        message("shutdown_request", {"restart": False}),
        message("apply_request", {}),
    ]
    heard = converse(small_app, kernel, cookie, [packed(said, channel) for said in asked])
    ours = {said["header"]["msg_id"] for said in asked}
    assert not [said for said in heard if said["to"] in ours]
    assert not trace.exists()
    assert json.loads(ask(small_app, f"/mentorkit/alive?kernel={kernel}", Cookie=cookie)[2])["kernel"] is True


def test_the_page_can_read_the_widgets_and_cannot_make_one(small_app: Served, kernel: str, cookie: str) -> None:
    controls = {"_model_module": "@jupyter-widgets/controls", "_view_module": "@jupyter-widgets/controls"}
    versions = {"_model_module_version": "2.0.0", "_view_module_version": "2.0.0"}
    state = {"_model_name": "TextModel", "_view_name": "TextView", **controls, **versions}
    made = {
        "comm_id": "made-by-the-page",
        "target_name": "jupyter.widget",
        "data": {"state": state, "buffer_paths": []},
    }
    opening, listing = message("comm_open", made), message("comm_info_request", {})
    opening["metadata"] = {"version": "2.1.0"}
    heard = converse(small_app, kernel, cookie, [packed(opening), packed(listing)])
    replies = [said["content"] for said in heard if said["type"] == "comm_info_reply"]
    assert replies[-1]["comms"]
    assert "made-by-the-page" not in json.dumps(heard)


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", "SHELL"])
def test_widget_messages_go_to_the_shell_only(channel: str) -> None:
    assert admitted("shell", {"msg_type": "comm_msg"}, {})
    assert not admitted(channel, {"msg_type": "comm_msg"}, {})


@pytest.mark.parametrize("header", [None, [], "comm_msg", {}, {"msg_type": None}, {"msg_type": "execute_request"}])
def test_a_message_that_names_no_admitted_kind_is_not_admitted(header: object) -> None:
    assert not admitted("shell", header, {})


def test_what_cannot_be_read_is_dropped_and_the_connection_goes_on(small_app: Served, kernel: str, cookie: str) -> None:
    good = packed(message("comm_info_request", {}))
    bad = [
        b"",
        b"\0" * 8,
        b"\xff" * 64,
        good[:40],
        good + b"x",
        good.replace(b"{", b"["),
        b"\x06" + good[1:],
        b"\xff" * 8 + good,
    ]
    assert converse(small_app, kernel, cookie, bad)[-1]["type"] == "kernel_info_reply"


@pytest.mark.parametrize("raw", ["text", b"", b"\xff" * 8, (2**63).to_bytes(8, "little"), b"\x06" + b"\0" * 60])
def test_a_hostile_length_is_refused_before_anything_is_made_of_it(raw: bytes | str) -> None:
    with pytest.raises(Unreadable):
        read_message(raw)


# ---- the end


def test_the_app_ends_its_kernels_and_itself_on_sigterm_and_on_ctrl_c(
    serve: Callable[..., Served], small_notebooks: Path
) -> None:
    for how in (signal.SIGTERM, signal.SIGINT):
        served = serve(notebooks=small_notebooks)
        html = ask(served, "/", Cookie=sign_in(served))[2]
        pid = int(html.split("pid ")[1].split()[0])
        assert served.process is not None
        served.process.send_signal(how)
        assert served.process.wait(20) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert "Traceback" not in (served.home / "stderr.txt").read_text()


def kernel_left(seconds: float, connections: int = 0) -> dict[str, Any]:
    """What the server knows of a kernel whose page was last heard of so long ago."""
    last = datetime.now(UTC) - timedelta(seconds=seconds)
    return {"id": f"left {seconds:g} s ago", "last_activity": last.isoformat(), "connections": connections}


def room_made(kernels: list[dict[str, Any]]) -> list[str]:
    """Which kernels end when one more page asks at the limit."""
    ended: list[str] = []

    class Full(FewKernels):
        def __len__(self) -> int:
            return self.max_kernels

        def list_kernels(self) -> list[dict[str, Any]]:
            return kernels

        async def shutdown_kernel(self, kernel_id: str, **_: Any) -> None:
            ended.append(kernel_id)

    run(Full()._make_room())
    return ended


def test_at_the_limit_the_page_that_was_left_longest_ago_makes_room() -> None:
    assert room_made([kernel_left(40), kernel_left(90), kernel_left(600, connections=1)]) == ["left 90 s ago"]


def test_a_page_that_is_open_or_still_loading_is_never_ended_for_another() -> None:
    with pytest.raises(HTTPError) as refusal:
        room_made([kernel_left(5), kernel_left(600, connections=1)])
    assert refusal.value.status_code == 503
