"""A list's message in a channel: headline, progress, table, reason, buttons, and what happens next."""

from collections import Counter
from dataclasses import replace

from slack_sdk.models.blocks import Block

from deletion.domain.approvals.approval import remaining_approvers
from deletion.domain.approvals.authorization import Action
from deletion.domain.attempt import AttemptKind
from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.list_approval import STRUCK
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages import freeze_notice, list_buttons, list_progress, next_step, request_card, unreached
from slack_ui.parts import budget_note, list_extent, list_name, ticket
from slack_ui.parts.application import named
from slack_ui.parts.blocks import fields, mrkdwn, note, quoted
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, clean, code, date, mentions
from slack_ui.parts.undelivered import unposted

APPROVERS_SHOWN = 5
REASONS_SHOWN = 2  # why channels refuse messages: a card of twenty campaigns is nearly as long as Slack takes
DECISIONS_LIMIT = 1_000  # characters
STARTED = (State.APPROVED, State.DELETING)


def build(seen: RequestView, listed: CampaignList, message: Message, policy: Policy) -> tuple[str, list[Block]]:
    """Return the fallback text, which is complete but for the table, and the blocks."""
    request = seen.request
    ahead = next_in_list(seen, listed, policy)
    changed_at = max([listed.changed_at, *([seen.freeze.frozen_at] if seen.freeze else [])])
    as_of = strings.cards.AS_OF.format(when=date(changed_at))
    undelivered = unreached.notes(seen, message, policy, REASONS_SHOWN)
    notes = [*budget_note.of_list(request), *undelivered, f"{ahead} {as_of}"]
    buttons = list_buttons.build(listed, message.kind, seen.freeze, policy)
    blocks = [*account(seen, listed, policy), *buttons, *(note(text) for text in notes)]
    said = [fallback_text(seen, listed, policy), *unposted(seen.unreached, request, reasons=1), ahead]
    return " ".join(said), blocks


def account(seen: RequestView, listed: CampaignList, policy: Policy) -> list[Block]:
    """Return headline, progress, decision, table and reasons, without buttons and next step."""
    request = seen.request
    progress = f"{list_progress.bar(listed)} {list_progress.line(listed)}"
    facts = [(strings.cards.DECISION, _decision(listed, policy))]
    facts += [(strings.cards.TICKET, ticket.text(request.ticket, policy))] if request.ticket else []
    blocks: list[Block] = [
        mrkdwn(f":{list_progress.emoji(listed)}: *{named(request.application)}{headline(listed, seen.freeze)}*"),
        mrkdwn(progress),
        *(mrkdwn(text) for text in _pause(listed, seen.freeze)),
        *(freeze_notice.on_card(seen.freeze) if seen.freeze else []),
        note(_reach(listed)),
        fields(*facts),
        list_progress.table(listed),
        quoted(strings.lists.REASON, clean(request.reason, KORE_MESSAGE_LIMIT)),
    ]
    if why := _rejection(listed):
        blocks.append(quoted(strings.cards.REJECTED_BECAUSE, clean(why, KORE_MESSAGE_LIMIT)))
    return blocks


def fallback_text(seen: RequestView, listed: CampaignList, policy: Policy) -> str:
    """Return the same as sentences, without the table."""
    request = seen.request
    told = f"{named(request.application)}{headline(listed, seen.freeze)}"
    reason = f"{strings.lists.REASON}: {code(request.reason, request_card.QUOTE_LIMIT)}."
    frozen = [f"{strings.freeze.FROZEN_NOW} {freeze_notice.frozen_by(seen.freeze, 60)}"] if seen.freeze else []
    said = [
        told,
        f"{list_progress.line(listed)}.",
        *_pause(listed, seen.freeze),
        *frozen,
        _decision(listed, policy),
        reason,
    ]
    if request.ticket:
        said.append(f"{strings.cards.TICKET}: {code(request.ticket)}.")
    if why := _rejection(listed):
        said.append(f"{strings.cards.REJECTED_BECAUSE}: {code(why, request_card.QUOTE_LIMIT)}.")
    said.append(f"{_reach(listed)}.")
    if request.budget and request.budget.overrun and not seen.freeze:  # during a freeze the blocks are enough
        said += budget_note.of_list(request)
    return " ".join(said)


def headline(listed: CampaignList, freeze: Freeze | None = None) -> str:
    """Return the state of the list. The count is of the campaigns of which it is true.

    During a freeze only what had begun before is being deleted.
    """
    if listed.is_paused:
        return strings.lists.PAUSED
    if not listed.is_open:
        return _done(listed)
    is_practice, deleting = listed.requests[0].is_practice, listed.counts[State.DELETING]
    lacking = sum(each.lacks_approvals for each in listed.waiting)
    waiting = len(listed.waiting) - lacking
    headlines = strings.practice.LIST_HEADLINES if is_practice else strings.lists.LIST_HEADLINES
    if freeze:
        frozen = strings.practice.LIST_FROZEN if is_practice else strings.lists.LIST_FROZEN
        parts = [(headlines[State.DELETING], deleting), (frozen, waiting)]
    else:
        begun = State.DELETING if _is_running(listed) else State.APPROVED
        parts = [(headlines[begun], deleting + waiting)]
    parts += [(strings.lists.LACKING, lacking), (headlines[State.AWAITING_APPROVAL], len(listed.awaiting))]
    return " ".join(
        said.format(count=list_extent.count(number), **list_extent.verbs(number)) for said, number in parts if number
    )


def _is_running(listed: CampaignList) -> bool:
    """Return whether a campaign is being deleted, or one was and the next one is due."""
    begun = listed.in_state(*STARTED)
    is_due = any(not each.execute_after or each.execute_after <= listed.changed_at for each in begun)
    has_ended = any(not each.is_open and each.approved_at for each in listed.requests)
    return bool(listed.counts[State.DELETING]) or (is_due and has_ended)


def _done(listed: CampaignList) -> str:
    counts, total = listed.counts, list_extent.count(len(listed.requests))
    if listed.requests[0].is_practice:
        return strings.practice.LIST_DONE.format(count=total)
    is_at_least = counts[State.UNKNOWN] or any(map(_may_be_deleted, listed.in_state(State.GONE)))
    said = strings.lists.DONE_AT_LEAST if is_at_least else strings.lists.DONE
    deleted = counts[State.DELETED]
    return said.format(deleted=deleted, count=total, **list_extent.verbs(deleted))


def _may_be_deleted(gone: Request) -> bool:
    """Return whether the bot's own delete, which got no clear answer, may have removed the campaign."""
    return gone.attempt is not None and gone.attempt.kind is AttemptKind.NO_ANSWER


def first(listed: CampaignList) -> str:
    """Return the text of a message when it is posted: facts that stay true, because a copy may be left behind."""
    request = listed.requests[0]
    return strings.lists.FIRST.format(
        requester=f"<@{request.requester_id}>",
        count=list_extent.count(len(listed.requests)),
        requested_at=date(request.requested_at),
        request_id=code(request.id[:8]),
    )


def left(listed: CampaignList, action: Action) -> str:
    """Return what the withdrawal or the stop of a part leaves of the list, or nothing."""
    kept, said = {
        Action.CANCEL: (listed.in_state(*STARTED), strings.lists.STILL_APPROVED),
        Action.STOP: (listed.awaiting, strings.lists.STILL_AWAITING),
    }.get(action, ((), ""))
    return said.format(count=list_extent.count(len(kept)), **list_extent.verbs(len(kept))) if kept else ""


def next_in_list(
    seen: RequestView, listed: CampaignList, policy: Policy, kind: MessageKind | None = MessageKind.CARD
) -> str:
    """Return what happens next; with None instead of a kind of message, as a private answer says it."""
    request = seen.request
    if kind is None and next_step.waits_for_practice(request, policy):
        return strings.practice.WAITS_REAL
    if listed.is_paused:
        said = strings.lists.NEXT_PAUSED_AND_FROZEN if seen.freeze else strings.lists.NEXT_PAUSED
        return said.format(until=next_step.until(*listed.waiting))
    if request.state is State.UNKNOWN:
        return next_step.text(replace(seen, request=listed.in_state(State.UNKNOWN)[0]), policy, kind)
    if request.state is State.AWAITING_APPROVAL and not policy.approvals_channel:
        return strings.cards.NO_APPROVALS_CHANNEL.format(until=next_step.until(*listed.awaiting))
    lacking = next_step.lacking(request, seen.freeze)
    if seen.freeze and not lacking and (after := _after_the_freeze(listed)):
        return after
    approvers = dict.fromkeys(name for each in listed.awaiting for name in remaining_approvers(each, policy))
    ahead = {**strings.lists.NEXT, **(strings.practice.LIST_NEXT if request.is_practice else {}), **lacking}
    return ahead.get(request.state, strings.lists.CLOSED).format(
        more=_more(listed),
        channel=f"<#{policy.approvals_channel}>",
        approvers=mentions([*approvers], APPROVERS_SHOWN) or strings.cards.NO_APPROVER_LEFT,
        until=next_step.until(*(listed.awaiting or listed.waiting)),
        after=next_step.after(request),
    )


def _after_the_freeze(listed: CampaignList) -> str:
    """Return what happens after a freeze with what is approved and with what awaits approval, or nothing."""
    waiting, awaiting = listed.waiting, listed.awaiting
    if not waiting and not awaiting:
        return ""
    said = strings.lists.NEXT_FROZEN[bool(waiting), bool(awaiting)]
    return said.format(until=next_step.until(*waiting, *awaiting))


def _reach(listed: CampaignList) -> str:
    """Return in one line how far the campaigns reached together when they were requested."""
    return strings.cards.WHEN_ASKED.format(content=list_extent.total(list_extent.shown(listed.requests)))


def _decision(listed: CampaignList, policy: Policy) -> str:
    """Return what was decided about the campaigns, the decision of the whole first; with numbers where they differ."""
    made = Counter(request_card.decision(each, policy) for each in (listed.overall, *listed.requests))
    made[request_card.decision(listed.overall, policy)] -= 1
    if len(made) == 1:
        return next(iter(made))
    said, others = list[str](), len(listed.requests)
    for decision, count in made.items():
        told = strings.lists.DECISION_OF_SOME.format(count=list_extent.count(count), said=decision)
        if said and sum(map(len, [*said, told])) > DECISIONS_LIMIT:
            said.append(strings.lists.DECISION_OF_OTHERS.format(count=list_extent.count(others)))
            break
        said.append(told)
        others -= count
    return "\n".join(said)


def _more(listed: CampaignList) -> str:
    """Return how many more people must approve; "at least" where the campaigns lack different numbers of them."""
    lacking = {each.approvals_required - each.approvals_counted for each in listed.awaiting} or {0}
    fewest = min(lacking)
    more = strings.cards.ONE_MORE_APPROVAL if fewest == 1 else strings.cards.MORE_APPROVALS.format(count=fewest)
    return more if len(lacking) == 1 else strings.lists.AT_LEAST.format(more=more)


def _pause(listed: CampaignList, freeze: Freeze | None) -> list[str]:
    """Return what the list is paused on, or nothing. During a freeze it can't be continued."""
    trouble = listed.trouble
    if not listed.is_paused:
        return []
    name = list_name.told_apart(trouble, listed) if trouble else strings.modals.UNNAMED
    why = strings.lists.WHY_PAUSED.get(trouble.state if trouble else State.UNKNOWN, strings.lists.WHY_SETTLED)
    if trouble and trouble.state is State.UNKNOWN and trouble.reappeared_at:
        why = strings.lists.WHY_THERE_AGAIN
    waiting = len(listed.waiting)
    asked = strings.lists.PAUSED_ON if freeze else strings.lists.PAUSED_ON_AND_ASKED
    said = asked.format(name=name, why=why, count=list_extent.count(waiting), **list_extent.verbs(waiting))
    return [said]


def _rejection(listed: CampaignList) -> str:
    """Return the reason of an approver who rejected the list, or nothing."""
    made = (decision for each in listed.in_state(State.REJECTED) for decision in each.decisions)
    return next((each.reason for each in made if each.verdict is Verdict.REJECTED and each.reason != STRUCK), "")
