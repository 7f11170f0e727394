"""Slack's user and channel objects, as the bot reads them. What they do not say is unknown."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.approvals.people import Membership
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace, channel_kind_of, identities, membership_of

WORKSPACE = Workspace("T0", "E0")
USER: dict[str, Any] = {
    "id": "U0ALICE", "team_id": "T0", "deleted": False, "is_bot": False, "is_restricted": False,
    "is_ultra_restricted": False,
}  # fmt: skip
CHANNEL: dict[str, Any] = {
    "is_member": True, "is_ext_shared": False, "is_pending_ext_shared": False, "pending_shared": [],
}  # fmt: skip
IN_OUR_ORGANISATION = {"id": "W0ALICE", "enterprise_id": "E0", "teams": ["T0OTHER", "T0"]}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Membership.MEMBER),
        ({"is_stranger": False}, Membership.MEMBER),
        ({"team_id": "T0OTHER", "enterprise_user": IN_OUR_ORGANISATION}, Membership.MEMBER),
        ({"team_id": "T0OTHER", "enterprise_user": {**IN_OUR_ORGANISATION, "teams": ["T0OTHER"]}}, Membership.STRANGER),
        (
            {"team_id": "T0OTHER", "enterprise_user": {**IN_OUR_ORGANISATION, "enterprise_id": "E1"}},
            Membership.STRANGER,
        ),
        ({"team_id": "T0OTHER"}, Membership.STRANGER),
        ({"team_id": None}, Membership.STRANGER),
        ({"is_stranger": True}, Membership.STRANGER),
        ({"is_restricted": True}, Membership.GUEST),
        ({"is_ultra_restricted": True}, Membership.GUEST),
        ({"deleted": True}, Membership.DEACTIVATED),
        ({"is_bot": True}, Membership.BOT),
        ({"is_workflow_bot": True}, Membership.BOT),
        ({"id": "USLACKBOT"}, Membership.BOT),
        ({"is_restricted": None}, Membership.UNKNOWN),
        ({"is_ultra_restricted": "no"}, Membership.UNKNOWN),
        ({"is_bot": None}, Membership.UNKNOWN),
        ({"deleted": None}, Membership.UNKNOWN),
        ({"is_stranger": "perhaps"}, Membership.UNKNOWN),
    ],
)
def test_membership(facts: dict[str, Any], expected: Membership) -> None:
    assert membership_of({**USER, **facts}, WORKSPACE) is expected


def test_empty_user_object_is_an_unknown_member() -> None:
    assert membership_of({}, WORKSPACE) is Membership.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ChannelKind.OURS),
        ({"is_member": False}, ChannelKind.WITHOUT_BOT),
        ({"is_member": None}, ChannelKind.UNKNOWN),
        ({"is_ext_shared": True}, ChannelKind.SHARED),
        ({"is_pending_ext_shared": True}, ChannelKind.SHARED),
        ({"pending_shared": ["T0OTHER"]}, ChannelKind.SHARED),
        ({"is_ext_shared": None}, ChannelKind.UNKNOWN),
        ({"is_pending_ext_shared": "no"}, ChannelKind.UNKNOWN),
    ],
)
def test_channel_kind(facts: dict[str, Any], expected: ChannelKind) -> None:
    assert channel_kind_of({**CHANNEL, **facts}) is expected


def test_identities_are_the_organisation_id_and_the_address_without_its_tag() -> None:
    facts = {"profile": {"email": "Alice+bots@Sandbox.example"}, "enterprise_user": {"id": "W0ALICE"}}
    assert identities({**USER, **facts}) == {"U0ALICE", "W0ALICE", "alice@sandbox.example"}
    assert identities({**USER, "profile": {"email": ""}}) == {"U0ALICE"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"profile": {"email": "alice@sandbox.example"}}, True),
        ({"profile": {"email": "alice@sandbox.example"}, "is_email_confirmed": True}, True),
        ({"profile": {"email": "alice@sandbox.example"}, "is_email_confirmed": False}, False),
        ({"profile": {"email": ""}}, False),
        ({"profile": {"email": "alice"}}, False),
        ({"profile": {}}, False),
        ({}, False),
    ],
)
async def test_shown_address_is_verified_unless_slack_calls_it_unconfirmed(
    facts: dict[str, Any], expected: bool
) -> None:
    async with slack({"users.info": {"ok": True, "user": {**USER, **facts}}}) as client:
        assert (await SlackDirectory(client, WORKSPACE).person("U0ALICE")).has_verified_email is expected


@pytest.mark.parametrize(
    ("answer", "groups", "unread"),
    [
        ({"ok": True, "users": ["U0ALICE"]}, {"S0"}, set()),
        ({"ok": True, "users": []}, set(), set()),
        ({"ok": True}, set(), {"S0"}),
        ({"ok": False, "error": "no_such_subteam"}, set(), set()),
        ({"ok": False, "error": "plan_upgrade_required"}, set(), set()),
        ({"ok": False, "error": "internal_error"}, set(), {"S0"}),
        ({"ok": False, "error": "missing_scope"}, set(), {"S0"}),
    ],
)
async def test_unreadable_group_is_unread_and_not_empty(
    answer: dict[str, Any], groups: set[str], unread: set[str]
) -> None:
    answers = {"users.info": {"ok": True, "user": USER}, "usergroups.users.list": answer}
    async with slack(answers) as client:
        found = await SlackDirectory(client, WORKSPACE).person("U0ALICE", ["S0"])
    assert (set(found.groups), set(found.unread_groups)) == (groups, unread)


@asynccontextmanager
async def slack(answers: dict[str, dict[str, Any]]) -> AsyncIterator[AsyncWebClient]:
    """A client of a Slack that gives these answers, by method."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response(answers[request.match_info["method"]])

    app = web.Application()
    app.add_routes([web.route("*", "/api/{method}", answer)])
    async with TestServer(app) as server:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=str(server.make_url("/api/")))
