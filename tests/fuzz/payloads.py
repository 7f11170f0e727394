"""Whole payloads: valid ones, with hostile texts, and with fields that are missing, of other types or of other users.

Ids that exist only at run time are placeholders of ``STANDING_FOR``, replaced when the payload is sent.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from deletion.stores.overview import Section
from sandbox.slack import seed
from slack_ui.parts import ids
from tests.hostile import HOSTILE

Payload = dict[str, Any]
Path = tuple[str | int, ...]

STANDING_FOR = (
    "THE-OPEN-REQUEST", "THE-ENDED-REQUEST", "ALICES-PREVIEW", "BOBS-PREVIEW", "A-CAMPAIGN", "A-FRESH-TRIGGER",
)  # fmt: skip
PEOPLE = ("U0ALICE", "U0BOB", "U0CAROL", "U0DAN", "U0MIA", "U0GUS", "U0SAM", "U0DORA", "U0BOT", "U0NOBODY")
CHANNELS = ("C0CAMPAIGNS", "C0APPROVALS", "C0RANDOM", "C0SHARED", "G0PRIVATE", "D0ALICE", "C0NOWHERE")
TEAMS = (seed.TEAM, seed.PARTNER_TEAM, "T0NOWHERE")
BUTTONS = (
    *ids.REQUEST_BUTTONS, ids.OLDER_BUTTON, ids.NEWER_BUTTON, ids.HOME_SHOW_BUTTON, ids.HOME_BACK_BUTTON,
    ids.HOME_ON_BUTTON, ids.SEARCH_BUTTON, ids.SEARCH_WORDS_BUTTON, ids.ONLY_STOP_BUTTON,
)  # fmt: skip
VIEWS = (
    ids.CONFIRM_VIEW, ids.APPROVE_VIEW, ids.REJECT_VIEW, ids.REBUILD_VIEW, ids.PICKER_VIEW, ids.LOADING_VIEW,
    ids.NOTICE_VIEW, ids.LIST_PICKER_VIEW, ids.LIST_CONFIRM_VIEW, ids.LIST_APPROVE_VIEW, ids.LIST_REJECT_VIEW,
    ids.STOP_VIEW,
)  # fmt: skip
INPUTS = (
    (ids.REASON_BLOCK, ids.REASON_INPUT), (ids.PHRASE_BLOCK, ids.PHRASE_INPUT), (ids.FLOW_BLOCK, ids.FLOW_INPUT),
    (ids.COUNT_BLOCK, ids.COUNT_INPUT), (ids.CAMPAIGNS_BLOCK, ids.CAMPAIGNS_SELECT),
    (ids.STRUCK_BLOCK, ids.STRUCK_SELECT),
)  # fmt: skip

texts = st.sampled_from([text[:400] for text in HOSTILE]) | st.text(max_size=60)
long_texts = st.sampled_from([text[:3_000] for text in HOSTILE]) | texts
names = st.sampled_from(STANDING_FOR[:4]) | st.uuids().map(lambda made: made.hex) | texts
moments = st.sampled_from(["2026-11-24T12:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon"])
cursors = st.fixed_dictionaries({"at": moments, "id": names, "back": st.booleans()})
wanted = st.fixed_dictionaries({}, optional={"requester_id": names, "campaign_id": names, "since": moments})
turns = (
    st.fixed_dictionaries({"wanted": wanted, "cursor": cursors})
    | st.fixed_dictionaries({"section": st.sampled_from([*Section, "elsewhere"]), "cursor": cursors})
).map(json.dumps)
pickings = st.fixed_dictionaries({"channel_id": st.sampled_from(CHANNELS) | texts, "query": texts}).map(json.dumps)
strange: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, -1, 1.5, True, "", [], {}, [None], {"id": None}, [[]], {"": {}}, "\ud83d", "a\0b"]
)
ids_of_ours = st.sampled_from(PEOPLE + CHANNELS + TEAMS)


def _user(user_id: str, team_id: str, said: str) -> Payload:
    return {"id": user_id, "username": said, "name": said, "team_id": team_id}


@st.composite
def _interaction(draw: st.DrawFn, kind: str) -> Payload:
    team_id = draw(st.sampled_from(TEAMS) | st.just(seed.TEAM))
    return {
        "type": kind, "token": seed.VERIFICATION_TOKEN, "api_app_id": seed.APP, "enterprise": None,
        "is_enterprise_install": False, "team": {"id": team_id, "domain": draw(texts)},
        "user": _user(draw(st.sampled_from(PEOPLE)), team_id, draw(texts)), "trigger_id": "A-FRESH-TRIGGER",
    }  # fmt: skip


@st.composite
def commands(draw: st.DrawFn) -> Payload:
    words = st.sampled_from(
        [
            "",
            "help",
            "HELP ",
            "A-CAMPAIGN",
            " `A-CAMPAIGN` ",
            "payload",
            "status",
            "history 9w",
            "freeze",
            "unfreeze",
            "many",
            "many Support",
            "Support",
            "histry",
            "delete Support",
            "stop",
            "stop A-CAMPAIGN",
        ]
    )
    channel_id = draw(st.sampled_from(CHANNELS))
    return {
        "token": seed.VERIFICATION_TOKEN, "team_id": draw(st.sampled_from(TEAMS)), "team_domain": draw(texts),
        "channel_id": channel_id, "channel_name": draw(texts), "user_id": draw(st.sampled_from(PEOPLE)),
        "user_name": draw(texts), "command": draw(st.sampled_from([ids.COMMAND, "/other"])),
        "text": draw(words | long_texts), "api_app_id": seed.APP, "is_enterprise_install": "false",
        "trigger_id": "A-FRESH-TRIGGER", "response_url": "http://127.0.0.1:1/respond/none",
    }  # fmt: skip


@st.composite
def clicks(draw: st.DrawFn) -> Payload:
    channel = {"id": draw(st.sampled_from(CHANNELS)), "name": draw(texts)}
    action = {
        "type": "button", "block_id": ids.BUTTONS_BLOCK, "action_ts": "1.2", "value": draw(names | turns),
        "action_id": draw(st.sampled_from(BUTTONS) | st.just("campaign_delete.of_old") | texts.map(_short)),
        "text": {"type": "plain_text", "text": draw(texts)},
    }  # fmt: skip
    container = {"type": "message", "message_ts": "1.2", "channel_id": channel["id"], "is_ephemeral": False}
    message = {"type": "message", "ts": "1.2", "text": draw(texts), "user": "U0BOT"}
    place = {"channel": channel, "container": container, "message": message}
    return {**draw(_interaction("block_actions")), **place, "actions": [action], "state": {"values": {}}}


@st.composite
def forms(draw: st.DrawFn, kind: str = "view_submission") -> Payload:
    """Generate forms, never with the correct phrase: none of them may have an effect."""
    values: dict[str, dict[str, Payload]] = {}
    for block_id, action_id in draw(st.lists(st.sampled_from(INPUTS), unique=True)):
        values[block_id] = {action_id: {"type": "plain_text_input", "value": draw(long_texts | st.none())}}
    if draw(st.booleans()):
        option = {"value": draw(st.just("A-CAMPAIGN") | texts), "text": {"type": "plain_text", "text": draw(texts)}}
        values[ids.CAMPAIGN_BLOCK] = {ids.CAMPAIGN_SELECT: {"selected_option": draw(st.just(option) | st.none())}}
        room = draw(st.sampled_from(CHANNELS) | texts | st.none())
        values[ids.ROOM_BLOCK] = {ids.ROOM_SELECT: {"selected_conversation": room}}
    view: Payload = {
        "id": "V0", "team_id": seed.TEAM, "type": "modal", "blocks": [], "hash": "1.a", "external_id": "",
        "callback_id": draw(st.sampled_from(VIEWS) | st.just("campaign_delete.of_old") | texts.map(_short)),
        "private_metadata": draw(names | pickings), "state": {"values": values}, "app_id": seed.APP, "bot_id": seed.BOT,
        "app_installed_team_id": seed.TEAM, "title": {"type": "plain_text", "text": draw(texts)},
    }  # fmt: skip
    return {**draw(_interaction(kind)), "view": view, "response_urls": []}


@st.composite
def others(draw: st.DrawFn) -> Payload:
    asked: Payload = {
        "action_id": draw(st.just(ids.CAMPAIGN_SELECT) | texts.map(_short)),
        "block_id": "b",
        "value": draw(texts),
    }
    if draw(st.booleans()):
        asked["view"] = {"type": "modal", "callback_id": ids.PICKER_VIEW, "private_metadata": draw(pickings | texts)}
    called = {"callback_id": draw(st.just(ids.FIND_SHORTCUT) | texts.map(_short)), "action_ts": "1.2"}
    event = {
        "type": draw(st.sampled_from(["app_home_opened", "message"])), "user": draw(st.sampled_from(PEOPLE)),
        "text": draw(texts), "tab": draw(st.sampled_from(["home", "messages"])),
    }  # fmt: skip
    envelope = {"type": "event_callback", "team_id": seed.TEAM, "event_id": "Ev0", "event": event, "authorizations": []}
    return draw(
        _interaction("block_suggestion").map(lambda payload: {**payload, **asked})
        | _interaction("shortcut").map(lambda payload: {**payload, **called})
        | _interaction("message_action").map(lambda payload: {**payload, **called})
        | st.just(envelope)
        | st.just({"type": "url_verification", "challenge": draw(texts)})
    )


@st.composite
def spoilt(draw: st.DrawFn, whole: st.SearchStrategy[Payload]) -> Payload:
    """Generate payloads with up to three fields removed, of another type, hostile, or of another user."""
    payload = copy.deepcopy(draw(whole))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(_paths(payload))))
        place: Any = payload
        for step in path[:-1]:
            place = place[step]
        if draw(st.booleans()):
            place[path[-1]] = draw(strange | names | ids_of_ours)
        elif isinstance(place, dict):
            del place[path[-1]]
        if not payload:
            return {"": ""}
    return payload


plausible = commands() | clicks() | forms() | forms("view_closed") | others()
payloads = plausible | spoilt(plausible)


def kind_of(payload: Payload) -> str:
    """Return the type of the payload's Socket Mode envelope."""
    if "command" in payload and "type" not in payload:
        return "slash_commands"
    return "events_api" if payload.get("type") == "event_callback" else "interactive"


def filled_in(payload: Any, standing_for: Mapping[str, str]) -> Any:
    """Insert the ids of this run."""
    match payload:
        case str():
            for word, meant in standing_for.items():
                payload = payload.replace(word, meant)
            return payload
        case dict():
            return {name: filled_in(value, standing_for) for name, value in payload.items()}
        case list():
            return [filled_in(value, standing_for) for value in payload]
        case _:
            return payload


def _paths(part: Any, path: Path = ()) -> Iterator[Path]:
    inside: list[tuple[str | int, Any]] = []
    if isinstance(part, dict):
        inside = list(part.items())
    elif isinstance(part, list):
        inside = list(enumerate(part))
    for step, value in inside:
        yield (*path, step)
        yield from _paths(value, (*path, step))


def _short(text: str) -> str:
    return text[:255]
