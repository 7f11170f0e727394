"""The choice between the strings of a deletion, of a rebuild, and of practice."""

from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Purpose, Request, State
from deletion.domain.policy import Policy
from slack_ui.strings.deletion import DELETION
from slack_ui.strings.practice import PRACTICE
from slack_ui.strings.rebuild import REBUILD
from slack_ui.strings.request_strings import RequestStrings


def strings_for(request: Request) -> RequestStrings:
    """Return the strings for the request's purpose."""
    if request.purpose is Purpose.REBUILD:
        return REBUILD
    return PRACTICE if request.is_practice else DELETION


def deletion_strings(policy: Policy) -> RequestStrings:
    """Return the strings for a deletion that is not requested yet."""
    return PRACTICE if policy.practice else DELETION


def headline_of(request: Request, freeze: Freeze | None = None) -> str:
    """Return how a request stands, as the end of a sentence that begins with the campaign's name."""
    text = strings_for(request)
    if request.state is State.EXPIRED and request.approved_at:
        return text.expired_unused
    if request.state is State.APPROVED and freeze:
        return text.approved_and_frozen
    if request.state is State.UNKNOWN and request.reappeared_at:
        return text.reappeared
    return text.headlines[request.state]
