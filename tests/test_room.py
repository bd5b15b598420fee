"""A room from its doors: coming in, working, coming back, leaving; and what strangers are refused."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from protocol import run
from rooms import ask, at_work, kernel_of, runs, sentence, until, visitor
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from mentorkit.content import load_content
from mentorkit.serve.bots.protocol import PROTOCOL, custom, packed
from mentorkit.serve.bots.rooms import OwnRoom
from mentorkit.serve.bots.run import join_of
from mentorkit.serve.bots.visitor import Visitor
from mentorkit.serve.keeper import new_code

WORDS = load_content().words


# Coming in and coming back


def test_a_student_comes_in_answers_and_comes_back_on_another_device_with_nothing_but_the_code(room: OwnRoom):
    async def play() -> None:
        one = await at_work(room, answers=5)
        assert len(one.code.split()) == 6 and len(one.acknowledged) == 5
        one.close()
        other = visitor(room)
        other.code, other.acknowledged = one.code.upper().replace(" ", " - "), one.acknowledged
        await other.come_back()
        await other.open()
        assert other.missing() == {}
        other.close()

    run(play())


def test_two_devices_of_one_student_see_each_others_answers(room: OwnRoom):
    async def play() -> None:
        one = await at_work(room, 2)
        other = visitor(room)
        other.code, other.acknowledged = one.code, one.acknowledged
        await other.come_back()
        await other.open()
        item = other.next_item(other.form())
        assert item and other.missing() == {}
        await other.give(other.form(), item)
        one.drop()
        await one.open()
        one.acknowledged |= other.acknowledged
        assert one.missing() == {}
        one.close()
        other.close()

    run(play())


def test_a_second_click_on_begin_makes_no_second_workbook(room: OwnRoom):
    async def play() -> None:
        one = visitor(room)
        await one.come()
        first = one.code
        await one.come()
        assert one.code == first

    run(play())


@pytest.mark.parametrize("path", ["begin", "return"])
def test_a_wrong_join_code_is_one_sentence_and_keeps_what_was_typed(room: OwnRoom, path: str):
    status, headers, html = ask(room, path, "POST", {"join": "WRONG2", "code": "have angle shrug"})
    assert status == 403 and "set-cookie" not in headers
    assert WORDS["door_wrong_join"] in sentence(html).replace("&#39;", "'") and "WRONG2" in html.replace(" ", "")


def test_the_join_code_may_be_typed_in_any_way(room: OwnRoom):
    join = join_of(room.join_address)[1]
    status, headers, _ = ask(room, "begin", "POST", {"join": f" {join[:3].lower()} - {join[3:].lower()} "})
    assert status == 303 and "HttpOnly" in headers["set-cookie"] and "SameSite=Strict" in headers["set-cookie"]


def test_a_code_that_nobody_has_opens_nothing_and_says_so(room: OwnRoom):
    join = join_of(room.join_address)[1]
    status, headers, html = ask(room, "return", "POST", {"join": join, "code": new_code()})
    assert status == 403 and WORDS["return_nothing"] in sentence(html) and "set-cookie" not in headers
    status, _, html = ask(room, "return", "POST", {"join": join, "code": "have angle shrug mail hub onlyx"})
    assert status == 403 and "did you mean" in html


def test_who_finishes_is_forgotten_by_the_device_and_found_again_by_the_code(room: OwnRoom):
    async def play() -> tuple[Visitor, tuple[int, dict[str, str], str]]:
        one = await at_work(room, 3)
        left = await asyncio.to_thread(ask, room, "leave", "POST", {}, Cookie=one._cookie)

        async def gone() -> bool:
            return one._socket is None or await asyncio.wait_for(one._socket.read_message(), 20) is None

        await until(gone)
        one.drop()
        await one.come_back()
        await one.open()
        return one, left

    one, (status, headers, html) = run(play())
    assert status == 200 and "storage" in headers["clear-site-data"] and WORDS["left_title"] in sentence(html)
    assert 'mentorkit-session=""' in headers["set-cookie"] and one.missing() == {}


# Others' doors


def knock(one: Visitor, kernel: str, **headers: str) -> int:
    """Try a kernel's websocket; the status of the answer, 101 when it opened."""

    async def try_it() -> int:
        base = one.address.replace("http", "ws", 1)
        given = {"Cookie": one._cookie, "Origin": one.address.rstrip("/"), **headers}
        request = HTTPRequest(f"{base}api/kernels/{kernel}/channels?session_id=x", headers=given)
        try:
            socket = await websocket_connect(request, subprotocols=[PROTOCOL])
        except HTTPClientError as refused:
            return refused.code
        socket.close()
        return 101

    return run(try_it())


@pytest.fixture(scope="module")
def two(room: OwnRoom) -> tuple[Visitor, Visitor, str, str]:
    """Two students, and the kernels of both; their pages are left open."""

    async def play() -> tuple[Visitor, Visitor, str, str]:
        one, other = await at_work(room, 4), await at_work(room, 5)
        kernels = kernel_of(one), kernel_of(other)
        return one, other, *kernels

    return run(play())


def test_a_kernel_opens_to_its_owner_and_to_nobody_else(two: Any):
    one, other, mine, theirs = two
    assert knock(one, mine) == 101 and knock(other, theirs) == 101
    assert knock(one, theirs) == knock(other, mine) == 403
    assert knock(one, mine, Cookie="") == knock(one, mine, Cookie=one._cookie[:-6] + "AAAAA=") == 403
    assert knock(one, mine, Origin="http://elsewhere.example") == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "api/kernels/{}"),
        ("DELETE", "api/kernels/{}"),
        ("POST", "mentorkit/closed/{}"),
        ("POST", "api/kernels/{}/restart"),
        ("GET", "api/kernels"),
        ("GET", "voila/query/{}"),
        ("POST", "voila/api/shutdown/{}"),
        ("GET", "api/contents/"),
    ],
)
def test_no_door_of_another_ones_kernel_opens(room: OwnRoom, two: Any, method: str, path: str):
    one, _, _, theirs = two
    origin = join_of(room.join_address)[0].rstrip("/")
    status, _, text = ask(room, path.format(theirs), method, Cookie=one._cookie, Origin=origin)
    assert status in (403, 404, 405) and theirs not in text and "Traceback" not in text
    assert knock(two[1], theirs) == 101


def test_a_page_learns_nothing_of_others_kernels(room: OwnRoom, two: Any):
    one, _, mine, theirs = two
    assert runs(room, one, mine) is True and runs(room, one, theirs) is False


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "", "localhost.evil.example"])
def test_a_forged_host_is_refused(room: OwnRoom, host: str):
    assert ask(room, "", Host=host)[0] in (400, 403)


def test_another_websites_page_begins_nothing(room: OwnRoom):
    join = join_of(room.join_address)[1]
    assert ask(room, "begin", "POST", {"join": join}, Origin="http://evil.example")[0] == 403
    assert ask(room, "begin", "POST", None, Content_Type="application/x-www-form-urlencoded")[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "voila/files/x.png",
        "voila/static/../../../pyproject.toml",
        "mentorkit/static/.hidden",
        "mentorkit/room/../doors.py",
        "voila/labextensions/@jupyter-widgets/../../x",
        "static/style.css",
        "tree",
        "login",
        "metrics",
        "?template=gridstack",
    ],
)
def test_no_other_file_is_served(room: OwnRoom, path: str):
    status, _, text = ask(room, path)
    assert status in (404, 200) and "[project]" not in text and "import " not in text
    assert status == 404 or WORDS["door_title"] in sentence(text)


@pytest.mark.parametrize(
    "kind",
    [
        "execute_request",
        "complete_request",
        "inspect_request",
        "history_request",
        "shutdown_request",
        "interrupt_request",
        "debug_request",
        "input_reply",
        "is_complete_request",
        "create_subshell_request",
        "comm_close",
    ],
)
def test_no_message_but_comms_reaches_a_kernel(room: OwnRoom, kind: str):
    async def play() -> None:
        one = await at_work(room, 6)
        model, mark = one.form(), room_mark(room)
        code = {"code": f"open({str(mark)!r}, 'w').close()", "silent": False, "store_history": False}
        more = {"comm_id": model, "user_expressions": {}, "allow_stdin": False}
        assert one._socket is not None
        await one._socket.write_message(packed(kind, {**code, **more}), binary=True)
        item = one.next_item(model)
        assert item
        await one.give(model, item)  # it works on, and what was sent before has been dropped
        assert not mark.exists()
        one.close()

    run(play())


def room_mark(room: OwnRoom) -> Path:
    return room._home / f"mark-{random.randrange(10**9)}"


def test_no_trait_of_any_widget_can_be_set(room: OwnRoom):
    async def play() -> None:
        one = await at_work(room, 7)
        model = one.form()
        for name, value in {"spec": {}, "state": {}, "_esm": "alert(1)"}.items():
            update = {"comm_id": model, "data": {"method": "update", "state": {name: value}, "buffer_paths": []}}
            assert one._socket is not None
            await one._socket.write_message(packed("comm_msg", update), binary=True)
        item = one.next_item(model)
        assert item
        await one.give(model, item)
        one.drop()
        await one.open()
        assert one.missing() == {}
        one.close()

    run(play())


FORGED: list[dict[str, Any]] = [
    {"item": "need.academic.strategies", "value": 9},
    {"item": "need.academic.strategies", "value": "<script>"},
    {"item": "need.academic.strategies", "value": {"a": [1] * 100}},
    {"item": "no.such.item", "value": 1},
    {"item": "top.areas", "value": ["nowhere"]},
    {"item": "area.own", "value": "x" * 10_000},
    {"item": "relationship.flags", "value": ["boundary"]},
]


def test_no_forged_answer_becomes_a_record(room: OwnRoom):
    async def play() -> None:
        one = await at_work(room, 8)
        model = one.form()
        place = one.forms[model]["place"]
        assert one._socket is not None
        for number, forged in enumerate(FORGED, 10_000):
            said = {"type": "answer", "place": place, "n": number, "seen": 0, **forged}
            await one._socket.write_message(custom(model, said), binary=True)
        item = one.next_item(model)
        assert item
        await one.give(model, item)
        before = dict(one.acknowledged)
        one.drop()
        await one.open()
        there = one.forms[one.form()]["state"]["answers"]
        assert there == {name: value for (_, name), value in before.items()}
        one.close()

    run(play())
