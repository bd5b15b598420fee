"""A student with a phone: taps what is visible, writes into what is labelled, and nothing else."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


class Phone:
    """What a thumb can do: tap what is visible, write into what is labelled, and nothing else."""

    def __init__(self, page: Any):
        self.page = page

    def open(self, slug: str) -> None:
        self.page.locator(f".mk-nav a[href='#{slug}']").click()
        expect(self.page.locator(f"[id='{slug}'][data-current]")).to_have_count(1)

    @property
    def here(self) -> Any:
        return self.page.locator(".mk-page[data-current]")

    def tap(self, name: str, role: str = "button") -> None:
        self.here.get_by_role(role, name=re.compile(f"^{re.escape(name)}")).locator("visible=true").first.click()

    def choose(self, item: str, option: str, role: str = "radio") -> None:
        label = self.here.locator(f"[data-item='{item}']").get_by_role(role, name=option, exact=True)
        label.locator("xpath=..").click()
        expect(label).to_be_checked()

    def rate(self, item: str, place: int) -> None:
        self.here.locator(f"[data-item='{item}'] .mk-option").nth(place).click()

    def write(self, item: str, text: str, part: str = "") -> None:
        field = self.here.locator(f"[data-item='{item}']")
        inner = field.locator(f"[data-item='{part}']").last if part else field
        inner.locator("input[type=text], textarea, input[type=time]").first.fill(text)

    def go_on_to(self, item: str) -> None:
        """From part to part until the question is there."""
        asked = self.here.locator(f"[data-item='{item}']")
        expect(asked).to_have_count(1)
        while not asked.is_visible():
            asked.locator("xpath=ancestor::form").get_by_role("button", name=re.compile("^Next")).click()

    def saved(self) -> None:
        for status in self.here.locator(".mk-status").locator("visible=true").all():
            expect(status).to_contain_text(re.compile("^(Saved|Nothing saved yet)"))

    def says(self, text: str) -> None:
        expect(self.here.get_by_text(text).locator("visible=true").first).to_be_visible()

    def kept(self, name: str, tmp_path: Path, within: Any = None) -> bytes:
        """What the browser saves when a button is tapped."""
        with self.page.expect_download() as download:
            (within or self.here).get_by_role("button", name=name).first.click()
        target = tmp_path / download.value.suggested_filename
        download.value.save_as(target)
        return target.read_bytes()
