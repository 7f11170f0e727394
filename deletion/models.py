"""The words of the domain as values: a request, its states, and the three facts kept apart. All frozen."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from deletion.sighting import Difference, Sighting


class State(StrEnum):
    """Where a request stands, in words that people see. The README's diagram shows the same ones."""

    APPROVED = "approved"
    DELETING = "deleting"
    DELETED = "deleted"
    GONE = "gone"
    CHANGED = "changed"
    FAILED = "failed"
    UNKNOWN = "unknown"


OPEN_STATES = frozenset({State.APPROVED, State.DELETING})


class Stored(BaseModel):
    """Base of every value that is kept: frozen, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AttemptKind(StrEnum):
    """What came of our DELETE."""

    CONFIRMED = "confirmed"  # Kore.ai says success, and names our campaign
    REFUSED = "refused"  # Kore.ai says no
    NO_ANSWER = "no answer"  # it may or may not have happened
    NOT_SENT = "not sent"  # nothing left this bot


class Attempt(Stored):
    """The second fact: what Kore.ai answered. ``kore_message`` is verbatim, or empty; ``explanation`` is ours."""

    kind: AttemptKind
    at: AwareDatetime
    kore_message: str = ""
    explanation: str = ""


class Observation(StrEnum):
    """The third fact: what our own read-back saw."""

    ABSENT = "absent"
    PRESENT = "present"
    UNCLEAR = "unclear"


class Preview(Stored):
    """What one person was shown in the confirm modal, kept so that the form is judged by it and nothing else."""

    id: str
    team_id: str
    user_id: str
    channel_id: str
    sighting: Sighting
    taken_at: AwareDatetime


class Request(Stored):
    """Somebody asked for one campaign to be deleted, and said why. ``version`` grows by one with each change."""

    id: str
    team_id: str
    requester_id: str
    channel_id: str
    sighting: Sighting
    reason: str
    state: State
    version: int
    requested_at: AwareDatetime
    changed_at: AwareDatetime
    attempt: Attempt | None = None
    observation: Observation | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class MessageKind(StrEnum):
    """Why a message is where it is."""

    ORIGIN = "origin"  # the channel of the command
    ROOM = "room"  # an ops room
    DIRECT = "direct"  # the requester, who could not be told in the channel


class Message(Stored):
    """One Slack message of a request. ``shown_version`` is 0 before it was posted; ``error`` is Slack's code."""

    request_id: str
    kind: MessageKind
    target_id: str
    ts: str | None = None
    channel_id: str | None = None
    shown_version: int = 0
    shown: str = ""
    error: str = ""


class Entry(Stored):
    """One line of the journal: who did what to which request, and from where."""

    at: AwareDatetime
    event: str
    actor_id: str
    surface: str
    details: dict[str, str] = {}
