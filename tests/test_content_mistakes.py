"""A mistake in a content file is named in one sentence, and a school's own files take the place of ours."""

import re
import shutil
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.content import Content, load_content
from mentorkit.content.loader import FILES, SHIPPED
from mentorkit.errors import BadContent

CONTENT = load_content()


def _mistakes() -> list[tuple[str, str, str, str]]:
    """File, what stands there, what is written instead, and the sentence, from content_mistakes.txt."""
    text = (Path(__file__).parent / "content_mistakes.txt").read_text(encoding="utf-8")
    cases = []
    for stanza in text.split("\n\n")[1:]:
        file, *rest = stanza.strip("\n").splitlines()
        parts = {mark: [line[2:] for line in lines] for mark, lines in groupby(rest, key=lambda line: line[0])}
        cases.append((file, "\n".join(parts["-"]), "\n".join(parts["+"]), " ".join(parts[">"])))
    return cases


@pytest.mark.parametrize("case", [pytest.param(case, id=case[-1]) for case in _mistakes()])
def test_a_mistake_is_one_sentence_with_the_file_and_the_key(tmp_path: Path, case: tuple[str, str, str, str]):
    file, old, new, sentence = case
    for path in SHIPPED.glob("*.toml"):
        shutil.copy(path, tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadContent) as refusal:
        load_content(tmp_path)
    assert str(refusal.value) == sentence


def test_a_file_that_is_not_ours_is_named(tmp_path: Path):
    (tmp_path / "need.toml").write_text("")
    with pytest.raises(BadContent, match=r"^need\.toml: is not a content file: the folder may hold scales\.toml, "):
        load_content(tmp_path)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path):
    with pytest.raises(BadContent, match="does not exist"):
        load_content(tmp_path / "gone")


def test_a_file_in_another_encoding_is_named(tmp_path: Path):
    (tmp_path / "areas.toml").write_bytes("name = “café”".encode("utf-16"))
    with pytest.raises(BadContent, match=r"^areas\.toml: is not UTF-8 text"):
        load_content(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    (tmp_path / "areas.toml").mkdir()
    with pytest.raises(BadContent, match=r"^areas\.toml: cannot be read: "):
        load_content(tmp_path)


def test_a_school_replaces_one_file_and_keeps_ours_for_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = (SHIPPED / "advice.toml").read_text(encoding="utf-8")
    ours = text.replace('contact = ""', 'contact = "Dean Okafor, room 12"', 1)
    (tmp_path / "advice.toml").write_text(ours, encoding="utf-8-sig")  # as some editors save it
    (tmp_path / ".DS_Store").write_text("")
    monkeypatch.setenv("MENTORKIT_CONTENT", str(tmp_path))
    school = load_content()
    assert school.flags["disrespect"].contact == "Dean Okafor, room 12"
    assert school.areas == CONTENT.areas


def test_content_is_read_once_and_does_not_change():
    assert load_content() is CONTENT
    with pytest.raises(ValueError, match="frozen"):
        CONTENT.worksheets = {}  # type: ignore[misc]


@settings(deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 10_000), st.text(max_size=3))
def test_damaged_content_is_refused_in_a_sentence_or_still_loads(tmp_path_factory, file: str, at: int, noise: str):
    folder = tmp_path_factory.mktemp("school")
    text = (SHIPPED / f"{file}.toml").read_text(encoding="utf-8")
    at %= len(text)
    (folder / f"{file}.toml").write_text(text[:at] + noise + text[at + 1 :], encoding="utf-8", errors="replace")
    try:
        assert isinstance(load_content(folder), Content)
    except BadContent as refusal:
        assert re.match(r"[a-z_]+\.toml[:,] ", str(refusal))
        assert str(refusal).endswith((".", "?"))
