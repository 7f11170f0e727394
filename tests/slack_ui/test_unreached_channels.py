"""Messages name the channels that could not be told, and how long the bot retries."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.policies import Policies
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.api_error import TRANSIENT
from slack_ui.parts.links import Links
from slack_ui.parts.undelivered import cure
from tests.deletion.values import request
from tests.slack_ui.surfaces import POLICY, card


def test_unreached_channels_are_named_and_direct_message_explains_itself() -> None:
    told = card(request(state=State.DELETED), unreached={"C0ROOM": "is_archived"})
    assert "<#C0ROOM>" in told["text"]
    assert "<#C0ROOM>" in str(told["blocks"])
    assert "I couldn't post this in <#C0>" in str(
        card(request(state=State.DELETED), MessageKind.DIRECT, {"C0": "is_archived"})
    )


@pytest.mark.parametrize("error", sorted(TRANSIENT))
def test_failure_that_passes_by_itself_sends_no_one_to_the_operator(error: str) -> None:
    assert cure(error) == strings.delivery.SLACK_IS_DOWN.format(code=f"`{error}`")


@pytest.mark.parametrize(("state", "retries"), [(State.APPROVED, "every minute"), (State.DELETED, "for an hour")])
def test_message_says_how_long_the_bot_retries(state: State, retries: str) -> None:
    told = card(request(state=state), MessageKind.DIRECT, {"C0OPS": "is_archived"})
    assert retries in told["text"]
    assert retries in str(told["blocks"])
    assert "keep trying" not in str(told)


@pytest.mark.parametrize("kind", [MessageKind.CARD, MessageKind.ORIGIN, MessageKind.DIRECT])
@pytest.mark.parametrize("error", [*strings.delivery.CURES, "a_code_of_next_year"])
def test_message_names_channel_that_refuses_messages_and_the_cure(kind: MessageKind, error: str) -> None:
    told = card(request(state=State.APPROVED), kind, {"C0ROOM": error})
    said = strings.delivery.CURES.get(error, strings.delivery.OTHERWISE).format(code=f"`{error}`")
    assert f"I couldn't post this in <#C0ROOM>. {said}" in told["text"]
    assert said in str([element for block in told["blocks"] for element in block.get("elements", [])]).replace(
        "\\'", "'"
    )


def test_card_that_names_an_unreached_channel_is_not_final() -> None:
    ended = request(state=State.REJECTED)
    message = Message(request_id=ended.id, key="card", kind=MessageKind.CARD, target_id=POLICY.approvals_channel)
    projector = SlackProjector(AsyncWebClient(), Policies([POLICY]), Links("https://sandbox.slack.com/"))

    assert projector.render(RequestView(ended), message).is_final
    assert not projector.render(RequestView(ended, {"C0OPS": "is_archived"}), message).is_final
