"""The budget of an hour in words: how much of it was used when, and what it costs when it is used up."""

from deletion.domain.models import Budget, Overrun
from slack_ui import strings
from slack_ui.parts.text import date


def text(budget: Budget, requester_id: str) -> str:
    """One sentence in mrkdwn, true whenever it is read: it says as of when."""
    said = strings.cards.BUDGET_USED_UP[budget.overrun] if budget.overrun else strings.cards.BUDGET_LEFT
    return said.format(
        at=date(budget.at),
        approved=budget.approved,
        limit=budget.limit,
        theirs=budget.approved_for_requester,
        limit_for_one=budget.limit_for_requester,
        requester=f"<@{requester_id}>",
    )


def story(over_budget: str, count: str, limit: str) -> str:
    """The same in the card's thread, from what the journal keeps."""
    return strings.cards.STORY_OVER_BUDGET[Overrun(over_budget)].format(count=count, limit=limit)
