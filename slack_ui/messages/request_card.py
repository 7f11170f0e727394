"""A request's message in a channel: headline, decision, attempt and observation, buttons, and what happens next."""

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextSectionElement

from deletion.domain.approval import remaining_approvers
from deletion.domain.fingerprint import Difference
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import WATCHED, AttemptKind, Decision, Observation, Request, State, StruckApproval, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.messages.message_sync import RequestView
from slack_ui import strings
from slack_ui.messages import approval_buttons, freeze_notice
from slack_ui.parts import approval_rule, budget_note
from slack_ui.parts.blocks import Parts, fields, note, quoted
from slack_ui.parts.campaign_summary import readable
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, NAME_LIMIT, clean, code, date, escape, mention, mentions
from slack_ui.parts.undelivered import by_cure, cure
from slack_ui.strings.by_purpose import headline_of, strings_for

# These keep a message within Slack's limits: a fallback text of 4,000 characters and blocks of about 11,000
# (docs.slack.dev/reference/methods/chat.update; github.com/slackapi/bolt-js/issues/2867).
QUOTE_LIMIT = 380
FREEZE_LIMIT = 60  # the blocks show the whole reason
DIFFERENCE_LIMIT, DIFFERENCES_SHOWN = 150, 10
APPROVERS_SHOWN = 5
STRUCK_SHOWN = 5  # the newest; the thread has all of them
# In these states nothing was sent to Kore.ai, unless there is an attempt.
NOTHING_HAPPENED = (
    State.AWAITING_APPROVAL, State.APPROVED, State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED,
)  # fmt: skip


def build(seen: RequestView, message: Message, policy: Policy) -> tuple[str, list[Block]]:
    """Return the fallback text and the blocks. Screen readers and notifications use the fallback, so it is complete."""
    buttons = approval_buttons.build(seen.request, message.kind, policy, is_frozen=seen.freeze is not None)
    blocks = [*account(seen, policy), *buttons, *(note(text) for text in _notes(seen, message, policy))]
    return fallback_text(seen, policy), blocks


def first(request: Request) -> str:
    """Return the text of a message when it is posted: facts that stay true, because a copy may be left behind."""
    return strings.cards.FIRST[request.purpose].format(
        campaign=code(_name(request), NAME_LIMIT),
        campaign_id=code(request.campaign.campaign_id),
        requester=f"<@{request.requester_id}>",
        requested_at=date(request.requested_at),
        request_id=code(request.id[:8]),
    )


def account(seen: RequestView, policy: Policy) -> list[Block]:
    """Return the headline, the facts and the quoted texts, without buttons and next step."""
    request = seen.request
    blocks: list[Block] = [headline(request, seen.freeze), *(freeze_notice.on_card(seen.freeze) if seen.freeze else [])]
    blocks.append(fields(*_facts(request, policy)))
    if request.attempt and request.attempt.kore_message:
        blocks.append(quoted(strings.cards.KORE_SAYS, clean(request.attempt.kore_message, KORE_MESSAGE_LIMIT)))
    if request.differences:
        blocks.append(quoted(strings.cards.CHANGED_FIELDS, *_differences(request)))
    blocks.append(quoted(strings_for(request).reason_label, clean(request.reason, KORE_MESSAGE_LIMIT)))
    if why := _objection(request):
        blocks.append(quoted(strings.cards.REJECTED_BECAUSE, clean(why.reason, KORE_MESSAGE_LIMIT)))
    return blocks


def headline(request: Request, freeze: Freeze | None = None) -> RichTextBlock:
    name = Parts.Text(text=f" {_name(request)}", style=Parts.TextStyle(bold=True))
    said = Parts.Text(text=f" {headline_of(request, freeze)}")
    emoji = Parts.Emoji(name=strings.cards.EMOJI[request.state])
    return RichTextBlock(elements=[RichTextSectionElement(elements=[emoji, name, said])])


def _facts(request: Request, policy: Policy) -> list[tuple[str, str]]:
    """Return decision, attempt and observation separately; the last two only once there can be any."""
    what = (strings.cards.CAMPAIGN, f"{code(request.campaign.campaign_id)}\n{_content(request)}")
    made = [(strings.rebuild.NEW_CAMPAIGN, code(request.created_id))] if request.created_id else []
    decision = (strings.cards.DECISION, _decision(request, policy))
    if _nothing_happened(request):
        return [decision, what]
    return [
        decision,
        (strings.cards.ATTEMPT, _attempt(request)),
        (strings.cards.OBSERVATION, _observation(request)),
        what,
        *made,
    ]


def _nothing_happened(request: Request) -> bool:
    return request.state in NOTHING_HAPPENED and request.attempt is None


def _content(request: Request) -> str:
    """Return the campaign in one line: format, status and counts, no personal data."""
    seen = request.campaign
    count = len(seen.contact_lists)
    lists = strings.cards.ONE_LIST if count == 1 else strings.cards.LISTS.format(count=count)
    content = ", ".join(part for part in (code(seen.format), code(seen.status), lists) if part)
    return strings.cards.WHEN_ASKED.format(content=content)


def _decision(request: Request, policy: Policy) -> str:
    requester = f"<@{request.requester_id}>"
    if not request.approvals_required:
        alone = strings.cards.DECIDED_ALONE.format(requester=requester)
        return " ".join([alone, *(_verdict(decision) for decision in request.decisions)])
    by = ", ".join(f"<@{approval.person_id}>" for approval in request.approvals)
    told = strings.cards.APPROVALS.format(
        count=request.approvals_counted, required=request.approvals_required, by=f": {by}" if by else ""
    )
    needed = approval_rule.on_card(request, policy)
    others = [_verdict(decision) for decision in request.decisions if decision.verdict is not Verdict.APPROVED]
    struck = [_struck(approval) for approval in request.struck[-STRUCK_SHOWN:]]
    return " ".join([strings.cards.ASKED.format(requester=requester), told, *needed, *struck, *others])


def _struck(approval: StruckApproval) -> str:
    return strings.cards.STRUCK.format(
        person=f"<@{approval.person_id}>", why=strings.cards.LAPSES.get(approval.why, code(approval.why))
    )


def _verdict(decision: Decision) -> str:
    return strings.cards.VERDICTS[decision.verdict].format(person=f"<@{decision.person_id}>")


def _objection(request: Request) -> Decision | None:
    return next((decision for decision in request.decisions if decision.verdict is Verdict.REJECTED), None)


def _attempt(request: Request) -> str:
    text = strings_for(request)
    if request.attempt is None:
        return text.no_attempt.get(request.state, text.attempts[AttemptKind.NOT_SENT])
    said = text.attempts[request.attempt.kind]
    return f"{said}. {escape(request.attempt.explanation)}" if request.attempt.explanation else said


def _observation(request: Request) -> str:
    if request.observation is None:
        return strings.cards.NO_OBSERVATION.get(request.state, strings.cards.NOT_CHECKED_YET)
    text = strings_for(request)
    is_there_again = request.reappeared_at and request.observation is Observation.PRESENT
    return text.there_again if is_there_again else text.observations[request.observation]


def _differences(request: Request) -> list[str]:
    more = len(request.differences) - DIFFERENCES_SHOWN
    return [
        strings.cards.CHANGED_FIELD.format(
            field=_field(difference),
            before=clean(readable(difference.field, difference.before), DIFFERENCE_LIMIT) or strings.cards.EMPTY_VALUE,
            after=clean(readable(difference.field, difference.after), DIFFERENCE_LIMIT) or strings.cards.EMPTY_VALUE,
        )
        for difference in request.differences[:DIFFERENCES_SHOWN]
    ] + ([strings.cards.MORE_CHANGED.format(count=more)] if more > 0 else [])


def _field(difference: Difference) -> str:
    return strings.cards.FIELDS.get(difference.field, difference.field)


def _notes(seen: RequestView, message: Message, policy: Policy) -> list[str]:
    """Return the budget, the channels that were not reached, and last what happens next."""
    request, notes = seen.request, [*budget_notes(seen.request), *_unreached(seen, message, policy)]
    as_of = max(request.changed_at, seen.freeze.frozen_at) if seen.freeze else request.changed_at
    return [*notes, f"{next_step(seen, policy)} {strings.cards.AS_OF.format(when=date(as_of))}"]


def _unreached(seen: RequestView, message: Message, policy: Policy) -> list[str]:
    """Return which channels refuse messages, why, and who can change that."""
    others, special, approvals = dict(seen.unreached), [], policy.approvals_channel or ""
    if seen.request.state is State.AWAITING_APPROVAL and (error := others.pop(approvals, "")):
        special.append((strings.delivery.APPROVERS_UNREACHED, approvals, error))
    if message.kind is MessageKind.DIRECT and (error := others.pop(seen.request.channel_id, "")):
        special.append((strings.delivery.ORIGIN_UNREACHED, seen.request.channel_id, error))
    told = [text.format(channel=mention(channel_id), cure=cure(error)) for text, channel_id, error in special]
    told += by_cure(others, strings.delivery.UNREACHED, strings.delivery.MORE_UNREACHED)
    return (
        [*told, strings.delivery.THREAD_UNREACHED.format(cure=cure(seen.thread_error))] if seen.thread_error else told
    )


def budget_notes(request: Request) -> list[str]:
    """Return the budget while the request is open, or if it required an extra approval."""
    shows = request.budget and (request.is_open or request.budget.overrun)
    return [budget_note.text(request.budget, request.requester_id)] if request.budget and shows else []


def next_step(seen: RequestView, policy: Policy, here: str = strings.cards.HERE) -> str:
    """Return what happens next; ``here`` names the message that will be updated."""
    request, attempt = seen.request, seen.request.attempt
    if request.state is State.GONE and attempt and attempt.kind is AttemptKind.NO_ANSWER:
        return strings.cards.GONE_AFTER_A_LOST_ANSWER
    if request.state is State.UNKNOWN and policy.is_other_account(request.kore_account):
        return strings.cards.UNKNOWN_IN_OTHER_ACCOUNT
    text = strings_for(request)
    was_fenced = attempt and attempt.kind is AttemptKind.NOT_SENT and attempt.retry_after_seconds is None
    is_rate_limited = request.waiting_since and not was_fenced
    waiting = text.next_steps_while_rate_limited if is_rate_limited and not seen.freeze else {}
    frozen = text.next_steps_while_frozen if seen.freeze else {}
    return {**text.next_steps, **frozen, **waiting}[request.state].format(
        channel=f"<#{policy.approvals_channel}>",
        more=_more(request),
        approvers=mentions(remaining_approvers(request, policy), APPROVERS_SHOWN) or strings.cards.NO_APPROVER_LEFT,
        until=date(request.expires_at) if request.expires_at else strings.modals.UNKNOWN,
        after=date(request.execute_after, seconds=True) if request.execute_after else strings.modals.UNKNOWN,
        watched=date(attempt.at + WATCHED) if attempt else strings.modals.UNKNOWN,
        here=here,
    )


def _more(request: Request) -> str:
    count = request.approvals_required - request.approvals_counted
    return strings.cards.ONE_MORE_APPROVAL if count == 1 else strings.cards.MORE_APPROVALS.format(count=count)


def fallback_text(seen: RequestView, policy: Policy, here: str = strings.cards.HERE) -> str:
    """Return the card as sentences, in its order; of changed fields only the names."""
    request = seen.request
    told = [f"{code(_name(request), NAME_LIMIT)} {headline_of(request, seen.freeze)}"]
    if seen.freeze:
        told.append(f"{strings.cards.FROZEN_FALLBACK} {freeze_notice.frozen_by(seen.freeze, FREEZE_LIMIT)}")
    told.append(_decision(request, policy))
    if not _nothing_happened(request):
        told.append(f"{strings.cards.ATTEMPT}: {_attempt(request).rstrip('.')}.")
    if request.attempt and request.attempt.kore_message:
        told.append(f"{strings.cards.KORE_SAYS}: {code(request.attempt.kore_message, QUOTE_LIMIT)}.")
    if request.observation:
        told.append(f"{strings.cards.OBSERVATION}: {_observation(request)}.")
    if request.differences:
        told.append(f"{strings.cards.CHANGED_FIELDS}: {', '.join(_field(found) for found in request.differences)}.")
    if request.created_id:
        told.append(f"{strings.rebuild.NEW_CAMPAIGN}: {code(request.created_id)}.")
    told.append(f"{strings_for(request).reason_label}: {code(request.reason, QUOTE_LIMIT)}.")
    if why := _objection(request):
        told.append(f"{strings.cards.REJECTED_BECAUSE}: {code(why.reason, QUOTE_LIMIT)}.")
    told.append(f"{strings.cards.CAMPAIGN}: {code(request.campaign.campaign_id)}. {_content(request)}.")
    if request.budget and request.budget.overrun and not seen.freeze:  # during a freeze the blocks are enough
        told += budget_notes(request)
    told += by_cure(seen.unreached, strings.delivery.UNREACHED, strings.delivery.MORE_UNREACHED, reasons=1)
    return " ".join([*told, next_step(seen, policy, here)])


def _name(request: Request) -> str:
    return clean(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED
