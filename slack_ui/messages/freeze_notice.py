"""The text of a freeze for channels, open cards, forms, and the approver who typed the command."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from deletion.domain.freeze_and_budget import Freeze, FreezeEvent, FreezeNotice
from deletion.domain.models import Request
from deletion.domain.policy import REASON_MAX, Policy
from slack_ui import strings
from slack_ui.parts import ids, readers
from slack_ui.parts.application import named_campaign
from slack_ui.parts.blocks import mrkdwn, note, plain, quoted
from slack_ui.parts.text import VALUE_LIMIT, clean, code, date
from slack_ui.parts.undelivered import by_cure


def build(freeze: Freeze, notice: FreezeNotice, unreached: Mapping[str, str]) -> dict[str, Any]:
    """Return a channel's message, or with ``unreached`` the one that names the channels without a notice."""
    if unreached:
        told = by_cure(unreached, strings.freeze.UNREACHED[notice.event], strings.delivery.MORE_UNREACHED)
        return {"text": f"{_practice(freeze)}{' '.join(told)}"}
    happened, follows = (line.format(**_values(freeze)) for line in strings.freeze.ROOM_LINES[notice.event])
    is_over = notice.event is FreezeEvent.UNFROZEN
    happened = f"{_practice(freeze)}{happened}"
    follows = f"{follows} {strings.practice.FREEZE_STAYS}" if freeze.practice and not is_over else follows
    blocks: list[Block] = [mrkdwn(happened), _why(freeze)]
    if is_over and freeze.lifted_because:
        blocks.append(quoted(strings.freeze.WHY_UNFROZEN, clean(freeze.lifted_because, REASON_MAX)))
    blocks.append(note(follows))
    text = f"{happened} {strings.freeze.WHY_FROZEN}: {code(freeze.reason) or strings.freeze.NO_REASON}. {follows}"
    return {"text": text, "blocks": [block.to_dict() for block in blocks]}


def on_card(freeze: Freeze) -> list[Block]:
    """Return who froze, when and why, for the card of an open request."""
    return [mrkdwn(f"{_practice(freeze)}{strings.freeze.ON_CARD.format(**_values(freeze))}"), _why(freeze)]


def frozen_by(freeze: Freeze, limit: int = VALUE_LIMIT) -> str:
    """Return the same as one sentence in mrkdwn, with at most ``limit`` characters of the reason."""
    return f"{_practice(freeze)}{strings.freeze.FROZEN_BY.format(**_values(freeze, limit))}"


def meanwhile(freeze: Freeze) -> str:
    """Return plain text for a form that was submitted after the freeze began."""
    return strings.freeze.MEANWHILE.format(reason=clean(freeze.reason, REASON_MAX) or strings.freeze.NO_REASON)


def in_progress(requests: Sequence[Request]) -> str:
    """Return the reply that names the requests in progress; a later reply says when they have ended."""
    return strings.freeze.UNDER_WAY.format(names=_names(requests))


def result(freeze: Freeze, unanswered: Sequence[Request], policy: Policy) -> str:
    """Return the last reply to the approver who froze: the freeze as it is now, and calls that may still take effect.

    ``unanswered`` are requests whose call to Kore.ai got no answer.
    """
    if freeze.lifted_at:
        return strings.freeze.ENDED_MEANWHILE.format(**_values(freeze))
    said = strings.freeze.FROZEN_UNANSWERED.format(names=_names(unanswered)) if unanswered else strings.freeze.FROZEN
    ask = [] if freeze.reason else [strings.freeze.ASK_REASON]
    return " ".join([said, readers.of_freeze(freeze, policy), strings.freeze.HOW_TO_END, *ask])


def lifted(freeze: Freeze, policy: Policy) -> str:
    """Return the reply to the approver who unfroze."""
    return f"{strings.freeze.UNFROZEN} {readers.of_freeze(freeze, policy)}"


def frozen_before(freeze: Freeze) -> str:
    return strings.freeze.FROZEN_BEFORE.format(frozen=frozen_by(freeze))


def question() -> tuple[str, list[Block]]:
    """Return text and blocks that ask an approver whether to freeze all deletes, with one button."""
    what = f"{strings.freeze.QUESTION_MEANS} {strings.freeze.STOP_ONE} {strings.freeze.NOT_SEARCHED}"
    said = f"*{strings.freeze.QUESTION}* {what}"
    button = ButtonElement(action_id=ids.FREEZE_BUTTON, text=plain(strings.freeze.QUESTION_BUTTON), style="danger")
    return said, [mrkdwn(said), ActionsBlock(block_id=ids.BUTTONS_BLOCK, elements=[button])]


def withheld(freeze: Freeze, event: FreezeEvent) -> str:
    """Return the text for a channel that is shared with another organization."""
    return f"{_practice(freeze)}{strings.freeze.WITHHELD[event]}"


def _practice(freeze: Freeze) -> str:
    return strings.practice.FREEZE if freeze.practice else ""


def _why(freeze: Freeze) -> Block:
    reason = clean(freeze.reason, REASON_MAX) or strings.freeze.NO_REASON.capitalize()
    return quoted(strings.freeze.WHY_FROZEN, reason)


def _names(requests: Sequence[Request]) -> str:
    return ", ".join(map(named_campaign, requests))


def _values(freeze: Freeze, limit: int = VALUE_LIMIT) -> dict[str, str]:
    return {
        "freezer": f"<@{freeze.frozen_by}>",
        "frozen_at": date(freeze.frozen_at),
        "reason": code(freeze.reason, limit) or strings.freeze.NO_REASON,
        "lifter": f"<@{freeze.lifted_by}>",
        "lifted_at": date(freeze.lifted_at) if freeze.lifted_at else strings.modals.UNKNOWN,
    }
