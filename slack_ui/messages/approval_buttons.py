"""The buttons of a request in its current state. A button's value is the request id and nothing else."""

from collections.abc import Iterable

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ConfirmObject

from deletion.domain.approvals.authorization import Action
from deletion.domain.models import AttemptKind, Purpose, Request, State
from deletion.domain.policy import Policy
from deletion.domain.records import MessageKind
from deletion.lifecycle.rebuild import MAY_BE_REBUILT
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.blocks import plain
from slack_ui.parts.text import NAME_LIMIT, clean
from slack_ui.strings.by_purpose import strings_for

LABEL_LIMIT = 75  # docs.slack.dev/reference/block-kit/block-elements/button-element
# Buttons of approvers are on the card only; Withdraw and Stop are also in the channel of the command.
ACTING = {
    (MessageKind.CARD, State.AWAITING_APPROVAL): (Action.APPROVE, Action.REJECT, Action.CANCEL),
    (MessageKind.CARD, State.APPROVED): (Action.STOP,),
    (MessageKind.ORIGIN, State.AWAITING_APPROVAL): (Action.CANCEL, Action.REMIND),
    (MessageKind.ORIGIN, State.APPROVED): (Action.STOP,),
}
HELD_BY_A_FREEZE = (Action.APPROVE, Action.REMIND)
WHERE = (MessageKind.CARD, MessageKind.ORIGIN)


def build(request: Request, kind: MessageKind, policy: Policy, *, is_frozen: bool = False) -> list[Block]:
    """Return the buttons of a channel message. Everyone in the channel sees them; each click is authorised.

    While requests are frozen, nothing asks for an approval.
    """
    if kind in WHERE and policy.archives and was_deleted(request):
        return row(request, [Action.REBUILD], ids.BUTTONS_BLOCK)
    acting = list(ACTING.get((kind, request.state), ()))
    if kind is MessageKind.CARD and acting:
        is_also_origin = request.state is State.AWAITING_APPROVAL and request.channel_id == policy.approvals_channel
        acting += [Action.REMIND] if is_also_origin else []
        acting += [Action.WITHDRAW_APPROVAL] if request.approvals else []
    return row(request, [each for each in acting if not (is_frozen and each in HELD_BY_A_FREEZE)], ids.BUTTONS_BLOCK)


def row(request: Request, actions: Iterable[Action], block_id: str) -> list[Block]:
    """Return an actions block, or nothing. Each button's accessibility label names the campaign."""
    buttons = [_button(request, action) for action in actions]
    return [ActionsBlock(block_id=block_id, elements=buttons)] if buttons else []


def was_deleted(request: Request) -> bool:
    """Return whether the campaign is gone and was archived before its DELETE, so that it can be rebuilt."""
    is_archived = request.attempt is not None and request.attempt.kind is not AttemptKind.NOT_SENT
    return request.state in MAY_BE_REBUILT and is_archived and request.purpose is Purpose.DELETE


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
    name = clean(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED
    button = ButtonElement(action_id=action_id, text=text, value=request.id, style=style)
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
