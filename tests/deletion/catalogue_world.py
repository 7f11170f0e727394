"""Replicas that share a cached campaign list, and the sandbox's Kore.ai that they read it from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr
from tenacity import wait_none

from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.db.connection import open_engine
from deletion.domain.policy import Policy
from deletion.kore.campaign_gateway import CampaignGateway
from kore_api.account import KoreAccount
from kore_api.auth import KoreAuth
from kore_api.client import KoreClient, open_client
from sandbox.faults import Fault, Kind
from sandbox.kore import auth
from sandbox.server import Sandbox, running
from tests.kore_api.conftest import FakeRateLimit

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HANGS_AFTER_SECONDS = 60


@dataclass
class Account:
    """The fake Kore.ai with its campaigns, and the database of the copy. Every replica is closed at the end."""

    sandbox: Sandbox
    campaign: CampaignGateway
    store: CacheStore
    replicas: list[CampaignCache] = field(default_factory=list)

    def replica(self, **options: Any) -> CampaignCache:
        self.replicas.append(CampaignCache(self.store, self.campaign, Policy(), **options))
        return self.replicas[-1]

    def holds(self, count: int) -> None:
        """That many SMS campaigns besides the seeded ones of voice."""
        memory = self.sandbox.kore.memory
        memory.campaigns = {key: raw for key, raw in memory.campaigns.items() if raw["campaignType"] == "voice"}
        for n in range(count):
            self.add(n)

    def add(self, number: int, **fields: Any) -> str:
        campaign_id = f"cd-{number:08x}-f98e-5f4f-ad41-92803abb0000"
        created = (NOON + timedelta(minutes=number)).isoformat()
        self.sandbox.kore.memory.put(campaign_id, {"name": f"Campaign {number}", "createdAt": created, **fields})
        return campaign_id

    def remove(self, number: int) -> None:
        self.sandbox.kore.memory.campaigns[self.add(number)]["deleted"] = True

    def pages_read(self) -> list[tuple[str, int]]:
        bodies = [
            exchange["request"]["body"] for exchange in self.sandbox.traffic.after() if exchange["what"] == "list"
        ]
        return [(body["type"], body["skip"]) for body in bodies]


@asynccontextmanager
async def account_on(database_url: str) -> AsyncIterator[Account]:
    engine = open_engine(database_url)
    async with running(latency_ms=0) as sandbox:
        address = {"base_url": sandbox.url, "app_id": auth.APP_ID, "account_id": auth.ACCOUNT_ID}
        account = KoreAccount.model_validate(address)
        async with open_client(account, KoreAuth(auth.CLIENT_ID, SecretStr(auth.CLIENT_SECRET))) as http:
            campaign = CampaignGateway(KoreClient(account, http, FakeRateLimit(), retry_wait=wait_none()))
            made = Account(sandbox, campaign, CacheStore(engine))
            yield made
            for replica in made.replicas:
                await replica.close()
    await engine.dispose()


async def whole(catalogue: CampaignCache) -> CampaignCache:
    """Once its copy is of this minute."""
    await catalogue.fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)
    assert catalogue.cached_list().is_whole
    return catalogue


def known(catalogue: CampaignCache) -> set[str]:
    return {campaign.name for campaign in catalogue.cached_list().campaigns if not campaign.is_voice}


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def make_older(account: Account, age: timedelta) -> None:
    """Nothing has been heard for that long of the sweep that runs, or the one that is over began so long before."""
    sweep = await account.store.sync_state()
    names = ("began_at", "touched_at", "as_of", "full_at") if sweep.is_over else ("touched_at",)
    times = {name: at - age for name in names if (at := getattr(sweep, name))}
    assert await account.store.swap(sweep, sweep.model_copy(update={"version": sweep.version + 1, **times}))


def fault(kind: Kind, **details: Any) -> Fault:
    return Fault("kore", "list", kind, **details)
