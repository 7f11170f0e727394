"""Compare the whole row of a request, and all that the bot wrote about it into the journal."""

from typing import Any

from deletion.domain.attempt import Attempt
from deletion.domain.clock import now
from deletion.domain.models import Request
from tests.deletion.lifecycle.execution_world import World


async def journal(world: World, asked: Request) -> list[tuple[str, dict[str, str]]]:
    """Return event and details of the bot's entries, but for the fingerprint of what was asked, which each has."""
    _, *entries = await world.store.entries(asked.id)
    assert {(each.actor_id, each.actor_team_id, each.surface) for each in entries} <= {("engine", "", "engine")}
    assert {each.details.pop("fingerprint") for each in entries} <= {asked.campaign.digest}
    return [(each.event, each.details) for each in entries]


async def become(world: World, asked: Request, by: int, **changes: Any) -> Request:
    """Check that the request differs from the asked one by this alone, ``by`` so many versions, and return it."""
    kept = await world.request(asked.id)
    assert asked.changed_at < kept.changed_at <= now()
    fixed = {"version": asked.version + by, "changed_at": kept.changed_at}
    assert kept == asked.model_copy(update={**fixed, **changes})
    return kept


def attempted(attempt: Attempt) -> dict[str, str]:
    return {"attempt": str(attempt.kind), "kore_message": attempt.kore_message, "why": attempt.explanation}
