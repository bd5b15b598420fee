"""What the advisor knows of a room, and what is kept of it: counts, and nothing that anybody could read."""

import json
import os
from typing import Any

import pytest
from protocol import run
from rooms import advisors_cookie, ask, at_work, counts, kernel_of, runs, sentence, until, visitor

from mentorkit.content import load_content
from mentorkit.serve.bots.protocol import custom
from mentorkit.serve.bots.rooms import OwnRoom

WORDS = load_content().in_room().words
MARKED = "SECRET-xylophone"


# The advisor


def test_the_advisors_page_is_for_the_advisor(room: OwnRoom):
    assert ask(room, "advisor/")[0] == ask(room, "advisor/counts")[0] == ask(room, "advisor/?token=guess")[0] == 403
    token = room.advisor_address.partition("=")[2]
    status, headers, _ = ask(room, f"advisor/?token={token}")
    assert status == 302 and "token" not in headers["location"]
    cookie = headers["set-cookie"].split(";")[0]
    status, _, html = ask(room, "advisor/", Cookie=cookie)
    assert status == 200 and "<svg" in html and room.join_address.rpartition("/")[2] in html.replace(" ", "")


def test_the_advisor_sees_counts_and_never_who_or_what(room: OwnRoom):
    cookie = advisors_cookie(room)

    async def play() -> dict[str, Any]:
        before = counts(room, cookie)
        one = await at_work(room, 9, answers=3)
        after = counts(room, cookie)
        assert after["in"] == before["in"] + 1 and after["here"] >= 1 and after["saving"]["ok"] is True
        said = json.dumps(after)
        assert after["apart"] is (os.geteuid() == 0)
        assert one.code not in said and kernel_of(one) not in said and after["cohort"] == "Class of 2030"
        one.close()
        return after

    found = run(play())
    assert set(found["finished"]) and all(isinstance(count, int) for count in found["finished"].values())


@pytest.mark.parametrize("path", ["begin", "return"])
def test_a_browser_that_keeps_no_cookies_is_told_and_not_sent_in_a_circle(room: OwnRoom, path: str):
    async def code() -> str:
        one = visitor(room, 14)
        await one.come()
        return one.code

    given = {"join": room.join_address.rpartition("/")[2], "code": run(code())}
    status, headers, _ = ask(room, path, "POST", given)
    assert status == 303 and "mentorkit-session" in headers["set-cookie"]
    status, _, html = ask(room, headers["location"].removeprefix("/"))
    assert status == 403 and WORDS["refused_no_cookies"] in sentence(html)


def test_a_finished_page_is_counted(room: OwnRoom):
    cookie = advisors_cookie(room)

    def finished() -> dict[str, int]:
        found: dict[str, int] = counts(room, cookie)["finished"]
        return found

    async def play() -> None:
        before = finished()
        one = await at_work(room, 10, answers=2)
        assert one._socket is not None
        model = one.form()
        finish = {"type": "finish", "place": one.forms[model]["place"]}
        await one._socket.write_message(custom(model, finish), binary=True)

        async def counted() -> bool:
            return sum(finished().values()) == sum(before.values()) + 1

        await until(counted)
        one.close()

    run(play())


# What is kept


def test_a_marked_word_is_nowhere_on_disk_in_no_log_and_in_no_other_page(
    room: OwnRoom, capfd: pytest.CaptureFixture[str]
):
    async def play() -> tuple[str, str]:
        one, other = await at_work(room, 11), await at_work(room, 12)
        model = one.form()
        state = one.forms[model]
        saved = await one._say_until_saved(model, "area.own", MARKED)
        assert saved["type"] == "saved" and state
        pages = [await anybody._ask("") for anybody in (one, other)]
        states = json.dumps(other.forms)
        one.close()
        other.close()
        return "".join(page.body.decode() for page in pages), states

    html, states = run(play())
    assert MARKED not in html and MARKED not in states and MARKED not in "".join(room.said)
    looked = [path for path in room._home.rglob("*") if path.is_file()]
    assert any(path.name.startswith("lockers") for path in looked)
    for path in looked:
        assert MARKED.encode() not in path.read_bytes(), path
    out, err = capfd.readouterr()
    assert MARKED not in out + err


def test_a_page_that_is_closed_gives_its_kernel_back(room: OwnRoom):
    async def play() -> None:
        one = await at_work(room, 13)
        kernel = kernel_of(one)
        one.drop()

        async def ended() -> bool:
            return not runs(room, one, kernel)

        await until(ended, 30)
        await one.open()
        assert one.missing() == {}
        one.close()

    run(play())
