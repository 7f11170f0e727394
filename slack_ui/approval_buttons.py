"""The buttons under a request: those that act in its state now, and no others. Each carries the request id alone."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ConfirmObject

from deletion.models import AttemptKind, MessageKind, Purpose, Request, State
from deletion.policy import Policy
from deletion.rebuilding import MAY_BE_REBUILT
from slack_ui import card_words, ids, rebuild_words
from slack_ui.blocks import plain
from slack_ui.wording import sentence

WHERE = (MessageKind.CARD, MessageKind.ORIGIN)


def build(request: Request, kind: MessageKind, policy: Policy, *, is_frozen: bool = False) -> list[Block]:
    """An actions block, or nothing: decisions are made on the card, the rest is there in the channel too.

    While requests are frozen nobody can approve, so there is no button for it.
    """
    if kind not in WHERE:
        return []
    if request.state is State.APPROVED:
        return [_row(_button(request, ids.STOP_BUTTON, sentence(request, "STOP"), style="danger"))]
    if policy.archives and _was_deleted(request):
        return [_row(_button(request, ids.REBUILD_BUTTON, rebuild_words.BUTTON))]
    if request.state is not State.AWAITING_APPROVAL:
        return []
    if kind is MessageKind.ORIGIN:
        return [_row(_cancel(request))]
    approve = _button(request, ids.APPROVE_BUTTON, card_words.APPROVE, style="primary")
    reject = _button(request, ids.REJECT_BUTTON, card_words.REJECT, style="danger")
    return [_row(reject, _cancel(request)) if is_frozen else _row(approve, reject, _cancel(request))]


def _was_deleted(request: Request) -> bool:
    """By us or by somebody else after we archived it; only then is there anything to make it of."""
    is_archived = request.attempt is not None and request.attempt.kind is not AttemptKind.NOT_SENT
    return request.state in MAY_BE_REBUILT and is_archived and request.purpose is Purpose.DELETE


def _row(*buttons: ButtonElement) -> ActionsBlock:
    return ActionsBlock(block_id=ids.BUTTONS_BLOCK, elements=list(buttons))


def _button(request: Request, action_id: str, text: str, style: str | None = None) -> ButtonElement:
    return ButtonElement(action_id=action_id, text=text, value=request.id, style=style)


def _cancel(request: Request) -> ButtonElement:
    button = _button(request, ids.CANCEL_BUTTON, card_words.CANCEL)
    button.confirm = ConfirmObject(
        title=card_words.CANCEL_TITLE,
        text=plain(sentence(request, "CANCEL_TEXT")),
        confirm=card_words.CANCEL_CONFIRM,
        deny=card_words.CANCEL_DENY,
    )
    return button
