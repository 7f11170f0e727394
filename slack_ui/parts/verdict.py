"""Say in one sentence what one person decided about a request."""

from deletion.domain.models import Decision, Request, Verdict
from slack_ui import strings


def sentence(decision: Decision, request: Request) -> str:
    """Return mrkdwn. A request that was stopped must not read as a campaign that was stopped."""
    said = strings.cards.VERDICTS[decision.verdict]
    if decision.verdict is Verdict.STOPPED:
        said = strings.cards.STOPPED_BY.get(request.purpose, said)
    return said.format(person=f"<@{decision.person_id}>")
