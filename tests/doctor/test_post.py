"""`doctor --post` posts one message to each room and deletes it, and reports where Slack refuses one of the two."""

from typing import Any

import pytest

from deletion.domain.check import Outcome
from sandbox.faults import Fault
from tests.doctor.conftest import Installation, results, wrong

ROOMS = ["C0APPROVALS", "C0OPSAMER", "C0OPSEMEA"]


def posts(installation: Installation, method: str) -> list[dict[str, Any]]:
    traffic = installation.sandbox.traffic.after(0)
    return [each["request"] for each in traffic if each["what"] == method]


async def test_each_room_gets_one_message_which_is_deleted(installation: Installation) -> None:
    report = await installation.check({"OPS_ROOMS": "C0OPSEMEA,C0OPSAMER,C0APPROVALS"}, post=True)
    assert wrong(report) == []
    assert sorted(each["channel"] for each in posts(installation, "chat.postMessage")) == ROOMS
    assert sorted(each["channel"] for each in posts(installation, "chat.delete")) == ROOMS
    assert not any(installation.sandbox.slack.workspace.messages.values())


@pytest.mark.parametrize(("practice", "says_so"), [("on", True), ("off", False)])
async def test_message_says_practice_in_practice_alone(
    installation: Installation, practice: str, *, says_so: bool
) -> None:
    await installation.check({"PRACTICE": practice}, post=True)
    assert {"This is practice" in each["text"] for each in posts(installation, "chat.postMessage")} == {says_so}


async def test_room_that_refuses_a_message_fails(installation: Installation) -> None:
    refusal = Fault("slack", "chat.postMessage", "error", error="restricted_action", channel="C0OPSEMEA")
    installation.sandbox.faults.add(refusal)
    (found,) = wrong(await installation.check(post=True))
    assert (found.name, found.outcome) == ("OPS_ROOMS", Outcome.FAILED)
    assert "C0OPSEMEA refuses a message (restricted_action)" in found.text


@pytest.mark.parametrize("kind", ["lost_answer", "error"])
async def test_unclear_post_is_not_repeated(installation: Installation, kind: Any) -> None:
    installation.sandbox.faults.add(Fault("slack", "chat.postMessage", kind, channel="C0APPROVALS"))
    report = await installation.check(post=True)
    (found,) = [result for result in results(report, "APPROVALS_CHANNEL") if result.outcome is Outcome.FAILED]
    assert "Look for a test message" in found.cure
    assert [each["channel"] for each in posts(installation, "chat.postMessage")].count("C0APPROVALS") == 1


async def test_message_that_stays_is_reported(installation: Installation) -> None:
    installation.sandbox.faults.add(Fault("slack", "chat.delete", "error", error="cant_delete_message"))
    (found,) = wrong(await installation.check(post=True))
    assert (found.outcome, found.cure) == (Outcome.WARNING, "Delete it in Slack.")
