"""Find what is wrong with the lists at the end: their order, their pauses, and what was struck."""

from collections.abc import Iterator

from deletion.domain.campaign_list import CampaignList
from deletion.domain.policy import Policy
from deletion.domain.recipients import is_pause, is_settled
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.list_decisions import CONTINUED
from deletion.messages.projection import RequestView
from slack_ui.messages import late_outcome, list_card, list_line, list_pause
from tests.torture.people import Ledger
from tests.torture.world import Case, KoreCall

# The journal's events during which a request stays in "deleting".
STILL_DELETING = ("attempted", "interrupted", "still waiting for Kore.ai")


def wrong(cases: list[Case], deletes: list[KoreCall], ledger: Ledger) -> dict[str, list[str]]:
    lists, sent = _by_list(cases), {call.campaign_id for call in deletes}
    kept = {tuple(each.request.campaign.campaign_id for each in listed) for listed in lists.values()}
    rejected = {each.request.campaign.campaign_id for each in cases if each.request.state is State.REJECTED}
    return {
        "lists that differ from what was confirmed": [str(each) for each in ledger.lists if each not in kept],
        "lists against their rules": [f"{name}: {what}" for name in lists for what in _against_rules(lists[name])],
        "DELETEs of a list out of order": [name for name in lists if not _is_in_order(lists[name], deletes)],
        "struck, and yet a DELETE": sorted((rejected | ledger.struck) & sent),
        "lost: struck acknowledged, not kept": sorted(ledger.struck - rejected),
    }


def counts(cases: list[Case]) -> dict[str, int]:
    lists = _by_list(cases).values()
    continued = {(case.request.list_id, entry.at) for case, entry in _journal(cases) if entry.event == CONTINUED}
    return {
        "lists": len(lists),
        "  most campaigns": max(map(len, lists), default=0),
        "  continued after a pause": len(continued),
        "  campaigns struck": sum(case.request.state is State.REJECTED for listed in lists for case in listed),
    }


def texts(listed: CampaignList, message: Message, policy: Policy) -> set[str]:
    """Return what a message may say: a line of the thread also what it said while the list waited for approval.

    The links at the end of direct messages are left out.
    """
    if message.entry and is_pause(message):
        return {list_pause.text(message.entry, listed, None, "")}
    if message.entry and is_settled(message):
        return {late_outcome.text(message.entry, listed, "")}
    if message.kind is not MessageKind.STORY or not message.entry:
        return {list_card.build(RequestView(listed.overall, listed=listed), listed, message, policy)[0]}
    then = {"state": State.AWAITING_APPROVAL, "decisions": ()}
    waiting = tuple(
        each.model_copy(update={**then, "expires_at": each.requested_at + policy.approval_ttl})
        for each in listed.requests
    )
    return {list_line.line(message.entry, each, policy) for each in (listed, CampaignList(listed.id, waiting))}


def lasting(listed: CampaignList, messages: list[Message]) -> set[str]:
    """Return what a copy of the first text of a message may say."""
    pauses = {list_pause.first(each.entry, listed) for each in messages if each.entry and is_pause(each)}
    return {list_card.first(listed), *pauses}


def _by_list(cases: list[Case]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in sorted(cases, key=lambda case: case.request.list_position or 0):
        if case.request.list_id:
            found.setdefault(case.request.list_id, []).append(case)
    return found


def _journal(cases: list[Case]) -> list[tuple[Case, Entry]]:
    """Return all entries in their order: the replicas of a run have one clock, and each reads before it writes."""
    return sorted(((case, entry) for case in cases for entry in case.entries), key=lambda told: told[1].at)


def _against_rules(listed: list[Case]) -> Iterator[str]:
    """Follow the journal of one list: one campaign at a time, in order, and none during a pause."""
    running: Case | None = None
    last, is_paused = 0, False
    unknown = set[str]()  # a result that becomes known later does not pause again
    for case, entry in _journal(listed):
        position = case.request.list_position or 0
        if entry.event == "attempting":
            if running:
                yield f"campaigns {running.request.list_position} and {position} at once"
            if is_paused:
                yield f"campaign {position} during a pause"
            if position < last:
                yield f"campaign {position} after {last}"
            running, last = case, position
            continue
        if case is running and entry.event not in STILL_DELETING:
            running = None
        if entry.event in (State.FAILED, State.UNKNOWN) and case.request.id not in unknown:
            is_paused = True
        if entry.event == State.UNKNOWN:
            unknown.add(case.request.id)
        if entry.event == CONTINUED:
            is_paused = False


def _is_in_order(listed: list[Case], deletes: list[KoreCall]) -> bool:
    positions = {case.request.campaign.campaign_id: case.request.list_position or 0 for case in listed}
    sent = [positions[call.campaign_id] for call in deletes if call.campaign_id in positions]
    return sent == sorted(sent)
