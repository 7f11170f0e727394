"""Payloads give no rights: forged, foreign and stale ids are refused without effect."""

import json
from typing import Any
from uuid import uuid4

import pytest

from deletion.domain.policy import ID_END
from deletion.domain.states import State
from deletion.stores.preview_store import PreviewStore
from sandbox.slack import seed
from sandbox.slack.interactions import payloads
from slack_ui import strings
from slack_ui.parts import ids
from tests.fuzz.conftest import NAME, Cast
from tests.fuzz.payloads import Payload, filled_in
from tests.stories.person import REASON, eventually, shown

RIGHT = {
    ids.REASON_BLOCK: {ids.REASON_INPUT: REASON},
    ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: NAME},
    ids.ID_END_BLOCK: {ids.ID_END_INPUT: "END-OF-ID"},
}
LAST_WORD = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}}
OPEN, ENDED, HERS, UNHEARD_OF = "THE-OPEN-REQUEST", "THE-ENDED-REQUEST", "ALICES-PREVIEW", uuid4().hex
STRANGE = {
    "authorizations": [5],
    "event": None,
    "response_urls": [5],
    "function_data": None,
    "is_enterprise_install": [],
}
KEPT = strings.modals.PREVIEW_LOST[1]
UNKNOWN = strings.modals.NO_SUCH_REQUEST[1]


def form(callback_id: str, metadata: str, values: dict[str, dict[str, str]]) -> Payload:
    typed = {block: {field: {"value": text} for field, text in fields.items()} for block, fields in values.items()}
    view = {"type": "modal", "id": "V0", "callback_id": callback_id, "private_metadata": metadata}
    return {"type": "view_submission", "view": {**view, "state": {"values": typed}}}


def click(action_id: str, value: Any) -> Payload:
    action = {"type": "button", "action_id": action_id, "block_id": ids.BUTTONS_BLOCK, "value": value}
    return {"type": "block_actions", "channel": {"id": "C0APPROVALS"}, "actions": [action]}


def turn(**wanted: str) -> str:
    return json.dumps({"wanted": wanted, "cursor": {"at": "2026-11-24T12:00:00Z", "id": "r1"}})


async def _end_of_id(cast: Cast, payload: Payload, standing_for: dict[str, str]) -> str:
    """Return what the form asks for at the end of the campaign's id, if there is such a form."""
    known = standing_for.get(str(payload.get("view", {}).get("private_metadata")))
    preview = await PreviewStore(cast.engine).preview(known) if known else None
    return preview.campaign.campaign_id[-ID_END:] if preview else "0001"


async def check_refused(cast: Cast, user_id: str, payload: Payload, *said: str, **changes: Any) -> None:
    """Send a payload, wait until the user is told one of these texts, and check that no row changed."""
    standing_for = await cast.assemble()
    workspace, before = cast.world.sandbox.slack.workspace, await cast.rows()
    cast.look_from_here()
    who = (
        payloads.interaction("", workspace.users[user_id]) | {"trigger_id": workspace.triggers.issue(user_id)} | STRANGE
    )
    named = standing_for | {"END-OF-ID": await _end_of_id(cast, payload, standing_for)}
    ack = await cast.world.sandbox.slack.delivery.deliver("interactive", filled_in(who | payload | changes, named))

    async def is_told() -> bool:
        accepted = [each["request"] for each in cast.calls_to_slack() if each["response"]["ok"]]
        told = shown([ack.payload, *accepted])
        return any(text in told for text in said)

    await eventually(is_told, " or ".join(said))
    await cast.settle()
    assert ack.error is None
    assert await cast.rows() == before
    assert await cast.state(standing_for[OPEN]) is State.AWAITING_APPROVAL
    assert await cast.state(standing_for[ENDED]) is State.CANCELLED
    assert not await cast.world.deletes()


@pytest.mark.parametrize(
    ("user_id", "forged", "said"),
    [
        ("U0BOB", form(ids.CONFIRM_VIEW, HERS, RIGHT), KEPT),
        ("U0ALICE", form(ids.CONFIRM_VIEW, UNHEARD_OF, RIGHT), KEPT),
        ("U0ALICE", form(ids.CONFIRM_VIEW, "", RIGHT), KEPT),
        ("U0ALICE", form(ids.CONFIRM_VIEW, OPEN, RIGHT), "This campaign already has a request"),
        ("U0ALICE", form(ids.CONFIRM_VIEW, ENDED, RIGHT), "This campaign already has a request"),
        ("U0ALICE", form(ids.CONFIRM_VIEW, HERS, {}), strings.modals.REASON_TOO_SHORT),
        ("U0BOB", form(ids.APPROVE_VIEW, ENDED, LAST_WORD), "the request was withdrawn"),
        ("U0BOB", form(ids.APPROVE_VIEW, HERS, LAST_WORD), UNKNOWN),
        ("U0BOB", form(ids.APPROVE_VIEW, UNHEARD_OF, LAST_WORD), UNKNOWN),
        ("U0BOB", form(ids.APPROVE_VIEW, f"{OPEN} ", LAST_WORD), UNKNOWN),
        ("U0BOB", form(ids.APPROVE_VIEW, "' OR 1=1 --", LAST_WORD), UNKNOWN),
        ("U0BOB", form(ids.APPROVE_VIEW, "x" * 3_000, LAST_WORD), UNKNOWN),
        ("U0BOB", form(ids.APPROVE_VIEW, "a\0b", LAST_WORD), UNKNOWN),
        ("U0BOB", form(ids.APPROVE_VIEW, "half \ud83d", LAST_WORD), UNKNOWN),
        (
            "U0BOB",
            form(ids.APPROVE_VIEW, OPEN, {}),
            strings.modals.APPROVE_WRONG.format(what=strings.modals.APPROVE_BY_WORD),
        ),
        ("U0ALICE", form(ids.APPROVE_VIEW, OPEN, LAST_WORD), "your own request"),
        ("U0DAN", form(ids.APPROVE_VIEW, OPEN, LAST_WORD), "Only approvers can decide"),
        ("U0BOB", form(ids.CONFIRM_VIEW, OPEN, RIGHT), KEPT),
        ("U0DAN", form(ids.REJECT_VIEW, OPEN, RIGHT), "Only approvers can decide"),
        ("U0BOB", form(ids.REJECT_VIEW, UNHEARD_OF, RIGHT), UNKNOWN),
        ("U0BOB", form(ids.REJECT_VIEW, OPEN, {}), strings.modals.REASON_TOO_SHORT),
        ("U0ALICE", form(ids.REBUILD_VIEW, HERS, RIGHT), KEPT),
        ("U0ALICE", form(ids.REBUILD_VIEW, OPEN, RIGHT), KEPT),
        ("U0ALICE", click(ids.REBUILD_BUTTON, UNHEARD_OF), UNKNOWN),
        ("U0ALICE", click(ids.REBUILD_BUTTON, ENDED), "I can rebuild only campaigns that were deleted"),
        ("U0ALICE", form(ids.PICKER_VIEW, "none of ours", {}), "I can't check the channel"),
        (
            "U0ALICE",
            form(ids.PICKER_VIEW, json.dumps({"channel_id": "C0> <!here>"}), {}),
            "I can't check the channel",
        ),
        ("U0ALICE", form(ids.PICKER_VIEW, json.dumps({"channel_id": "C0CAMPAIGNS"}), {}), strings.modals.NOT_AN_ID[0]),
        ("U0ALICE", form(ids.PICKER_VIEW, json.dumps({"channel_id": "C0RANDOM"}), {}), "/invite @Campaign Delete"),
        (
            "U0DAN",
            form(ids.PICKER_VIEW, json.dumps({"channel_id": "C0CAMPAIGNS"}), {}),
            "Only requesters can request deletions",
        ),
        ("U0BOB", form("campaign_delete.of_old", OPEN, RIGHT), strings.modals.UNKNOWN_INTERACTION[1]),
        ("U0BOB", form(ids.NOTICE_VIEW, OPEN, RIGHT), strings.modals.UNKNOWN_INTERACTION[1]),
        ("U0BOB", click(ids.APPROVE_BUTTON, UNHEARD_OF), UNKNOWN),
        ("U0BOB", click(ids.APPROVE_BUTTON, HERS), UNKNOWN),
        ("U0BOB", click(ids.APPROVE_BUTTON, ENDED), "the request was withdrawn"),
        ("U0BOB", click(ids.REJECT_BUTTON, None), UNKNOWN),
        ("U0ALICE", click(ids.CANCEL_BUTTON, UNHEARD_OF), UNKNOWN),
        ("U0BOB", click(ids.CANCEL_BUTTON, OPEN), "Only the requester can withdraw"),
        ("U0ALICE", click(ids.STOP_BUTTON, OPEN), "is waiting for approval"),
        ("U0BOB", click(ids.OLDER_BUTTON, OPEN), strings.lookup_and_home.PAGE_LOST),
        ("U0BOB", click(ids.OLDER_BUTTON, turn(requester_id="U0BOB> <!channel>")), strings.lookup_and_home.PAGE_LOST),
        ("U0BOB", click(ids.OLDER_BUTTON, turn(campaign_id="` <!channel>")), strings.lookup_and_home.PAGE_LOST),
        ("U0BOB", click(ids.OLDER_BUTTON, turn(since="0001-01-01T00:00:00+14:00")), strings.lookup_and_home.PAGE_LOST),
        ("U0BOB", click("campaign_delete.of_old", OPEN), strings.modals.UNKNOWN_INTERACTION[1]),
    ],
)
async def test_forged_and_stale_payloads_are_refused_without_effect(
    cast: Cast, user_id: str, forged: Payload, said: str
) -> None:
    await check_refused(cast, user_id, forged, said)


@pytest.mark.parametrize(
    "forged",
    [form(ids.APPROVE_VIEW, OPEN, LAST_WORD), form(ids.CONFIRM_VIEW, HERS, RIGHT), click(ids.CANCEL_BUTTON, OPEN)],
)
async def test_valid_ids_from_another_workspace_are_refused(cast: Cast, forged: Payload) -> None:
    elsewhere = {"team": {"id": seed.PARTNER_TEAM, "domain": "partner"}}
    user_id = "U0ALICE" if forged["type"] == "block_actions" else "U0BOB"
    await check_refused(cast, user_id, forged, "work for one workspace only", KEPT, **elsewhere)


@pytest.mark.parametrize(
    ("button", "said"),
    [
        (ids.CANCEL_BUTTON, UNKNOWN),
        (ids.APPROVE_BUTTON, UNKNOWN),
        (ids.REBUILD_BUTTON, "I can't check the channel"),
        ("campaign_delete.of_old", strings.modals.UNKNOWN_INTERACTION[1]),
    ],
)
async def test_click_without_a_message_is_answered(cast: Cast, button: str, said: str) -> None:
    forged = click(button, UNHEARD_OF)
    await check_refused(cast, "U0ALICE", {name: part for name, part in forged.items() if name != "channel"}, said)
