"""Where nothing can be forked the same kernels start by themselves; and the small things around them."""

import json
import os
import sys

import pytest
import zmq
from forking import kernel, play

from mentorkit.errors import MentorkitError
from mentorkit.serve.forked import can_fork, here, place, provisioner, provisioner_for_here
from mentorkit.serve.forked.__main__ import main
from mentorkit.serve.forked.many import allow_many_kernels
from mentorkit.serve.forked.process import ForkedProcess

NOT_HERE = "Kernels are not forked in this test."


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system where nothing can be forked."""
    monkeypatch.setattr(provisioner, "can_fork", lambda: NOT_HERE)


def test_a_kernel_that_cannot_be_forked_starts_by_itself_and_has_what_it_was_given(elsewhere, caplog):
    async def story() -> tuple[str, bool]:
        async with kernel(given={"key": "a word"}) as one:
            said = await one.run("import forked_hooks; print(forked_hooks.given, sorted(forked_hooks.made))")
            return said, isinstance(one.manager.provisioner.process, ForkedProcess)

    said, forked = play(story())
    assert said == "[{'key': 'a word'}] ['button', 'label', 'slider']"
    assert not forked


def test_it_says_why(elsewhere, caplog):
    async def story() -> None:
        async with kernel():
            pass

    play(story())
    assert NOT_HERE in caplog.text


@pytest.mark.parametrize("system", ["darwin", "win32", "freebsd14"])
def test_only_linux_forks(system, monkeypatch):
    monkeypatch.setattr(sys, "platform", system)
    choice = provisioner_for_here()
    assert choice.provisioner == "local-provisioner"
    assert choice.why.startswith(str(can_fork()))


def test_an_old_linux_does_not_fork(monkeypatch):
    monkeypatch.setattr(here.sys, "platform", "linux")
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert "Linux 5.3" in str(can_fork())


def test_there_is_room_for_many_kernels():
    context = allow_many_kernels(300)
    sockets = [context.socket(zmq.PAIR) for _ in range(1_100)]
    for socket in sockets:
        socket.close()
    context.term()


def test_kernels_come_and_go_beyond_the_thousandth_open_file():
    async def story() -> tuple[str, bool]:
        async with kernel() as one:
            said = await one.run("print('here')")
            await one.manager.shutdown_kernel()
            return said, one.manager.has_kernel

    allow_many_kernels(50).term()
    taken = [os.dup(0) for _ in range(1_100)]
    try:
        assert play(story()) == ("here", False)
    finally:
        for descriptor in taken:
            os.close(descriptor)


def test_too_few_open_files_are_told_before_anybody_comes():
    with pytest.raises(MentorkitError, match=r"open files.*ulimit"):
        allow_many_kernels(10**8)


def test_the_command_writes_a_kernelspec(tmp_path, capsys):
    asked = ["install", "--name", "fast-python", "--preload", "json", "--memory", "300", "--prefix", str(tmp_path)]
    assert main(asked) == 0
    written = json.loads((tmp_path / "share/jupyter/kernels/fast-python/kernel.json").read_text())
    config = {"provisioner_name": "mentorkit-forked", "config": {"preload": ["json"], "memory": 300}}
    assert written["metadata"]["kernel_provisioner"] == config
    assert provisioner_for_here().why in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "said"), [(["--preload", "pandaz"], 'no module "pandaz"'), (["--warm", "json.loads"], "module:function")]
)
def test_the_command_refuses_what_cannot_work(wrong, said, capsys, tmp_path):
    assert main(["install", "--name", "x", "--prefix", str(tmp_path), *wrong]) == 1
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_place_is_short_enough_for_a_socket(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "_ours", None)
    monkeypatch.setattr(place.tempfile, "tempdir", str(tmp_path / ("long" * 30)))
    assert len(f"{place.own_place()}/s-5") < 108
