"""The buttons of a list, whose values begin with its id.

Continue adds the request that paused it, and Withdraw approval the time of the latest approval shown.
"""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ConfirmObject

from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.policy import Policy
from deletion.domain.records import MessageKind
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.blocks import plain

SUFFIX = "@"
_CANCEL = (
    strings.cards.CANCEL_TITLE, strings.lists.CANCEL_TEXT, strings.cards.CANCEL_CONFIRM, strings.cards.CANCEL_DENY
)  # fmt: skip
_WITHDRAW = (
    strings.cards.WITHDRAW_APPROVAL_TITLE, strings.cards.WITHDRAW_APPROVAL_TEXT,
    strings.cards.WITHDRAW_APPROVAL_CONFIRM, strings.cards.WITHDRAW_APPROVAL_DENY,
)  # fmt: skip
WHERE = (MessageKind.CARD, MessageKind.ORIGIN)


def build(listed: CampaignList, kind: MessageKind, freeze: Freeze | None, policy: Policy) -> list[Block]:
    """Return the buttons of a channel message. Everyone in the channel sees them; each click is authorised."""
    buttons: list[ButtonElement] = []
    is_origin = kind is MessageKind.ORIGIN or listed.requests[0].channel_id == policy.approvals_channel
    if kind is MessageKind.CARD and listed.awaiting:
        approve = _button(listed, ids.LIST_APPROVE_BUTTON, strings.lists.APPROVE, "primary")
        buttons += [] if freeze else [approve]
        buttons.append(_button(listed, ids.LIST_REJECT_BUTTON, strings.lists.REJECT, "danger"))
    if kind in WHERE and listed.awaiting:
        buttons.append(_confirmed(listed, ids.LIST_CANCEL_BUTTON, strings.lists.CANCEL, _CANCEL))
    if kind in WHERE and is_origin and listed.awaiting and not freeze:
        buttons.append(_button(listed, ids.LIST_REMIND_BUTTON, strings.cards.REMIND))
    if kind in WHERE and listed.is_paused and not freeze:
        buttons.append(_button(listed, ids.LIST_CONTINUE_BUTTON, strings.lists.CONTINUE, "primary"))
        buttons[-1].value = f"{listed.id}{SUFFIX}{listed.paused_on}"
    if kind in WHERE and listed.waiting:
        buttons.append(_button(listed, ids.LIST_STOP_BUTTON, strings.lists.STOP, "danger"))
    given = [approval.at for each in (*listed.awaiting, *listed.waiting) for approval in each.approvals]
    if kind is MessageKind.CARD and given:
        buttons.append(
            _confirmed(listed, ids.LIST_WITHDRAW_APPROVAL_BUTTON, strings.cards.WITHDRAW_APPROVAL, _WITHDRAW)
        )
        buttons[-1].value = f"{listed.id}{SUFFIX}{max(given).isoformat()}"
    return [ActionsBlock(block_id=ids.BUTTONS_BLOCK, elements=buttons)] if buttons else []


def parse(value: str) -> tuple[str, str]:
    """Return the list's id and what the button adds to it, or an empty text: see above."""
    list_id, _, added = value.partition(SUFFIX)
    return list_id, added


def _button(listed: CampaignList, action_id: str, text: str, style: str | None = None) -> ButtonElement:
    return ButtonElement(action_id=action_id, text=text, value=listed.id, style=style)


def _confirmed(listed: CampaignList, action_id: str, text: str, asked: tuple[str, str, str, str]) -> ButtonElement:
    """Return a button that asks first: title, text, and the words to confirm and to deny."""
    title, question, confirm, deny = asked
    button = _button(listed, action_id, text)
    button.confirm = ConfirmObject(title=title, text=plain(question), confirm=confirm, deny=deny)
    return button
