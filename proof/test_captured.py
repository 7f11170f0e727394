"""Oracles accept every payload that the bot sent during the story."""

from collections import Counter

import pytest

from deletion.domain.states import BEGUN, State
from proof.oracles import objections
from proof.payload_roundtrip import Json
from proof.recorded_payloads import payloads
from slack_ui import strings
from slack_ui.parts import ids

pytestmark = pytest.mark.xdist_group("traffic")
FALLBACK_MAX = 4_000  # docs.slack.dev/reference/methods/chat.update; a longer text is cut


async def test_oracles_accept_sent_payloads(traffic: list[Json]) -> None:
    counted: Counter[str] = Counter()
    for what, surface, payload in payloads(traffic):
        assert not objections(payload, surface), (what, payload)
        counted[what] += 1
    assert {"chat.postMessage", "chat.update"} <= set(counted)  # a click is answered at its response_url


async def test_every_message_has_fallback_text(traffic: list[Json]) -> None:
    messages = [payload for _, surface, payload in payloads(traffic) if surface == "message"]
    assert all(0 < len(message["text"]) <= FALLBACK_MAX for message in messages)


async def test_story_covers_every_view_and_nearly_every_state(traffic: list[Json]) -> None:
    sent = list(payloads(traffic))
    views = {payload["callback_id"] for _, surface, payload in sent if surface != "message"}
    assert views == {value for name, value in vars(ids).items() if name.endswith("_VIEW")}
    texts = " ".join(payload["text"] for _, surface, payload in sent if surface == "message")
    never = {state for state, words in strings.deletion.DELETION.headlines.items() if words not in texts}
    # A state that lasts for moments may have no message of its own. test_builders has all states.
    assert never <= BEGUN | {State.EXPIRED, State.PRACTISED}


async def test_slack_accepted_everything_except_planted_failures(traffic: list[Json]) -> None:
    refused = {
        (exchange["what"], exchange["response"]["error"])
        for exchange in traffic
        if exchange["direction"] == "to_slack" and not (exchange["response"] or {}).get("ok")
    }
    closed_meanwhile = {("views.update", "not_found"), ("views.update", "hash_conflict")}
    # A channel without the bot gets no call: conversations.info says so, but its answer is valid for two seconds.
    left_meanwhile = {("chat.update", "not_in_channel"), ("chat.postMessage", "not_in_channel")}
    assert refused - closed_meanwhile - left_meanwhile == {("views.open", "expired_trigger_id")}
