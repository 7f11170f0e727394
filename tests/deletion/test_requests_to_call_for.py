"""Which requests a sweep reads to call their approvers again: not those whose approvers were called lately."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.approvals.reminders import called_before
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.stores.request_store import RequestStore
from tests.deletion.values import request

HOUR = timedelta(hours=1)
ENTRY = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
LONG_AGO, LATELY = {"requested_at": 5 * HOUR}, {"requested_at": 3 * HOUR}  # before now


async def added(store: RequestStore, **made: Any) -> Request:
    """Add a request; a duration is a time before now."""
    at = {name: now() - value if isinstance(value, timedelta) else value for name, value in made.items()}
    kept = request(**{"state": State.AWAITING_APPROVAL, "approvals_required": 1, **at})
    await store.add(kept, ENTRY, [])
    return kept


@pytest.mark.parametrize(
    ("made", "is_read"),
    [
        (LONG_AGO, True),
        (LATELY, False),
        ({**LONG_AGO, "awaiting_since": HOUR}, False),
        ({**LATELY, "kore_account": "another"}, True),
        ({**LATELY, "kore_account": None}, False),
        ({**LONG_AGO, "application": "staging"}, False),
        ({**LONG_AGO, "state": State.APPROVED}, False),
    ],
    ids=[
        "long ago",
        "lately",
        "asked again lately",
        "of another account",
        "stored without one",
        "of another application",
        "approved",
    ],
)
async def test_requests_whose_approvers_may_have_to_be_called(
    engine: AsyncEngine, made: dict[str, Any], *, is_read: bool
) -> None:
    store = RequestStore(engine)
    kept = await added(store, **{"kore_account": "mine", **made})

    found = await store.awaiting_approval("", "mine", called_before(Policy(), now()))

    assert [each.id for each in found] == ([kept.id] if is_read else [])


@pytest.mark.parametrize(
    ("policy", "after"),
    [
        ({"approval_reminders": (4 * HOUR, 2 * HOUR)}, 2 * HOUR),
        ({"approval_reminders": (4 * HOUR,), "escalate_after": HOUR}, HOUR),
        ({"approval_reminders": ()}, None),
    ],
)
def test_first_moment_at_which_approvers_are_called_again(policy: dict[str, Any], after: timedelta | None) -> None:
    at = now()
    assert called_before(Policy(**policy), at) == (at - after if after else None)


async def test_requests_of_another_account_are_read_where_nobody_is_reminded(engine: AsyncEngine) -> None:
    store = RequestStore(engine)
    for account in ("mine", "another"):
        await added(store, kore_account=account, **LONG_AGO)

    assert [each.kore_account for each in await store.awaiting_approval("", "mine", None)] == ["another"]
