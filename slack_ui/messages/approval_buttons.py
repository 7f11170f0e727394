"""The buttons of a request in its current state.

A button's value is the request id; that of Withdraw approval also names the time of the latest approval shown.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ConfirmObject

from deletion.domain.approvals.authorization import Action
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.blocks import plain
from slack_ui.parts.text import clean, plain_name
from slack_ui.strings.by_purpose import strings_for

LABEL_LIMIT = 75  # docs.slack.dev/reference/block-kit/block-elements/button-element
# Buttons of approvers are on the card only; Withdraw and Stop are also in the channel of the command.
ACTING = {
    (MessageKind.CARD, State.AWAITING_APPROVAL): (Action.APPROVE, Action.REJECT, Action.CANCEL),
    (MessageKind.CARD, State.APPROVED): (Action.STOP,),
    (MessageKind.ORIGIN, State.AWAITING_APPROVAL): (Action.CANCEL, Action.REMIND),
    (MessageKind.ORIGIN, State.APPROVED): (Action.STOP,),
}
SHOWN_UNTIL = "@"
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
HELD_BY_A_FREEZE = (Action.APPROVE, Action.REMIND)
WHERE = (MessageKind.CARD, MessageKind.ORIGIN)


def offers_rebuild(seen: RequestView, kind: MessageKind | None) -> bool:
    """Return whether a message of this kind has the Rebuild button; without a kind, the private answer.

    That has it for a campaign of a list, whose message shows all of them.
    """
    has_button = kind in WHERE or (kind is None and seen.request.list_id is not None)
    return has_button and seen.rebuildable.is_archived


def build(seen: RequestView, kind: MessageKind, policy: Policy) -> list[Block]:
    """Return the buttons of a channel message. Everyone in the channel sees them; each click is authorised.

    While requests are frozen, nothing asks for an approval.
    """
    request = seen.request
    if offers_rebuild(seen, kind):
        return _rebuild(request)
    acting = list(ACTING.get((kind, request.state), ()))
    if kind is MessageKind.CARD and acting:
        is_also_origin = request.state is State.AWAITING_APPROVAL and request.channel_id == policy.approvals_channel
        acting += [Action.REMIND] if is_also_origin else []
        acting += [Action.WITHDRAW_APPROVAL] if request.approvals else []
    return row(request, [each for each in acting if not (seen.freeze and each in HELD_BY_A_FREEZE)], ids.BUTTONS_BLOCK)


def build_private(seen: RequestView) -> list[Block]:
    """Return the button of a private answer, if it has one."""
    return _rebuild(seen.request) if offers_rebuild(seen, None) else []


def _rebuild(request: Request) -> list[Block]:
    return row(request, [Action.REBUILD], ids.BUTTONS_BLOCK)


def row(request: Request, actions: Iterable[Action], block_id: str) -> list[Block]:
    """Return an actions block, or nothing. Each button's accessibility label names the campaign."""
    buttons = [_button(request, action) for action in actions]
    return [ActionsBlock(block_id=block_id, elements=buttons)] if buttons else []


def parse_withdrawal(value: str) -> tuple[str, datetime | None]:
    """Return the request id of a Withdraw approval button, and the time of the latest approval that it was shown with.

    None for a button of an earlier version, which names no time. An unreadable time is before all approvals.
    """
    request_id, separator, time = value.partition(SHOWN_UNTIL)
    return request_id, moment(time) if separator else None


def moment(time: str) -> datetime:
    """Return the time that a button names. An unreadable one is before all approvals."""
    try:
        named = datetime.fromisoformat(time)
    except ValueError:
        return BEFORE_ALL
    return named if named.tzinfo else BEFORE_ALL


def _value(request: Request, action: Action) -> str:
    if action is not Action.WITHDRAW_APPROVAL or not request.approvals:
        return request.id
    return f"{request.id}{SHOWN_UNTIL}{max(approval.at for approval in request.approvals).isoformat()}"


def _button(request: Request, action: Action) -> ButtonElement:
    action_id, text, style = {
        Action.APPROVE: (ids.APPROVE_BUTTON, strings.cards.APPROVE, "primary"),
        Action.REJECT: (ids.REJECT_BUTTON, strings.cards.REJECT, "danger"),
        Action.CANCEL: (ids.CANCEL_BUTTON, strings.cards.CANCEL, None),
        Action.STOP: (ids.STOP_BUTTON, strings_for(request).stop_button, "danger"),
        Action.WITHDRAW_APPROVAL: (ids.WITHDRAW_APPROVAL_BUTTON, strings.cards.WITHDRAW_APPROVAL, None),
        Action.REMIND: (ids.REMIND_BUTTON, strings.cards.REMIND, None),
        Action.REBUILD: (ids.REBUILD_BUTTON, strings.rebuild.BUTTON, None),
    }[action]
    name = plain_name(request.campaign.name)
    button = ButtonElement(action_id=action_id, text=text, value=_value(request, action), style=style)
    button.accessibility_label = clean(f"{text} {name}", LABEL_LIMIT)
    if action is Action.CANCEL:
        button.confirm = ConfirmObject(
            title=strings.cards.CANCEL_TITLE,
            text=plain(strings_for(request).withdraw_text),
            confirm=strings.cards.CANCEL_CONFIRM,
            deny=strings.cards.CANCEL_DENY,
        )
    if action is Action.WITHDRAW_APPROVAL:
        button.confirm = ConfirmObject(
            title=strings.cards.WITHDRAW_APPROVAL_TITLE,
            text=plain(strings.cards.WITHDRAW_APPROVAL_TEXT),
            confirm=strings.cards.WITHDRAW_APPROVAL_CONFIRM,
            deny=strings.cards.WITHDRAW_APPROVAL_DENY,
        )
    return button
