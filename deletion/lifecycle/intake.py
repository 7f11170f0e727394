"""Create requests: read the campaign, store a preview of what was shown, then record who requested it and why."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.catalogue.similar_names import TOO_OLD, SimilarNames, similar_names
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.approvals.quorum import ApproverDirectory, Quorum
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import (
    DeleteLimits,
    Freeze,
    budget,
    free_again_at,
    is_refused,
)
from deletion.domain.models import Preview, Purpose, Request
from deletion.domain.outcome import may_land_until
from deletion.domain.policy import Policy, Refusal, why_unread
from deletion.domain.recipients import recipients
from deletion.domain.states import State
from deletion.domain.text.confirmation import confirmation_phrase
from deletion.kore.campaign_gateway import CampaignGateway, OnRateLimited
from deletion.lifecycle.intake_results import (
    CampaignPreview,
    OutdatedFormError,
    Refused,
    Requester,
    TooFewApproversError,
)
from deletion.lifecycle.kept_promise import promise_details
from deletion.lifecycle.new_request import ASKED_AS, entry_of_request, requested
from deletion.lifecycle.transitions import Transitions, count_state
from deletion.lifecycle.undo_window import commit_by, restart_if_late
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import AlreadyRequestedError, RequestStore
from kore_api.errors import CampaignNotFoundError, KoreError
from kore_api.models import Campaign

SHOWN_FOR = timedelta(hours=1)  # then a form has expired: its request would say of its own time what was so before
WAIT_FOR_LIST_SECONDS = 2.0
WAIT_AT_FORM_SECONDS = 1.0


class Intake:
    """The steps from the command to the recorded request. They only read from Kore.ai."""

    def __init__(  # noqa: PLR0913 - one part for each thing that a request depends on
        self,
        store: RequestStore,
        previews: PreviewStore,
        campaign: CampaignGateway,
        catalogue: CampaignCache,
        policy: Policy,
        *,
        approvers: ApproverDirectory,
    ) -> None:
        self._store = store
        self._previews = previews
        self._campaign = campaign
        self._catalogue = catalogue
        self._policy = policy
        self._approvers = approvers
        self._transitions = Transitions(store, policy)

    async def look(self, campaign_id: str, asker: Requester, tell: OnRateLimited) -> CampaignPreview | Refused:
        """Check the limits, read the campaign, and store the preview by which the form is judged.

        Similar names come from a list that is at most a minute old, for which it waits ``WAIT_FOR_LIST_SECONDS``.
        """
        asked_at, account = now(), self._policy.kore_account
        limits, existing, earlier = await asyncio.gather(
            self._store.delete_limits(asker.team_id, asker.user_id, kore_account=account, campaign_id=campaign_id),
            self._store.blocking_request(campaign_id, account),
            self._store.earlier_request(campaign_id, account),
        )
        if refused := _refused_unread(limits, existing, asker):
            return refused
        spent = budget(limits, self._policy)
        needed = self._policy.approvals_required + spent.extra_approvals
        reading, copy, quorum = await asyncio.gather(
            self._campaign.look_when_allowed(campaign_id, tell),
            self._catalogue.fresh_names(WAIT_FOR_LIST_SECONDS),
            self._approvers.quorum(asker.user_id, needed),
        )
        if isinstance(reading, KoreError):
            return await self._unread(campaign_id, asker, reading)
        found = reading.campaign
        if refused := self._refuse(found, existing, limits, quorum, asker):
            return refused
        alike = await asyncio.to_thread(similar_names, found.id, found.name, copy, asked_at)
        is_id_typed_anyway = confirmation_phrase(found.name, found.id) == found.id
        preview = Preview(
            id=uuid4().hex,
            team_id=asker.team_id,
            user_id=asker.user_id,
            channel_id=asker.channel_id,
            campaign=CampaignFingerprint.of(found),
            taken_at=now(),
            stops=Purpose.STOP_AND_DELETE if self._policy.needs_stop(found) else None,
            ask_for_id=alike.ask_for_id and not is_id_typed_anyway,
            witnesses=reading.witnesses,
            kore_account=self._policy.kore_account,
            application=self._policy.application,
        )
        await self._previews.save_preview(preview)
        return CampaignPreview(found, alike, preview, needed, spent, quorum, earlier)

    async def _unread(self, campaign_id: str, asker: Requester, error: KoreError) -> Refused:
        """Return why the campaign cannot be shown: the bot's own delete, if there was one."""
        is_missing, account = isinstance(error, CampaignNotFoundError), self._policy.kore_account
        if is_missing and (last := await self._store.last_deletion(campaign_id, account)):
            why = Refusal.DELETED if last.state is State.DELETED else Refusal.GONE
            rebuild = await self._store.rebuild_of(last.id)
            return Refused(why, existing=last, is_own=last.requester_id == asker.user_id, rebuild=rebuild)
        return Refused(why_unread(error), unread=error)

    def _refuse(
        self, found: Campaign, existing: Request | None, limits: DeleteLimits, quorum: Quorum, asker: Requester
    ) -> Refused | None:
        refusal = None if self._policy.needs_stop(found) else self._policy.refuse_campaign(found)
        if refusal:
            return Refused(refusal, found)
        if existing:
            return Refused(Refusal.ALREADY_REQUESTED, found, existing, is_own=_is_own(existing, asker))
        if is_refused(budget(limits, self._policy), self._policy):
            return Refused(Refusal.OVER_BUDGET, found, free_again_at=free_again_at(limits, self._policy))
        return Refused(Refusal.TOO_FEW_APPROVERS, found, quorum=quorum) if quorum.missing else None

    async def freeze(self) -> Freeze | None:
        """Return the current freeze, if any."""
        freeze, _ = await self._store.current_freeze()
        return freeze

    async def similar_now(self, shown: CampaignFingerprint) -> SimilarNames:
        """Return the campaigns that have nearly the same name now, for an approver or when the form is submitted."""
        (alike,) = await self.similar_to_each([shown])
        return alike

    async def similar_to_each(self, shown: Sequence[CampaignFingerprint]) -> list[SimilarNames]:
        """Return the same for several campaigns, compared with one copy of the list."""
        asked_at = now()
        copy = await self._catalogue.fresh_names(WAIT_AT_FORM_SECONDS)
        return [await asyncio.to_thread(similar_names, each.campaign_id, each.name, copy, asked_at) for each in shown]

    async def extent(self, campaign: Campaign) -> Extent:
        """Return the sizes of its contact lists and the messages sent so far.

        The cached list has the latter, with their age; Kore.ai is asked if it has none of the last minutes.
        """
        listed = self._catalogue.listed(campaign.id, TOO_OLD)
        if listed and listed.messages_sent is not None:
            sizes = await self._campaign.list_sizes(campaign.contact_lists)
            return Extent(list_sizes=sizes, messages_sent=listed.messages_sent, sent_as_of=listed.seen_at)
        sizes, sent = await asyncio.gather(
            self._campaign.list_sizes(campaign.contact_lists),
            self._campaign.messages_sent(campaign.id, campaign.created_at),
        )
        return Extent(list_sizes=sizes, messages_sent=sent)

    async def extent_to_show(self, campaign: Campaign, preview: Preview) -> Extent:
        """Return the same for a requester, recorded first: the form may be sent as soon as it is shown."""
        extent = await self.extent(campaign)
        await self.record_extent(preview, extent)
        return extent

    async def record_extent(self, preview: Preview, extent: Extent) -> None:
        """Record that the requester was shown this too. The request keeps it for the approvers."""
        await self._previews.save_extent(preview.id, extent)

    async def preview(self, preview_id: str, team_id: str, user_id: str) -> Preview | None:
        """Return the preview that this person was shown lately in this workspace, of this Kore.ai account, or None."""
        preview = await self._previews.preview(preview_id)
        is_theirs = preview and (preview.team_id, preview.user_id) == (team_id, user_id)
        is_recent = preview and (preview.rebuilds or now() - preview.taken_at < SHOWN_FOR)  # an archive does not change
        return preview if preview and is_theirs and is_recent and self._policy.serves(preview) else None

    async def record(  # noqa: PLR0913 - the fields of the form
        self,
        preview: Preview,
        permit: Permit,
        reason: str,
        flow_name: str = "",
        ticket: str = "",
        *,
        promise: FormPromise | None = None,
    ) -> Request:
        """Record the request with its journal entry and messages, in one transaction.

        Raises AlreadyRequestedError if the campaign has an open request or an unanswered delete that may still land,
        or this preview became a request before; FrozenError, HeldError or OverBudgetError if deletes are held back now;
        TooFewApproversError if fewer people may approve than are needed; OutdatedFormError if the request
        would break the ``promise`` of the form.
        """
        wanted = ASKED_AS.get(preview.purpose, Action.ASK)
        if (permit.action, permit.person.id) != (wanted, preview.user_id):
            raise ValueError("a preview is confirmed by the one who was shown it")
        if recorded := await self._store.request(preview.id):
            raise AlreadyRequestedError(recorded)
        if preview.rebuilds and (earlier := await self._store.rebuild_of(preview.rebuilds)):
            raise AlreadyRequestedError(earlier)
        campaign_id, account = preview.campaign.campaign_id, preview.kore_account
        deletes, is_stop = preview.purpose not in ASKED_AS, preview.purpose is Purpose.STOP
        last = await self._store.earlier_request(campaign_id, account) if deletes else None
        counted, of = 0, (preview.team_id, preview.user_id, preview.id, account, campaign_id if deletes else "")
        while True:
            limits = await self._store.delete_limits(*of, heeds_freeze=not is_stop)
            request = requested(preview, reason, limits, last, self._policy).model_copy(
                update={"flow_name": flow_name, "ticket": ticket}
            )
            if promise and promise.is_broken_by(request, self._policy):
                raise OutdatedFormError
            if request.approvals_required > counted and not is_stop:
                quorum = await self._approvers.quorum(request.requester_id, request.approvals_required)
                if quorum.missing:
                    raise TooFewApproversError(quorum)
                counted = request.approvals_required
                continue  # counting took time
            at, entry = request.requested_at, entry_of_request(request, promise_details(request, self._policy))
            owed = recipients(request, entry, self._policy)
            if await self._store.add(request, entry, owed, expected_limits=limits, commit_by=commit_by(at)):
                count_state(request)
                return await restart_if_late(self._transitions, request, self._policy)


def _is_own(existing: Request, asker: Requester) -> bool:
    return existing.requester_id == asker.user_id


def _refused_unread(limits: DeleteLimits, existing: Request | None, asker: Requester) -> Refused | None:
    """Return the refusal that holds whatever Kore.ai shows now, or None."""
    if limits.freeze:
        return Refused(Refusal.FROZEN, freeze=limits.freeze)
    if limits.hold:
        return Refused(Refusal.HELD, hold=limits.hold)
    if existing and existing.state is State.UNKNOWN:
        until = may_land_until(existing, now())
        return Refused(Refusal.UNSETTLED, existing=existing, free_again_at=until, is_own=_is_own(existing, asker))
    return None
