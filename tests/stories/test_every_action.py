"""Stop, stop and delete, a list, a hold and a report: real processes by both transports, on both databases."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.kore.stop import StopPath
from slack_ui.parts import ids
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many, rows
from tests.simulation.stories.steps import CARDS, approve, types
from tests.simulation.stories.stop_steps import asks_to_stop, submits_stop
from tests.stories.conftest import World, open_world
from tests.stories.journal_command import run_command

SETTINGS = {"APPROVALS_REQUIRED": "1", "UNDO_WINDOW": "0", "KORE_CALLS_PER_MINUTE": "600"}
CHANNELS = ("C0CAMPAIGNS", "C0OPSEMEA", "C0OPSAMER")
STOP_PATHS = {
    ("v1", StopPath.DOCUMENTED): "/campaign/api/v1/",
    ("v1", StopPath.OTHER): "/agentassist/api/v1/",
    ("v2", StopPath.DOCUMENTED): "/campaign//trigger/",
    ("v2", StopPath.OTHER): "/campaign/api/v2/",
}


@pytest.mark.parametrize(
    ("mode", "version", "database_url", "path"),
    [
        ("http", "v1", "sqlite", StopPath.DOCUMENTED),
        ("socket", "v2", "postgresql", StopPath.DOCUMENTED),
        ("http", "v2", "postgresql", StopPath.OTHER),
        ("socket", "v1", "sqlite", StopPath.OTHER),
    ],
    indirect=["database_url"],
)
async def test_every_action_has_its_effect_its_outcome_and_its_journal_entries(
    tmp_path: Path, mode: str, version: str, database_url: str, path: StopPath
) -> None:
    async with open_world(tmp_path, mode, version, DATABASE_URL=database_url, **SETTINGS) as world:
        await world.api.post("/sandbox/kore/stop-path", json={"path": path})
        made = await campaigns(world, 6)
        (stopped, ended, *_), (stopped_id, ended_id, *listed) = made, made.values()

        card = await take_every_action(world, made)

        bob = world.person("U0BOB")
        done = await card_says(bob, card, "3 of 4 deleted, 1 struck")
        assert [*rows(done).values()] == ["Deleted", "Struck, not deleted", "Deleted", "Deleted"]
        for channel in CHANNELS:
            await bob.reads(f"`{stopped}` was stopped.", channel)
            await bob.reads(f"`{ended}` was stopped and deleted.", channel)
            assert rows(await bob.reads("3 of 4 campaigns were deleted.", channel)) == rows(done)
        assert sorted(await world.deletes()) == sorted([ended_id, listed[0], *listed[2:]])
        stops = [(call["status"], call["request"]["path"].partition("?")[0]) for call in await world.calls("stop")]
        answered = [taken for status, taken in stops if status == httpx.codes.OK]
        assert [taken.rpartition("/")[2] for taken in answered] == [stopped_id, ended_id]
        assert all(STOP_PATHS[version, path] in taken for taken in answered)
        assert len(stops) - len(answered) == (path is StopPath.OTHER), "the path that answered is remembered"
        report = (await types(bob, "report 1d"))["text"]
        for part in ("Deleted: 4", "campaign stopped: 1", "rejected: 1", "<@U0BOB> for <@U0ALICE>: 4"):
            assert part in report
        assert await last_events(world) == {
            stopped_id: "campaign stopped", ended_id: "deleted", listed[0]: "deleted", listed[1]: "rejected",
            listed[2]: "deleted", listed[3]: "deleted",
        }  # fmt: skip
        assert "Traceback" not in world.bot.log.read_text()


async def test_practice_of_every_action_sends_nothing_that_changes_kore(tmp_path: Path) -> None:
    async with open_world(tmp_path, "socket", "v2", PRACTICE="1", **SETTINGS) as world:
        made = await campaigns(world, 6)
        (stopped, ended, *_), (stopped_id, ended_id, *listed) = made, made.values()

        card = await take_every_action(world, made)

        bob = world.person("U0BOB")
        done = await card_says(bob, card, "3 practised, not deleted")
        assert "Struck, not deleted" in rows(done).values()
        for channel in CHANNELS:
            await bob.reads(f"practice · `{stopped}` would have been stopped.", channel)
            await bob.reads(f"practice · `{ended}` would have been stopped and deleted.", channel)
            assert (await bob.reads("The practice with 4 campaigns is done.", channel))["text"].startswith("practice")
        assert "Practice requests, which nothing above counts: 6." in (await types(bob, "report 1d"))["text"]
        assert {call["what"] for call in await world.calls_to_kore()} <= {"get", "list", "status", "contact_lists"}
        assert await last_events(world) == {
            **dict.fromkeys((stopped_id, ended_id, *listed), "practised"),
            listed[1]: "rejected",
        }


async def take_every_action(world: World, made: Mapping[str, str]) -> dict[str, Any]:
    """Stop the first campaign, stop and delete the second, hold and release the third.

    Then request the third to the sixth as a list, approve it with the fourth struck, and return its card.
    """
    alice, bob, carol = (world.person(each) for each in ("U0ALICE", "U0BOB", "U0CAROL"))
    stopped, ended, held, *rest = made.values()
    await world.api.post("/sandbox/kore/limit", json={"calls": 600, "seconds": 60})
    for running in (stopped, ended):
        await world.api.post(f"/sandbox/kore/campaigns/{running}/send", json={"per_minute": 600})

    assert not await submits_stop(bob, await asks_to_stop(bob, stopped), "farewell")
    await bob.reads("stopped.")

    assert not await alice.submits(await alice.asks_to_delete(ended), [*made][1])
    assert not await approve(bob, await bob.reads("is waiting for approval", CARDS), "farewell")

    assert "is on hold" in (await types(bob, f"hold {held} Legal asked to keep it"))["text"]
    await alice.types(f"{ids.COMMAND} {held}")
    await alice.modal(ids.NOTICE_VIEW, "Legal asked to keep it")
    assert "another approver must release it" in (await types(bob, f"release {held}"))["text"]
    assert "is released" in (await types(carol, f"release {held}"))["text"]

    card = await requests_many(world, [held, *rest])
    await approves_many(bob, card, 3, struck=([*made][3],))
    return card


async def last_events(world: World) -> dict[str, str]:
    """Verify the journal, and return the last event of each campaign."""
    assert "Intact: " in await run_command(world, "verify")
    entries = map(json.loads, (await run_command(world, "export")).splitlines())
    return {entry["campaign_id"]: entry["event"] for entry in entries if entry["request_id"]}
