"""Composition: build every part of the bot from the settings and its connections, layer by layer."""

from collections.abc import Mapping, Sequence
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
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.engine.durable_queues import DurableQueues
from deletion.engine.workflows import Engine
from deletion.kore.campaign_gateway import INTERACTIVE_RESERVE, CampaignGateway
from deletion.kore.health import KoreHealth
from deletion.kore.rate_limiter import RateLimiter
from deletion.lifecycle.applications import Application, Applications
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.holding import Holding
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.lease import Leases
from deletion.lifecycle.list_approval import ListApproval
from deletion.lifecycle.list_deadlines import ListDeadlines
from deletion.lifecycle.list_decisions import ListDecisions
from deletion.lifecycle.list_intake import ListIntake
from deletion.lifecycle.list_transitions import ListTransitions
from deletion.lifecycle.party_check import PartyCheck
from deletion.lifecycle.reappearance import Reappearances
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.rebuild_executor import RebuildExecutor
from deletion.lifecycle.stop_executor import StopExecutor
from deletion.lifecycle.stop_intake import StopIntake
from deletion.lifecycle.transitions import Transitions
from deletion.messages.disclosure import Disclosure
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_sync import MessageSync
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.hold_store import HoldStore
from deletion.stores.home_store import Homes
from deletion.stores.list_store import ListStore
from deletion.stores.message_store import MessageStore
from deletion.stores.preview_store import PreviewStore
from deletion.stores.recheck_store import RecheckStore
from deletion.stores.report_reads import Reports
from deletion.stores.request_queries import RequestQueries
from handlers.access import slack_client
from handlers.access.approver_count import ApproverCount
from handlers.access.gate import Gate
from handlers.access.group_sizes import GroupSizes
from handlers.access.slack_directory import SlackDirectory, Workspace
from handlers.checks.settings import check_settings
from handlers.connection.identity import FILES_WRITE
from handlers.listeners.home_publisher import HomePublisher
from kore_api.client import KoreClient
from settings.applications import ApplicationSettings
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links

HOME_DIRECTORY_CACHE_SECONDS = 5  # one change refreshes many Homes, which need the same users and groups


@dataclass(frozen=True)
class Outside:
    """The connections of the bot. The caller closes them."""

    database: AsyncEngine
    kore_http: Mapping[str, httpx.AsyncClient]  # by the application's name
    slack: AsyncWebClient
    identity: AuthorizeResult
    queues: DurableQueues


@dataclass(frozen=True)
class Bot:
    """The parts that are started, the Bolt app that receives from Slack, and what the checks at the start ask."""

    app: AsyncApp
    engine: Engine
    catalogues: tuple[CampaignCache, ...]
    directory: SlackDirectory
    kore: Mapping[str, KoreClient]  # by the application's name
    policies: Policies


@dataclass(frozen=True)
class _Shared:
    """The parts that all applications share: the stores, and Slack, asked for rights and for what is ``displayed``."""

    database: AsyncEngine
    store: ListStore
    previews: PreviewStore
    directory: SlackDirectory
    displayed: SlackDirectory


@dataclass(frozen=True)
class _Application:
    """The parts of one Kore.ai application: for the engine, for the listeners, and for the Home."""

    work: Application
    listening: handlers.Application
    health: KoreHealth
    kore: KoreClient


async def compose(applications: Sequence[ApplicationSettings], outside: Outside) -> Bot:
    """Build the layers from the inside out."""
    granted = {"attaches_files": FILES_WRITE in (outside.identity.bot_scopes or ())}
    policies = Policies([application.policy().model_copy(update=granted) for application in applications])

    # Storage
    database = outside.database
    store = ListStore(database)
    queries = RequestQueries(database)
    previews = PreviewStore(database)
    freezes = FreezeStore(database)
    homes = Homes(database)

    # Slack
    slack, identity = outside.slack, outside.identity
    workspace = Workspace(identity.team_id or "", identity.enterprise_id)
    links = Links(identity.url or "")
    directory = SlackDirectory(slack, workspace)
    await check_settings(directory, policies)
    queued = slack_client.without_retries(slack)
    projector = SlackProjector(queued, policies, links)
    disclosure = Disclosure(SlackDirectory(queued, workspace).kind_of_channel)

    # Kore.ai applications
    displayed = directory.caching(HOME_DIRECTORY_CACHE_SECONDS)
    shared = _Shared(database, store, previews, directory, displayed)
    built = [
        await _application(each.settings, policy, outside.kore_http[each.name], shared)
        for each, policy in zip(applications, policies.all, strict=True)
    ]
    lifecycle = Applications(store, Transitions(store, policies.shared), [each.work for each in built])
    home_publisher = partial(
        HomePublisher,
        directory=displayed,
        lookup=queries,
        homes=homes,
        health={each.work.policy.application: each.health for each in built},
        links=links,
        policies=policies,
    )

    # Workflow engine
    messages, groups = MessageStore(database), GroupSizes(displayed, policies.shared)
    engine = Engine(
        store,
        lifecycle,
        MessageSync(store, messages, projector, disclosure, rebuilds=lifecycle, groups=groups),
        FreezeNoticeSync(freezes, projector, disclosure),
        previews=previews,
        homes=home_publisher(queued),
        queues=outside.queues,
    )

    # Handlers
    app = slack_client.bolt_app(slack, identity)
    handlers.register(
        app,
        applications=[each.listening for each in built],
        gate=Gate(directory, policies.shared, previews),
        requests=store,
        previews=previews,
        rebuilds=lifecycle,
        freezing=Freezing(store, freezes, policies.everywhere),
        engine=engine,
        policies=policies,
        lookup=queries,
        reports=Reports(database),
        links=links,
        home_publisher=home_publisher(slack),
    )
    catalogues = tuple(each.listening.catalogue for each in built)
    kore = {each.work.policy.application: each.kore for each in built}
    return Bot(app, engine, catalogues, directory, kore, policies)


async def _application(settings: Settings, policy: Policy, http: httpx.AsyncClient, shared: _Shared) -> _Application:
    """Build the parts of one application. No other application has its client of Kore.ai."""
    database, store, previews = shared.database, shared.store, shared.previews

    # Kore.ai
    account = settings.kore_account()
    health = KoreHealth(database, account.key, account.rate_limit_key, policy.named)
    limiter = RateLimiter(database, settings.KORE_CALLS_PER_MINUTE, account.rate_limit_key)
    kore = KoreClient(account, http, limiter, on_result=health.record)
    gateway = CampaignGateway(kore)
    interactive = gateway.reserving(INTERACTIVE_RESERVE)
    catalogue = CampaignCache(CacheStore(database, account.key), gateway, policy)
    await catalogue.load()

    # Lifecycle of a request
    gate = Gate(shared.directory, policy, previews)
    transitions = Transitions(store, policy)
    archive = Archive(store, settings.ARCHIVE_KEY)
    rebuilding = Rebuilding(store, previews, archive, policy)
    holding = Holding(HoldStore(database), transitions, policy)
    party_check = PartyCheck(gate, transitions, policy)
    decisions = Decisions(store, transitions, interactive, party_check, policy)
    leases = Leases(store)
    delete = DeleteExecutor(transitions, gateway, archive, policy, leases)
    rebuild = RebuildExecutor(transitions, gateway, archive, leases)
    stop = StopExecutor(transitions, gateway, policy, leases)
    execution = Execution(
        store, transitions, party_check, policy, delete=delete, rebuild=rebuild, stop=stop, catalogue=catalogue
    )
    reappearances = Reappearances(RecheckStore(database), transitions, gateway, policy)
    stopping = StopIntake(store, previews, interactive, policy)
    approvers = ApproverCount(shared.displayed, policy)
    intake = Intake(store, previews, interactive, catalogue, policy, approvers=approvers)

    # Lists of campaigns
    together = ListTransitions(store, policy)
    list_intake = ListIntake(store, intake, interactive, catalogue, policy, approvers=approvers)
    list_decisions = ListDecisions(store, together, decisions, transitions, policy)
    list_approval = ListApproval(store, together, decisions, party_check, policy, transitions=transitions)
    deadlines = ListDeadlines(store, together, party_check, policy)
    return _Application(
        Application(policy, decisions, execution, reappearances, rebuilding, deadlines),
        handlers.Application(
            policy,
            gate,
            intake,
            catalogue,
            decisions,
            rebuilding,
            holding,
            stopping,
            list_intake=list_intake,
            list_decisions=list_decisions,
            list_approval=list_approval,
        ),
        health,
        kore,
    )
