"""Build every message and thread line with the same external text in every place that takes one."""

from dataclasses import replace
from functools import cache

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import FreezeEvent, FreezeNotice
from deletion.domain.models import CampaignStop, Purpose, Request
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import OPEN_STATES, State
from deletion.lifecycle.list_transitions import CAMPAIGNS
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages import (
    approver_call,
    freeze_notice,
    late_outcome,
    list_card,
    list_line,
    list_pause,
    request_card,
    thread_line,
)
from tests.deletion.values import NOON, freeze
from tests.slack_ui.hostile_values import (
    APPROVERS,
    CARD,
    CARD_LINK,
    CODES,
    LINKS,
    POLICY,
    REFUSED,
    Surface,
    hostile_list,
    hostile_request,
)


def stopping(asked: Request) -> tuple[Request, Request]:
    """Return it as a stop alone and as a delete after a stop, each with the stop verified."""
    stop = CampaignStop(at=NOON, status_before=asked.reason, attempt=asked.attempt, messages_sent=10**4_000)
    alone, first = ({"stops": each, "stop": stop} for each in (Purpose.STOP, Purpose.STOP_AND_DELETE))
    return asked.model_copy(update=alone), asked.model_copy(update=first)


@cache
def messages(text: str) -> dict[str, Surface]:
    found = {}
    for state in State:
        for kind in (MessageKind.CARD, MessageKind.DIRECT, MessageKind.ROOM):
            message = Message(request_id="r", key="k", kind=kind, target_id="C0")
            asked = hostile_request(text, state)
            rebuild = asked.model_copy(update={"rebuilds": "another", "flow_name": text})
            variants = {"": asked, ", of a rebuild": rebuild}
            if kind is MessageKind.CARD:
                variants |= {f", to {each.purpose}": each for each in stopping(asked)}
            for what, of in ((f"{kind} of {state}{variant}", of) for variant, of in variants.items()):
                for name, frozen in (("", None), ("frozen ", freeze(reason=text)))[: 1 + of.is_open]:
                    seen = RequestView(of, REFUSED, frozen, CODES[0], CARD)
                    said, blocks = request_card.build(seen, message, POLICY, LINKS)
                    found[f"{name}{what}"] = {"text": said, "blocks": [block.to_dict() for block in blocks]}
    lifted = freeze(reason=text, lifted_by="U0CAROL", lifted_at=now(), lifted_because=text)
    for turn in FreezeEvent:
        told = FreezeNotice(freeze_id=lifted.id, event=turn, target_id="C0")
        found[f"notice of {turn}"] = freeze_notice.build(lifted, told, {})
        found[f"{turn}, unreached"] = freeze_notice.build(lifted, told, REFUSED)
    calls = ("requested", "reminded", "escalated", "approval struck", "approval withdrawn", "approvals insufficient")
    for event in ("rejected", "changed", *calls, "unheard of"):
        details = {"reason": text, "approvers": "U0HEAD, S0HEADS", "struck": "U0BOB", "why": text}
        entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="modal", details=details)
        for state in (State.AWAITING_APPROVAL, State.REJECTED):
            asked = hostile_request(text, state)
            found[f"story of {event}, {state}"] = {"text": thread_line.line(entry, asked, POLICY, CARD_LINK)}
            asked = hostile_request(text, state, requester_id="U0ALICE")
            found[f"call, {state}"] = {"text": approver_call.text(RequestView(asked), APPROVERS[0], POLICY, CARD_LINK)}
    return {**found, **list_messages(text)}


def list_messages(text: str) -> dict[str, Surface]:
    """Return the messages and thread lines of lists."""
    found = {}
    waiting, paused = hostile_list(text, State.AWAITING_APPROVAL), hostile_list(text, State.UNKNOWN, State.APPROVED)
    done = hostile_list(text, *(state for state in strings.lists.RESULTS if state not in OPEN_STATES))
    paused = replace(paused, paused_on=paused.requests[0].id)
    decided = [
        each.model_copy(update={"decisions": each.decisions[number:]}) for number, each in enumerate(waiting.requests)
    ]
    mixed = replace(waiting, requests=tuple(decided))
    for name, shown_list in (("waiting", waiting), ("paused", paused), ("done", done), ("mixed", mixed)):
        for frozen in (None, freeze(reason=text)):
            message = Message(request_id="r", key="k", kind=MessageKind.CARD, target_id="C0")
            seen = RequestView(shown_list.overall, REFUSED, frozen, CODES[0], CARD, listed=shown_list)
            said, blocks = list_card.build(seen, shown_list, message, POLICY)
            shown = {"text": said, "blocks": [block.to_dict() for block in blocks]}
            found[f"{name} list{', frozen' if frozen else ''}"] = shown
    found["first of a list"] = {"text": list_card.first(waiting)}
    for name, shown_list in (("paused", paused), ("done", done)):
        told = Entry(at=now(), event="failed", actor_id="engine", surface="engine", details={"list_position": "1"})
        for frozen in (None, freeze(reason=text)):
            said = list_pause.text(told, shown_list, frozen, CARD_LINK)
            found[f"pause of a {name} list{', frozen' if frozen else ''}"] = {"text": said}
    late = Entry(at=now(), event="failed", actor_id="engine", surface="engine", details={"list_position": "2"})
    for state in (State.FAILED, State.DELETED, State.GONE, State.UNKNOWN):
        found[f"late outcome {state}"] = {"text": late_outcome.text(late, hostile_list(text, state), CARD_LINK)}
    for event in (*strings.lists.LINES, "deleted", "unheard of"):
        for count in ({}, {CAMPAIGNS: "20"}):
            details = {"reason": text, "approvers": "U0HEAD, S0HEADS", "list_position": "2", **count}
            entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="modal", details=details)
            found[f"story of {event} in a list, {count}"] = {"text": list_line.line(entry, waiting, POLICY, CARD_LINK)}
    return found
