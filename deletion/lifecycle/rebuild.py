"""Prepare the rebuild of a deleted campaign: open its archive and keep a preview for the form."""

from dataclasses import dataclass
from uuid import uuid4

from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Preview, Request
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import MAY_BE_REBUILT, NOT_REBUILDABLE, Rebuildable
from deletion.domain.states import State
from deletion.lifecycle.archive import Archive, Unopened
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from kore_api.create_payload import needs_flow_name
from kore_api.models import Campaign


@dataclass(frozen=True)
class Kept:
    """The preview of an archived campaign, and whether its form asks for the experience flow's name."""

    preview: Preview
    needs_flow_name: bool


class Rebuilding:
    """Prepare rebuilds of deleted campaigns."""

    def __init__(self, store: RequestStore, previews: PreviewStore, archive: Archive, policy: Policy) -> None:
        self._store = store
        self._previews = previews
        self._archive = archive
        self._policy = policy

    async def state_of(self, deleted: Request) -> Rebuildable:
        """Return whether this request's campaign is archived and the archive opens, or the rebuild that made it again.

        While a rebuild is under way it counts as archived, because that rebuild may be rejected or fail. Of several
        deletions of one campaign, only the last can be rebuilt.
        """
        if deleted.state not in MAY_BE_REBUILT or not deleted.campaign_to_delete:
            return NOT_REBUILDABLE
        rebuild = await self._store.rebuild_of(deleted.id)
        if rebuild and rebuild.state is State.REBUILT:
            return Rebuildable(rebuilt=rebuild)
        if await self.deleted_again(deleted):
            return NOT_REBUILDABLE
        found = await self._archive.open(deleted.id) if self._policy.shows(deleted) else Unopened.OTHER_ACCOUNT
        return Rebuildable(is_archived=not isinstance(found, Unopened))

    async def deleted_again(self, deleted: Request) -> Request | None:
        """Return a later deletion of the same campaign that can be rebuilt, or was; None if there is none.

        The campaign was there again, and its last archive has it as it was then.
        """
        last = await self._store.last_deletion(deleted.campaign.campaign_id, deleted.kore_account)
        if last is None or last.id == deleted.id:
            return None
        return last if await self.state_of(last) != NOT_REBUILDABLE else None

    async def look(self, deleted: Request, user_id: str, channel_id: str) -> Kept | Unopened | Request | Freeze:
        """Return what can be rebuilt, why nothing can, or the current freeze.

        A request is the one that already rebuilds it, its later deletion, which is to be rebuilt instead, or the next
        request to delete it, for which it was there again.
        """
        freeze, _ = await self._store.current_freeze()
        if freeze:
            return freeze
        if earlier := await self._store.rebuild_of(deleted.id):
            return earlier
        if later := await self.deleted_again(deleted):
            return await self._store.rebuild_of(later.id) or later
        found = await self._archive.open(deleted.id) if self._policy.serves(deleted) else Unopened.OTHER_ACCOUNT
        if isinstance(found, Unopened):
            return found
        if existing := await self._store.open_request(deleted.campaign.campaign_id, deleted.kore_account):
            return existing
        campaign = Campaign.model_validate(found)
        preview = Preview(
            id=uuid4().hex,
            team_id=deleted.team_id,
            user_id=user_id,
            channel_id=channel_id,
            campaign=CampaignFingerprint.of(campaign),
            taken_at=now(),
            rebuilds=deleted.id,
            kore_account=self._policy.kore_account,
            application=self._policy.application,
        )
        await self._previews.save_preview(preview)
        return Kept(preview, needs_flow_name(campaign))
