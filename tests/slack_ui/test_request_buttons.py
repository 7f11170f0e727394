"""``ids.REQUEST_BUTTONS``, by which clicks on outdated messages are recognised, has every button of a message."""

from itertools import product
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from deletion.domain.policies import Policies
from deletion.domain.rebuildable import NOT_REBUILDABLE, Rebuildable
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts import ids
from tests.deletion.values import campaign_list, request
from tests.slack_ui.hostile_values import CARD, LINKS, POLICY, hostile_request

KINDS = set(MessageKind) - {MessageKind.STORY}  # its lines are plain text


def views() -> list[RequestView]:
    """Return a request and a list in every state, with and without approvals, and one that can be rebuilt."""
    shown: list[tuple[Request, CampaignList | None]] = []
    for state in State:
        shown += [(request(state=state), None), (hostile_request("Spring", state, channel_id="C0APPROVALS"), None)]
    for state in strings.lists.RESULTS:
        decisions = hostile_request("Spring").decisions
        for listed in (
            campaign_list(state, State.APPROVED, decisions=decisions),
            campaign_list(state, State.APPROVED, paused_on=1),
        ):
            shown.append((listed.overall, listed))
    rebuildables = (NOT_REBUILDABLE, Rebuildable(is_archived=True))
    return [
        RequestView(of, card=CARD, listed=listed, rebuildable=rebuildable)
        for (of, listed), rebuildable in product(shown, rebuildables)
    ]


def buttons(surface: Any) -> set[str]:
    if isinstance(surface, list):
        return {action_id for each in surface for action_id in buttons(each)}
    if not isinstance(surface, dict):
        return set()
    own = {surface["action_id"]} if surface.get("type") == "button" else set()
    return own | buttons(list(surface.values()))


def test_every_button_of_a_message_about_a_request_is_known() -> None:
    projector = SlackProjector(AsyncWebClient(), Policies([POLICY]), LINKS)
    sent = [
        projector.render(view, Message(request_id="r", key="k", kind=kind, target_id="C0")).payload
        for view, kind in product(views(), KINDS)
    ]

    assert buttons(sent) == set(ids.REQUEST_BUTTONS)
