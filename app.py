"""Start the bot: connect, build it from the settings (composition.py), and serve until a signal stops it."""

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
import logs
from composition import Outside, compose
from config import Settings, version
from deletion.db.connection import is_reachable, migrate, open_engine, usable_by_engine
from deletion.domain.errors import DatabaseError, StartError
from deletion.engine import queues
from env_parsing import SettingsError
from handlers.access import slack_client
from handlers.ingress.server import receiving
from kore_api.client import open_client

SHUTDOWN_TIMEOUT_SECONDS = 8
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
    """Connect, build the bot, and serve. The stack closes everything in reverse order."""
    database_url = settings.DATABASE_URL.get_secret_value()
    migrate(database_url)
    database = open_engine(database_url)
    stack.push_async_callback(database.dispose)
    kore_http = await stack.enter_async_context(open_client(settings.kore_account(), settings.kore_auth()))
    token = settings.SLACK_BOT_TOKEN.get_secret_value()
    slack = await stack.enter_async_context(slack_client.open_client(token, settings.SLACK_API_URL))
    # The same id after a restart, so that a replica resumes its own work at once.
    queues.configure(database_url, "one" if settings.database_file() else f"{socket.gethostname()}-{settings.PORT}")
    bot = await compose(settings, Outside(database, kore_http, slack, queues))
    stack.push_async_callback(bot.catalogue.close)
    with usable_by_engine():
        await bot.engine.launch(settings.KORE_CALLS_PER_MINUTE)
    stack.push_async_callback(bot.engine.stop, SHUTDOWN_TIMEOUT_SECONDS)
    bot.catalogue.start()
    receiver = receiving(
        bot.app,
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
