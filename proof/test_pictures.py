"""Take a picture of every surface in a wide and in a narrow window. ``make pictures`` keeps them; a test run does not.

Users act through the sandbox's API; a browser shows what each of them sees. The whole surface is pictured, so that what
is cut off or confusing can be seen.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from playwright.async_api import Browser, Error, Locator, Page

from proof.browser_user import CARDS, COMMANDS, HOME, NAME, PATIENCE_MS
from proof.test_browser import UNDO_WINDOW, browser, pictures  # noqa: F401 - fixtures
from slack_ui.parts import ids
from tests.simulation.stories.list_steps import (
    campaigns,
    chooses_many,
    opens_approval,
    requests_many,
    submits_approval,
)
from tests.simulation.stories.steps import approve, click, ends_undo_windows, reject
from tests.simulation.stories.stop_steps import submits_stop
from tests.stories.conftest import World, open_world
from tests.stories.person import REASON, Person, end_of_id, eventually, shown

pytestmark = pytest.mark.xdist_group("browser")
WIDTHS = {"": 1280, "-narrow": 390}
HEIGHT, TALL = 800, 1500
MOST_BYTES = 150_000
OPS = "C0OPSEMEA"
SLOW_DELETE_MS = 4000  # so that a busy machine sees a list's progress
TEAM = {
    "APPROVALS_REQUIRED": "2", "REQUESTERS": "S0REQUEST", "APPROVERS": "U0ALICE,S0APPROVE", "NOTIFY_BY_DM": "on",
    "APPROVERS_TO_NOTIFY": "U0BOB,S0APPROVE", "UNDO_WINDOW": UNDO_WINDOW, "OPS_ROOMS": OPS,
    "ARCHIVE_KEY": Fernet.generate_key().decode(), "KORE_CALLS_PER_MINUTE": "10000",
}  # fmt: skip
SEEDED = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
ERRORS: dict[str, dict[str, Any]] = {
    "unknown": {"kind": "status", "status": 500, "times": 3},
    "failed": {"kind": "status", "status": 403, "times": 3},
}


@dataclass
class Album:
    """Pictures of what users see in a world."""

    world: World
    page: Page
    folder: Path

    def person(self, user_id: str, channel: str = COMMANDS) -> Person:
        return self.world.person(user_id, channel)

    async def shows(
        self, name: str, user_id: str, channel: str, find: Callable[[Page], Locator], height: int = HEIGHT
    ) -> None:
        """Picture one part of the page as this user sees it."""
        for suffix, width in WIDTHS.items():
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.goto(f"{str(self.world.api.base_url).rstrip('/')}/?as={user_id}&channel={channel}")
            part, path = find(self.page), self.folder / f"{name}{suffix}.png"
            try:
                await part.wait_for()
            except Error as error:
                error.add_note(f"{user_id} sees:\n{await self.page.inner_text('body')}")
                raise
            await eventually(partial(self._is_taken, part, path), f"a picture of {name}")
            assert path.stat().st_size < MOST_BYTES, path
            assert await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path

    async def _is_taken(self, part: Locator, path: Path) -> bool:
        """Return False if the page was drawn anew meanwhile."""
        await self.page.wait_for_timeout(400)  # the page's own movements
        try:
            await part.screenshot(path=path)
        except Error:
            return False
        return True

    async def message(self, name: str, user_id: str, channel: str, text: str, height: int = HEIGHT) -> None:
        """Picture the newest message with this text."""
        found = partial(_newest, text=text)
        await self.shows(name, user_id, channel, found, height)

    async def passing(self, name: str, user_id: str, channel: str, text: str, height: int = HEIGHT) -> None:
        """Picture a message that the bot changes soon: it is suspended meanwhile."""
        await self.is_seen(user_id, channel, text)
        with self.world.bot.suspended():
            await self.message(name, user_id, channel, text, height)

    async def modal(self, name: str, user_id: str, channel: str = COMMANDS, height: int = HEIGHT) -> None:
        """Picture the open modal as it is seen without scrolling."""
        await self.shows(name, user_id, channel, lambda page: page.locator("#modal"), height)

    async def home(self, name: str, user_id: str) -> None:
        """Open the user's Home, and picture it."""
        await self.person(user_id).does("home")
        await self.shows(name, user_id, HOME, lambda page: page.locator("#home", has_text="As of"))

    async def asks(self, campaign_id: str = "") -> dict[str, Any]:
        """Request a deletion as Alice, and return the card."""
        alice, campaign = self.person("U0ALICE"), campaign_id or await self.world.fresh_campaign()
        assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)
        await self.closes("U0ALICE")  # a form that was answered late says so
        return await self.person("U0BOB").reads("is waiting for approval to be deleted.", CARDS)

    async def approved(self, card: dict[str, Any]) -> None:
        for user_id in ("U0BOB", "U0CAROL"):
            assert not await approve(self.person(user_id), card)
            await self.closes(user_id)

    async def executes(self, announced: str = "will be deleted unless") -> None:
        """Let the undo window be over once the card says that it has begun."""
        await self.is_seen("U0BOB", CARDS, announced)
        await ends_undo_windows(self.world)

    async def closes(self, user_id: str) -> None:
        person = self.person(user_id)
        for view in (await person.sees())["views"]:
            await person.does("modal/close", view_id=view["id"], all=True)

    async def answered(self, name: str, user_id: str, command: str, text: str) -> None:
        """Type a command, and picture the private answer."""
        await self.person(user_id).types(f"{ids.COMMAND} {command}")
        await self.message(name, user_id, COMMANDS, text)

    async def is_seen(self, user_id: str, channel: str, text: str) -> None:
        await self.person(user_id).reads(text, channel)


def _newest(page: Page, text: str) -> Locator:
    return page.locator("#messages .message", has_text=text).last


@pytest.fixture(scope="module")
async def team(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("team"), "socket", "v1", **TEAM) as world:
        yield world


@pytest.fixture
async def album(team: World, browser: Browser, pictures: Path) -> AsyncIterator[Album]:  # noqa: F811 - fixtures
    await team.reset()
    await team.end_what_is_open()
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield Album(team, page, pictures)
    await page.close()


async def opened(album: Album, command: str, user_id: str = "U0ALICE") -> dict[str, Any]:
    person = album.person(user_id)
    await person.types(f"{ids.COMMAND} {command}".strip())

    async def look() -> dict[str, Any] | None:
        views = (await person.sees())["views"]
        is_whole = views and views[-1]["callback_id"] != ids.LOADING_VIEW and "loading …" not in shown(views[-1])
        return views[-1] if is_whole else None

    view: dict[str, Any] = await eventually(look, "a complete modal")
    return view


async def test_pictures_of_the_request(album: Album) -> None:
    alice = album.person("U0ALICE")
    await opened(album, "")
    await album.modal("picker", "U0ALICE")
    await album.closes("U0ALICE")
    view = await opened(album, SEEDED)
    await album.modal("confirm-modal", "U0ALICE")
    assert await alice.submits(view, "Interactive Suport SMS Campaign")
    await album.closes("U0ALICE")
    stored = (await album.world.api.get("/sandbox/kore/campaigns")).json()
    alike = next(each["_id"] for each in stored if each["name"] == "Spring Sale Reminder")
    view = await opened(album, alike)
    assert end_of_id(view) == alike[-4:]
    await album.modal("similar-names", "U0ALICE")
    await album.closes("U0ALICE")
    emergency = next(each["_id"] for each in stored if each["name"] == "Fraud Alert Broadcast")
    for name, command in (("refused", emergency), ("not-found", "cd-00000000-f98e-5f4f-ad41-92803abb0000")):
        await opened(album, command)
        await album.modal(name, "U0ALICE")
        await album.closes("U0ALICE")
    await opened(album, SEEDED, "U0DAN")
    await album.modal("denied", "U0DAN")
    await album.closes("U0DAN")


async def test_pictures_of_the_decision(album: Album) -> None:
    card = await album.asks(SEEDED)
    await album.message("approval-card", "U0BOB", CARDS, "is waiting for approval")
    await album.message("origin-waiting", "U0ALICE", COMMANDS, "is waiting for approval")
    await album.message("approver-call", "U0BOB", "D0BOB", "requested the deletion of")
    await opened(album, SEEDED)
    await album.modal("already-requested", "U0ALICE")
    await album.closes("U0ALICE")
    for name, user_id, button, view in (
        ("own-request", "U0ALICE", ids.APPROVE_BUTTON, ids.NOTICE_VIEW),
        ("reject-modal", "U0CAROL", ids.REJECT_BUTTON, ids.REJECT_VIEW),
    ):
        await click(album.person(user_id), card, button)
        await album.person(user_id).modal(view)
        await album.modal(name, user_id, CARDS)
        await album.closes(user_id)
    await click(album.person("U0BOB"), card, ids.APPROVE_BUTTON)
    await album.person("U0BOB").modal(ids.APPROVE_VIEW, "Contacts and messages sent are the same")
    await album.modal("approve-modal", "U0BOB", CARDS)
    await album.closes("U0BOB")
    assert not await approve(album.person("U0BOB"), card)
    await album.closes("U0BOB")
    await album.is_seen("U0BOB", CARDS, "1 of 2")
    await album.message("one-of-two", "U0BOB", CARDS, "1 of 2 approvals")
    await album.home("home-requester", "U0ALICE")
    await album.home("home-approver", "U0CAROL")
    assert not await approve(album.person("U0CAROL"), card)
    await album.closes("U0CAROL")
    await album.is_seen("U0BOB", CARDS, "will be deleted unless")
    await album.message("undo-window", "U0BOB", CARDS, "will be deleted unless the deletion is stopped")
    await album.executes()
    await album.is_seen("U0BOB", CARDS, "was deleted.")
    await album.message("deleted-card", "U0BOB", CARDS, "was deleted.")
    await album.message("result", "U0ALICE", COMMANDS, "was deleted.")
    await album.message("ops-deleted", "U0DAN", OPS, "was deleted.")
    await album.message("direct-result", "U0ALICE", "D0ALICE", "was deleted.")
    await opened(album, SEEDED)
    await album.modal("deleted-before", "U0ALICE")
    await album.closes("U0ALICE")
    deleted = await album.person("U0ALICE").reads("was deleted.", CARDS)
    await click(album.person("U0ALICE"), deleted, ids.REBUILD_BUTTON)
    rebuild_form = await album.person("U0ALICE").modal(ids.REBUILD_VIEW)
    await album.modal("rebuild-modal", "U0ALICE", CARDS)
    flow = {ids.FLOW_BLOCK: {ids.FLOW_INPUT: "Order Status"}, ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}}
    await album.person("U0ALICE").does("modal/submit", view_id=rebuild_form["id"], values=flow)
    rebuild = await album.person("U0BOB").reads("is waiting for approval to be rebuilt.", CARDS)
    await album.approved(rebuild)
    await album.executes("will be rebuilt unless")
    await album.is_seen("U0BOB", CARDS, "was rebuilt")
    await album.message("rebuilt", "U0BOB", CARDS, "was rebuilt as a new campaign")
    await album.is_seen("U0BOB", CARDS, "Rebuilt <!date")
    await album.message("rebuilt-deletion", "U0BOB", CARDS, "was deleted.")


async def test_pictures_of_a_stop(album: Album) -> None:
    alice, bob, campaign = album.person("U0ALICE"), album.person("U0BOB"), await album.world.fresh_campaign()
    await album.world.campaign(campaign, status="Active")
    view = await opened(album, campaign)
    await album.modal("stop-and-delete-modal", "U0ALICE")
    assert not await alice.submits(view, NAME)
    await album.closes("U0ALICE")
    card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
    await album.approved(card)
    await album.is_seen("U0BOB", CARDS, "is stopped, and will be deleted")
    await album.message("stopped-before-deletion", "U0BOB", CARDS, "is stopped, and will be deleted")
    await album.executes()
    await album.is_seen("U0BOB", CARDS, "was stopped and deleted.")
    await album.message("stopped-and-deleted", "U0BOB", CARDS, "was stopped and deleted.")
    kept = await album.world.fresh_campaign()
    await album.world.campaign(kept, status="Active")
    form = await opened(album, f"stop {kept}")
    await album.modal("stop-modal", "U0ALICE")
    assert not await submits_stop(alice, form)
    await album.closes("U0ALICE")
    await album.is_seen("U0ALICE", COMMANDS, "was stopped.")
    await album.message("only-stopped", "U0ALICE", COMMANDS, "was stopped.")


async def test_pictures_of_a_list(album: Album) -> None:
    alice, bob, made = album.person("U0ALICE"), album.person("U0BOB"), await campaigns(album.world, 5)
    await chooses_many(alice, list(made.values()))
    await album.modal("list-confirm-modal", "U0ALICE", height=TALL)
    await album.closes("U0ALICE")
    card = await requests_many(album.world, list(made.values()))
    await album.closes("U0ALICE")
    await album.message("list-card", "U0BOB", CARDS, "are waiting for approval", TALL)
    view = await opens_approval(bob, card)
    await album.modal("list-approve-modal", "U0BOB", CARDS, TALL)
    assert not await submits_approval(bob, view, 4, struck=("Zebra",))
    await album.closes("U0BOB")
    carol = album.person("U0CAROL")
    assert not await submits_approval(carol, await opens_approval(carol, card), 4)
    await album.closes("U0CAROL")
    await album.world.fault("kore", "delete", "delay", delay_ms=SLOW_DELETE_MS, times=4)
    await album.executes()
    await album.passing("list-progress", "U0BOB", CARDS, "being deleted, one after the other", TALL)
    await album.is_seen("U0DAN", OPS, "4 of 5 campaigns were deleted.")
    await album.message("list-result", "U0DAN", OPS, "4 of 5 campaigns were deleted.", TALL)


async def test_pictures_of_a_paused_list(album: Album) -> None:
    bob, carol, made = album.person("U0BOB"), album.person("U0CAROL"), await campaigns(album.world, 3)
    card = await requests_many(album.world, list(made.values()))
    await album.closes("U0ALICE")
    await album.world.fault("kore", "delete", **ERRORS["failed"])
    for approver in (bob, carol):
        assert not await submits_approval(approver, await opens_approval(approver, card), 3)
        await album.closes(approver.id)
    await album.executes()
    await album.is_seen("U0ALICE", "D0ALICE", "I paused your list")
    await album.message("list-paused", "U0BOB", CARDS, "Otter", TALL)
    await album.message("direct-paused", "U0ALICE", "D0ALICE", "I paused your list")
    permalink = f"https://sandbox.slack.com/archives/{CARDS}/p{card['ts'].replace('.', '')}"
    await album.answered("status-of-list", "U0ALICE", f"status {permalink}", "is paused")


async def test_pictures_of_other_outcomes(album: Album) -> None:
    card = await album.asks()
    await reject(album.person("U0CAROL"), card, "The yearly report still counts on it, until Friday")
    await album.is_seen("U0BOB", CARDS, "was rejected")
    await album.message("rejected", "U0BOB", CARDS, "the request was rejected")
    await album.is_seen("U0DAN", OPS, "was rejected")
    await album.message("ops-rejected", "U0DAN", OPS, "the request was rejected")

    card = await album.asks()
    await click(album.person("U0ALICE"), card, ids.CANCEL_BUTTON)
    await album.is_seen("U0BOB", CARDS, "was withdrawn")
    await album.message("withdrawn", "U0BOB", CARDS, "the request was withdrawn")

    campaign = await album.world.fresh_campaign()
    card = await album.asks(campaign)
    await album.world.campaign(campaign, status="Active", contactLists=["Loyalty Members EMEA"])
    await click(album.person("U0BOB"), card, ids.APPROVE_BUTTON)
    await album.person("U0BOB").modal(ids.NOTICE_VIEW)
    await album.modal("changed-modal", "U0BOB", CARDS)
    await album.closes("U0BOB")
    await album.is_seen("U0BOB", CARDS, "has changed since")
    await album.message("drift", "U0BOB", CARDS, "it has changed since the request")

    card = await album.asks()
    await album.approved(card)
    card = await album.person("U0ALICE").reads("will be deleted unless", CARDS)
    await click(album.person("U0ALICE"), card, ids.STOP_BUTTON)
    await album.is_seen("U0BOB", CARDS, "the deletion was stopped in time.")
    await album.message("stopped", "U0BOB", CARDS, "the deletion was stopped in time")

    for name, fault in ERRORS.items():
        await album.world.fault("kore", "delete", **fault)
        card = await album.asks()
        await album.approved(card)
        await album.executes()
        said = {"unknown": "may or may not have been deleted.", "failed": "was not deleted. Requested"}[name]
        await album.is_seen("U0BOB", CARDS, said)
        await album.message(name, "U0BOB", CARDS, {"unknown": "may or may not have been", "failed": "Refused"}[name])
        await album.world.api.delete("/sandbox/faults")
    await album.home("home-outcomes", "U0ALICE")


async def test_pictures_of_answers(album: Album) -> None:
    campaign = await album.world.fresh_campaign()
    await album.asks(campaign)
    await album.answered("whoami", "U0BOB", "whoami", "What you")
    await album.answered("help", "U0ALICE", "help", "Delete a Kore.ai SMS campaign, safely")
    await album.answered("did-you-mean", "U0ALICE", "histry", "Did you mean")
    await album.answered("status", "U0ALICE", "status", "Open requests")
    await album.answered("history", "U0ALICE", f"history {campaign}", "newest first")
    await album.answered("freeze-answer", "U0BOB", "freeze The wrong contact list was loaded", "nothing is in progress")
    await album.is_seen("U0BOB", CARDS, "froze all requests")
    await album.message("freeze-notice", "U0BOB", CARDS, "froze all requests")
    await album.message("frozen", "U0BOB", CARDS, "is waiting for approval")
    await opened(album, "")
    await album.modal("frozen-command", "U0ALICE")
    await album.closes("U0ALICE")
    await album.home("home-frozen", "U0BOB")
    await album.answered("unfreeze-answer", "U0BOB", "unfreeze", "Requests are no longer frozen")
