"""A request as an entry of a list: its headline, and a line with requester, decisions and links."""

from slack_sdk.models.blocks import Block

from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request, Verdict
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.messages import request_card
from slack_ui.parts import list_name, verdict
from slack_ui.parts.application import named_campaign
from slack_ui.parts.blocks import note
from slack_ui.parts.text import code, date, mention
from slack_ui.strings.by_purpose import headline_of


def build(request: Request, links: list[str], freeze: Freeze | None) -> list[Block]:
    return [request_card.headline(request, freeze), note(_about(request, links))]


def fallback_text(request: Request, links: list[str], freeze: Freeze | None) -> str:
    return f"{named_campaign(request)} {headline_of(request, freeze)} {_about(request, links)}"


def _about(request: Request, links: list[str]) -> str:
    facts = [*_ticket(request), *list_name.sentences(request), *_decisions(request), *_end(request)]
    return strings.lookup_and_home.ASKED_BY.format(
        campaign=code(request.campaign.campaign_id),
        requester=mention(request.requester_id),
        when=date(request.requested_at),
        more=" ".join([*facts, ", ".join(links)]),
    ).strip()


def _ticket(request: Request) -> list[str]:
    return [f"{strings.cards.TICKET} {code(request.ticket)}."] if request.ticket else []


def _decisions(request: Request) -> list[str]:
    """Return the number of approvals, and every other decision with its person."""
    counted = strings.cards.APPROVALS.format(
        count=request.approvals_counted, required=request.approvals_required, by=""
    )
    others = [decision for decision in request.decisions if decision.verdict is not Verdict.APPROVED]
    told = [verdict.sentence(other, request) for other in others]
    return [counted, *told] if request.approvals_required else told


def _end(request: Request) -> list[str]:
    """Return the new campaign, and when the request was closed; an unknown outcome is still being checked."""
    if request.is_open:
        return []
    created = [strings.lookup_and_home.REBUILT_AS.format(id=code(request.created_id))] if request.created_id else []
    said = strings.lookup_and_home.LOOKED if request.state is State.UNKNOWN else strings.lookup_and_home.ENDED
    return [*created, said.format(when=date(request.changed_at))]
