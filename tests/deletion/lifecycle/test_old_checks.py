"""A DELETE does not leave on an old check of requester and approvers, nor after its approval expired."""

from datetime import timedelta

import pytest

from deletion.domain.attempt import AttemptKind
from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.lifecycle import lease
from deletion.lifecycle.lease import CHECK_OUTDATED, EXPIRED, MAX_CHECK_AGE_SECONDS
from tests.deletion.lifecycle.execution_world import World


async def held_back(world: World) -> str:
    """Return why the DELETE was not sent."""
    request = await world.request()
    assert world.deletes_sent() == 0
    assert request.state is State.APPROVED
    assert request.attempt
    assert request.attempt.kind is AttemptKind.NOT_SENT
    return request.attempt.explanation


async def test_delete_is_not_sent_on_an_old_party_check(world: World) -> None:
    async def be_suspended() -> None:
        world.clock.moved_seconds += MAX_CHECK_AGE_SECONDS + 0.1

    world.leases.before_swap = be_suspended

    await world.advance()

    assert await held_back(world) == CHECK_OUTDATED
    await world.change(execute_after=now() - timedelta(seconds=1))
    assert await world.advance() is None
    assert (await world.request()).state is State.DELETED


async def test_delete_is_not_sent_after_its_approval_expired(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.change(expires_at=now() + timedelta(hours=1))

    async def expire() -> None:
        monkeypatch.setattr(lease, "now", lambda: now() + timedelta(hours=2))

    world.limit.before_sending = expire

    await world.advance()

    assert await held_back(world) == EXPIRED
    await world.change(expires_at=now(), execute_after=now())
    assert await world.advance() is None
    assert (await world.request()).state is State.EXPIRED
    assert world.deletes_sent() == 0
