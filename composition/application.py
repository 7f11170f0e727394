"""Build the parts of one Kore.ai application."""

from dataclasses import dataclass

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

import handlers
from config import Settings
from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.policy import Policy
from deletion.kore.campaign_gateway import INTERACTIVE_RESERVE, CampaignGateway
from deletion.kore.health import KoreHealth
from deletion.kore.rate_limiter import RateLimiter
from deletion.lifecycle.applications import Application
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.deadlines import Deadlines
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
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
from deletion.stores.hold_store import HoldStore
from deletion.stores.list_store import ListStore
from deletion.stores.preview_store import PreviewStore
from deletion.stores.recheck_store import RecheckStore
from handlers.access.approver_count import ApproverCount
from handlers.access.gate import Gate
from handlers.access.slack_directory import SlackDirectory
from kore_api.client import KoreClient


@dataclass(frozen=True)
class Shared:
    """The parts that all applications share: the stores, and Slack, asked for rights and for what is ``displayed``."""

    database: AsyncEngine
    store: ListStore
    previews: PreviewStore
    directory: SlackDirectory
    displayed: SlackDirectory


@dataclass(frozen=True)
class ApplicationParts:
    """The parts of one Kore.ai application: for the engine, for the listeners, and for the Home."""

    work: Application
    listening: handlers.Application
    health: KoreHealth
    kore: KoreClient


async def build_application(
    settings: Settings, policy: Policy, http: httpx.AsyncClient, shared: Shared
) -> ApplicationParts:
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
    deadlines = Deadlines(store, transitions, party_check, policy)
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
    list_deadlines = ListDeadlines(store, together, party_check, policy)
    return ApplicationParts(
        Application(policy, execution, reappearances, rebuilding, deadlines, list_deadlines),
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
