"""Forked kernels are kernels: they run notebooks, answer pages, stop, restart; and each is its own."""

import asyncio
import os
import signal
from typing import Any

import forked_hooks
import pytest
from forking import HERE, Kernel, kernel, one_spec, play, starter
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from mentorkit.serve.forked import Given, can_fork
from mentorkit.serve.forked.many import allow_many_kernels
from mentorkit.serve.forked.nursery import nursery_for
from mentorkit.serve.forked.provisioner import recipe_of

pytestmark = pytest.mark.skipif(can_fork() is not None, reason=str(can_fork()))


def test_a_notebook_runs_in_it():
    cells = [new_code_cell("import ipywidgets\nipywidgets.IntSlider(3)"), new_code_cell("print(6 * 7)\n6 * 9")]
    manager = starter()
    NotebookClient(new_notebook(cells=cells), km=manager).execute()
    widget, (printed, result) = cells[0].outputs[0], cells[1].outputs
    assert "application/vnd.jupyter.widget-view+json" in widget.data
    assert (printed.text, result.data["text/plain"]) == ("42\n", "54")


def test_widgets_made_before_the_fork_answer_in_each_kernel():
    async def story() -> None:
        async with kernel() as one, kernel() as other:
            made = await asyncio.to_thread(one.nursery.start)
            for each in (one, other):
                states, told = await ask_widgets(each, made)
                assert {made["slider"], made["label"], made["button"]} <= states.keys()
                assert told[made["label"]]["state"] == {"value": f"7 in {each.pid}"}
                assert told[made["button"]]["content"] == {"asked": "who?", "pid": each.pid}
                assert each.pid != made["pid"]

    play(story())


async def ask_widgets(one: Kernel, made: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a page gets that asks for all models, then moves the slider and presses the button."""
    control = {"comm_id": "control", "target_name": "jupyter.widget.control", "data": {}}
    asked = [
        one.say("comm_open", control, version="1.0.0"),
        one.say("comm_msg", {"comm_id": "control", "data": {"method": "request_states"}}),
        one.say("comm_msg", {"comm_id": made["slider"], "data": {"method": "update", "state": {"value": 7}}}),
        one.say("comm_msg", {"comm_id": made["button"], "data": {"method": "custom", "content": "who?"}}),
    ]
    heard = [message["content"] for message in await one.until_idle(*asked) if message["msg_type"] == "comm_msg"]
    told = {content["comm_id"]: content["data"] for content in heard}
    return told["control"]["states"], told


@pytest.mark.parametrize("given", [{"key": "a word"}, b"a word", "a word", None])
def test_a_kernel_has_what_it_was_given_before_it_answers(given):
    async def story() -> str:
        async with kernel(given=Given(given)) as one:
            return await one.run("import forked_hooks; print(forked_hooks.given)")

    assert play(story()) == repr(["a word" if isinstance(given, bytes) else given])


def test_no_two_kernels_share_their_chance():
    code = "import random, uuid, secrets, numpy\n"
    code += "print(random.random(), numpy.random.random(), uuid.uuid4(), secrets.token_hex())"

    async def story() -> list[str]:
        settings = {"preload": ["numpy.random"]}
        async with kernel(settings) as one, kernel(settings) as other:
            return (await one.run(code)).split() + (await other.run(code)).split()

    numbers = play(story())
    assert len(set(numbers)) == len(numbers) == 8


def test_a_kernel_has_its_own_environment_and_folder(tmp_path):
    async def story() -> str:
        environment = {**os.environ, "PYTHONPATH": HERE, "WHOSE": "mine"}
        async with kernel(env=environment, cwd=str(tmp_path)) as one:
            return await one.run("import os; print(os.environ['WHOSE'], os.getcwd())")

    assert play(story()) == f"mine {tmp_path}"
    assert "WHOSE" not in os.environ


def test_a_kernel_leads_a_session_so_what_it_starts_ends_with_it():
    async def story() -> tuple[str, int]:
        async with kernel() as one:
            return await one.run("import os; print(os.getsid(0), os.getpgid(0))"), one.pid

    said, pid = play(story())
    assert said == f"{pid} {pid}"


def test_a_busy_kernel_is_interrupted():
    async def story() -> str:
        async with kernel() as one:
            asked = one.client.execute("print('busy', flush=True)\nimport threading\nthreading.Event().wait()")
            while (await one.client.get_iopub_msg(timeout=10))["msg_type"] != "stream":
                pass
            await one.manager.interrupt_kernel()
            heard = await one.until_idle(asked)
            return next(message["content"]["ename"] for message in heard if message["msg_type"] == "error")

    assert play(story()) == "KeyboardInterrupt"


def test_a_restarted_kernel_is_a_new_one_with_the_same_given():
    async def story() -> tuple[int, int, str]:
        async with kernel(given="a word") as one:
            before = one.pid
            await one.manager.restart_kernel()
            await one.client.wait_for_ready(timeout=10)
            return before, one.pid, await one.run("import forked_hooks; print(forked_hooks.given)")

    before, after, given = play(story())
    assert before != after
    assert given == "['a word']"


def test_a_kernel_ends_when_asked_and_says_so():
    async def story() -> int:
        async with kernel() as one:
            process = one.manager.provisioner.process
            await one.manager.shutdown_kernel()
            return process.returncode

    assert play(story()) == 0


def test_a_killed_kernel_is_seen_as_dead():
    async def story() -> tuple[bool, int]:
        async with kernel() as one:
            process = one.manager.provisioner.process
            os.kill(one.pid, signal.SIGKILL)
            return await process.until_ended(), await one.manager.is_alive()

    assert play(story()) == (-signal.SIGKILL, False)


def test_twenty_come_at_once():
    async def story() -> set[str]:
        async def one_of_them(number: int) -> str:
            async with kernel(given=number) as one:
                return await one.run("import forked_hooks; print(*forked_hooks.given)")

        return set(await asyncio.gather(*(one_of_them(number) for number in range(20))))

    assert play(story()) == {str(number) for number in range(20)}


def test_a_server_starts_them_by_name_and_its_log_has_nothing_to_say(caplog):
    caplog.set_level("DEBUG")

    async def story() -> str:
        manager = AsyncMappingKernelManager(kernel_spec_manager=one_spec(), default_kernel_name="forked")
        manager.context = allow_many_kernels(300, manager.context)
        kernel_id = await manager.start_kernel(kernel_name="forked", path="", given=Given("a secret word"))
        one = Kernel(manager.get_kernel(kernel_id))
        await one.connect()
        said = await one.run("import forked_hooks; print(forked_hooks.given)")
        one.client.stop_channels()
        await manager.shutdown_all()
        return said

    assert play(story()) == "['a secret word']"
    assert "secret" not in caplog.text


def test_the_forker_can_be_started_before_the_first_kernel():
    spec = one_spec().get_kernel_spec("forked")
    warmed = nursery_for(recipe_of(spec)).start()

    async def story() -> int:
        async with kernel() as one:
            return one.nursery.pid

    assert play(story()) == warmed["pid"]


def test_what_was_warmed_comes_back_whole():
    async def story() -> bytes:
        async with kernel({"warm": "forked_hooks:large"}) as one:
            return one.nursery.start()

    assert play(story()) == forked_hooks.large()
