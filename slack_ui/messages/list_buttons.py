"""The buttons of a list. The value is the list's id; that of Continue also names the request that paused it."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ConfirmObject

from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.records import MessageKind
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.blocks import plain

PAUSED_BY = "@"
WHERE = (MessageKind.CARD, MessageKind.ORIGIN)


def build(listed: CampaignList, kind: MessageKind, freeze: Freeze | None) -> list[Block]:
    """Return the buttons of a channel message. Everyone in the channel sees them; each click is authorised."""
    buttons: list[ButtonElement] = []
    if kind is MessageKind.CARD and listed.awaiting:
        approve = _button(listed, ids.LIST_APPROVE_BUTTON, strings.lists.APPROVE, "primary")
        buttons += [] if freeze else [approve]
        buttons.append(_button(listed, ids.LIST_REJECT_BUTTON, strings.lists.REJECT, "danger"))
    if kind in WHERE and listed.awaiting:
        buttons.append(_cancel(listed))
    if kind in WHERE and listed.is_paused and not freeze:
        buttons.append(_button(listed, ids.LIST_CONTINUE_BUTTON, strings.lists.CONTINUE, "primary"))
        buttons[-1].value = f"{listed.id}{PAUSED_BY}{listed.paused_on}"
    if kind in WHERE and listed.waiting:
        buttons.append(_button(listed, ids.LIST_STOP_BUTTON, strings.lists.STOP, "danger"))
    return [ActionsBlock(block_id=ids.BUTTONS_BLOCK, elements=buttons)] if buttons else []


def parse(value: str) -> tuple[str, str]:
    """Return the list's id, and the id of the request that paused it; empty where the button names none."""
    list_id, _, paused_on = value.partition(PAUSED_BY)
    return list_id, paused_on


def _button(listed: CampaignList, action_id: str, text: str, style: str | None = None) -> ButtonElement:
    return ButtonElement(action_id=action_id, text=text, value=listed.id, style=style)


def _cancel(listed: CampaignList) -> ButtonElement:
    button = _button(listed, ids.LIST_CANCEL_BUTTON, strings.lists.CANCEL)
    button.confirm = ConfirmObject(
        title=strings.cards.CANCEL_TITLE,
        text=plain(strings.lists.CANCEL_TEXT),
        confirm=strings.cards.CANCEL_CONFIRM,
        deny=strings.cards.CANCEL_DENY,
    )
    return button
