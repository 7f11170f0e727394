"""Start the bot: connect, build it from the settings (composition), and serve until a signal stops it."""

import gc
import os
import signal

if __name__ == "__main__":
    gc.disable()  # until the imports are done: collecting among them takes an eighth of their time and frees little
    for number in (signal.SIGTERM, signal.SIGINT):  # process 1 of a container ignores SIGTERM by default
        signal.signal(number, lambda *_: os._exit(0))
    if os.path.expanduser("~") == "~":  # noqa: PTH111 - a user without a home, as in some containers
        os.environ["HOME"] = "/"  # the import of slack_sdk needs one

import asyncio
import logging
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Any

from prometheus_client import Info
from slack_bolt.authorization import AuthorizeResult

import commands
import logs
from composition.bot import Bot, Outside, compose
from config import version
from deletion.db.connection import migrate, open_engine
from deletion.db.connection_limit import check_connections, shares
from deletion.db.daemon_thread import in_daemon_thread
from deletion.db.failure import reported
from deletion.db.heartbeat import Heartbeat
from deletion.domain.errors import DatabaseError, StartError
from deletion.engine import queues
from deletion.engine.webhooks import delivering
from deletion.kore.checks import check_each
from deletion.stores.request_metrics import RequestMetrics
from deletion.stores.request_store import RequestStore
from deletion.stores.webhook_store import WebhookStore
from handlers.access import slack_client
from handlers.checks import ready
from handlers.checks.settings import log_results
from handlers.connection import event_loop_lag
from handlers.connection.health import Health
from handlers.connection.identity import identify
from handlers.connection.token_check import TokenCheck
from handlers.ingress import socket_mode
from handlers.ingress.http import slack_handler
from handlers.ingress.server import Server
from kore_api.client import open_client
from settings.applications import ApplicationSettings, check_applications, read_applications, remarks
from settings.certificates import check_certificates
from settings.environment import SettingsError
from settings.proxies import Proxies, check_proxies
from settings.traces import import_tracing, is_traced
from webhook import open_webhook

ENGINE_STOPS_WITHIN_SECONDS = 7
STOP_WITHIN_SECONDS = 9.5  # then the process ends as in a crash, which every request survives
BUILD = Info("campaign_delete_build", "Version of the bot")
log = logging.getLogger("campaign_delete")


async def run(applications: Sequence[ApplicationSettings], proxies: Proxies) -> None:
    """Start, and serve until SIGTERM or SIGINT. Raises StartError or DatabaseError after closing what was opened."""
    log.info("Starting", extra={"version": version()})
    for result in remarks(applications):
        log.info("Settings remark", extra={"check": result.name, "found": result.text})
    BUILD.info({"version": version()})
    _stop_on_signal()
    with suppress(asyncio.CancelledError):
        async with AsyncExitStack() as stack:
            with reported(applications[0].settings.DATABASE_URL.get_secret_value()):
                await _start(applications, proxies, stack)
            gc.freeze()  # exclude the startup objects from garbage collection: scanning them delays every request
            await asyncio.Event().wait()


def _stop_on_signal() -> None:
    """Cancel the current task at the first signal, and end the process if it does not stop in time."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def stop() -> None:
        log.info("Stopping")
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, lambda: None)
        deadline = threading.Timer(STOP_WITHIN_SECONDS, _exit)
        deadline.daemon = True
        deadline.start()
        if task:
            task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


def _exit() -> None:
    log.error("Stopping took too long")
    os._exit(1)


async def _start(applications: Sequence[ApplicationSettings], proxies: Proxies, stack: AsyncExitStack) -> None:
    """Serve health checks, connect, build the bot, and receive. The stack closes everything in reverse order."""
    settings = applications[0].settings  # for what is the same for all
    health = Health()
    server = Server(health, serves_slack=not settings.SLACK_APP_TOKEN)
    await stack.enter_async_context(server.serving(settings.HOST, settings.PORT))
    await stack.enter_async_context(event_loop_lag.measured())

    health.phase = "preparing the database"
    database_url = settings.DATABASE_URL.get_secret_value()
    await check_connections(database_url, settings.DATABASE_CONNECTIONS)
    await in_daemon_thread(migrate, database_url)
    own_connections, engine_connections = shares(settings.DATABASE_CONNECTIONS)
    database = open_engine(database_url, connections=own_connections)
    stack.push_async_callback(database.dispose)
    health.needs(Heartbeat(database).why_not_ready)
    health.measures(RequestMetrics(database).refresh)

    tracing = await stack.enter_async_context(import_tracing(os.environ).opened()) if is_traced(os.environ) else None
    health.phase = "connecting to Slack"
    token = settings.SLACK_BOT_TOKEN.get_secret_value()
    connecting_slack = slack_client.open_client(
        token,
        settings.SLACK_API_URL,
        tracing.of_slack() if tracing else (),
        proxy=proxies.of(settings.SLACK_API_URL),
        practice=settings.PRACTICE,
    )
    slack = await stack.enter_async_context(connecting_slack)
    identity = await identify(slack, applications[0].policy(), health)
    token_check = await stack.enter_async_context(TokenCheck(slack).running())
    health.needs(token_check.why_not_ready)

    health.phase = "starting"
    kore_http = {}
    for each in applications:
        client = open_client(
            each.settings.kore_account(), each.settings.kore_auth(), proxy=proxies.of(each.settings.KORE_BASE_URL)
        )
        kore_http[each.name] = await stack.enter_async_context(client)
        if tracing:
            tracing.follow_kore(client)
    # The same id after a restart, so that a replica resumes its own work at once.
    executor_id = "one" if settings.database_file() else f"{socket.gethostname()}-{settings.PORT}"
    stack.callback(await queues.configure(database_url, executor_id, engine_connections))
    bot = await compose(applications, Outside(database, kore_http, slack, identity, queues))
    if settings.PRACTICE:
        await _log_waiting(RequestStore(database))
    for catalogue in bot.catalogues:
        stack.push_async_callback(catalogue.close)
    await bot.engine.launch(min(each.settings.KORE_CALLS_PER_MINUTE for each in applications))
    stack.push_async_callback(bot.engine.stop, ENGINE_STOPS_WITHIN_SECONDS)
    for catalogue in bot.catalogues:
        catalogue.start()
    if settings.WEBHOOK_URL and settings.WEBHOOK_SECRET:
        secret = settings.WEBHOOK_SECRET.get_secret_value()
        webhook = await stack.enter_async_context(
            open_webhook(settings.WEBHOOK_URL, secret, proxies.of(settings.WEBHOOK_URL))
        )
        await stack.enter_async_context(delivering(WebhookStore(database), webhook.post))
    if settings.SLACK_APP_TOKEN:
        connecting = socket_mode.connected(bot.app, settings.SLACK_APP_TOKEN.get_secret_value(), health)
        await stack.enter_async_context(connecting)
    elif settings.SLACK_SIGNING_SECRET:
        on_slack = slack_handler(bot.app, settings.SLACK_SIGNING_SECRET.get_secret_value())
        await stack.enter_async_context(server.receiving(on_slack))
    health.phase = ""
    await stack.enter_async_context(
        ready.announced(health, partial(_served, applications, bot, identity), partial(check_each, bot.kore))
    )


async def _log_waiting(store: RequestStore) -> None:
    waiting = [request.id for request in await store.open_outside([]) if not request.is_practice]
    if waiting:
        log.warning("Real requests wait for the end of practice", extra={"requests": len(waiting)})


async def _served(applications: Sequence[ApplicationSettings], bot: Bot, identity: AuthorizeResult) -> dict[str, Any]:
    settings = applications[0].settings
    return {
        "mode": "Socket Mode" if settings.SLACK_APP_TOKEN else "HTTP",
        "address": f"{settings.HOST}:{settings.PORT}",
        "application": ", ".join(map(_described, applications)),
        **await ready.served_by(bot.directory, bot.policies.everywhere, identity),
    }


def _described(application: ApplicationSettings) -> str:
    where = f"{application.settings.KORE_APP_ID} at {application.settings.KORE_BASE_URL}"
    return f"{application.name} ({where})" if application.name else where


def main() -> int:
    """Run the bot, or the command on the command line. Returns the exit code; 1 means that the bot could not start."""
    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.argv[1:]:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        commands.run()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        applications = read_applications(os.environ)
        settings = applications[0].settings
        logs.set_up(settings.LOG_LEVEL, settings.LOG_FORMAT)
        log_results(check_applications(os.environ, applications))
        check_certificates(os.environ)
        check_proxies(proxies := Proxies(os.environ), applications)
        asyncio.run(run(applications, proxies))
    except KeyboardInterrupt:  # a signal before ``run`` handles it
        return 0
    except (SettingsError, StartError, DatabaseError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the operator, at any LOG_LEVEL
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
