"""The choice of the strings of a request: by its purpose, and of practice."""

from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from slack_ui.strings.cards import LACKS_APPROVALS
from slack_ui.strings.deletion import DELETION
from slack_ui.strings.practice import PRACTICE
from slack_ui.strings.practised_stop import PRACTISED_STOP, PRACTISED_STOP_FIRST
from slack_ui.strings.rebuild import REBUILD
from slack_ui.strings.request_strings import RequestStrings
from slack_ui.strings.stop import STOP
from slack_ui.strings.stop_and_delete import AFTER_STOP, NO_STOP, STOP_FIRST

REAL = {
    Purpose.DELETE: DELETION,
    Purpose.REBUILD: REBUILD,
    Purpose.STOP: STOP,
    Purpose.STOP_AND_DELETE: STOP_FIRST,
}
PRACTISED = {
    Purpose.DELETE: PRACTICE,
    Purpose.REBUILD: REBUILD,
    Purpose.STOP: PRACTISED_STOP,
    Purpose.STOP_AND_DELETE: PRACTISED_STOP_FIRST,
}


def strings_for(request: Request) -> RequestStrings:
    """Return the strings for the request's purpose."""
    is_to_delete_now = request.purpose is Purpose.STOP_AND_DELETE and request.due_action is Purpose.DELETE
    if request.is_practice:
        return PRACTICE if is_to_delete_now else PRACTISED[request.purpose]
    if is_to_delete_now:
        return AFTER_STOP if request.was_stopped else NO_STOP
    return REAL[request.purpose]


def strings_to_ask(purpose: Purpose, policy: Policy) -> RequestStrings:
    """Return the strings for a request that is not made yet."""
    return (PRACTISED if policy.practice else REAL)[purpose]


def headline_of(request: Request, freeze: Freeze | None = None) -> str:
    """Return how a request stands, as the end of a sentence that begins with the campaign's name."""
    text = strings_for(request)
    if request.state is State.EXPIRED and request.approved_at:
        return text.expired_unused
    if request.lacks_approvals:
        return LACKS_APPROVALS
    if request.state is State.APPROVED and freeze and request.heeds_freeze:
        return text.approved_and_frozen
    if request.state is State.UNKNOWN and request.reappeared_at:
        return text.reappeared
    return text.headlines[request.state]
