"""Users in a browser go through the whole story on the sandbox's page, also by keyboard and in a narrow window."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.async_api import Browser, async_playwright

from deletion.engine.sweep_timer import SWEEP_EVERY_SECONDS
from proof.browser_user import ARGUMENTS, CARDS, COMMANDS, HOME, NAME, NARROW, TALL, TALLEST, BrowserUser, chromium
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import ends_undo_windows
from tests.stories.conftest import World, open_world
from tests.stories.person import REASON, eventually

pytestmark = pytest.mark.xdist_group("browser")
UNDO_WINDOW = "2m"  # so that users are in time on a busy machine
TOGETHER = {
    "APPROVALS_REQUIRED": "1", "UNDO_WINDOW": UNDO_WINDOW, "ARCHIVE_KEY": Fernet.generate_key().decode(),
    "KORE_CALLS_PER_MINUTE": "10000",
}  # fmt: skip
CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
EMERGENCY = "Fraud Alert Broadcast"  # its status is neither deletable nor stoppable
LONGER_THAN_SLACK_WAITS_MS = 6_000  # and long enough to see what the form says meanwhile


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for screenshots: PICTURES, which ``make pictures`` sets to the README's."""
    folder = Path(os.environ.get("PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class BrowserWorld:
    """A world and its browser users."""

    world: World
    browser: Browser
    pictures: Path

    async def user(self, person: str) -> BrowserUser:
        return await BrowserUser.of(self.browser, str(self.world.api.base_url).rstrip("/"), person, self.pictures)

    async def campaign(self, name: str) -> str:
        stored = (await self.world.api.get("/sandbox/kore/campaigns")).json()
        return str(next(each["_id"] for each in stored if each["name"] == name))

    async def executes(self, user: BrowserUser, announced: str = "will be deleted unless") -> None:
        """Let the undo window be over once this user sees that it has begun."""
        await user.reads(announced)
        await ends_undo_windows(self.world)


@pytest.fixture(scope="module")
async def alone_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("alone"), "socket", "v1") as world:
        yield world


@pytest.fixture(scope="module")
async def together_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("together"), "socket", "v1", **TOGETHER) as world:
        yield world


@pytest.fixture
async def alone(alone_world: World, browser: Browser, pictures: Path) -> BrowserWorld:
    """A team without approvals."""
    await alone_world.reset()
    return BrowserWorld(alone_world, browser, pictures)


@pytest.fixture
async def together(together_world: World, browser: Browser, pictures: Path) -> BrowserWorld:
    """A team that requires one approval."""
    await together_world.reset()
    await together_world.end_what_is_open()
    return BrowserWorld(together_world, browser, pictures)


async def test_deletion_without_approval(alone: BrowserWorld) -> None:
    alice = await alone.user("U0ALICE")
    await alice.goes_to(COMMANDS, TALL)
    await alice.opens(CAMPAIGN)
    await alice.fills(REASON)
    await alice.is_pictured("confirm-modal", alice.modal)
    await alice.fills(REASON, "Interactive Support")
    await alice.presses("Delete permanently")
    await alice.reads("This doesn't match")
    await alice.is_pictured("field-error", alice.modal)
    await alice.fills_in()
    await alice.sends("Delete permanently")
    await alice.reads("was deleted.")
    await alice.goes_to(COMMANDS)
    await alice.reads("was deleted.")
    await alice.is_pictured("result")
    await alice.opens(await alone.campaign(EMERGENCY))
    await alice.reads("can't be deleted in its current status")
    await alice.is_pictured("refused")
    assert await alone.world.deletes() == [CAMPAIGN]


async def test_deletion_with_approval(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    await alice.asks(CAMPAIGN)
    await bob.is_asked()
    await bob.is_pictured("approval-card")
    await bob.goes_to(CARDS, TALL)
    await bob.presses("Approve …")
    await bob.settled()
    await bob.fills("Campaign")
    await bob.is_pictured("approve-modal", bob.modal)
    await bob.sends("Approve")
    await bob.reads("will be deleted unless")
    await bob.goes_to(CARDS)
    await bob.reads("will be deleted unless")
    await bob.is_pictured("undo-window")
    await ends_undo_windows(together.world)
    await bob.reads("was deleted.")
    await bob.page.locator(".thread-link").click()
    await bob.reads("Kore.ai confirmed the deletion")
    await bob.is_pictured("thread", bob.page.locator("#thread"))
    await alice.reads("was deleted.")
    assert await together.world.deletes() == [CAMPAIGN]


async def test_deletion_stopped_in_undo_window(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    await alice.asks(await together.world.fresh_campaign())
    await bob.is_asked()
    await bob.approves()
    await bob.presses("Stop deletion")
    await bob.reads("the deletion was stopped in time.")
    await ends_undo_windows(together.world)
    await together.world.outlast(SWEEP_EVERY_SECONDS)
    assert not await together.world.deletes()


async def test_slow_form_shows_result_later(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    await alice.asks(await together.world.fresh_campaign())
    await bob.is_asked()
    await bob.presses("Approve …")
    await bob.settled()
    await bob.fills("Campaign")
    await together.world.fault("slack", "users.info", "delay", delay_ms=LONGER_THAN_SLACK_WAITS_MS, times=2)
    await bob.presses("Approve")
    await bob.reads(strings.modals.STILL_WORKING)
    await bob.is_pictured("slow-form", bob.modal)
    await bob.reads(strings.modals.RECORDED[1])
    assert await bob.violations() == []
    await bob.presses("Close")
    await bob.presses("Stop deletion")
    await bob.reads("the deletion was stopped in time.")


async def test_rejection_shows_reason_to_requester(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    await alice.asks(await together.world.fresh_campaign())
    await bob.is_asked()
    await bob.presses("Reject …")
    await bob.reads("Why should this campaign be kept?")
    await bob.fills("The yearly report still counts on it, until Friday")
    await bob.sends("Reject")
    await bob.reads("the request was rejected")
    await bob.goes_to(CARDS)
    await bob.reads("the request was rejected")
    await bob.is_pictured("rejected")
    await alice.reads("until Friday")


async def test_changed_campaign_closes_request(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    campaign = await together.world.fresh_campaign()
    await alice.asks(campaign)
    await bob.is_asked()
    await together.world.campaign(campaign, status="Active", contactLists=["Loyalty Members EMEA"])
    await bob.presses("Approve …")
    await bob.reads("it has changed since the request")
    await bob.presses("Close")
    await bob.goes_to(CARDS)
    await bob.reads("it has changed since the request")
    await bob.is_pictured("drift")


async def test_deleted_campaign_is_rebuilt(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    await alice.asks(await together.world.fresh_campaign())
    await bob.is_asked()
    await bob.approves()
    await together.executes(bob)
    await bob.reads("was deleted.")
    await alice.goes_to(CARDS)
    await alice.presses("Rebuild …")
    await alice.reads("What a rebuild does")
    await alice.fills("Order Status", "The survey was not over yet")
    await alice.is_pictured("rebuild-modal", alice.modal)
    await alice.sends("Request approval")
    await bob.reads("is waiting for approval")
    await bob.approves()
    await together.executes(bob, "will be rebuilt unless")
    await bob.reads("was rebuilt as a new campaign")
    await bob.goes_to(CARDS)
    await bob.reads("was rebuilt as a new campaign")
    await bob.is_pictured("rebuilt")


async def test_withdrawal_asks_for_confirmation(together: BrowserWorld) -> None:
    alice = await together.user("U0ALICE")
    await alice.asks(await together.world.fresh_campaign())
    await alice.reads("is waiting for approval to be deleted.")
    await alice.presses("Withdraw")
    await alice.page.locator("dialog.confirm").get_by_role("button", name="Withdraw").click()
    await alice.reads("was withdrawn.")


async def test_campaign_is_found_among_similar_names(alone: BrowserWorld) -> None:
    alice, name = await alone.user("U0ALICE"), "Spring Sale Reminder"
    await alice.goes_to(COMMANDS, TALLEST)
    await alice.types("")
    await alice.reads("campaigns in Kore.ai's list")
    await alice.modal.get_by_role("combobox").fill("spring sale")
    await alice.modal.get_by_text(name).first.wait_for()
    await alice.is_pictured("picker", alice.modal)
    assert not await alice.violations(), "suggestions"
    chosen = await alone.campaign(name)
    await alice.modal.get_by_role("option").filter(has_text=chosen[-4:]).click()
    await alice.presses("Show campaign")
    await alice.reads("Also type the last 4 characters")
    await alice.settled()
    await alice.is_pictured("similar-names", alice.modal)
    await alice.fills(REASON, name, "0000")
    await alice.presses("Delete permanently")
    await alice.reads("These aren't the last 4 characters")
    await alice.fills(REASON, name, chosen[-4:])
    await alice.sends("Delete permanently")
    await alice.reads("was deleted.")
    assert await alone.world.deletes() == [chosen]


async def test_request_is_approved_from_home(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    await bob.goes_to(HOME, TALL)
    first = await together.world.fresh_campaign()
    for campaign in (first, await together.world.fresh_campaign()):
        await alice.asks(campaign)
    await bob.reads("Waiting for your decision: 2")
    assert not await bob.violations()
    assert not await bob.is_cut_off()
    await bob.approves()
    await bob.reads("Waiting for your decision: 1")
    await ends_undo_windows(together.world)
    await eventually(together.world.deletes, "the DELETE")
    await alice.goes_to(HOME, TALL)
    await alice.presses("Delete a campaign …")
    await alice.reads("campaigns in Kore.ai's list")
    assert not await alice.violations()


async def test_freeze_and_unfreeze(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    await alice.asks(await together.world.fresh_campaign())
    await bob.goes_to(COMMANDS)
    await bob.types("freeze The wrong contact list was loaded")
    await bob.reads("nothing is in progress")
    await bob.goes_to(CARDS)
    await bob.reads("froze all requests")
    await bob.button("Approve …").wait_for(state="detached")
    await bob.is_pictured("frozen")
    await bob.goes_to(COMMANDS)
    await bob.types("unfreeze")
    await bob.reads("unfroze all requests")
    await bob.goes_to(CARDS)
    await bob.approves()
    await together.executes(bob)
    await bob.reads("was deleted.")


async def test_history_lists_results(together: BrowserWorld) -> None:
    alice = await together.user("U0ALICE")
    await alice.asks(await together.world.fresh_campaign())
    await alice.presses("Withdraw")
    await alice.page.locator("dialog.confirm").get_by_role("button", name="Withdraw").click()
    await alice.reads("was withdrawn.")
    await alice.types("history 7d")
    await alice.reads("Only visible to you")
    await alice.is_pictured("history", alice.page.locator("#messages"))
    assert not await alice.violations()


async def test_deletion_with_keyboard_only(alone: BrowserWorld) -> None:
    """Use only typing, Tab, Enter and Escape, from an empty page."""
    alice = await alone.user("U0ALICE")
    await alice.goes_to(COMMANDS)
    keys = alice.page.keyboard
    await tab_to(alice, "textarea")
    await keys.type(f"{ids.COMMAND} {CAMPAIGN}")
    await keys.press("Enter")
    await alice.settled()
    await keys.press("Escape")
    await alice.modal.wait_for(state="hidden")
    await keys.type(f"{ids.COMMAND} {CAMPAIGN}")
    await keys.press("Enter")
    await alice.settled()
    await keys.type(REASON)
    for typed in (NAME, *await alice.asked_end()):
        await keys.press("Tab")
        await keys.type(typed)
    await tab_to(alice, ".submit")
    await keys.press("Enter")
    await alice.has_sent()
    await alice.reads("was deleted.")
    assert await alone.world.deletes() == [CAMPAIGN]


async def tab_to(user: BrowserUser, selector: str, most: int = 60) -> None:
    for _ in range(most):
        if await user.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        await user.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is never reached with Tab")


async def test_narrow_window(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    for user in (alice, bob):
        await user.goes_to(COMMANDS if user is alice else CARDS, width=NARROW)
        assert not await user.is_cut_off()
    await alice.opens(await together.world.fresh_campaign())
    assert not await alice.is_cut_off()
    assert not await alice.violations()
    await alice.fills_in()
    await alice.sends("Request approval")
    await bob.reads("is waiting for approval to be deleted.")
    assert not await bob.is_cut_off()
    assert not await bob.violations()
    await bob.is_pictured("narrow")
    await bob.approves()
    await together.executes(bob)
    await bob.reads("was deleted.")


async def test_axe_finds_no_violation(together: BrowserWorld) -> None:
    alice, bob = await together.user("U0ALICE"), await together.user("U0BOB")
    await alice.goes_to(COMMANDS)
    assert not await alice.violations(), "a channel"
    await alice.opens(await together.world.fresh_campaign())
    assert not await alice.violations(), "a modal"
    await alice.fills_in("Wrong")
    await alice.presses("Request approval")
    await alice.reads("This doesn't match")
    assert not await alice.violations(), "a field error"
    await alice.fills_in()
    await alice.sends("Request approval")
    await bob.is_asked()
    await bob.page.locator(".thread-link").last.click()
    assert not await bob.violations(), "a card and its thread"
    await bob.page.locator("#close-thread").click()
    await bob.presses("Tools")
    for tool in ("Traffic", "Faults", "Kore.ai"):
        await bob.page.get_by_role("tab", name=tool).click()
        assert not await bob.violations(), tool
    await alice.presses("Withdraw")
    assert not await alice.violations(), "a question"


async def test_axe_detects_violation(alone: BrowserWorld) -> None:
    alice = await alone.user("U0ALICE")
    await alice.goes_to(COMMANDS)
    await alice.page.evaluate("document.getElementById('person').removeAttribute('id')")
    assert "select-name" in " ".join(await alice.violations())
