"""Texts that break a careless view, and views and messages to put them in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.budget import Budget
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.intake_results import CampaignPreview
from deletion.messages.projection import RequestView
from kore_api.models import Campaign
from slack_ui import strings
from slack_ui.messages import request_card
from slack_ui.parts.links import Links
from slack_ui.views import confirm_modal
from tests.deletion.values import NOON, campaign, preview, request

WORST = ["<!channel> & <@U0BOB>", "x" * 10_000, "\u202e\u200b", "", "two\nlines", "🔥" * 3_000, "*b* _i_ `c` ~s~"]
LINKS = Links("https://sandbox.slack.com/")
POLICY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB", "S0APPROVE"))
BUDGET = Budget(at=now(), approved=3, limit=10, approved_for_requester=1, limit_for_requester=5)
USED_UP = BUDGET.model_copy(update={"approved": 10})
NONE_ALIKE = SimilarNames(as_of=NOON)
WEEKLY = {
    "callingHours": {
        "frequency": "WEEKLY", "timezone": "Asia/Kolkata",
        "days": [{"day": day, "start": "9:00 AM", "end": "6:00 PM"} for day in ("MO", "TU")],
    }
}  # fmt: skip
EXTENT = Extent(list_sizes={"Renewals": 1_204}, messages_sent=0)


def summary(shown: Campaign, extent: Extent | None = EXTENT, alike: SimilarNames = NONE_ALIKE) -> dict[str, Any]:
    seen = preview().model_copy(update={"campaign": CampaignFingerprint.of(shown), "ask_for_id": alike.ask_for_id})
    looked = CampaignPreview(shown, alike, seen, 1, BUDGET)
    view: dict[str, Any] = confirm_modal.build(looked, extent, POLICY).to_dict()
    return view


def card(
    shown: Request,
    kind: MessageKind = MessageKind.ORIGIN,
    unreached: Mapping[str, str] = MappingProxyType({}),
    freeze: Freeze | None = None,
) -> dict[str, Any]:
    message = Message(request_id=shown.id, key="one", kind=kind, target_id="C0")
    text, blocks = request_card.build(RequestView(shown, unreached, freeze), message, POLICY)
    return {"text": text, "blocks": [block.to_dict() for block in blocks]}


def lines(surface: dict[str, Any]) -> dict[str, str]:
    """Return the labelled lines of all rich texts; a date by its fallback."""
    found: dict[str, str] = {}
    for block in surface["blocks"]:
        label = ""
        for part in block["elements"][0]["elements"] if block["type"] == "rich_text" else ():
            text = part.get("text") or part.get("fallback") or ""
            if part.get("style", {}).get("bold"):
                label = text.strip()
                found[label] = ""
            elif label:
                found[label] += text
    return found


def told(of: Request, kind: MessageKind = MessageKind.CARD, error: str = "") -> Message:
    place = {} if error else {"channel_id": "C0APPROVALS", "ts": "1732462531.123456"}
    return Message(request_id=of.id, key=f"{kind}-1", kind=kind, target_id="C0APPROVALS", error=error, **place)


def full(text: str) -> Request:
    """Return a request with every optional fact."""
    return request(
        campaign=CampaignFingerprint.of(campaign(name=text, status=text, format=text or "x")),
        reason=text,
        state=State.UNKNOWN,
        approvals_required=2,
        attempt=Attempt(kind=AttemptKind.NO_ANSWER, at=now(), kore_message=text, explanation=text),
        differences=tuple(Difference(field=name, before=text, after=text) for name in strings.cards.FIELDS),
        decisions=tuple(
            Decision(person_id=f"U0P{n}", verdict=verdict, at=now(), reason=text)
            for n, verdict in enumerate([*[Verdict.APPROVED] * 20, Verdict.REJECTED])
        ),
    )
