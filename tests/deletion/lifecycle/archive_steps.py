"""A request whose campaign is archived, deleted and returned."""

from cryptography.fernet import Fernet
from pydantic import SecretStr
from pytest_mock import MockerFixture

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.lease import Leases
from deletion.lifecycle.rebuild_executor import RebuildExecutor
from deletion.lifecycle.stop_executor import StopExecutor
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from tests.deletion.values import CAMPAIGN, all_parties_stand, reading, request

OLD, NEW = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))
RETURNED = {**CAMPAIGN, "status": "Deleted", "odd": "\ud83d"}


def executing(store: RequestStore, kore: CampaignGateway, archive: Archive) -> Execution:
    policy = Policy(approvals_required=0)
    transitions, parties, leases = Transitions(store, policy), all_parties_stand(store, policy), Leases(store)
    delete = DeleteExecutor(transitions, kore, archive, policy, leases)
    rebuild = RebuildExecutor(transitions, kore, archive, leases)
    stop = StopExecutor(transitions, kore, policy, leases)
    return Execution(store, transitions, parties, policy, delete=delete, rebuild=rebuild, stop=stop)


async def executed(store: RequestStore, archive: Archive, mocker: MockerFixture) -> Request:
    """A request whose campaign was read, deleted and returned by Kore.ai."""
    kept = await requested(store)
    kore = mocker.create_autospec(CampaignGateway, instance=True)
    kore.reserving.return_value = kore
    kore.look.return_value = reading()
    kore.delete.return_value = Attempt(kind=AttemptKind.CONFIRMED, at=now()), RETURNED
    kore.observe.return_value = Observation.ABSENT
    assert await executing(store, kore, archive).advance(kept.id) is None
    return kept


async def requested(store: RequestStore) -> Request:
    kept = request()
    await store.add(kept, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    return kept
