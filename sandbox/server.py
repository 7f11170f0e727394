"""The sandbox as one HTTP server on loopback: Slack, Kore.ai, the page and the control API."""

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.faults import Faults, Target, from_json
from sandbox.kore.api import KoreSandbox
from sandbox.slack import manifest as app_manifest
from sandbox.slack.api import SlackSandbox
from sandbox.slack.control import answering
from sandbox.traffic import Traffic

STATIC = Path(__file__).parent / "static"
SHUTDOWN_SECONDS = 0.2
LARGEST_BODY = 8 * 1024 * 1024


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox; ``url`` has no slash at the end."""

    url: str
    slack: SlackSandbox
    kore: KoreSandbox
    faults: Faults
    traffic: Traffic


@asynccontextmanager
async def running(
    host: str = "127.0.0.1",
    port: int = 0,
    latency_ms: int = 20,
    manifest: Path = app_manifest.DEFAULT_PATH,
    more_scopes: str = "",
) -> AsyncIterator[Sandbox]:
    """Serve for the duration of the block. Port 0 takes a free one; ``more_scopes`` are granted beside the manifest's.

    Raises OSError if the port is taken, ValueError for a host that other machines could reach.
    """
    if not ipaddress.ip_address(host).is_loopback:
        raise ValueError("The sandbox listens on loopback only.")
    faults, traffic = Faults(latency_ms), Traffic()
    slack, kore = SlackSandbox(faults, traffic, manifest, more_scopes=more_scopes), KoreSandbox(faults, traffic)
    application = web.Application(middlewares=[only_this_page], client_max_size=LARGEST_BODY)
    application.add_routes([*slack.routes(), *kore.routes(), *switches(slack, kore, faults, traffic)])
    application.add_routes([web.get("/", _page), web.static("/static", STATIC)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        url = f"http://{host}:{runner.addresses[0][1]}"
        slack.listen_at(url)
        yield Sandbox(url, slack, kore, faults, traffic)
    finally:
        await slack.close()
        await runner.cleanup()


@web.middleware
async def only_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Reject requests of other web sites, by Host (DNS rebinding) and by Origin."""
    if request.path == "/" or request.path.startswith(("/sandbox/", "/static/")):
        own = _own_names(request)
        origin = request.headers.get("Origin")
        if request.host not in own or (origin is not None and origin.removeprefix("http://") not in own):
            raise web.HTTPForbidden(text="Only the sandbox's own page may do this.")
    answer = await handler(request)
    if request.path == "/" or request.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "no-cache"  # a new version of the page must not use cached modules
    return answer


def _own_names(request: web.Request) -> set[str]:
    address = request.get_extra_info("sockname") or ("127.0.0.1", 0)
    return {f"{name}:{address[1]}" for name in ("127.0.0.1", "localhost", "[::1]")}


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


def switches(slack: SlackSandbox, kore: KoreSandbox, faults: Faults, traffic: Traffic) -> list[web.RouteDef]:
    """Return the control calls for faults, latency, traffic and reset."""

    async def show_traffic(request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        return web.json_response(traffic.after(int(after) if after.isdecimal() else 0))

    async def clear_traffic(_: dict[str, Any]) -> Any:
        traffic.clear()
        return {}

    async def show_faults(_: dict[str, Any]) -> Any:
        return [asdict(fault) for fault in faults.active]

    async def add_fault(body: dict[str, Any]) -> Any:
        faults.add(from_json(body))
        return await show_faults({})

    async def clear_faults(_: dict[str, Any]) -> Any:
        faults.clear()
        return []

    async def set_latency(body: dict[str, Any]) -> Any:
        if not set(body) <= set(get_args(Target)):
            raise ValueError("Latency is for slack and kore, in milliseconds.")
        for target in get_args(Target):
            faults.latency_ms[target] = int(body.get(target, faults.latency_ms[target]))
        return {}

    async def reset(_: dict[str, Any]) -> Any:
        slack.reset()
        kore.reset()
        faults.clear()
        return {}

    path = "/sandbox/faults"
    return [
        web.get("/sandbox/traffic", show_traffic), web.delete("/sandbox/traffic", answering(clear_traffic)),
        web.get(path, answering(show_faults)), web.post(path, answering(add_fault)),
        web.delete(path, answering(clear_faults)), web.post("/sandbox/latency", answering(set_latency)),
        web.post("/sandbox/reset", answering(reset)),
    ]  # fmt: skip
