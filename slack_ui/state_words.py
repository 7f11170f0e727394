"""How a request stands, as the end of a sentence that begins with the campaign's name."""

from deletion.brakes import Freeze
from deletion.models import Request, State
from slack_ui.wording import sentence, table


def of(request: Request, freeze: Freeze | None = None) -> str:
    if request.state is State.EXPIRED and request.approved_at:
        return sentence(request, "EXPIRED_UNUSED")
    if request.state is State.APPROVED and freeze:
        return sentence(request, "APPROVED_AND_FROZEN")
    return table(request, "HEADLINES")[request.state]
