"""Approved requests that have ended."""

from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.attempt import Attempt
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from tests.deletion.values import campaign, request


async def ended(
    engine: AsyncEngine,
    number: int,
    state: State = State.STOPPED,
    event: str = "",
    attempt: Attempt | None = None,
    *,
    application: str = "",
    stops: Purpose | None = None,
) -> Request:
    """Add an approved request and end it."""
    shown = CampaignFingerprint.of(
        campaign(_id=f"cd-3aefda80-f98e-5f4f-ad41-92803abb{number:04}", name=f"Sale {number}")
    )
    kept = request(campaign=shown, attempt=attempt, application=application, stops=stops)
    requests = RequestStore(engine)
    await requests.add(kept, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    after = await Transitions(requests, Policy()).move(kept, state, event or str(state))
    assert after
    return after
