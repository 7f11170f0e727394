"""How a request ends, from what Kore.ai answered and what we saw. Pure, and the only place that decides it."""

from deletion.domain.models import AttemptKind, Observation, State

OUTCOMES = {
    (AttemptKind.CONFIRMED, Observation.ABSENT): State.DELETED,
    (AttemptKind.CONFIRMED, Observation.PRESENT): State.UNKNOWN,
    (AttemptKind.CONFIRMED, Observation.UNCLEAR): State.UNKNOWN,
    (AttemptKind.REFUSED, Observation.ABSENT): State.GONE,
    (AttemptKind.REFUSED, Observation.PRESENT): State.FAILED,
    (AttemptKind.REFUSED, Observation.UNCLEAR): State.UNKNOWN,
    # A delete without an answer may still land, so a campaign that is still there settles nothing yet.
    (AttemptKind.NO_ANSWER, Observation.ABSENT): State.GONE,
    (AttemptKind.NO_ANSWER, Observation.PRESENT): State.UNKNOWN,
    (AttemptKind.NO_ANSWER, Observation.UNCLEAR): State.UNKNOWN,
    (AttemptKind.NOT_SENT, Observation.ABSENT): State.GONE,
    (AttemptKind.NOT_SENT, Observation.PRESENT): State.FAILED,
    # Nothing was sent, so nothing happened through us, whatever we could not see.
    (AttemptKind.NOT_SENT, Observation.UNCLEAR): State.FAILED,
}


REBUILT = {
    (AttemptKind.CONFIRMED, Observation.PRESENT): State.REBUILT,
    # Its answer was lost, and one of its name is there that was made since.
    (AttemptKind.NO_ANSWER, Observation.PRESENT): State.REBUILT,
}


def rebuilt(attempt: AttemptKind, observation: Observation) -> State:
    """Say "rebuilt" only when the new campaign was seen; "failed" when nothing can have been made."""
    if attempt in (AttemptKind.REFUSED, AttemptKind.NOT_SENT):
        return State.FAILED
    return REBUILT.get((attempt, observation), State.UNKNOWN)


def outcome(attempt: AttemptKind, observation: Observation) -> State:
    """Say "deleted" only when Kore.ai's answer and our read-back agree."""
    return OUTCOMES[attempt, observation]
