"""End a request whose campaign changed, or that today's settings do not allow."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.execution_check import DELETED_AGAIN, THERE_AGAIN, refuse_reading, refuse_stop
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.models import Purpose, Request
from deletion.domain.outcome import outcome, rebuilt, stopped
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import is_there_again
from deletion.domain.records import SnapshotKind
from deletion.domain.states import BEGUN, State
from deletion.domain.stopping import content_differences
from deletion.lifecycle.lease import unanswered_since
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from kore_api.models import Campaign

ENDS = {Purpose.DELETE: outcome, Purpose.STOP: stopped, Purpose.REBUILD: rebuilt}


async def end_if_not_deletable(transitions: Transitions, request: Request, campaign: Campaign, policy: Policy) -> bool:
    """End the request if the campaign, as just read, is not what was requested or may not be deleted. Return whether.

    Also True if the request was changed meanwhile: the caller reads it again.
    """
    if differences := request.campaign.differences(CampaignFingerprint.of(campaign)):
        await end_changed(transitions, request, differences)
    elif why := refuse_reading(campaign, policy):
        await end_refused(transitions, request, why, Observation.PRESENT)
    else:
        return False
    return True


async def end_if_not_stoppable(transitions: Transitions, request: Request, campaign: Campaign, policy: Policy) -> bool:
    """End the request if the campaign, as just read, may not be stopped for it. Return whether, as for a delete.

    Before a delete, its content must be what was requested; what a run changes by itself may differ. A stop alone is
    about the campaign as it is.
    """
    is_alone = request.purpose is Purpose.STOP
    differences = () if is_alone else content_differences(request.campaign, CampaignFingerprint.of(campaign))
    if differences:
        await end_changed(transitions, request, differences)
    elif why := refuse_stop(campaign, request, policy):
        await end_refused(transitions, request, why, Observation.PRESENT)
    else:
        return False
    return True


async def why_not_rebuilt(store: RequestStore, rebuild: Request) -> str | None:
    """Return why the campaign may not be made again for this request, or None. None for any other request, too."""
    if rebuild.rebuilds is None:
        return None
    if is_there_again(await store.request(rebuild.rebuilds)):
        return THERE_AGAIN
    last = await store.last_deletion(rebuild.campaign.campaign_id, rebuild.kore_account)
    if last is None or last.id == rebuild.rebuilds:
        return None
    copy = await store.snapshot(last.id, SnapshotKind.BEFORE)
    return DELETED_AGAIN if copy and copy.sealed else None


async def end_changed(
    transitions: Transitions,
    request: Request,
    differences: tuple[Difference, ...],
    told: Mapping[str, str] = MappingProxyType({}),
    **changes: Any,
) -> Request | None:
    """End the request because its campaign is not what was requested. None if the request was changed meanwhile."""
    details = {"changed": ", ".join(difference.field for difference in differences), **told}
    return await transitions.move(
        request, State.CHANGED, "changed", details=details, differences=differences, **changes
    )


async def end_refused(
    transitions: Transitions, request: Request, why: str, seen: Observation | None = None
) -> Request | None:
    """End the request without another call to Kore.ai; "unknown" if an earlier attempt may still count.

    The lease of one that has begun must be over, and the request read since: it says whether the call left.

    ``seen`` is None if the bot did not look. Return None if the request was changed meanwhile.
    """
    may_have_left = request.state in BEGUN and not request.is_practice and unanswered_since(request)
    lost = AttemptKind.NO_ANSWER if may_have_left else AttemptKind.NOT_SENT
    earlier = request.attempt or Attempt(kind=lost, at=now())
    attempt = earlier.model_copy(update={"explanation": why})
    ended = ENDS[request.due_action](attempt.counts_as, seen or Observation.UNCLEAR)
    details = {**attempt.told, **({"observation": str(seen)} if seen else {})}
    return await transitions.move(request, ended, str(ended), details=details, attempt=attempt, observation=seen)
