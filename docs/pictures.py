"""Takes the pictures of the README from the real bot in the sandbox: ``python docs/pictures.py``.

Needs ``pip install playwright`` and a Chromium; ``CHROMIUM`` names its path (/usr/bin/chromium).
"""

import asyncio
import os
import socket
import sys
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

try:
    from playwright.async_api import Browser, Locator, Page, async_playwright
except ImportError:
    sys.exit("The pictures need playwright, which is not among the requirements: pip install playwright")

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTH, HEIGHT, TALL, TALLEST = 1000, 720, 1280, 1500
COMMANDS, CARDS, HOME = "C0CAMPAIGNS", "C0APPROVALS", "home"
REASON = "Replaced by the autumn campaign"
UNDO_WINDOW = "20s"


@dataclass
class Desk:
    """One person at the sandbox's page."""

    page: Page
    url: str
    person: str

    async def goes_to(self, channel: str, height: int = HEIGHT) -> None:
        await self.page.set_viewport_size({"width": WIDTH, "height": height})
        await self.page.goto(f"{self.url}/?as={self.person}&channel={channel}")
        await self.page.locator("#home" if channel == HOME else "#messages").wait_for()

    async def types(self, text: str) -> None:
        await self.says(f"/campaign-delete {text}".strip())
        await self.modal.wait_for()

    async def opens(self, campaign_id: str) -> None:
        """Type the command and wait until nothing in the modal is still being asked for."""
        await self.types(campaign_id)
        for waiting in ("Reading the campaign", "asking Kore.ai"):
            await self.modal.get_by_text(waiting).first.wait_for(state="detached")

    async def says(self, text: str) -> None:
        field = self.page.locator("#conversation textarea").last
        await field.fill(text)
        await field.press("Enter")

    async def fills(self, *texts: str) -> None:
        for index, text in enumerate(texts):
            await self.modal.get_by_role("textbox").nth(index).fill(text)

    async def presses(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).last.click()

    async def asks(self, campaign_id: str, name: str) -> None:
        await self.goes_to(COMMANDS)
        await self.opens(campaign_id)
        await self.fills(REASON, name)
        await self.presses("Ask for approval")
        await self.modal.wait_for(state="hidden")

    async def agrees(self, word: str) -> None:
        """Approve the newest card."""
        await self.goes_to(CARDS)
        await self.reads("waits for approval")
        await self.presses("Approve …")
        await self.reads("To approve, type")
        await self.fills(word)
        await self.presses("Approve")
        await self.modal.wait_for(state="hidden")

    async def reads(self, text: str) -> None:
        await self.page.get_by_text(text).last.wait_for(timeout=40_000)

    async def is_pictured(self, name: str, part: Locator | None = None) -> None:
        await self.page.wait_for_timeout(400)  # the page's own movements
        await (part or self.page).screenshot(path=PICTURES / f"{name}.png")

    @property
    def modal(self) -> Locator:
        return self.page.locator("#modal")


@dataclass
class World:
    """A running sandbox with the bot, and the browser that looks at it."""

    url: str
    browser: Browser
    campaigns: dict[str, str]

    async def desk(self, person: str) -> Desk:
        return Desk(await self.browser.new_page(), self.url, person)

    async def change(self, campaign_id: str, **fields: object) -> None:
        async with httpx.AsyncClient(base_url=self.url) as api:
            (await api.put(f"/sandbox/kore/campaigns/{campaign_id}", json=fields)).raise_for_status()


async def alone(world: World) -> None:
    """What a team without approvals sees."""
    alice, name = await world.desk("U0ALICE"), "Interactive Support SMS Campaign"
    await alice.goes_to(COMMANDS, TALL)
    await alice.opens(world.campaigns[name])
    await alice.fills(REASON)
    await alice.is_pictured("confirm-modal", alice.modal)
    await alice.fills(REASON, "Interactive Support")
    await alice.presses("Delete for good")
    await alice.reads("This is not the campaign")
    await alice.is_pictured("field-error", alice.modal)
    await alice.fills(REASON, name)
    await alice.presses("Delete for good")
    await alice.reads("was deleted.")
    await alice.goes_to(COMMANDS)
    await alice.is_pictured("result")
    await alice.opens(world.campaigns["Billing Alert Template"])
    await alice.is_pictured("refused")


async def search(world: World) -> None:
    """How a campaign is found, and what tells it from those that look like it."""
    alice = await world.desk("U0ALICE")
    await alice.goes_to(COMMANDS, TALLEST)
    await alice.types("")
    await alice.reads("campaigns in Kore.ai's list")
    await alice.modal.get_by_role("combobox").fill("spring sale")
    await alice.modal.get_by_text("Spring Sale Reminder").first.wait_for()
    await alice.is_pictured("picker", alice.modal)
    await alice.modal.get_by_role("combobox").press("Enter")
    await alice.presses("Show it")
    await alice.reads("And the last 4 characters of its id")
    await alice.modal.get_by_text("asking Kore.ai").first.wait_for(state="detached")
    await alice.is_pictured("look-alikes", alice.modal)


async def together(world: World) -> None:
    """What a team sees in which one other person must agree."""
    alice, bob, name = await world.desk("U0ALICE"), await world.desk("U0BOB"), "Interactive Support SMS Campaign"
    await alice.asks(world.campaigns[name], name)
    await bob.goes_to(CARDS)
    await bob.reads("waits for approval.")
    await bob.is_pictured("approval-card")
    await bob.goes_to(CARDS, TALL)
    await bob.presses("Approve …")
    await bob.reads("To approve, type")
    await bob.fills("Campaign")
    await bob.is_pictured("approve-modal", bob.modal)
    await bob.presses("Approve")
    await bob.reads("will be deleted")
    await bob.goes_to(CARDS)
    await bob.is_pictured("undo-window")
    await bob.reads("was deleted.")
    await bob.page.locator(".thread-link").click()
    await bob.reads("Kore.ai said it was deleted")
    await bob.is_pictured("story", bob.page.locator("#thread"))
    await drift(world, alice, bob)
    await at_home(world, alice, bob)
    await rejection(world, alice, bob)
    await frozen(world, alice, bob)


async def at_home(world: World, alice: Desk, bob: Desk) -> None:
    """What an approver has before them when they open the Home tab."""
    for name in ("Appointment Reminder EMEA", "Store Opening Invite"):
        await alice.asks(world.campaigns[name], name)
    await bob.goes_to(HOME)
    await bob.reads("Recent outcomes")
    await bob.is_pictured("home")


async def drift(world: World, alice: Desk, bob: Desk) -> None:
    name = "Loyalty Points Expiring"
    await alice.asks(world.campaigns[name], name)
    await bob.goes_to(CARDS)
    await bob.reads("waits for approval.")
    await world.change(world.campaigns[name], status="Active", contactLists=["Loyalty Members EMEA"])
    await bob.presses("Approve …")
    await bob.reads("it has changed since it was asked for")
    await bob.presses("Close")
    await bob.goes_to(CARDS)
    await bob.is_pictured("drift")


async def rejection(world: World, alice: Desk, bob: Desk) -> None:
    name = "Lead Winback 2023"
    await alice.asks(world.campaigns[name], name)
    await bob.goes_to(CARDS)
    await bob.reads("waits for approval.")
    await bob.presses("Reject …")
    await bob.reads("Why should it stay?")
    await bob.fills("The yearly report still counts on it, until Friday")
    await bob.presses("Reject")
    await bob.reads("the request was rejected")
    await bob.goes_to(CARDS)
    await bob.is_pictured("rejected")


async def frozen(world: World, alice: Desk, bob: Desk) -> None:
    name = "Appointment Reminder EMEA"
    await alice.asks(world.campaigns[name], name)
    await bob.goes_to(COMMANDS)
    await bob.says("/campaign-delete freeze The wrong contact list was loaded")
    await bob.reads("nothing is under way")
    await bob.goes_to(CARDS)
    await bob.reads("froze all requests")
    await bob.is_pictured("frozen")


async def again(world: World) -> None:
    """What a team sees that keeps an archive and wants a deleted campaign back."""
    alice, bob, name = await world.desk("U0ALICE"), await world.desk("U0BOB"), "Interactive Support SMS Campaign"
    await alice.asks(world.campaigns[name], name)
    await bob.agrees("Campaign")
    await bob.reads("was deleted.")
    await alice.goes_to(CARDS)
    await alice.presses("Rebuild …")
    await alice.reads("What a rebuild is")
    await alice.fills("Order Status", "The survey was not over yet")
    await alice.is_pictured("rebuild-modal", alice.modal)
    await alice.presses("Ask for approval")
    await bob.agrees("Campaign")
    await bob.reads("was rebuilt as a new campaign")
    await bob.goes_to(CARDS)
    await bob.reads("was rebuilt as a new campaign")
    await bob.is_pictured("rebuilt")


async def look(browser: Browser, story: Callable[[World], Awaitable[None]], **settings: str) -> None:
    """Tell one story in a sandbox of its own."""
    async with running(**settings) as url, httpx.AsyncClient(base_url=url) as api:
        stored = (await api.get("/sandbox/kore/campaigns")).json()
        await story(World(url, browser, {each["name"]: each["_id"] for each in stored}))


@asynccontextmanager
async def running(**settings: str) -> AsyncIterator[str]:
    """``python -m sandbox`` on free ports with a database of its own; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        given = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/bot.sqlite3", **settings}
        ports = ("--port", str(free_port()), "--bot-port", str(free_port()))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sandbox", *ports, cwd=HERE.parent, env=given, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout  # noqa: S101 - it is a pipe
        line = (await process.stdout.readline()).decode().split()
        try:
            if line[:1] != ["Open"]:
                sys.exit("The sandbox did not start; what it said stands above.")
            yield line[1]
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        await look(browser, alone)
        await look(browser, search)
        await look(browser, together, APPROVALS_REQUIRED="1", UNDO_WINDOW=UNDO_WINDOW)
        await look(browser, again, APPROVALS_REQUIRED="1", ARCHIVE_KEY=urlsafe_b64encode(os.urandom(32)).decode())
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
