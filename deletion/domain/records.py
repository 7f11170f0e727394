"""The values stored beside a request: its Slack messages, journal entries and archived campaigns."""

from datetime import timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from deletion.domain.stored import Stored


class MessageKind(StrEnum):
    """The role of a message."""

    ORIGIN = "origin"  # the channel of the command
    CARD = "card"  # the approvals channel, with the buttons
    STORY = "story"  # one line in the card's thread, never changed
    ROOM = "room"  # an ops room
    DIRECT = "direct"  # the requester


class Entry(Stored):
    """One journal entry: who did what, when, and from where. ``actor_team_id`` is empty if the bot acted by itself.

    ``details`` hold what is known of the campaign's fingerprint, Kore.ai's answer and the observation, each by name.
    """

    at: AwareDatetime
    event: str
    actor_id: str
    actor_team_id: str = ""
    surface: str
    details: dict[str, str] = Field(default={})


class SnapshotKind(StrEnum):
    """The moment at which a campaign was archived."""

    BEFORE = "before"  # as read immediately before the DELETE
    RETURNED = "returned"  # as Kore.ai returned it in its response


class Snapshot(Stored):
    """An archived campaign. ``sha256`` is of its canonical JSON, in hex; ``sealed`` is None without a key."""

    request_id: str
    kind: SnapshotKind
    taken_at: AwareDatetime
    sha256: str
    sealed: bytes | None = Field(default=None, repr=False)


# In the place of a digest: an update has left and may still arrive, also if the process that sent it has ended.
UNANSWERED = "unanswered"
ARRIVES_WITHIN = timedelta(minutes=1)  # a call to Slack that got no answer, or whose process has ended
WITHHELD = "withheld"  # begins the digest of a message without names, in a channel that is shared with others
STALE = "stale"  # in the place of a digest: what was true before the message was rendered has changed
TO_COMPARE = -1  # in the place of a version: the settings may be others than when the message was rendered


class Message(Stored):
    """One Slack message of a request, by a ``key`` of its own in the request.

    ``shown_version`` is the request version that was last handled, 0 or less before, or ``TO_COMPARE``;
    ``shown_freeze_generation`` is the ``freeze_generation`` then; ``shown`` is the digest of what was sent, or one of
    the words above; ``error`` is Slack's code. A thread line shows its journal ``entry``. The ``ts`` of a file is
    Slack's id of it, and empty until it was uploaded; its version is negative while a corrected one is owed.
    """

    request_id: str
    key: str
    kind: MessageKind
    target_id: str
    entry: Entry | None = None
    ts: str | None = None
    channel_id: str | None = None
    shown_version: int = 0
    shown_freeze_generation: int = 0
    shown: str = ""
    error: str = ""
    tried_at: AwareDatetime | None = None

    @property
    def may_be_overwritten(self) -> bool:
        """Return whether an update that left may still arrive."""
        return self.shown.startswith(UNANSWERED)

    @property
    def is_withheld(self) -> bool:
        return self.shown.startswith(WITHHELD)
