"""Why a click did not count, said to the one who clicked: what has happened already, and who did it."""

from deletion.domain.approval import Objection
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from slack_ui import strings
from slack_ui.messages import freeze_notice
from slack_ui.parts.text import NAME_LIMIT, code
from slack_ui.strings.by_purpose import headline_of


def explain(objection: Objection, request: Request, freeze: Freeze | None = None) -> str:
    """Whole sentences in mrkdwn, the campaign's name first. ``freeze`` is the one that holds now."""
    name = code(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED
    who_did = [strings.cards.VERDICTS[made.verdict].format(person=f"<@{made.person_id}>") for made in request.decisions]
    happened = " ".join([f"{name} {headline_of(request, freeze)}", *who_did])
    frozen = freeze_notice.frozen_by(freeze) if freeze else strings.freeze.A_MOMENT_AGO
    return f"{name}: {strings.modals.OBJECTIONS[objection].format(happened=happened, frozen=frozen)}"
