"""The hourly limit in words: how much of it is used, and that an extra approval is required once it is reached."""

from deletion.domain.budget import Budget, Overrun
from deletion.domain.freeze_and_budget import is_nearly_used_up
from deletion.domain.models import Request
from slack_ui import strings
from slack_ui.parts.text import date


def text(budget: Budget, requester_id: str) -> str:
    """Return one sentence in mrkdwn. It states its time, so it stays true."""
    said = strings.cards.BUDGET_USED_UP[budget.overrun] if budget.overrun else strings.cards.BUDGET_LEFT
    return _filled(said, budget, requester_id)


def of_list(request: Request, today: Budget | None = None) -> list[str]:
    """Return the budget with the whole list if it is near its limit: ``today``, or as it was counted for the request.

    Each request's own counts all but itself.
    """
    counted = today or request.budget
    if counted is None:
        return []
    spent = counted.model_copy(
        update={"approved": counted.approved + 1, "approved_for_requester": counted.approved_for_requester + 1}
    )
    is_over = bool(counted.overrun)
    if not is_over and not (request.is_open and is_nearly_used_up(spent)):
        return []
    extra = [strings.lists.OVER_BUDGET] if is_over else []
    return [" ".join([*extra, _filled(strings.lists.BUDGET, spent, request.requester_id)])]


def thread_note(over_budget: str, count: str, limit: str) -> str:
    """Return the same for the card's thread, from the details of a journal entry."""
    return strings.cards.THREAD_OVER_BUDGET[Overrun(over_budget)].format(count=count, limit=limit)


def _filled(said: str, budget: Budget, requester_id: str) -> str:
    return said.format(
        at=date(budget.at),
        approved=budget.approved,
        limit=budget.limit,
        theirs=budget.approved_for_requester,
        limit_for_one=budget.limit_for_requester,
        requester=f"<@{requester_id}>",
    )
