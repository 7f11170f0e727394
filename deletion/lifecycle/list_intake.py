"""Create a request for many campaigns: each is read and checked as by itself, and all are recorded or none."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.catalogue.similar_names import TOO_OLD, SimilarNames
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.approvals.quorum import ApproverDirectory
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import DeleteLimits, budget
from deletion.domain.list_limits import with_others
from deletion.domain.models import EarlierRequest, Preview, Purpose, Request
from deletion.domain.policy import Policy, Refusal
from deletion.domain.recipients import recipients
from deletion.kore.campaign_gateway import CampaignGateway, OnRateLimited
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import (
    CampaignPreview,
    OutdatedFormError,
    Refused,
    Requester,
    TooFewApproversError,
)
from deletion.lifecycle.list_transitions import CAMPAIGNS
from deletion.lifecycle.new_request import entry_of_request, requested
from deletion.lifecycle.transitions import Transitions, count_state
from deletion.lifecycle.undo_window import commit_by, restart_if_late
from deletion.stores.list_store import ListStore, Written
from deletion.stores.request_store import AlreadyRequestedError

AT_A_TIME = 4  # campaigns that are read


class ListIntake:
    """``intake`` reads and checks each campaign. Without it, no campaign enters a list."""

    def __init__(  # noqa: PLR0913 - one part for each thing that a list depends on
        self,
        store: ListStore,
        intake: Intake,
        campaign: CampaignGateway,
        catalogue: CampaignCache,
        policy: Policy,
        *,
        approvers: ApproverDirectory,
    ) -> None:
        self._store = store
        self._intake = intake
        self._campaign = campaign
        self._catalogue = catalogue
        self._policy = policy
        self._approvers = approvers
        self._transitions = Transitions(store, policy)

    async def look_all(
        self, campaign_ids: Sequence[str], asker: Requester, tell: OnRateLimited
    ) -> list[tuple[str, CampaignPreview | Refused]]:
        """Read each campaign and store its preview, or say why it may not be requested, in this order."""
        slots = asyncio.Semaphore(AT_A_TIME)

        async def look(campaign_id: str) -> tuple[str, CampaignPreview | Refused]:
            async with slots:
                found = await self._intake.look(campaign_id, asker, tell)
            is_plain = isinstance(found, Refused) or found.preview.purpose is Purpose.DELETE
            return campaign_id, found if is_plain else Refused(Refusal.STATUS, found.campaign)

        return list(await asyncio.gather(*map(look, dict.fromkeys(campaign_ids))))

    async def add_extents(self, looked: Sequence[CampaignPreview]) -> list[CampaignPreview]:
        """Add to each preview how far its campaign reaches: one call for all; the messages sent are as cached."""
        names = tuple(dict.fromkeys(name for each in looked for name in each.campaign.contact_lists))
        sizes, with_extents = await self._campaign.list_sizes(names), []
        for each in looked:
            listed = self._catalogue.listed(each.campaign.id, TOO_OLD)
            extent = Extent(
                list_sizes={name: sizes.get(name) for name in each.campaign.contact_lists},
                messages_sent=listed.messages_sent if listed else None,
                sent_as_of=listed.seen_at if listed and listed.messages_sent is not None else None,
            )
            await self._intake.record_extent(each.preview, extent)
            with_extents.append(replace(each, preview=each.preview.model_copy(update={"extent": extent})))
        return with_extents

    async def approvals_required(self, asker: Requester, count: int) -> int:
        """Return how many approvals a list of that many campaigns needs now."""
        limits = await self._store.delete_limits(asker.team_id, asker.user_id, kore_account=self._policy.kore_account)
        spent = budget(with_others(limits, count - 1, limits.at), self._policy)
        return self._policy.approvals_required + spent.extra_approvals

    async def mistakable(self, previews: Sequence[Preview]) -> tuple[list[Preview], list[Preview]]:
        """Return those whose name may be that of a campaign outside the list now, or could not be checked.

        Beside them, return those of which even the end of the id is the same.
        """
        alike = await self.similar_outside([each.campaign for each in previews])
        found = list(zip(previews, alike, strict=True))
        asked = [each for each, others in found if others.ask_for_id]
        return asked, [each for each, others in found if others.have_same_end]

    async def similar_outside(
        self, campaigns: Sequence[CampaignFingerprint], listed: CampaignList | None = None
    ) -> list[SimilarNames]:
        """Return for each of these campaigns the others that have nearly the same name now, and are not of the list.

        Without ``listed``, which is not recorded yet, the list is of these campaigns.
        """
        of_list = [each.campaign for each in listed.requests] if listed else campaigns
        inside = {each.campaign_id for each in of_list}
        return [
            replace(alike, found=tuple(other for other in alike.found if other.id not in inside))
            for alike in await self._intake.similar_to_each(campaigns)
        ]

    async def recorded(self, previews: Sequence[Preview]) -> Request | None:
        """Return the first request of the list if its form was recorded: it is sent again after a lost answer."""
        return await self._store.request(previews[0].id)

    async def record(
        self,
        previews: Sequence[Preview],
        permit: Permit,
        reason: str,
        ticket: str = "",
        *,
        promise: FormPromise | None = None,
    ) -> CampaignList:
        """Record one request for each preview with its journal entry, and the messages of the list, in one transaction.

        Raises what ``Intake.record`` raises, for the first campaign that it concerns.
        """
        if permit.action is not Action.ASK or {each.user_id for each in previews} != {permit.person.id}:
            raise ValueError("previews are confirmed by the one who was shown them")
        if recorded := await self.recorded(previews):
            raise AlreadyRequestedError(recorded)
        counted = 0
        while True:
            new = await self._new(previews, reason, ticket)
            first = new[0].after
            if promise and any(promise.is_broken_by(each.after, self._policy) for each in new):
                raise OutdatedFormError
            if first.approvals_required > counted:
                quorum = await self._approvers.quorum(first.requester_id, first.approvals_required)
                if quorum.missing:
                    raise TooFewApproversError(quorum)
                counted = first.approvals_required
                continue  # counting took time
            if await self._store.add_all(new, commit_by(first.requested_at, requests=len(new))):
                for each in new:
                    count_state(each.after)
                    await restart_if_late(self._transitions, each.after, self._policy)
                return await self.listed(first.id)

    async def listed(self, list_id: str) -> CampaignList:
        found = await self._store.listed(list_id)
        if found is None:
            raise ValueError("a list is read after it was recorded")
        return found

    async def _new(self, previews: Sequence[Preview], reason: str, ticket: str) -> list[Written]:
        """Return the requests as the present limits make them. Each counts the others of the list."""
        read = [await self._read(preview) for preview in previews]
        at, new = now(), list[Written]()  # after the reads, which may take long
        for position, (preview, (earlier, limits)) in enumerate(zip(previews, read, strict=True), start=1):
            others = with_others(limits, len(previews) - 1, at)
            of_list = {"ticket": ticket, "list_id": previews[0].id, "list_position": position}
            request = requested(preview, reason, others, earlier, self._policy, at).model_copy(update=of_list)
            expected = others if request.approved_at else limits
            entry = entry_of_request(request)
            if position == 1:
                entry = entry.model_copy(update={"details": {**entry.details, CAMPAIGNS: str(len(previews))}})
            owed = recipients(request, entry, self._policy) if position == 1 else []
            new.append(Written(request, entry, owed, expected_limits=expected))
        return new

    async def _read(self, preview: Preview) -> tuple[EarlierRequest | None, DeleteLimits]:
        """Return the campaign's last closed request, and the limits of a new one."""
        campaign_id, account = preview.campaign.campaign_id, preview.kore_account
        own = (preview.team_id, preview.user_id, preview.id, account, campaign_id)
        return await self._store.earlier_request(campaign_id, account), await self._store.delete_limits(*own)
