"""Valid and invalid payloads cause no error, no traceback, no foreign markup and no DELETE.

``FUZZ_EXAMPLES`` is the number of random batches per mode; without it, a few fixed ones run.
"""

import asyncio
import os
import time
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st

from deletion.domain.states import State
from deletion.domain.text.confirmation import confirmation_phrase
from handlers.ingress import payload as payload_reader
from handlers.ingress.http import FORM
from sandbox.slack import seed
from sandbox.slack.blocks.rules import check_options, check_view
from sandbox.slack.interactions.delivery import Ack, signed_headers
from slack_ui.parts import ids
from tests.fuzz.conftest import CARDS, Cast
from tests.fuzz.payloads import Payload, filled_in, kind_of, long_texts, payloads, texts
from tests.hostile import EVIL, check_markup, check_seen
from tests.simulation.stories.steps import buttons
from tests.stories.conftest import World
from tests.stories.person import PATIENCE_SECONDS, Person, eventually, shown

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
BATCH = 16
ACK_SECONDS, NO_ACK_SECONDS = PATIENCE_SECONDS, 0.3
FUZZ = settings(
    max_examples=EXAMPLES or 6,
    derandomize=not EXAMPLES,
    print_blob=True,
    phases=[phase for phase in Phase if EXAMPLES or phase is not Phase.shrink],  # shrinking repeats whole batches
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
HEARD = frozenset({"block_actions", "view_submission", "shortcut", "message_action", "url_verification"})
# Errors that Slack may return for unknown users and channels, old triggers, or a click on a message that was deleted
# before the bot replaces it by a link: see ``OutdatedMessage``.
EXPECTED = frozenset(
    {"user_not_found", "channel_not_found", "not_in_channel", "user_not_in_channel", "invalid_trigger_id",
     "exchanged_trigger_id", "expired_trigger_id", "ratelimited", "not_found", "missing_scope", "message_not_found"}
)  # fmt: skip

OWN_MESSAGE: Payload = {
    "type": "event_callback", "team_id": seed.TEAM, "event_id": "Ev0", "authorizations": [],
    "event": {"type": "message", "user": seed.BOT_USER, "text": "x", "tab": "home"},
}  # fmt: skip


def click_on_a_deleted_message(button: str) -> Payload:
    action = {"type": "button", "block_id": ids.BUTTONS_BLOCK, "action_id": button, "value": "THE-OPEN-REQUEST"}
    return {
        "type": "block_actions", "team": {"id": seed.TEAM}, "user": {"id": "U0BOB", "team_id": seed.TEAM},
        "trigger_id": "A-FRESH-TRIGGER", "channel": {"id": CARDS}, "actions": [action],
        "container": {"type": "message", "message_ts": "1.2", "channel_id": CARDS, "is_ephemeral": False},
    }  # fmt: skip


def expected(payload: Payload) -> int:
    """Return the expected HTTP status; in Socket Mode only 200 has an ack."""
    try:
        found = payload_reader.read(payload)
    except payload_reader.UnexpectedPayloadError:
        return 400
    event = found.get("event") or {}
    heard = (
        found.get("type") in HEARD
        or found.get("command") == ids.COMMAND
        or found.get("action_id") == ids.CAMPAIGN_SELECT
        or event.get("type") == "app_home_opened"
        or event.get("user") == seed.BOT_USER  # Bolt acknowledges the bot's own events
    )
    return 200 if heard else 404


async def deliver(world: World, payload: Payload) -> Ack:
    return await world.sandbox.slack.delivery.deliver(kind_of(payload), payload)


def ready(payload: Payload, world: World, standing_for: dict[str, str]) -> Payload:
    user = payload.get("user")
    user_id = str(user.get("id") if isinstance(user, dict) else payload.get("user_id"))
    workspace = world.sandbox.slack.workspace
    trigger = workspace.triggers.issue(user_id if user_id in workspace.users else "U0ALICE")
    whole: Payload = filled_in(payload, {**standing_for, "A-FRESH-TRIGGER": trigger})
    if kind_of(whole) == "slash_commands":  # form fields are text
        return {name: str(value).encode("utf-8", "replace").decode() for name, value in whole.items()}
    return whole


def check_answer(ack: Ack) -> None:
    """Check that the answer is empty, or a view or text that Slack accepts."""
    shown: Payload = {name: said for name, said in ack.payload.items() if name in ("text", "view")}
    if "view" in shown:
        check_view(shown["view"], "modal")
    assert EVIL not in str(ack.payload.get("errors", ""))
    assert not check_options(ack.payload)
    check_markup(shown)
    check_seen(shown)


def check_sent(exchange: dict[str, Any]) -> None:
    answered = exchange["response"]
    assert answered["ok"] or answered["error"] in EXPECTED, exchange
    if exchange["what"].startswith(("chat.", "views.")):
        check_markup(exchange["request"])
        check_seen({name: value for name, value in exchange["request"].items() if name != "trigger_id"})
    if exchange["what"] == "chat.update":
        assert exchange["request"]["parse"] == "none"


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # the notes name the payload
@FUZZ
@example(batch=[click_on_a_deleted_message(ids.REJECT_BUTTON)])
@example(batch=[click_on_a_deleted_message(ids.ONLY_STOP_BUTTON), OWN_MESSAGE])  # a button of a modal
@given(batch=st.lists(payloads, min_size=BATCH, max_size=BATCH))
async def test_fuzzed_payloads_are_answered_without_error_or_effect(cast: Cast, batch: list[Payload]) -> None:
    standing_for = await cast.assemble()
    whole = [ready(payload, cast.world, standing_for) for payload in batch]
    by_http = cast.world.sandbox.slack.delivery.mode == "http"

    for heard in (True, False):
        chosen = [payload for payload in whole if (expected(payload) == 200) is heard]
        cast.world.sandbox.slack.delivery.ack_timeout_seconds = ACK_SECONDS if heard or by_http else NO_ACK_SECONDS
        acks = await asyncio.gather(*(deliver(cast.world, payload) for payload in chosen))
        for payload, ack in zip(chosen, acks, strict=True):
            note(f"{payload} was answered {ack}")
            assert ack.status == (expected(payload) if by_http else None)
            assert (ack.error is None) is heard
            check_answer(ack)
    cast.world.sandbox.slack.delivery.ack_timeout_seconds = ACK_SECONDS

    for exchange in await cast.settle():
        check_sent(exchange)
    await check_nothing_done(cast)


@settings(FUZZ, max_examples=EXAMPLES or 3)
@given(name=long_texts, reason=texts, why=texts)
async def test_hostile_texts_are_inert_on_every_surface(cast: Cast, name: str, reason: str, why: str) -> None:
    """In the modal, as the reason on the card, in an approver's modal, and as the reason of a rejection."""
    await cast.assemble()
    campaign_id, (alice, bob) = await cast.world.fresh_campaign(), map(cast.world.person, ("U0ALICE", "U0BOB"))
    hours = {"timezone": name, "days": [{"day": name, "start": name, "end": name}]}
    fields = {
        "description": name,
        "format": name,
        "contactLists": [name] * 12,
        "dialingStrategy": {"callingHours": hours},
    }
    await cast.world.campaign(campaign_id, name=name, **fields)

    view = await alice.asks_to_delete(campaign_id)
    assert not await alice.submits(view, confirmation_phrase(name, campaign_id), f"{reason[:400]} long enough")
    card = await eventually(lambda: card_of(bob, campaign_id), "the card")
    for button, callback_id in ((ids.APPROVE_BUTTON, ids.APPROVE_VIEW), (ids.REJECT_BUTTON, ids.REJECT_VIEW)):
        await bob.does("click", channel=CARDS, ts=card["ts"], block_id=ids.BUTTONS_BLOCK, action_id=button)
        view = await bob.modal(callback_id)
    values = {ids.REASON_BLOCK: {ids.REASON_INPUT: f"{why[:400]} long enough"}}
    assert not (await bob.does("modal/submit", view_id=view["id"], values=values)).get("errors")
    await bob.reads("the request was rejected.", CARDS)

    for exchange in await cast.settle():
        check_sent(exchange)
    await check_nothing_done(cast)


async def card_of(person: Person, campaign_id: str) -> Payload | None:
    """Return the card of this campaign once it has its buttons, or None. Cards of others may come later."""
    cards = [message for message in await person.messages(CARDS) if ids.APPROVE_BUTTON in buttons(message)]
    return next((card for card in cards if campaign_id in shown(card["blocks"])), None)


async def check_nothing_done(cast: Cast) -> None:
    """Check that no form had an effect. A click may have withdrawn or rejected a request."""
    said = cast.world.bot.log.read_text()
    assert "Traceback" not in said
    assert " ERROR " not in said
    assert not await cast.world.deletes()
    for name in ("THE-OPEN-REQUEST", "THE-ENDED-REQUEST"):
        request_id = cast.standing_for[name]
        assert await cast.state(request_id) in (State.AWAITING_APPROVAL, State.CANCELLED, State.REJECTED)
        for entry in (await cast.entries(request_id))[1:]:
            assert (entry.event, entry.actor_id) in (
                ("cancelled", "U0ALICE"), ("rejected", "U0BOB"), ("rejected", "U0CAROL"),
            )  # fmt: skip


async def test_unsigned_request_leaves_no_content_in_the_log(cast: Cast) -> None:
    """Send to the real port; Socket Mode has no such address."""
    by_http = cast.world.sandbox.slack.delivery.mode == "http"
    canary = urlencode({"payload": '{"type": "CANARY-IN-THE-BODY"}'})
    long = f"text={'x' * 2_000_000}".encode()
    async with httpx.AsyncClient(base_url=cast.world.bot.url, timeout=PATIENCE_SECONDS) as stranger:
        unsigned = await stranger.post("/slack/events", content=canary, headers={"Content-Type": FORM})
        signed = {**signed_headers(long, int(time.time())), "Content-Type": FORM}
        too_long = await stranger.post("/slack/events", content=long, headers=signed)
    assert (unsigned.status_code, too_long.status_code) == ((401, 413) if by_http else (404, 404))
    said = cast.world.bot.log.read_text()
    assert "CANARY" not in said
    assert "Traceback" not in said
