"""A Slack that answers the bot with an error: the user learns who can change that."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pytest_mock import MockerFixture
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.kore.health import KoreHealth
from deletion.stores.home_store import Homes
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_queries import RequestQueries
from handlers.access.gate import Gate
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from handlers.listeners.home_publisher import HomePublisher
from handlers.listeners.whoami_command import WhoamiCommand
from sandbox.faults import Fault
from sandbox.server import Sandbox, running
from slack_ui.messages import whoami
from slack_ui.parts.api_error import TOKEN_ERRORS
from slack_ui.parts.links import Links
from slack_ui.views import refusals
from tests.handlers.slack_mock import client_with

POLICY = Policy(requesters=("S0REQUEST",), approvers=("S0APPROVE",))
WORKSPACE = Workspace("T0SANDBOX")
TOKEN = "token_revoked"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running(latency_ms=0) as sandbox:
        yield sandbox


@pytest.fixture
def directory(sandbox: Sandbox) -> SlackDirectory:
    slack = AsyncWebClient(token="xoxb-sandbox", base_url=f"{sandbox.url}/api/", retry_handlers=[])
    return SlackDirectory(slack, WORKSPACE)


@pytest.fixture
def gate(directory: SlackDirectory, mocker: MockerFixture) -> Gate:
    payloads = mocker.create_autospec(PreviewStore, instance=True)
    payloads.claim_once.return_value = True
    return Gate(directory, POLICY, payloads)


def command(channel_id: str = "C0CAMPAIGNS", **more: str) -> dict[str, Any]:
    sender = {"team_id": "T0SANDBOX", "user_id": "U0ALICE"}
    return {"command": "/campaign-delete", **sender, "channel_id": channel_id, **more}


async def admitted(gate: Gate, action: Action, channel_id: str = "C0CAMPAIGNS", **more: str) -> Permit | Denial:
    return await gate.admit(action, command(channel_id, **more), channel_id=channel_id)


@pytest.mark.parametrize(
    ("method", "error", "action", "denial"),
    [
        ("users.info", "internal_error", Action.HELP, Denial.UNKNOWN_PERSON),
        ("users.info", "missing_scope", Action.HELP, Denial.NO_USER_SCOPE),
        ("usergroups.users.list", "internal_error", Action.LOOK_UP, Denial.UNREAD_GROUP),
        ("usergroups.users.list", "missing_scope", Action.LOOK_UP, Denial.NO_GROUP_SCOPE),
        ("conversations.info", "internal_error", Action.ASK, Denial.CHANNEL_UNREADABLE),
        ("conversations.info", "missing_scope", Action.ASK, Denial.NO_CHANNEL_SCOPE),
        ("conversations.info", "channel_not_found", Action.ASK, Denial.BOT_NOT_IN_CHANNEL),
        *(("users.info", code, Action.HELP, Denial.BOT_REJECTED) for code in sorted(TOKEN_ERRORS)),
        ("usergroups.users.list", TOKEN, Action.LOOK_UP, Denial.BOT_REJECTED),
        ("conversations.info", TOKEN, Action.ASK, Denial.BOT_REJECTED),
    ],
)
async def test_denial_names_the_cause_until_slack_answers_again(  # noqa: PLR0917 - four parameters
    sandbox: Sandbox, gate: Gate, method: str, error: str, action: Action, denial: Denial
) -> None:
    sandbox.faults.add(Fault("slack", method, "error", error=error, times=None))
    assert await admitted(gate, action) is denial
    sandbox.faults.clear()
    assert isinstance(await admitted(gate, action), Permit)


@pytest.mark.parametrize(
    ("method", "action", "scope"),
    [
        ("users.info", Action.HELP, "users:read"),
        ("usergroups.users.list", Action.LOOK_UP, "usergroups:read"),
        ("conversations.info", Action.ASK, "channels:read"),
    ],
)
async def test_missing_scope_is_named_to_the_user_and_in_the_log(  # noqa: PLR0917 - three parameters
    sandbox: Sandbox, gate: Gate, caplog: pytest.LogCaptureFixture, method: str, action: Action, scope: str
) -> None:
    sandbox.faults.add(Fault("slack", method, "error", error="missing_scope", times=None))
    denial = await admitted(gate, action)
    assert isinstance(denial, Denial)
    assert f"`{scope}`" in refusals.denial_text(denial, Policy())
    lookups = [vars(record) for record in caplog.records if record.getMessage() == "Slack lookup failed"]
    assert {(line["error"], line["scope"]) for line in lookups} == {("missing_scope", scope)}


async def test_command_in_a_direct_message_is_not_told_to_invite_the_bot(sandbox: Sandbox, gate: Gate) -> None:
    denial = await admitted(gate, Action.ASK, "D0ALICE")
    assert denial is Denial.DIRECT_MESSAGE
    assert "/invite" not in refusals.denial_text(denial, Policy())
    assert [call["what"] for call in sandbox.traffic.after(0) if call["what"] == "conversations.info"] == []


@pytest.mark.parametrize("error", ["channel_not_found", "missing_scope"])
@pytest.mark.parametrize("channel_id", ["G0TALK", "C0TALK"])
async def test_command_in_a_group_direct_message_is_not_told_to_invite_the_bot(
    sandbox: Sandbox, gate: Gate, channel_id: str, error: str
) -> None:
    """Slack adds no app to one, and its id looks like a channel's; only its name tells (mpim-object)."""
    sandbox.faults.add(Fault("slack", "conversations.info", "error", error=error, times=None))
    talk = {"channel_name": "mpdm-alice--bob--carol-1"}
    denial = await admitted(gate, Action.ASK, channel_id, **talk)
    assert denial is Denial.DIRECT_MESSAGE
    assert "/invite" not in refusals.denial_text(denial, Policy())
    kind = await gate.channel_kind(channel_id, command(channel_id, **talk))
    person = Person(id="U0ALICE", team_id="T0SANDBOX", membership=Membership.MEMBER)
    assert "/invite" not in whoami.text(person, POLICY, kind)


async def test_command_in_a_private_channel_without_the_bot_is_told_to_invite_it(gate: Gate) -> None:
    denial = await admitted(gate, Action.ASK, "G0PRIVATE", channel_name="privategroup")
    assert denial is Denial.BOT_NOT_IN_CHANNEL
    assert "/invite" in refusals.denial_text(denial, Policy())


async def test_name_of_a_channel_grants_and_denies_nothing_where_the_bot_is_a_member(gate: Gate) -> None:
    assert isinstance(await admitted(gate, Action.ASK, channel_name="mpdm-alice--bob-1"), Permit)


async def test_archived_channel_is_named_as_such(sandbox: Sandbox, gate: Gate) -> None:
    sandbox.slack.workspace.channels["C0CAMPAIGNS"]["is_archived"] = True
    denial = await admitted(gate, Action.ASK)
    assert denial is Denial.ARCHIVED_CHANNEL
    assert "/invite" not in refusals.denial_text(denial, Policy())


async def test_home_of_a_user_whose_group_cannot_be_read_does_not_deny_the_list(
    sandbox: Sandbox, directory: SlackDirectory, mocker: MockerFixture
) -> None:
    sandbox.faults.add(Fault("slack", "usergroups.users.list", "error", error="missing_scope", times=None))
    client = client_with("views_publish")
    homes = mocker.create_autospec(Homes, instance=True)
    homes.of.return_value = None
    lookup, health = mocker.create_autospec(RequestQueries), mocker.create_autospec(KoreHealth)
    links = Links("https://sandbox.slack.com/")
    publisher = HomePublisher(
        client,
        directory=directory.caching(5),
        lookup=lookup,
        homes=homes,
        health={"": health},
        links=links,
        policies=Policies([POLICY]),
    )
    person = await directory.person("U0ALICE", POLICY.user_groups)
    await publisher.open(person)
    shown = str(client.views_publish.call_args.kwargs["view"].to_dict())
    assert "`usergroups:read`" in shown
    await publisher.open(Person(id="U0DAN", team_id="T0SANDBOX", membership=Membership.MEMBER))
    shown = str(client.views_publish.call_args.kwargs["view"].to_dict())
    assert "`usergroups:read`" not in shown


async def test_whoami_names_the_scope_that_reading_a_group_needs(
    sandbox: Sandbox, gate: Gate, mocker: MockerFixture
) -> None:
    sandbox.faults.add(Fault("slack", "usergroups.users.list", "error", error="missing_scope", times=None))
    reply = mocker.patch("handlers.listeners.whoami_command.reply_ephemeral", autospec=True)
    listener = WhoamiCommand(gate, POLICY)
    await listener.on_whoami(mocker.AsyncMock(), command(), mocker.Mock(), mocker.Mock())
    assert "`usergroups:read`" in reply.call_args.args[3]
