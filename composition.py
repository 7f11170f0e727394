"""Composition: build every part of the bot from the settings and its connections, layer by layer."""

from dataclasses import dataclass
from functools import partial

import httpx
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

import handlers
from config import Settings
from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.engine.durable_queues import DurableQueues
from deletion.engine.workflows import Engine
from deletion.kore.campaign_gateway import INTERACTIVE_RESERVE, CampaignGateway
from deletion.kore.health import KoreHealth
from deletion.kore.rate_limiter import RateLimiter
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.lease import Leases
from deletion.lifecycle.party_check import PartyCheck
from deletion.lifecycle.reappearance import Reappearances
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.rebuild_executor import RebuildExecutor
from deletion.lifecycle.transitions import Transitions
from deletion.messages.disclosure import Disclosure
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_sync import MessageSync
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.home_store import Homes
from deletion.stores.message_store import MessageStore
from deletion.stores.preview_store import PreviewStore
from deletion.stores.recheck_store import RecheckStore
from deletion.stores.request_queries import RequestQueries
from deletion.stores.request_store import RequestStore
from handlers.access import slack_client
from handlers.access.approver_count import ApproverCount
from handlers.access.gate import Gate
from handlers.access.group_sizes import GroupSizes
from handlers.access.slack_directory import SlackDirectory, Workspace
from handlers.checks.settings import check_settings
from handlers.listeners.home_publisher import HomePublisher
from kore_api.client import KoreClient
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links

HOME_DIRECTORY_CACHE_SECONDS = 5  # one change refreshes many Homes, which need the same users and groups


@dataclass(frozen=True)
class Outside:
    """The connections of the bot. The caller closes them."""

    database: AsyncEngine
    kore_http: httpx.AsyncClient
    slack: AsyncWebClient
    identity: AuthorizeResult
    queues: DurableQueues


@dataclass(frozen=True)
class Bot:
    """The parts that are started, the Bolt app that receives from Slack, and what the checks at the start ask."""

    app: AsyncApp
    engine: Engine
    catalogue: CampaignCache
    directory: SlackDirectory
    kore: KoreClient


async def compose(settings: Settings, outside: Outside) -> Bot:
    """Build the layers from the inside out."""
    policy = settings.policy()

    # Storage
    database = outside.database
    store = RequestStore(database)
    queries = RequestQueries(database)
    previews = PreviewStore(database)
    freezes = FreezeStore(database)
    homes = Homes(database)

    # Kore.ai
    account = settings.kore_account()
    health = KoreHealth(database, account.key, account.rate_limit_key)
    limiter = RateLimiter(database, settings.KORE_CALLS_PER_MINUTE, account.rate_limit_key)
    kore = KoreClient(account, outside.kore_http, limiter, on_result=health.record)
    gateway = CampaignGateway(kore)
    interactive = gateway.reserving(INTERACTIVE_RESERVE)
    catalogue = CampaignCache(CacheStore(database, account.key), gateway, policy)
    await catalogue.load()

    # Slack
    slack, identity = outside.slack, outside.identity
    workspace = Workspace(identity.team_id or "", identity.enterprise_id)
    links = Links(identity.url or "")
    directory = SlackDirectory(slack, workspace)
    await check_settings(directory, policy)
    gate = Gate(directory, policy, previews)
    queued = slack_client.without_retries(slack)
    projector = SlackProjector(queued, policy, links)
    disclosure = Disclosure(SlackDirectory(queued, workspace).kind_of_channel)
    directory = directory.caching(HOME_DIRECTORY_CACHE_SECONDS)
    group_sizes = GroupSizes(directory, policy)
    home_publisher = partial(
        HomePublisher, directory=directory, lookup=queries, homes=homes, health=health, links=links, policy=policy
    )

    # Lifecycle of a request
    transitions = Transitions(store, policy)
    archive = Archive(store, settings.ARCHIVE_KEY)
    rebuilding = Rebuilding(store, previews, archive, policy)
    party_check = PartyCheck(gate, transitions, policy)
    decisions = Decisions(store, transitions, interactive, party_check, policy)
    leases = Leases(store)
    delete = DeleteExecutor(transitions, gateway, archive, policy, leases)
    rebuild = RebuildExecutor(transitions, gateway, archive, leases)
    execution = Execution(store, transitions, party_check, policy, delete=delete, rebuild=rebuild, catalogue=catalogue)

    # Workflow engine
    engine = Engine(
        store,
        execution,
        MessageSync(store, MessageStore(database), projector, disclosure, rebuilds=rebuilding, groups=group_sizes),
        FreezeNoticeSync(freezes, projector, disclosure),
        decisions,
        previews=previews,
        homes=home_publisher(queued),
        reappearances=Reappearances(RecheckStore(database), transitions, gateway, policy),
        queues=outside.queues,
    )

    # Handlers
    app = slack_client.bolt_app(slack, identity)
    handlers.register(
        app,
        gate=gate,
        requests=store,
        intake=Intake(store, previews, interactive, catalogue, policy, approvers=ApproverCount(directory, policy)),
        catalogue=catalogue,
        decisions=decisions,
        rebuilding=rebuilding,
        freezing=Freezing(store, freezes, policy),
        engine=engine,
        policy=policy,
        lookup=queries,
        links=links,
        home_publisher=home_publisher(slack),
    )
    return Bot(app, engine, catalogue, directory, kore)
