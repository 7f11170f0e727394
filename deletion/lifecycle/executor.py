"""The steps between an approved request and its outcome: a delete, a stop and a rebuild have their own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.errors import FencedError
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.kore.rate_limiter import UNCOUNTED
from deletion.lifecycle.backoff import pause_after
from deletion.lifecycle.lease import CHECK_OUTDATED, READING_OUTDATED, TOO_SLOW
from deletion.lifecycle.transitions import Transitions

MAX_FENCED = 10
GAVE_UP_SLOW = f"Kore.ai, Slack or my database was too slow {MAX_FENCED} times in a row, so I gave up."
OTHER_CLIENT = "I am connected to another Kore.ai account than the one of this request."
SLOW = frozenset({READING_OUTDATED, CHECK_OUTDATED, TOO_SLOW, UNCOUNTED})
NOT_SENT = "not sent"
BEGINNINGS = ("attempting", "rebuilding", "stopping")
STOP_VERIFIED, NO_STOP_NEEDED = "stop verified", "no stop needed"
STOP_DONE = (STOP_VERIFIED, NO_STOP_NEEDED)  # the events that a delete follows
# Checks requester and approvers. Returns when the check began, by the monotonic clock of the leases; None if the
# request may not go on, and has been changed accordingly.
Confirm = Callable[[], Awaitable[float | None]]


class Executor(Protocol):
    """The steps of one purpose.

    Each step takes the request as it was just read and changes it by compare-and-swap. A step that loses the swap
    changes nothing, so a step may run twice, on two replicas or after a crash.
    """

    async def attempt(self, request: Request, limits: DeleteLimits, confirm: Confirm) -> None:
        """Send one request to Kore.ai and record its answer, if ``request`` is unchanged and ``limits`` still hold.

        Nothing is sent or changed before ``confirm`` returns a time; what only reads may run beside it.
        """

    async def verify(self, request: Request) -> None:
        """Read back what the recorded attempt did, and record the outcome."""

    async def recheck(self, request: Request) -> bool:
        """Look again at an unknown outcome. Return whether the request changed."""


def check_account(request: Request, campaign: CampaignGateway) -> None:
    """Raise FencedError unless this client of Kore.ai is of the account that the campaign id belongs to.

    The policy has said so before; this is the client that sends.
    """
    if request.kore_account not in (None, campaign.account):
        raise FencedError(OTHER_CLIENT)


async def return_unsent(
    transitions: Transitions,
    begun: Request,
    explanation: str,
    waiting_since: datetime | None = None,
    retry_after: timedelta | None = None,
) -> None:
    """Return a begun request to "approved" because nothing was sent for it. The next attempt starts anew.

    An earlier attempt that Kore.ai refused at its rate limit stays on record: it was sent.
    ``waiting_since`` is the start of the pause that the request was in. Without ``retry_after`` the attempts back off.
    After ``MAX_FENCED`` attempts in a row that were too slow the request fails.
    """
    entries = await transitions.entries(begun.id)
    fenced, refused = _fenced_in_a_row(entries), _refused_before(entries)
    if explanation in SLOW and fenced + 1 >= MAX_FENCED:
        failed = refused or Attempt(kind=AttemptKind.NOT_SENT, at=now())
        failed = failed.model_copy(update={"explanation": GAVE_UP_SLOW})
        await transitions.move(begun, State.FAILED, str(State.FAILED), details=failed.told, attempt=failed)
        return
    unsent = Attempt(kind=AttemptKind.NOT_SENT, at=now(), explanation=explanation)
    await transitions.move(
        begun,
        State.APPROVED,
        NOT_SENT,
        details=unsent.told,
        attempt=refused or unsent,
        execute_after=now() + (pause_after(fenced) if retry_after is None else retry_after),
        waiting_since=waiting_since,
    )


def _fenced_in_a_row(entries: Sequence[Entry]) -> int:
    """Return how many attempts in a row were too slow, up to the one that has begun."""
    fenced = 0
    for entry in reversed(entries):
        if entry.event == NOT_SENT and entry.details.get("why") in SLOW:
            fenced += 1
        elif entry.event not in BEGINNINGS:
            break
    return fenced


def _refused_before(entries: Sequence[Entry]) -> Attempt | None:
    """Return the last attempt of the due action that the rate limit refused, from its entry after the beginning."""
    for begun, entry in reversed(list(pairwise(entries))):
        if entry.event in STOP_DONE:  # what follows is of the delete
            return None
        if begun.event in BEGINNINGS and entry.details.get("attempt") == AttemptKind.REFUSED:
            told = {"kore_message": entry.details["kore_message"], "explanation": entry.details["why"]}
            return Attempt(kind=AttemptKind.REFUSED, at=entry.at, retry_after_seconds=0, **told)
    return None
