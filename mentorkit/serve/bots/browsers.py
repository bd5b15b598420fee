"""Real browsers among the bots: each is a phone that comes in, answers and looks again, with Playwright."""

import asyncio
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mentorkit.errors import MentorkitError
from mentorkit.serve.bots.campaign import Plan

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WAIT = 60_000.0  # milliseconds
ANSWERS = 5  # for each: more than are on one screen
OPEN = "#goals fieldset:visible:has(input[type=radio]):not(:has(input:checked)):not(:has(fieldset))"  # not answered yet


@dataclass
class Browsed:
    """What real browsers saw, in seconds."""

    asked: int = 0
    worked: int = 0  # had all their answers acknowledged, and found them after coming back
    firsts: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


async def in_browsers(plan: Plan, count: int) -> Browsed:
    """Play it with so many browsers; raises `MentorkitError` when there is none to play with."""
    if find_spec("playwright") is None or not Path(CHROMIUM).exists():
        raise MentorkitError("Real browsers need Playwright and Chromium: leave --browsers out, or install both.")
    from playwright.async_api import async_playwright

    seen = Browsed(asked=count)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        await asyncio.gather(*(_one(browser, plan, place, seen) for place in range(count)))
        await browser.close()
    return seen


async def _one(browser: Any, plan: Plan, place: int, seen: Browsed) -> None:
    await asyncio.sleep(plan.arrive_within * place / max(1, seen.asked))
    context = await browser.new_context(**PHONE, ignore_https_errors=True)
    page = await context.new_page()
    page.set_default_timeout(WAIT)
    try:
        await _play(page, plan, seen)
        seen.worked += 1
    except Exception as trouble:
        seen.failures.append(str(trouble).splitlines()[0])
    finally:
        await context.close()


async def _play(page: Any, plan: Plan, seen: Browsed) -> None:
    began = time.monotonic()
    await page.goto(f"{plan.address}join/{plan.join}")
    await page.locator("form button").first.click()
    await page.goto(f"{plan.address}#goals")
    await page.locator(".mk-book[data-state=open]").wait_for()
    for number in range(ANSWERS):
        if not await page.locator(OPEN).count():
            await page.locator("#goals .mk-steps button:not(.mk-quiet):visible").first.click()
        await page.locator(OPEN).first.locator("label").nth(1).click()
        await page.locator("#goals .mk-status", has_text="Saved").wait_for()
        if not number:
            seen.firsts.append(time.monotonic() - began)
    await page.reload()
    await page.locator(".mk-book[data-state=open]").wait_for()
    there = await page.locator("#goals input[type=radio]:checked").count()
    if there < ANSWERS:
        raise AssertionError(f"{ANSWERS - there} answers were gone after a reload")
