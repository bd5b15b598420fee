"""A room when things go wrong: what was acknowledged is there, and what was not is said."""

import asyncio
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import expect
from protocol import run
from rooms import advisors_cookie, ask, counts, sentence, until, visitor
from tornado.simple_httpclient import HTTPStreamClosedError

from mentorkit.content import load_content
from mentorkit.errors import MentorkitError
from mentorkit.serve.bots.answering import answer
from mentorkit.serve.bots.campaign import Campaign, Plan, report
from mentorkit.serve.bots.rooms import OwnRoom
from mentorkit.serve.bots.run import Order, join_of, run_bots
from mentorkit.serve.bots.visitor import Lost, Visitor
from mentorkit.serve.room.orientation import Asked, check_tls, public_address

WORDS = load_content().in_room().words
TROUBLE = (Lost, OSError, TimeoutError)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRoom]:
    with OwnRoom(tmp_path_factory.mktemp("room"), 20) as opened:
        yield opened


async def give_one(one: Visitor) -> None:
    item = one.next_item(one.form())
    assert item
    await one.give(one.form(), item)


async def back(one: Visitor) -> None:
    """Open the page again, as often as it takes."""

    async def opened() -> bool:
        try:
            await one.open()
        except (*TROUBLE, HTTPStreamClosedError):
            return False
        return True

    await until(opened, 60)


@pytest.mark.parametrize("victim", ["server", "keeper"])
def test_after_a_kill_everything_acknowledged_is_there_without_typing_the_code(room: OwnRoom, victim: str):
    async def play() -> None:
        one = visitor(room)
        await one.come()
        await one.open()
        for _ in range(5):
            await give_one(one)
        os.kill(room.server_pid() if victim == "server" else room.keeper_pid(), signal.SIGKILL)
        if victim == "server":
            one.drop()
            await back(one)
        await give_one(one)
        one.drop()
        await back(one)
        assert one.missing() == {} and len(one.acknowledged) == 6
        one.close()

    run(play())
    assert any("started again" in line for line in room.said)


def test_a_killed_kernel_is_another_one_at_the_next_opening(room: OwnRoom):
    async def play() -> None:
        one = visitor(room)
        await one.come()
        before = set(kernels_of(room))
        await one.open()
        await give_one(one)
        (own,) = set(kernels_of(room)) - before
        os.kill(own, signal.SIGKILL)
        one.drop()
        await back(one)
        assert one.missing() == {}
        await give_one(one)
        one.close()

    run(play())


def test_a_full_disk_is_said_to_student_and_advisor_and_loses_nothing(room: OwnRoom):
    cookie = advisors_cookie(room)
    keeper = psutil.Process(room.keeper_pid())

    async def play() -> None:
        one = visitor(room)
        await one.come()
        await one.open()
        await give_one(one)
        item = one.next_item(one.form())
        assert item
        with nothing_fits(keeper):
            refused = await one.attempt(one.form(), item["id"], answer(item, one.chance))
            assert refused["type"] == "unsaved" and "disk" in refused["message"]
            assert counts(room, cookie)["saving"]["ok"] is False
            with pytest.raises(Lost, match="503"):
                await visitor(room, 2).come()  # nobody is given a code for a place that could not be made
        await one.give(one.form(), item)
        await until(said_to_be_saved)
        one.drop()
        await back(one)
        assert one.missing() == {} and len(one.acknowledged) == 2
        one.close()

    async def said_to_be_saved() -> bool:
        return bool(counts(room, cookie)["saving"]["ok"])

    run(play())


@contextmanager
def nothing_fits(process: psutil.Process) -> Iterator[None]:
    """No file of this process can be written to, as on a full disk."""
    usual = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (0, usual[1]))
    try:
        yield
    finally:
        process.rlimit(psutil.RLIMIT_FSIZE, usual)


def kernels_of(room: OwnRoom) -> list[int]:
    """The processes that the room's forker has forked."""
    server = psutil.Process(room.server_pid())
    forkers = [child for child in server.children() if "mentorkit.serve.forked.forker" in child.cmdline()]
    return [kernel.pid for forker in forkers for kernel in forker.children()]


def test_a_room_opens_again_where_it_was(tmp_path: Path):
    async def work(room: OwnRoom) -> Visitor:
        one = visitor(room)
        await one.come()
        await one.open()
        await give_one(one)
        one.close()
        return one

    with OwnRoom(tmp_path, 5) as room:
        one, join = run(work(room)), room.join_address.rpartition("/")[2]
        assert room.stop() == 0
    with OwnRoom(tmp_path, 5) as again:
        assert again.join_address.endswith(join)

        async def come_back() -> None:
            other = visitor(again)
            other.code, other.acknowledged = one.code, one.acknowledged
            await other.come_back()
            await other.open()
            assert other.missing() == {}
            other.close()

        run(come_back())


def test_nothing_of_a_room_outlives_a_killed_command(tmp_path: Path):
    with OwnRoom(tmp_path, 5) as room:

        async def work() -> None:
            one = visitor(room)
            await one.come()
            await one.open()

        run(work())
        family = psutil.Process(room.pid).children(recursive=True)
        assert len(family) >= 4  # keeper, server, forker, kernel
        os.kill(room.pid, signal.SIGKILL)
        _, alive = psutil.wait_procs(family, timeout=30)
        assert alive == []


def test_the_bots_own_room_ends_with_the_bots_however_they_end(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path; from mentorkit.serve.bots.rooms import OwnRoom\n"
        "from urllib.request import urlopen\n"
        "with OwnRoom(Path(sys.argv[1]), 5) as room:\n"
        "    urlopen(room.join_address).read(); print(room.pid, flush=True); sys.stdin.read()"
    )
    bots = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert bots.stdout is not None
    command = psutil.Process(int(bots.stdout.readline()))
    family = [command, *command.children(recursive=True)]
    bots.kill()
    assert not psutil.wait_procs(family, timeout=60)[1]


def test_a_full_room_lets_people_wait_on_a_friendly_page(tmp_path: Path):
    with OwnRoom(tmp_path, 1) as room:

        async def fill() -> list[Visitor]:
            came = [visitor(room, seed) for seed in range(22)]
            for one in came:
                await one.come()
            for one in came[:21]:
                await one.open()
            return came

        came = run(fill())
        status, headers, html = ask(room, "", Cookie=came[21]._cookie)
        assert status == 503 and int(headers["retry-after"]) <= 10
        assert WORDS["wait_title"] in sentence(html) and "Traceback" not in html


def test_behind_a_proxy_everything_lies_below_its_path(tmp_path: Path):
    port = free_port()
    with OwnRoom(tmp_path, 5, "--port", str(port), "--address", f"http://127.0.0.1:{port}/mentor/") as room:
        assert "/mentor/join/" in room.join_address

        async def work() -> None:
            one = visitor(room)
            await one.come()
            await one.open()
            await give_one(one)
            one.close()

        run(work())
        assert ask(room, "", Host=f"127.0.0.1:{port}")[0] == 200
        html = ask(room, "")[2]
        assert 'action="/mentor/begin"' in html


def free_port() -> int:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


# Encryption


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of our own making, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    files = tmp_path / "cert.pem", tmp_path / "key.pem"
    files[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(*private))
    return files


def test_an_encrypted_room_works_and_its_cookie_goes_over_nothing_else(tmp_path: Path, certificate: tuple[Path, Path]):
    cert, key = map(str, certificate)
    with OwnRoom(tmp_path / "room", 5, "--tls-cert", cert, "--tls-key", key) as room:
        assert room.join_address.startswith("https://")
        assert not any("not encrypted" in line for line in room.said)

        async def play() -> None:
            one = visitor(room)
            await one.come()
            await one.open()
            await give_one(one)
            page = await one._ask("")
            assert "wss://" in page.headers["Content-Security-Policy"]
            one.close()

        run(play())


def test_half_a_certificate_or_a_broken_one_is_one_sentence(tmp_path: Path, certificate: tuple[Path, Path]):
    with pytest.raises(MentorkitError, match="both, or neither"):
        check_tls(certificate[0], None)
    certificate[1].write_text("no key")
    with pytest.raises(MentorkitError, match="cannot be used"):
        check_tls(*certificate)
    assert ssl.OPENSSL_VERSION


@pytest.mark.parametrize("address", ["mentoring.example.edu", "ftp://x/", "https://", "https://x/?a=1"])
def test_an_address_that_is_none_is_one_sentence(tmp_path: Path, address: str):
    with pytest.raises(MentorkitError, match="whole address"):
        public_address(Asked(5, "", 0, tmp_path, address, None, None, (), True), 80)


# Bots


def test_bots_find_a_room_that_loses_answers(room: OwnRoom):
    class Forgetful(Visitor):
        def missing(self) -> dict[tuple[str, str], object]:
            self.acknowledged["place", "item"] = "what never was saved"
            return super().missing()

    async def play() -> str:
        campaign = Campaign(Plan(*join_of(room.join_address), 2, arrive_within=0.1, think=0.1, work=1.0))
        campaign._bots = [Forgetful(*join_of(room.join_address), seed) for seed in range(2)]
        outcome = await campaign.run()
        assert outcome.lost == 2 and not outcome.good
        return report(outcome)

    assert "NOT GOOD" in run(play())


def test_bots_with_faults_in_a_room_of_their_own_lose_nothing(capsys: pytest.CaptureFixture[str]):
    order = Order(None, 6, 1, 1, arrive_within=1, think=0.3, work=8, kill_server_at=4, drop_network=1)

    async def play() -> int:
        return await asyncio.to_thread(run_bots, order)

    assert run(play()) == 0
    said = capsys.readouterr().out
    assert "0 of them lost" in said and "0 never came back" in said and "1 of 1 worked" in said


def test_bots_need_a_whole_join_address():
    with pytest.raises(MentorkitError, match="join address"):
        join_of("http://127.0.0.1:8872/")


# On a phone


def test_a_student_on_a_phone_from_the_code_on_the_wall_to_another_device(room: OwnRoom, window):
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark")
    page.set_default_timeout(30_000)
    page.goto(room.join_address)
    page.get_by_role("button", name=WORDS["door_begin"]).click()
    words = page.locator(".room-words li").all_inner_texts()
    assert len(words) == 6
    page.get_by_role("link", name=WORDS["code_kept"]).click()
    page.locator(".mk-book[data-state=open]").wait_for()
    expect(page.locator(".mk-footer")).to_contain_text(WORDS["kept_here"])
    page.evaluate("location.hash = 'goals'")
    rating = page.locator("#goals fieldset:visible", has=page.locator("input[type=radio]")).first
    rating.locator("label").nth(2).click()
    page.locator("#goals .mk-status", has_text="Saved").wait_for()
    other = window()
    other.set_default_timeout(30_000)
    other.goto(room.join_address)
    other.get_by_text(WORDS["door_return"]).first.click()
    other.locator("textarea[name=code]").fill(" ".join(words))
    other.get_by_role("button", name=WORDS["door_open"]).click()
    other.locator(".mk-book[data-state=open]").wait_for()
    other.evaluate("location.hash = 'goals'")
    expect(other.locator("#goals input[type=radio]:checked")).to_have_count(1)
    assert page.problems == [] and other.problems == []
