"""Keep in the journal what the forms of a request said, and hold its execution to it. A list's forms say neither."""

from collections.abc import Sequence
from datetime import timedelta

from deletion.domain.models import Purpose, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.new_request import REQUESTED

UNDO_WINDOW, ARCHIVE = "undo_window", "archive"  # the journal's names


def promise_details(after: Request, policy: Policy) -> dict[str, str]:
    """Return what the form of a request or of an approval said, for its entry.

    The undo window in seconds, if it begins only after a stop, and that the campaign is archived.
    """
    if not after.campaign_to_delete:
        return {}
    is_stopped_first = after.state is State.APPROVED and after.due_action is Purpose.STOP
    window = {UNDO_WINDOW: f"{policy.undo_window.total_seconds():g}"} if is_stopped_first else {}
    return {**window, **({ARCHIVE: "encrypted"} if policy.archives else {})}


def window_after_stop(request: Request, entries: Sequence[Entry], policy: Policy) -> timedelta:
    """Return the undo window after a stop: today's, or the longest that a form said if that is longer."""
    told = [timedelta(seconds=float(each.details.get(UNDO_WINDOW, 0))) for each in _leading_to(request, entries)]
    return max([policy.undo_window, *told])


def has_lost_archive(request: Request, entries: Sequence[Entry], policy: Policy) -> bool:
    """Return whether a form said that the campaign is archived, and the settings have no key any more."""
    return not policy.archives and any(ARCHIVE in each.details for each in _leading_to(request, entries))


def _leading_to(request: Request, entries: Sequence[Entry]) -> list[Entry]:
    """Return the last approval of each approver, or the request if no approval was needed."""
    decided_by = {each.person_id for each in request.approvals} or {request.requester_id}
    event = Verdict.APPROVED if request.approvals else REQUESTED
    return list(
        {each.actor_id: each for each in entries if each.event == event and each.actor_id in decided_by}.values()
    )
