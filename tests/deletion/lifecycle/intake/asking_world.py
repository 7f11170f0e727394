"""The parts that record requests, over a real database and the sandbox's Kore.ai."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.approval_rule import Quota
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.extent import Extent
from deletion.domain.models import Preview, Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import CampaignPreview, Requester
from deletion.lifecycle.list_intake import ListIntake
from deletion.stores.list_store import ListStore
from deletion.stores.message_store import MessageStore
from deletion.stores.preview_store import PreviewStore
from tests.deletion.lifecycle.execution_world import World, open_world
from tests.deletion.values import NOON, person, preview, shown_just_now
from tests.kore_api.samples import SEEDED_ID

LEGAL = Quota("S0LEGAL", 1)
ACCOUNT, REASON, TICKET = "https://platform.kore.ai st-1 6777", "Replaced by the autumn one", "OPS-4711"
POLICY = Policy(
    approvals_required=2,
    approval_quotas=(LEGAL,),
    stop_approvals_required=1,
    approvals_channel="C0APPROVALS",
    kore_account=ACCOUNT,
    application="sales",
)
ASKER = Requester("T9", "U0ALICE", "C0SHOWN")
ELSEWHERE = "https://platform.kore.ai st-2 6777"
OTHER_ID, RUNNING_ID = f"{SEEDED_ID[:-4]}0777", f"{SEEDED_ID[:-4]}0778"
EXTENT = Extent(list_sizes={"Renewals": 1204}, messages_sent=7, sent_as_of=NOON)
ANNOUNCED = {("origin", "C0SHOWN"), ("card", "C0APPROVALS"), ("story", "C0APPROVALS")}


class Approvers:
    """A Slack in which so many people may approve."""

    def __init__(self, found: int) -> None:
        self._found = found

    async def quorum(self, requester_id: str, needed: int) -> Quorum:
        assert requester_id == ASKER.user_id
        return Quorum(needed, min(self._found, needed))


class Asking:
    """The parts that record requests, over a campaign whose earlier request was rejected."""

    def __init__(self, world: World, approvers: int = 2, **settings: Any) -> None:
        policy, store, counted = POLICY.model_copy(update=settings), ListStore(world.database), Approvers(approvers)
        self.previews, self.catalogue = (
            PreviewStore(world.database),
            CampaignCache(CacheStore(world.database), world.gateway, policy),
        )
        self.intake = Intake(store, self.previews, world.gateway, self.catalogue, policy, approvers=counted)
        self.lists = ListIntake(store, self.intake, world.gateway, self.catalogue, policy, approvers=counted)
        self.store, self.messages = store, MessageStore(world.database)

    async def look_all(self, *campaign_ids: str) -> list[CampaignPreview]:
        looked = [found for _, found in await self.lists.look_all(campaign_ids, ASKER, never_waits)]
        return [each for each in looked if isinstance(each, CampaignPreview)]

    async def owed(self, request_id: str) -> set[tuple[str, str]]:
        return {(str(each.kind), each.target_id) for each in await self.messages.messages(request_id)}


@asynccontextmanager
async def open_asking_world(database_url: str) -> AsyncIterator[World]:
    """Yield a world with an earlier request that was rejected, another campaign, and one that is running."""
    async with open_world(database_url) as world:
        await world.change(state="rejected", kore_account=ACCOUNT)
        world.kore.memory.put(OTHER_ID, {"name": "Winter farewell", "contactLists": ["Winback Q2"]})
        world.kore.memory.put(RUNNING_ID, {"name": "Otters on the run"})
        world.kore.memory.send(RUNNING_ID, per_minute=600)
        yield world


async def never_waits(_: datetime) -> bool:
    return False


def permit(action: Action = Action.ASK, user_id: str = ASKER.user_id) -> Permit:
    return Permit(action, person(user_id))


def shown(**changes: Any) -> Preview:
    """Return a preview of the seeded campaign with every field that a request keeps."""
    seen = {"team_id": "T9", "channel_id": "C0SHOWN", "kore_account": ACCOUNT, "application": "sales"}
    kept = {"witnesses": shown_just_now(), "extent": EXTENT}
    return preview(_id=SEEDED_ID).model_copy(update={**seen, **kept, **changes})


def as_shown(form: Preview, kept: Request, **more: Any) -> Request:
    """Return the request that a form makes, at the time of the one that was kept, and with its budget."""
    return Request(
        id=form.id,
        team_id="T9",
        requester_id="U0ALICE",
        channel_id="C0SHOWN",
        campaign=form.campaign,
        reason=REASON,
        state=State.AWAITING_APPROVAL,
        version=1,
        requested_at=kept.requested_at,
        changed_at=kept.requested_at,
        budget=kept.budget,
        expires_at=kept.requested_at + POLICY.approval_ttl,
        witnesses=form.witnesses,
        kore_account=ACCOUNT,
        application="sales",
        extent=form.extent,
        ticket=TICKET,
        **more,
    )


def entry(kept: Request, event: str, **more: str) -> Entry:
    """Return the first journal entry of a request that was kept."""
    told = {"application": "sales", "fingerprint": kept.campaign.digest, "reason": REASON, "ticket": TICKET}
    return Entry(
        at=kept.requested_at,
        event=event,
        actor_id="U0ALICE",
        actor_team_id="T9",
        surface="confirm modal",
        details={**told, **more},
    )
