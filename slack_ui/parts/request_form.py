"""The common parts of a request's forms: the inputs of reason and comment, and the note on what happens next."""

from datetime import timedelta

from slack_sdk.models.blocks import ContextBlock, InputBlock, PlainTextInputElement

from deletion.domain.approvals.quorum import Quorum
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Preview
from deletion.domain.policy import REASON_MAX, REASON_MIN, Policy
from deletion.domain.text.confirmation import last_word
from deletion.lifecycle.list_approval import STRUCK
from slack_ui import strings
from slack_ui.parts import approval_rule, ids, readers
from slack_ui.parts.blocks import note
from slack_ui.strings.request_strings import RequestStrings

HOUR_SECONDS, MINUTE_SECONDS = 3_600, 60


def reason_input(label: str, hint: str) -> InputBlock:
    return InputBlock(
        block_id=ids.REASON_BLOCK,
        label=label,
        hint=hint,
        element=PlainTextInputElement(
            action_id=ids.REASON_INPUT, multiline=True, min_length=REASON_MIN, max_length=REASON_MAX
        ),
    )


def comment_input() -> InputBlock:
    return InputBlock(
        block_id=ids.COMMENT_BLOCK,
        label=strings.modals.COMMENT_LABEL,
        hint=readers.of_comment(),
        optional=True,
        element=PlainTextInputElement(action_id=ids.COMMENT_INPUT, multiline=True, max_length=REASON_MAX),
    )


def approval_phrase(campaign: CampaignFingerprint) -> str:
    """Return what is typed to approve or to stop, in words: see ``confirmation.is_approval_phrase``."""
    return strings.modals.APPROVE_BY_WORD if last_word(campaign.name) else strings.modals.APPROVE_BY_ID


def reason_errors(reason: str) -> dict[str, str]:
    """Return the error by block id, or nothing: Slack counts invisible characters, and the policy does not."""
    if len(reason) < REASON_MIN:
        return {ids.REASON_BLOCK: strings.modals.REASON_TOO_SHORT}
    return {ids.REASON_BLOCK: strings.modals.REASON_TOO_LONG} if len(reason) > REASON_MAX else {}


def rejection_errors(reason: str) -> dict[str, str]:
    """Return the error by block id, or nothing. Messages recognise a strike by its reason, so it can't be typed."""
    return {ids.REASON_BLOCK: strings.modals.REASON_OF_A_STRIKE} if reason == STRUCK else reason_errors(reason)


def too_few_approvers(quorum: Quorum) -> str:
    """Return plain text for a form whose approvers were too few when it was submitted."""
    return strings.refusals.TOO_FEW_MEANWHILE.format(needed=quorum.needed, found=quorum.found)


def warning(text: RequestStrings, policy: Policy) -> str:
    """Return what a request does for good. With an archive key a deleted campaign can be rebuilt."""
    return text.warning_if_archived if policy.archives else text.warning


def list_warning(policy: Policy) -> str:
    """Return what the deletions of a list do for good, or that practice deletes nothing."""
    return strings.practice.LIST_WARNING if policy.practice else strings.list_modals.WARNING


def next_step(text: RequestStrings, preview: Preview, approvals_required: int, policy: Policy) -> ContextBlock:
    sentence = text.next_with_approval if approvals_required else text.next_without_approval
    required = policy.rule_for(preview)
    rule = required.more(approvals_required - required.required)
    said = sentence.format(
        channel=f"<#{preview.channel_id}>",
        approvals=f"<#{policy.approvals_channel}>",
        undo_phrase=undo_phrase(policy.undo_window),
        count=other_people(approvals_required),
    )
    return note(f"{said} {approval_rule.in_words(rule)}".rstrip())


def help_text(policy: Policy, freezing_in: Policy | None = None) -> str:
    """Return the reply to ``help``, with what this team requires. ``freezing_in`` has a freeze's rooms."""
    sentence = strings.command.HELP_APPROVALS if policy.approvals_required else strings.command.HELP_ALONE
    said = sentence.format(
        count=other_people(policy.approvals_required),
        channel=f"<#{policy.approvals_channel}>",
        rule=approval_rule.in_words(policy.approval_rule),
        undo_phrase=undo_phrase(policy.undo_window),
    )
    return strings.command.HELP.format(
        approvals=said.replace("  ", " "),
        channels=readers.of_freeze_reason(freezing_in or policy),
        ticket=strings.command.HELP_TICKET if policy.ticket_pattern else "",
    )


def other_people(count: int) -> str:
    return strings.modals.ONE_MORE if count == 1 else strings.modals.MORE.format(count=count)


def undo_phrase(undo_window: timedelta) -> str:
    """Return when an approved request is executed, such as "in 60 seconds" or "immediately"."""
    seconds = round(undo_window.total_seconds())
    for unit_seconds, said in (
        (HOUR_SECONDS, strings.modals.AFTER_HOURS),
        (MINUTE_SECONDS, strings.modals.AFTER_MINUTES),
    ):
        count, rest = divmod(seconds, unit_seconds)
        if count > 1 and not rest:
            return said.format(count=count)
    few = {0: strings.modals.AT_ONCE, 1: strings.modals.AFTER_A_SECOND}
    return few.get(seconds) or strings.modals.AFTER_SECONDS.format(seconds=seconds)
