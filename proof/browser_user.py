"""A user in a browser on the sandbox's page, who types, presses and reads."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page

from proof.node_tools import MODULES
from slack_ui import strings
from slack_ui.parts import ids
from tests.stories.person import PATIENCE_SECONDS, REASON

# One of Debian's or the machine's own: a browser that a test tool brings along is not to be had everywhere.
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTH, HEIGHT, TALL, TALLEST = 1000, 720, 1280, 1500
NARROW = 360
COMMANDS, CARDS, HOME = "C0CAMPAIGNS", "C0APPROVALS", "home"
NAME = "Interactive Support SMS Campaign"
PATIENCE_MS = 1_000 * PATIENCE_SECONDS
WAITING = ("Loading the", "Re-checking the", "loading …")


def chromium() -> str:
    """Return the browser's path: CHROMIUM, or the first that is installed."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError(f"No browser: install one of {', '.join(NAMES)}, or name it: CHROMIUM=/path/to/chromium")
    return found


@dataclass
class BrowserUser:
    """``pictures`` is where screenshots are kept."""

    page: Page
    url: str
    person: str
    pictures: Path

    @classmethod
    async def of(cls, browser: Browser, url: str, person: str, pictures: Path) -> "BrowserUser":
        page = await browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(PATIENCE_MS)
        return cls(page, url, person, pictures)

    @property
    def modal(self) -> Locator:
        return self.page.locator("#modal")

    @property
    def composer(self) -> Locator:
        return self.page.locator("#conversation textarea").last

    async def goes_to(self, channel: str, height: int = HEIGHT, width: int = WIDTH) -> None:
        await self.page.set_viewport_size({"width": width, "height": height})
        await self.page.goto(f"{self.url}/?as={self.person}&channel={channel}")
        await self.page.locator("#home" if channel == HOME else "#messages").wait_for()

    async def types(self, text: str) -> None:
        await self.composer.fill(f"{ids.COMMAND} {text}".strip())
        await self.composer.press("Enter")

    async def opens(self, campaign_id: str) -> None:
        """Type the command and wait until the modal is complete."""
        await self.types(campaign_id)
        await self.settled()

    async def settled(self) -> None:
        await self.modal.wait_for()
        for waiting in WAITING:
            await self.modal.get_by_text(waiting).first.wait_for(state="detached")

    async def fills(self, *texts: str) -> None:
        for index, text in enumerate(texts):
            await self.modal.get_by_role("textbox").nth(index).fill(text)

    async def presses(self, name: str) -> None:
        await self.button(name).last.click()

    def button(self, name: str) -> Locator:
        """Return a button by its visible text; its accessible name also contains the campaign's name."""
        return self.page.get_by_role("button").filter(has_text=re.compile(f"^{re.escape(name)}$"))

    async def reads(self, text: str) -> None:
        await self.page.get_by_text(text).last.wait_for()

    async def end_of_id(self) -> str:
        """Return the last four characters of the first id in the modal."""
        found = re.search(r"cd-[0-9a-f]+(-[0-9a-f]+){4}", await self.modal.inner_text())
        assert found
        return found[0][-4:]

    async def fills_in(self, name: str = NAME) -> None:
        """Fill in the whole confirm modal, with the end of the id if it is required."""
        await self.fills(REASON, name, *await self.asked_end())

    async def asked_end(self) -> list[str]:
        """Return the end of the id if the form asks for it, as where the bot was too slow to compare all names."""
        is_asked = await self.modal.get_by_text(strings.modals.ID_END_LABEL).count()
        return [await self.end_of_id()] if is_asked else []

    async def asks(self, campaign_id: str, name: str = NAME) -> None:
        await self.goes_to(COMMANDS)
        await self.opens(campaign_id)
        await self.fills_in(name)
        await self.sends("Request approval")

    async def sends(self, button: str) -> None:
        await self.presses(button)
        await self.has_sent()

    async def has_sent(self) -> None:
        """Wait for a form's end. One that the bot could not answer in time stays, and says that it is recorded."""
        late = self.modal.get_by_text(strings.modals.RECORDED[1])
        await self.page.locator("#modal:not([open])").or_(late).first.wait_for(state="attached")
        if await late.count():
            await self.presses(strings.modals.NOTICE_CLOSE)
            await self.modal.wait_for(state="hidden")

    async def is_asked(self) -> None:
        """Open the approvals channel and wait for a card."""
        await self.goes_to(CARDS)
        await self.reads("is waiting for approval to be deleted.")

    async def approves(self, word: str = "Campaign") -> None:
        await self.presses("Approve …")
        await self.settled()
        await self.fills(word)
        await self.sends("Approve")

    async def is_pictured(self, name: str, part: Locator | None = None) -> None:
        await self.page.wait_for_timeout(400)  # the page's own movements
        await (part or self.page).screenshot(path=self.pictures / f"{name}.png")

    async def violations(self) -> list[str]:
        """Return axe's violations on the current page: rule and elements."""
        await self.page.wait_for_timeout(400)
        await self.page.evaluate((MODULES / "axe-core/axe.min.js").read_text())
        found: list[dict[str, Any]] = await self.page.evaluate("axe.run().then(({violations}) => violations)")
        return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]

    async def is_cut_off(self) -> bool:
        """Return whether the page is wider than the window."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
