"""Every view and message with the same text from outside in every place that takes one, and what they consist of."""

from collections.abc import Iterator
from typing import Any

from deletion.approval import Objection
from deletion.authority import Denial
from deletion.clock import now
from deletion.intake import Extent, Looked, Refused
from deletion.models import (
    Attempt,
    AttemptKind,
    Decision,
    Entry,
    Message,
    MessageKind,
    Observation,
    Request,
    State,
    Verdict,
)
from deletion.policy import Policy, Refusal
from deletion.sighting import Difference, Sighting
from kore_api.models import Campaign
from slack_ui import approve_modal, confirm_modal, denial, notice, objection, reject_modal, request_card, story
from tests.deletion.values import campaign, preview, request

ROOMS = tuple(f"C{number:010}" for number in range(100))
APPROVERS = tuple(f"U{number:010}" for number in range(20))
POLICY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB", "S0APPROVE"), approvals_required=20)
Surface = dict[str, Any]


def hostile_campaign(text: str) -> Campaign:
    return campaign(
        name=text, description=text, status=text, format=text or "x", contactLists=[text] * 12, experienceFlow=text,
        priority=len(text) ** 400, totalMessagesSent=-5, schedule=text,
        dialingStrategy={
            "callingHours": {
                "timezone": text, "frequency": text,
                "days": [{"day": text, "start": text, "end": f"{number}{text}"} for number in range(9)],
            },
            "callerId": {"phoneNumber": text},
        },
    )  # fmt: skip


def hostile_request(text: str, state: State = State.UNKNOWN) -> Request:
    """With all that a request can have at once, and more of it than there can be."""
    at = now()
    decisions = [Decision(person_id=person, verdict=Verdict.APPROVED, at=at) for person in APPROVERS]
    decisions.append(Decision(person_id="U0BOB", verdict=Verdict.REJECTED, at=at, reason=text))
    fields = ("name", "status", "format", "schedule", "contact_lists", "dialing_strategy", "experience_flow", "message")
    return request(
        state=state, sighting=Sighting.of(hostile_campaign(text)), reason=text, approvals_required=20,
        decisions=tuple(decisions), observation=Observation.UNCLEAR,
        attempt=Attempt(kind=AttemptKind.NO_ANSWER, at=at, kore_message=text, explanation="Kore.ai said 400."),
        differences=tuple(Difference(field=field, before=text, after=f"{{{text}") for field in fields),
    )  # fmt: skip


def views(text: str) -> dict[str, Surface]:
    shown, asked = hostile_campaign(text), hostile_request(text)
    kept = preview().model_copy(update={"sighting": Sighting.of(shown)})
    extent = Extent({text: 10**4_000}, messages_sent=10**4_000)
    undo = POLICY.undo_window
    said: dict[str, str] = {why: denial.text(why, asked) for why in Denial}
    said |= {why: objection.explain(why, asked) for why in Objection}
    return {
        "confirm": confirm_modal.build(Looked(shown, kept), extent, POLICY).to_dict(),
        "confirm, counting": confirm_modal.build(Looked(shown, kept), None, POLICY).to_dict(),
        "approve": approve_modal.build(asked, undo).to_dict(),
        "reject": reject_modal.build(asked).to_dict(),
        **{f"refused: {why}": notice.refused(Refused(why, shown, asked), ("Ready",)).to_dict() for why in Refusal},
        **{f"told: {why}": notice.told("Nothing was done", text).to_dict() for why, text in said.items()},
    }  # fmt: skip


def messages(text: str) -> dict[str, Surface]:
    found = {}
    for state in State:
        for kind in (MessageKind.CARD, MessageKind.DIRECT):
            message = Message(request_id="r", key="k", kind=kind, target_id="C0")
            said, blocks = request_card.build(hostile_request(text, state), message, list(ROOMS), POLICY)
            found[f"{kind} of {state}"] = {"text": said, "blocks": [block.to_dict() for block in blocks]}
    for event in ("rejected", "changed", "reminded", "unheard of"):
        entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="modal", details={"reason": text})
        found[f"story of {event}"] = {"text": story.line(entry, hostile_request(text, State.REJECTED), POLICY)}
    return found


def mrkdwn(surface: Any) -> Iterator[str]:
    """Every text in which Slack looks for markup: fallback texts and mrkdwn objects."""
    if isinstance(surface, dict) and isinstance(surface.get("text"), str) and surface.get("type") in (None, "mrkdwn"):
        yield surface["text"]
    for part in _parts(surface):
        yield from mrkdwn(part)


def text_objects(surface: Any) -> Iterator[dict[str, Any]]:
    if isinstance(surface, dict) and surface.get("type") in ("mrkdwn", "plain_text"):
        yield surface
    for part in _parts(surface):
        yield from text_objects(part)


def all_texts(surface: Any) -> Iterator[str]:
    if isinstance(surface, str):
        yield surface
    for part in _parts(surface):
        yield from all_texts(part)


def _parts(surface: Any) -> list[Any]:
    if isinstance(surface, dict):
        return list(surface.values())
    return surface if isinstance(surface, list) else []
