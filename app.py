"""The composition root: builds every part from the settings, starts and stops it. The only place that constructs."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

import commands
import handlers
import logs
from config import Settings
from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.db.connection import migrate, open_engine
from deletion.domain.errors import DatabaseError
from deletion.domain.policy import Policy
from deletion.engine import queues
from deletion.engine.workflows import Engine
from deletion.kore.campaign_gateway import INTERACTIVE_RESERVE, CampaignGateway
from deletion.kore.health import KoreHealth
from deletion.kore.rate_limiter import RateLimiter
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.transitions import Transitions
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_sync import MessageSync
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.home_store import Homes
from deletion.stores.message_store import MessageStore
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_queries import RequestQueries
from deletion.stores.request_store import RequestStore
from env_parsing import SettingsError
from handlers.access.gate import Gate
from handlers.access.slack_directory import SlackDirectory, Workspace
from handlers.ingress.http import BODY_LIMIT_BYTES, health_routes, slack_routes
from handlers.ingress.socket_mode import SocketMode
from handlers.listeners.home_publisher import HomePublisher
from kore_api.account import KoreAccount
from kore_api.auth import KoreAuth
from kore_api.client import KoreClient, open_client
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.api_error import error_code
from slack_ui.parts.links import Links

STOP_WITHIN_SECONDS = 8
SLACK_TIMEOUT_SECONDS = 10
DIRECTORY_CACHE_SECONDS = 5  # who somebody is, for the Homes that follow one change
log = logging.getLogger("campaign_delete")


class StartError(Exception):
    """The bot cannot start; ``str()`` is one line for the operator."""


async def run(settings: Settings) -> None:
    """Start, and serve until SIGTERM or SIGINT. Raises StartError or DatabaseError, with nothing half done."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as parts:
        await _start(settings, parts)
        gc.freeze()  # what is here now stays; to look through it again and again would hold up everybody meanwhile
        log.info("Ready")
        await stopping.wait()
        log.info("Stopping: what is running ends first, the rest goes on at the next start")


async def _start(settings: Settings, parts: AsyncExitStack) -> None:
    """Build from the inside out; what is built last is taken down first."""
    database_url = settings.DATABASE_URL.get_secret_value()
    migrate(database_url)
    database = open_engine(database_url)
    store, previews, freezes = RequestStore(database), PreviewStore(database), FreezeStore(database)
    parts.push_async_callback(store.close)
    policy = _policy(settings)
    limit, health = RateLimiter(database, settings.KORE_CALLS_PER_MINUTE), KoreHealth(database)
    campaign = CampaignGateway(await _kore(settings, limit, health, parts))
    for_people = campaign.reserving(INTERACTIVE_RESERVE)
    client, identity, links = await _slack(settings, parts)
    queues.configure(database_url, _executor_id(settings))
    transitions = Transitions(store, policy)
    decisions = Decisions(store, transitions, for_people, policy)
    projector = SlackProjector(client, policy)
    message_sync, freeze_notices = (
        MessageSync(store, MessageStore(database), projector),
        FreezeNoticeSync(freezes, projector),
    )
    workspace, lookup = Workspace(identity.team_id or "", identity.enterprise_id), RequestQueries(database)
    cached_directory = SlackDirectory(client, workspace, cache_seconds=DIRECTORY_CACHE_SECONDS)
    home_publisher = HomePublisher(
        client,
        directory=cached_directory,
        lookup=lookup,
        homes=Homes(database),
        health=health,
        links=links,
        policy=policy,
    )
    archive = Archive(store, settings.ARCHIVE_KEY)
    rebuilding = Rebuilding(store, previews, transitions, campaign, archive)
    execution = Execution(store, transitions, campaign, archive, rebuilding)
    engine = Engine(store, execution, message_sync, freeze_notices, decisions, previews=previews, homes=home_publisher)
    bolt_log = logging.getLogger("slack_bolt")
    app = AsyncApp(client=client, authorize=_always(identity), request_verification_enabled=False, logger=bolt_log)
    gate = Gate(SlackDirectory(client, workspace), policy, previews)
    catalogue = CampaignCache(CacheStore(database), campaign, policy)
    await catalogue.load()
    parts.push_async_callback(catalogue.close)
    freezing = Freezing(store, freezes, policy)
    handlers.register(
        app,
        gate=gate,
        intake=Intake(store, previews, for_people, catalogue, policy),
        catalogue=catalogue,
        decisions=decisions,
        rebuilding=rebuilding,
        freezing=freezing,
        engine=engine,
        policy=policy,
        lookup=lookup,
        links=links,
        home_publisher=home_publisher,
    )
    try:
        await engine.launch(settings.KORE_CALLS_PER_MINUTE)
    except SQLAlchemyError as error:
        raise StartError(f"DATABASE_URL: the engine cannot use this database ({type(error).__name__}).") from error
    parts.push_async_callback(queues.stop, STOP_WITHIN_SECONDS)
    connection = await _socket(settings, app, parts)
    await _serve(settings, app, store, connection, parts)


def _policy(settings: Settings) -> Policy:
    return Policy(
        requesters=settings.REQUESTERS,
        deletable_statuses=settings.DELETABLE_STATUSES,
        ops_rooms=settings.OPS_ROOMS,
        approvers=settings.APPROVERS,
        approvals_required=settings.APPROVALS_REQUIRED,
        approvals_channel=settings.APPROVALS_CHANNEL,
        approval_ttl=settings.APPROVAL_TTL,
        approval_reminder=settings.APPROVAL_REMINDER,
        undo_window=settings.UNDO_WINDOW,
        archives=bool(settings.ARCHIVE_KEY),
        deletes_per_hour=settings.DELETES_PER_HOUR,
        deletes_per_person_per_hour=settings.DELETES_PER_PERSON_PER_HOUR,
    )


async def _kore(settings: Settings, limit: RateLimiter, health: KoreHealth, parts: AsyncExitStack) -> KoreClient:
    account = KoreAccount(
        base_url=settings.KORE_BASE_URL,
        app_id=settings.KORE_APP_ID,
        account_id=settings.KORE_ACCOUNT_ID,
        api_version=settings.KORE_API_VERSION,
    )
    auth = KoreAuth(
        settings.KORE_CLIENT_ID,
        settings.KORE_CLIENT_SECRET,
        algorithm=settings.KORE_JWT_ALGORITHM,
        subject=settings.KORE_JWT_SUBJECT,
        ttl_seconds=int(settings.KORE_JWT_TTL.total_seconds()),
    )
    http = await parts.enter_async_context(open_client(account, auth))
    return KoreClient(account, http, limit, on_result=health.record)


async def _slack(settings: Settings, parts: AsyncExitStack) -> tuple[AsyncWebClient, AuthorizeResult, Links]:
    """A client on one long-lived session, and who and where it is: asked now and not in the first person's command."""
    # The client's own timeout counts for sessions that it makes itself (slack_sdk 3.47, web/async_internal_utils.py).
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SLACK_TIMEOUT_SECONDS))
    client = AsyncWebClient(
        token=settings.SLACK_BOT_TOKEN.get_secret_value(),
        base_url=settings.SLACK_API_URL,
        session=await parts.enter_async_context(session),
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(max_retry_count=2),
            AsyncRateLimitErrorRetryHandler(max_retry_count=2),
            AsyncServerErrorRetryHandler(max_retry_count=2),
        ],
    )
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise StartError(f"SLACK_BOT_TOKEN: Slack refuses it ({error_code(error)}).") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise StartError(f"SLACK_API_URL: Slack cannot be reached ({type(error).__name__}).") from None
    identity = AuthorizeResult.from_auth_test_response(bot_token=client.token, auth_test_response=answer)
    return client, identity, Links(str(answer["url"]))


def _always(identity: AuthorizeResult) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Bolt asks who we are with each request; in one workspace that is always the same."""

    async def authorize() -> AuthorizeResult:
        return identity

    return authorize


async def _socket(settings: Settings, app: AsyncApp, parts: AsyncExitStack) -> SocketMode | None:
    """Socket Mode, when there is an app token."""
    if settings.SLACK_APP_TOKEN is None:
        return None
    token = settings.SLACK_APP_TOKEN.get_secret_value()
    try:
        # The SDK's client would ask for ever, with a traceback each time.
        await app.client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        raise StartError(f"SLACK_APP_TOKEN: Slack refuses it ({error_code(error)}).") from None
    connection = SocketMode(app, token)
    parts.push_async_callback(connection.close_async)
    await connection.client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
    return connection


async def _serve(
    settings: Settings,
    app: AsyncApp,
    store: RequestStore,
    connection: SocketMode | None,
    parts: AsyncExitStack,
) -> None:
    async def why_not_ready() -> str:
        if connection and not await connection.client.is_connected():
            return "Slack's socket is not connected"
        try:
            await store.ping()
        except (SQLAlchemyError, OSError):
            return "the database does not answer"
        return ""

    server = web.Application(client_max_size=BODY_LIMIT_BYTES)
    server.add_routes(health_routes(why_not_ready))
    if connection is None and settings.SLACK_SIGNING_SECRET:
        server.add_routes(slack_routes(app, settings.SLACK_SIGNING_SECRET.get_secret_value()))
    # A compressed body is refused, so nothing ever unpacks one.
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0, auto_decompress=False)
    await runner.setup()
    parts.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, settings.HOST, settings.PORT).start()
    except OSError as error:
        raise StartError(f"PORT: {settings.HOST}:{settings.PORT} cannot be used ({error.strerror}).") from None


def _executor_id(settings: Settings) -> str:
    """Who we are to the engine: the same after a restart, so that a replica goes on with its own work at once."""
    return "one" if settings.database_file() else f"{socket.gethostname()}-{settings.PORT}"


def main() -> int:
    """Run until stopped; 1 when it could not start, with one line for each thing to mend. Or do what a word says."""
    if sys.argv[1:]:
        commands.run()
    try:
        settings = Settings.from_env(os.environ)
        logs.set_up(settings.LOG_LEVEL, settings.LOG_FORMAT)
        asyncio.run(run(settings))
    except (SettingsError, StartError, DatabaseError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the operator, whatever the log is set to
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
