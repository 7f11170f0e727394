"""What Slack's objects say of somebody and of a channel; what they do not say is unknown."""

from typing import Any

import pytest

from deletion.domain.authorization import ChannelKind, Membership
from handlers.access.slack_directory import Workspace, channel_kind_of, identities, membership_of

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
def test_standing(facts: dict[str, Any], expected: Membership) -> None:
    assert membership_of({**USER, **facts}, WORKSPACE) is expected


def test_nobody_is_known_of_whom_slack_says_nothing() -> None:
    assert membership_of({}, WORKSPACE) is Membership.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ChannelKind.OURS),
        ({"is_member": False}, ChannelKind.WITHOUT_BOT),
        ({"is_member": None}, ChannelKind.WITHOUT_BOT),
        ({"is_ext_shared": True}, ChannelKind.SHARED),
        ({"is_pending_ext_shared": True}, ChannelKind.SHARED),
        ({"pending_shared": ["T0OTHER"]}, ChannelKind.SHARED),
        ({"is_ext_shared": None}, ChannelKind.UNKNOWN),
        ({"is_pending_ext_shared": "no"}, ChannelKind.UNKNOWN),
    ],
)
def test_channel_kind(facts: dict[str, Any], expected: ChannelKind) -> None:
    assert channel_kind_of({**CHANNEL, **facts}) is expected


def test_one_human_is_known_by_the_organisations_id_and_by_the_address_without_its_tag() -> None:
    facts = {"profile": {"email": "Alice+bots@Sandbox.example"}, "enterprise_user": {"id": "W0ALICE"}}
    assert identities({**USER, **facts}) == {"U0ALICE", "W0ALICE", "alice@sandbox.example"}
    assert identities({**USER, "profile": {"email": ""}}) == {"U0ALICE"}
