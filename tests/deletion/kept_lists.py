"""Lists of campaigns of their own, kept in the database."""

from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.undo_window import commit_by
from deletion.stores.list_store import ListStore, Written
from tests.deletion.values import campaign_list


def entry() -> Entry:
    return Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")


async def keep(store: ListStore, *states: State) -> CampaignList:
    """Keep a list with a campaign of its own for each of these states."""
    made = campaign_list(*states)
    requests = of_different_campaigns(made)
    assert await store.add_all([Written(each, entry(), []) for each in requests], commit_by(now()))
    return await read(store, made.id)


def of_different_campaigns(made: CampaignList) -> list[Request]:
    return [
        each.model_copy(update={"campaign": each.campaign.model_copy(update={"campaign_id": f"cd-{number:02}"})})
        for number, each in enumerate(made.requests)
    ]


async def read(store: ListStore, list_id: str) -> CampaignList:
    found = await store.listed(list_id)
    assert found
    return found
