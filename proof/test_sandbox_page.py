"""The sandbox's page by itself, without a bot: many tabs of one browser, its advice, its faults."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from proof.browser_user import ARGUMENTS, PATIENCE_MS, chromium
from sandbox.server import Sandbox, running

pytestmark = pytest.mark.xdist_group("browser")
TABS = 8  # a browser opens six connections to one server
ADVICE = ".first-visit"
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running(latency_ms=0) as sandbox:
        yield sandbox


async def test_many_tabs_and_reloads_share_one_stream(browser: Browser, sandbox: Sandbox) -> None:
    context = await browser.new_context()
    tabs = [await context.new_page() for _ in range(TABS)]
    for tab in tabs:
        await tab.goto(f"{sandbox.url}/?as=U0ALICE&channel=C0CAMPAIGNS")
        await expect(tab.locator(ADVICE)).to_be_visible()
    for _ in range(TABS):
        await tabs[0].reload()
        await expect(tabs[0].locator(ADVICE)).to_be_visible()

    await tabs[0].locator("#conversation textarea").fill("Hello from the first tab")
    await tabs[0].keyboard.press("Enter")

    for tab in tabs:
        await expect(tab.get_by_text("Hello from the first tab")).to_be_visible()


async def test_tab_follows_changes_after_it_was_left_and_shown_again(browser: Browser, sandbox: Sandbox) -> None:
    tab = await browser.new_page()
    await tab.goto(f"{sandbox.url}/?as=U0ALICE&channel=C0CAMPAIGNS")
    await tab.goto(f"{sandbox.url}/?as=U0BOB&channel=C0RANDOM")
    await tab.go_back()
    await expect(tab.locator(ADVICE)).to_be_visible()
    other = await browser.new_page()
    await other.goto(f"{sandbox.url}/?as=U0BOB&channel=C0CAMPAIGNS")
    await other.locator("#conversation textarea").fill("Hello Alice")
    await other.keyboard.press("Enter")
    await expect(tab.get_by_text("Hello Alice")).to_be_visible()


@pytest.mark.parametrize(
    ("person", "channel", "advice"),
    [
        ("U0ALICE", "C0CAMPAIGNS", "Delete a campaign: write this and press Enter."),
        ("U0ALICE", "C0RANDOM", "go to #campaigns"),
        ("U0ALICE", "C0SHARED", "go to #campaigns"),
        ("U0ALICE", "D0ALICE", "go to #campaigns"),
        ("U0CAROL", "C0CAMPAIGNS", "choose Alice in"),
        ("U0DAN", "C0CAMPAIGNS", "choose Alice in"),
    ],
)
async def test_advice_is_given_where_it_works(
    browser: Browser, sandbox: Sandbox, person: str, channel: str, advice: str
) -> None:
    tab = await browser.new_page()
    await tab.goto(f"{sandbox.url}/?as={person}&channel={channel}")
    await expect(tab.locator(ADVICE)).to_contain_text(advice)
    assert await tab.get_by_text("Fill it in").count() == (1 if "write this" in advice else 0)


async def test_each_button_of_the_fault_panel_switches_on_one_fault_and_says_so(
    browser: Browser, sandbox: Sandbox
) -> None:
    tab = await browser.new_page(viewport={"width": 390, "height": 844})
    await tab.goto(f"{sandbox.url}/?as=U0ALICE&channel=C0CAMPAIGNS")
    await tab.get_by_role("button", name="Tools").click()
    await tab.get_by_role("tab", name="Faults").click()
    panel = tab.locator("#faults")
    buttons, result = panel.locator("h3 + .common-faults button"), panel.locator(".result")
    for button in await buttons.all():
        await button.click()
        await expect(result).to_be_in_viewport()
        await expect(result).to_contain_text("Switched on")
        (fault,) = sandbox.faults.active
        assert (fault.times is None) == ((await button.inner_text()).endswith("until cleared"))
        await panel.get_by_role("button", name="Clear all faults").click()
        await expect(panel.get_by_text("No active faults.")).to_be_visible()
    await panel.get_by_role("button", name="Send ssl_check, unsigned, by HTTP").click()
    await expect(panel.get_by_text("The bot has no request URL.")).to_be_in_viewport()
