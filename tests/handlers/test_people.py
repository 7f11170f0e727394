"""What Slack's objects say of somebody and of a channel; what they do not say is unknown."""

from typing import Any

import pytest

from deletion.domain.authorization import Place, Standing
from handlers.access.slack_directory import Home, known_as, place, standing

HOME = Home("T0", "E0")
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
        ({}, Standing.MEMBER),
        ({"is_stranger": False}, Standing.MEMBER),
        ({"team_id": "T0OTHER", "enterprise_user": IN_OUR_ORGANISATION}, Standing.MEMBER),
        ({"team_id": "T0OTHER", "enterprise_user": {**IN_OUR_ORGANISATION, "teams": ["T0OTHER"]}}, Standing.STRANGER),
        ({"team_id": "T0OTHER", "enterprise_user": {**IN_OUR_ORGANISATION, "enterprise_id": "E1"}}, Standing.STRANGER),
        ({"team_id": "T0OTHER"}, Standing.STRANGER),
        ({"team_id": None}, Standing.STRANGER),
        ({"is_stranger": True}, Standing.STRANGER),
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_ultra_restricted": True}, Standing.GUEST),
        ({"deleted": True}, Standing.DEACTIVATED),
        ({"is_bot": True}, Standing.BOT),
        ({"is_workflow_bot": True}, Standing.BOT),
        ({"id": "USLACKBOT"}, Standing.BOT),
        ({"is_restricted": None}, Standing.UNKNOWN),
        ({"is_ultra_restricted": "no"}, Standing.UNKNOWN),
        ({"is_bot": None}, Standing.UNKNOWN),
        ({"deleted": None}, Standing.UNKNOWN),
        ({"is_stranger": "perhaps"}, Standing.UNKNOWN),
    ],
)
def test_standing(facts: dict[str, Any], expected: Standing) -> None:
    assert standing({**USER, **facts}, HOME) is expected


def test_nobody_is_known_of_whom_slack_says_nothing() -> None:
    assert standing({}, HOME) is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Place.OURS),
        ({"is_member": False}, Place.WITHOUT_BOT),
        ({"is_member": None}, Place.WITHOUT_BOT),
        ({"is_ext_shared": True}, Place.SHARED),
        ({"is_pending_ext_shared": True}, Place.SHARED),
        ({"pending_shared": ["T0OTHER"]}, Place.SHARED),
        ({"is_ext_shared": None}, Place.UNKNOWN),
        ({"is_pending_ext_shared": "no"}, Place.UNKNOWN),
    ],
)
def test_place(facts: dict[str, Any], expected: Place) -> None:
    assert place({**CHANNEL, **facts}) is expected


def test_one_human_is_known_by_the_organisations_id_and_by_the_address_without_its_tag() -> None:
    facts = {"profile": {"email": "Alice+bots@Sandbox.example"}, "enterprise_user": {"id": "W0ALICE"}}
    assert known_as({**USER, **facts}) == {"U0ALICE", "W0ALICE", "alice@sandbox.example"}
    assert known_as({**USER, "profile": {"email": ""}}) == {"U0ALICE"}
