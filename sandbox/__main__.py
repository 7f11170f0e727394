"""``python -m sandbox``: run the sandbox and the bot until Ctrl-C.

The ports are SANDBOX_PORT or PORT, and BOT_PORT; without them the next free ones from 3100 and 3000 on.
SANDBOX_SCOPES=files:write grants the bot's token scopes that the manifest does not request.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import aiohttp

from sandbox import environment, ports
from sandbox.server import Sandbox, running

LOOK_AGAIN_SECONDS = 0.1
READY_SECONDS = 60.0
STOP_SECONDS = 10.0


class CannotRun(Exception):  # noqa: N818 - reads as a message
    """The sandbox or the bot cannot run; ``str()`` is one line for the user."""


def main() -> int:
    options = _options()
    try:
        _look_for_bot(options)
        asyncio.run(_serve(options, ports_of(os.environ)))
    except CannotRun as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--alone", action="store_true", help="do not start the bot")
    parser.add_argument("--http", action="store_true", help="deliver to the bot by HTTP, not by Socket Mode")
    return parser.parse_args()


def _look_for_bot(options: argparse.Namespace) -> None:
    if not options.alone and not Path("app.py").is_file():
        raise CannotRun("There is no app.py here: start in the bot's own folder, or use --alone.")


@dataclass(frozen=True)
class Ports:
    """Where the sandbox's page and the bot listen."""

    sandbox: int
    bot: int


def ports_of(given: Mapping[str, str]) -> Ports:
    """Return the ports of these variables, else the next free ones. Raises CannotRun.

    ``PORT`` is the page's: that of the bot is for health checks, and of no interest to the user.
    """
    try:
        page, bot = ports.wanted(given, "SANDBOX_PORT", "PORT"), ports.wanted(given, "BOT_PORT")
        page = page or ports.next_free(ports.FIRST_FOR_SANDBOX, taken=(bot,) if bot else ())
        bot = bot or ports.next_free(ports.FIRST_FOR_BOT, taken=(page,))
    except (ValueError, OSError) as error:
        raise CannotRun(str(error)) from None
    if page == bot:
        raise CannotRun(f"The sandbox and the bot need different ports, and both have {page}.")
    return Ports(page, bot)


async def _serve(options: argparse.Namespace, at: Ports) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    scopes = os.environ.get("SANDBOX_SCOPES", "")
    async with contextlib.AsyncExitStack() as until_the_end:
        try:
            sandbox = await until_the_end.enter_async_context(running(port=at.sandbox, more_scopes=scopes))
        except OSError as error:
            raise CannotRun(f"The sandbox cannot listen on port {at.sandbox}: {error.strerror}.") from None
        if options.alone:
            _say(f"Open {sandbox.url} (Ctrl-C ends the sandbox)")
            await stop.wait()
        else:
            await _serve_with_bot(sandbox, at.bot, stop, by_http=options.http)


async def _serve_with_bot(sandbox: Sandbox, bot_port: int, stop: asyncio.Event, *, by_http: bool) -> None:
    bot_url = f"http://{ports.HOST}:{bot_port}"
    if by_http:
        sandbox.slack.delivery.request_url = f"{bot_url}/slack/events"
    bot = await _start_bot(sandbox.url, bot_port, by_http=by_http)
    stopping = asyncio.create_task(stop.wait())
    ending = asyncio.create_task(bot.wait())
    ready = asyncio.create_task(_until_ready(f"{bot_url}/readyz"))
    tasks = (stopping, ending, ready)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if ready.done() and not ending.done():
            ready.result()
            _say(f"Open {sandbox.url} (Ctrl-C ends the sandbox and the bot)")
            await asyncio.wait((stopping, ending), return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            when = "ended" if ready.done() else "ended before it was ready"
            raise CannotRun(f"The bot {when} (exit status {bot.returncode}).")
    finally:
        await _stop_bot(bot)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _start_bot(sandbox_url: str, bot_port: int, *, by_http: bool) -> Process:
    """Start the bot in its own process group, so that Ctrl-C reaches it only through this process."""
    settings = environment.for_bot(os.environ, sandbox_url, bot_port=bot_port, by_http=by_http)
    environment.reset_database(settings)
    return await asyncio.create_subprocess_exec(sys.executable, "app.py", env=settings, process_group=0)


async def _until_ready(url: str) -> None:
    """Wait until the bot is ready. Raises CannotRun if that takes too long."""
    try:
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
            while not await _is_ready(session, url):  # noqa: ASYNC110 - another process cannot set an Event
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
    except TimeoutError:
        raise CannotRun(f"The bot did not become ready: {url} did not answer 200.") from None


async def _is_ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status == HTTPStatus.OK
    except aiohttp.ClientError:
        return False


async def _stop_bot(bot: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        bot.terminate()
        try:
            await asyncio.wait_for(bot.wait(), STOP_SECONDS)
        except TimeoutError:
            bot.kill()
            await bot.wait()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
