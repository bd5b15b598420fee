"""Files that a result hands out or takes in: byte for byte, in pieces, and never more than the most."""

from pathlib import Path

import pytest
from panel_desk import ONE, button, field
from playwright.sync_api import expect

from mentorkit.content import load_content
from mentorkit.errors import BadAnswer
from mentorkit.reports.html import tag
from mentorkit.widgets import panel as panel_module
from mentorkit.widgets.panel import File

WORDS = load_content().words


def test_a_file_is_saved_byte_for_byte_and_what_is_typed_stays(desk):
    data = bytes(range(256)) * 4000
    here = desk(ONE, go=File("mine & <yours>.bin", "application/octet-stream", data))
    here.page.get_by_label("Name").fill("Sam")
    with here.page.expect_download() as download:
        here.press("Do it")
    assert Path(download.value.path()).read_bytes() == data
    assert download.value.suggested_filename.startswith("mine")
    expect(here.answer).to_have_text(WORDS["file_made"].format(name="mine & <yours>.bin"))
    expect(here.page.get_by_label("Name")).to_have_value("Sam")


CHOOSE = tag("div", field("File", "file", type="file"), button("Look", "look"), data_ask="file")


@pytest.mark.parametrize("text", ["", "one", "😀" * 200_001, "\x00\x1f" * 200_000, "“ä€”\r\n" * 100_000])
def test_a_file_arrives_whole_and_no_message_is_larger_than_the_server_takes(desk, tmp_path, text):
    (tmp_path / "file.txt").write_bytes(text.encode())
    here = desk(CHOOSE, look=lambda values: f"{len(values['file'])} characters.")
    here.page.get_by_label("File").set_input_files(tmp_path / "file.txt")
    here.press("Look")
    expect(here.answer).to_have_text(f"{len(text)} characters.")
    assert [given for _, given in here.heard] == [{"file": text}]
    longest = here.page.evaluate(
        "(sent) => Math.max(...sent.map((one) => new TextEncoder().encode(JSON.stringify(one)).length))", here.bare.sent
    )
    assert longest < 1_000_000


def test_without_a_file_there_is_none_and_one_is_given_once(desk, tmp_path):
    (tmp_path / "file.txt").write_text("words")
    here = desk(CHOOSE, look="Looked.")
    here.press("Look")
    expect(here.answer).to_have_text("Looked.")
    here.page.get_by_label("File").set_input_files(tmp_path / "file.txt")
    for count in (2, 3):
        here.press("Look")
        expect(here.answer).to_have_text("Looked.")
        assert len(here.heard) == count
    assert [given for _, given in here.heard] == [{}, {"file": "words"}, {}]


def test_a_chosen_file_survives_a_redraw_and_a_refusal(desk, tmp_path):
    def refuse(_: dict[str, str]) -> None:
        raise BadAnswer("Not now.")

    (tmp_path / "file.txt").write_text("words")
    here = desk(CHOOSE, look=refuse)
    here.page.get_by_label("File").set_input_files(tmp_path / "file.txt")
    here.draw(tag("p", "New above"), CHOOSE)
    for count in (1, 2):
        here.press("Look")
        expect(here.answer).to_have_text("Not now.")
        assert here.heard[count - 1 :] == [("look", {"file": "words"})]


def test_a_file_that_is_too_large_is_not_even_read(desk, tmp_path):
    with (tmp_path / "film.mp4").open("wb") as file:
        file.truncate(20_000_001)
    here = desk(CHOOSE, look="Looked.")
    here.page.get_by_label("File").set_input_files(tmp_path / "film.mp4")
    here.press("Look")
    expect(here.answer).to_have_text(WORDS["file_too_large"])
    assert {said["type"] for said in here.bare.sent} <= {"shown"}
    here.page.get_by_label("File").set_input_files([])
    here.press("Look")
    expect(here.answer).to_have_text("Looked.")


def test_a_file_that_is_gone_since_it_was_chosen_is_said(desk, tmp_path):
    (tmp_path / "file.txt").write_text("words")
    here = desk(CHOOSE, look="Looked.")
    here.page.get_by_label("File").set_input_files(tmp_path / "file.txt")
    (tmp_path / "file.txt").unlink()
    here.press("Look")
    expect(here.answer).to_have_text(WORDS["file_unreadable"])
    assert here.heard == []


def test_a_page_that_sends_more_than_the_most_is_refused_and_not_kept(desk, monkeypatch):
    monkeypatch.setattr(panel_module, "LARGEST", 10)
    here = desk(CHOOSE, look="Looked.")
    told = []
    here.panel.send = lambda content, buffers=None: told.append(content)
    for _ in range(50):
        here.panel._heard(None, {"type": "piece", "n": 7, "text": "four"}, [])
    assert sum(map(len, here.panel._pieces)) == 12
    here.panel._heard(None, {"type": "do", "n": 7, "name": "look", "values": {}}, [])
    assert told == [{"type": "refused", "n": 7, "said": WORDS["file_too_large"]}]
    assert here.heard == [] and here.panel._pieces == []


def test_pieces_for_another_press_are_not_taken_for_this_one_s(desk):
    here = desk(CHOOSE, look="Looked.")
    here.panel._heard(None, {"type": "piece", "n": 7, "text": "lost on the way"}, [])
    here.panel._heard(None, {"type": "do", "n": 8, "name": "look", "values": {}}, [])
    here.panel._heard(None, {"type": "piece", "n": 9, "text": "this"}, [])
    here.panel._heard(None, {"type": "do", "n": 9, "name": "look", "values": {}}, [])
    assert here.heard == [("look", {}), ("look", {"file": "this"})]
