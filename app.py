"""Composition root: build every part from the settings, layer by layer, then run until a signal stops it."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from contextlib import AsyncExitStack
from functools import partial

import commands
import handlers
import logs
from config import Settings, version
from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.db.connection import is_reachable, migrate, open_engine, usable_by_engine
from deletion.domain.errors import DatabaseError, StartError
from deletion.engine import queues
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
from env_parsing import SettingsError
from handlers.access import slack_client
from handlers.access.gate import Gate
from handlers.access.slack_directory import SlackDirectory, Workspace
from handlers.ingress.server import receiving
from handlers.listeners.home_publisher import HomePublisher
from kore_api.client import KoreClient, open_client
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links

SHUTDOWN_TIMEOUT_SECONDS = 8
HOME_DIRECTORY_CACHE_SECONDS = 5  # one change refreshes many Homes, which need the same users and groups
log = logging.getLogger("campaign_delete")


async def run(settings: Settings) -> None:
    """Start, and serve until SIGTERM or SIGINT. Raises StartError or DatabaseError after closing what was opened."""
    log.info("Starting", extra={"version": version()})
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        await _start(settings, stack)
        gc.freeze()  # exclude the startup objects from garbage collection: scanning them delays every request
        log.info("Ready")
        await stopping.wait()
        log.info("Stopping")


async def _start(settings: Settings, stack: AsyncExitStack) -> None:
    """Build the layers from the inside out. The stack closes them in reverse order."""
    policy = settings.policy()

    # Storage
    database_url = settings.DATABASE_URL.get_secret_value()
    migrate(database_url)
    database = open_engine(database_url)
    stack.push_async_callback(database.dispose)
    store = RequestStore(database)
    queries = RequestQueries(database)
    previews = PreviewStore(database)
    freezes = FreezeStore(database)
    homes = Homes(database)

    # Kore.ai
    health = KoreHealth(database)
    limiter = RateLimiter(database, settings.KORE_CALLS_PER_MINUTE)
    account = settings.kore_account()
    kore_http = await stack.enter_async_context(open_client(account, settings.kore_auth()))
    gateway = CampaignGateway(KoreClient(account, kore_http, limiter, on_result=health.record))
    interactive = gateway.reserving(INTERACTIVE_RESERVE)
    catalogue = CampaignCache(CacheStore(database), gateway, policy)
    await catalogue.load()
    stack.push_async_callback(catalogue.close)

    # Slack
    token = settings.SLACK_BOT_TOKEN.get_secret_value()
    slack = await stack.enter_async_context(slack_client.open_client(token, settings.SLACK_API_URL))
    identity = await slack_client.identify(slack, requires_email=policy.require_verified_email)
    workspace = Workspace(identity.team_id or "", identity.enterprise_id)
    links = Links(identity.url or "")
    directory = SlackDirectory(slack, workspace)
    gate = Gate(directory, policy, previews)
    projector = SlackProjector(slack, policy)
    directory = SlackDirectory(slack, workspace, HOME_DIRECTORY_CACHE_SECONDS)
    home_publisher = HomePublisher(
        slack, directory=directory, lookup=queries, homes=homes, health=health, links=links, policy=policy
    )

    # Lifecycle of a request
    transitions = Transitions(store, policy)
    archive = Archive(store, settings.ARCHIVE_KEY)
    party_check = PartyCheck(gate, transitions, policy)
    decisions = Decisions(store, transitions, interactive, party_check, policy)
    leases = Leases(store)
    delete = DeleteExecutor(transitions, gateway, archive, policy, leases)
    rebuild = RebuildExecutor(transitions, gateway, archive, leases)
    execution = Execution(store, transitions, party_check, policy, delete=delete, rebuild=rebuild)

    # Workflow engine
    # The same id after a restart, so that a replica resumes its own work at once.
    queues.configure(database_url, "one" if settings.database_file() else f"{socket.gethostname()}-{settings.PORT}")
    engine = Engine(
        store,
        execution,
        MessageSync(store, MessageStore(database), projector, Disclosure(directory.channel_kind)),
        FreezeNoticeSync(freezes, projector, Disclosure(directory.channel_kind)),
        decisions,
        previews=previews,
        homes=home_publisher,
        reappearances=Reappearances(RecheckStore(database), transitions, gateway, policy),
    )

    # Handlers
    app = slack_client.bolt_app(slack, identity)
    handlers.register(
        app,
        gate=gate,
        requests=store,
        intake=Intake(store, previews, interactive, catalogue, policy),
        catalogue=catalogue,
        decisions=decisions,
        rebuilding=Rebuilding(store, previews, archive, policy),
        freezing=Freezing(store, freezes, policy),
        engine=engine,
        policy=policy,
        lookup=queries,
        links=links,
        home_publisher=home_publisher,
    )

    # Serving
    with usable_by_engine():
        await engine.launch(settings.KORE_CALLS_PER_MINUTE)
    stack.push_async_callback(engine.stop, SHUTDOWN_TIMEOUT_SECONDS)
    catalogue.start()
    receiver = receiving(
        app,
        app_token=settings.SLACK_APP_TOKEN,
        signing_secret=settings.SLACK_SIGNING_SECRET,
        host=settings.HOST,
        port=settings.PORT,
        is_database_reachable=partial(is_reachable, database),
    )
    await stack.enter_async_context(receiver)


def main() -> int:
    """Run the bot, or the command on the command line. Returns the exit code; 1 means that the bot could not start."""
    if sys.argv[1:]:
        commands.run()
    try:
        settings = Settings.from_env(os.environ)
        logs.set_up(settings.LOG_LEVEL, settings.LOG_FORMAT)
        asyncio.run(run(settings))
    except (SettingsError, StartError, DatabaseError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the operator, at any LOG_LEVEL
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
