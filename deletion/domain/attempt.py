"""A call to Kore.ai that changes something, and what was observed afterwards."""

from enum import StrEnum

from pydantic import AwareDatetime

from deletion.domain.stored import Stored


class AttemptKind(StrEnum):
    """The result of sending the DELETE, the stop or the create."""

    CONFIRMED = "confirmed"  # Kore.ai says success and names the campaign
    REFUSED = "refused"  # Kore.ai refused it
    NO_ANSWER = "no answer"  # it may or may not have happened
    NOT_SENT = "not sent"  # nothing left the bot
    PRACTISED = "practised"  # nothing left the bot: only practice kept it from sending


class Attempt(Stored):
    """The attempt: what Kore.ai answered. ``kore_message`` is verbatim or empty; ``explanation`` is the bot's.

    ``retry_after_seconds`` is set if the rate limit was used up: nothing happened, and it may be repeated then.
    """

    kind: AttemptKind
    at: AwareDatetime
    kore_message: str = ""
    explanation: str = ""
    retry_after_seconds: float | None = None

    @property
    def counts_as(self) -> AttemptKind:
        """The kind by which it ends a request: at the rate limit nothing happened, although it was sent."""
        return self.kind if self.retry_after_seconds is None else AttemptKind.NOT_SENT

    @property
    def told(self) -> dict[str, str]:
        """The attempt as details of a journal entry."""
        return {"attempt": self.kind, "kore_message": self.kore_message, "why": self.explanation}


class Lease(Stored):
    """The right of one replica to send one request to Kore.ai, ``until`` a time of the database's clock.

    ``version`` is the request's version that it was granted with: with any other version it is void. ``sending_at`` is
    recorded immediately before the request leaves.
    """

    version: int
    until: AwareDatetime
    sending_at: AwareDatetime | None = None


class Observation(StrEnum):
    """The campaign as the bot saw it when it read it back."""

    ABSENT = "absent"
    PRESENT = "present"  # of a campaign to stop: with another status than "Stopped"
    STOPPED = "stopped"
    UNCLEAR = "unclear"
