"""Decide how a request ends from Kore.ai's answer and the bot's own observation. No I/O."""

from datetime import datetime, timedelta

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.models import Purpose, Request
from deletion.domain.states import WATCHED, State

NOT_DONE = frozenset(
    {State.REJECTED, State.CANCELLED, State.STOPPED, State.EXPIRED, State.CHANGED, State.FAILED}
)  # they claim that the bot did nothing
FIRST_RECHECK = timedelta(seconds=30)
LAST_RECHECK = timedelta(minutes=1)  # before the end of the watch
LATE_DELETES = timedelta(minutes=10)  # an unanswered delete that has not shown by then did not happen

OUTCOMES = {
    (AttemptKind.CONFIRMED, Observation.ABSENT): State.DELETED,
    (AttemptKind.CONFIRMED, Observation.PRESENT): State.UNKNOWN,
    (AttemptKind.CONFIRMED, Observation.UNCLEAR): State.UNKNOWN,
    (AttemptKind.REFUSED, Observation.ABSENT): State.GONE,
    (AttemptKind.REFUSED, Observation.PRESENT): State.FAILED,
    (AttemptKind.REFUSED, Observation.UNCLEAR): State.UNKNOWN,
    # An unanswered delete may still land, so a campaign that is still there settles nothing yet.
    (AttemptKind.NO_ANSWER, Observation.ABSENT): State.GONE,
    (AttemptKind.NO_ANSWER, Observation.PRESENT): State.UNKNOWN,
    (AttemptKind.NO_ANSWER, Observation.UNCLEAR): State.UNKNOWN,
    (AttemptKind.NOT_SENT, Observation.ABSENT): State.GONE,
    (AttemptKind.NOT_SENT, Observation.PRESENT): State.FAILED,
    # Nothing was sent, so the bot deleted nothing, even if it cannot see the campaign.
    (AttemptKind.NOT_SENT, Observation.UNCLEAR): State.FAILED,
    # In practice the bot deletes nothing, but others may have.
    (AttemptKind.PRACTISED, Observation.ABSENT): State.GONE,
    (AttemptKind.PRACTISED, Observation.PRESENT): State.PRACTISED,
    (AttemptKind.PRACTISED, Observation.UNCLEAR): State.PRACTISED,
}

REBUILT = {
    (AttemptKind.CONFIRMED, Observation.PRESENT): State.REBUILT,
    # The answer was lost, and one campaign of that name was created since.
    (AttemptKind.NO_ANSWER, Observation.PRESENT): State.REBUILT,
}


STOPPED = {
    (AttemptKind.REFUSED, Observation.PRESENT): State.FAILED,
    (AttemptKind.NOT_SENT, Observation.PRESENT): State.FAILED,
    (AttemptKind.NOT_SENT, Observation.UNCLEAR): State.FAILED,
    (AttemptKind.PRACTISED, Observation.PRESENT): State.PRACTISED,
    (AttemptKind.PRACTISED, Observation.UNCLEAR): State.PRACTISED,
}


def outcome(attempt: AttemptKind, observation: Observation) -> State:
    """Return how a delete ended: "deleted" only if Kore.ai's answer and the observation agree."""
    return OUTCOMES[attempt, observation]


def rebuilt(attempt: AttemptKind, observation: Observation) -> State:
    """Return how a rebuild ended: "rebuilt" only if the new campaign was seen, "failed" only if none can exist."""
    if attempt in (AttemptKind.REFUSED, AttemptKind.NOT_SENT, AttemptKind.PRACTISED):
        return State.FAILED
    return REBUILT.get((attempt, observation), State.UNKNOWN)


def stopped(attempt: AttemptKind, observation: Observation) -> State:
    """Return how a stop ended: the campaign is stopped if that was seen, whoever stopped it."""
    if observation is Observation.STOPPED:
        return State.CAMPAIGN_STOPPED
    return State.GONE if observation is Observation.ABSENT else STOPPED.get((attempt, observation), State.UNKNOWN)


def never_happened(attempt: Attempt, observation: Observation, at: datetime) -> bool:
    """Return whether an unanswered delete or stop can be ruled out: it is too late to land, and had no effect."""
    is_late = at - attempt.at > LATE_DELETES
    return attempt.kind is AttemptKind.NO_ANSWER and observation is Observation.PRESENT and is_late


def may_land_until(request: Request, at: datetime) -> datetime | None:
    """Return until when the unanswered delete of an unknown request may still land, or None if it cannot any more."""
    attempt = request.attempt
    if request.state is not State.UNKNOWN or request.due_action is not Purpose.DELETE or attempt is None:
        return None
    until = attempt.at + LATE_DELETES
    return until if attempt.kind is AttemptKind.NO_ANSWER and at <= until else None


def may_take_effect(left_at: datetime, at: datetime) -> bool:
    """Return whether a call that left then and was not answered may still change something at Kore.ai."""
    return at - left_at <= LATE_DELETES


def settled(request: Request, to: State, at: datetime) -> State:
    """Return ``to``, or "unknown" where ``to`` claims that nothing was done and an unanswered attempt may disprove it.

    After such an attempt only "failed" may be claimed, and not before the attempt is too late to land.
    """
    attempt = request.attempt
    if to not in NOT_DONE or attempt is None or attempt.kind is not AttemptKind.NO_ANSWER:
        return to
    return to if to is State.FAILED and at - attempt.at > LATE_DELETES else State.UNKNOWN


def is_due_for_recheck(request: Request, at: datetime) -> bool:
    """Return whether to look again at an unknown outcome: half a minute after the attempt, then after twice that time.

    The last look is in the last minute of the watch, whose end the messages name.
    An unanswered one is also rechecked as soon as it is too late to land. A campaign that reappeared is watched from
    then on.
    """
    if request.state is not State.UNKNOWN or not request.attempt:
        return False
    attempt, waited = request.attempt, request.changed_at - (request.reappeared_at or request.attempt.at)
    was_early = request.changed_at - attempt.at <= LATE_DELETES
    is_settled_now = attempt.kind is AttemptKind.NO_ANSWER and was_early and at - attempt.at > LATE_DELETES
    until = watched_until(request, attempt)
    pause = max(FIRST_RECHECK, min(waited, until - LAST_RECHECK - request.changed_at))
    return at < until and (is_settled_now or at - request.changed_at >= pause)


def watched_until(request: Request, attempt: Attempt) -> datetime:
    """Return when the watch of an unknown outcome ends: of a campaign that reappeared, it begins then."""
    return (request.reappeared_at or attempt.at) + WATCHED
