"""A stateful Slack workspace, composed of its parts."""

from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.slack import manifest as app_manifest
from sandbox.slack.control import Control, answering
from sandbox.slack.interactions.delivery import Delivery, Post
from sandbox.slack.interactions.modal import Modals
from sandbox.slack.interactions.response_urls import ResponseUrls
from sandbox.slack.interactions.user_actions import UserActions, outcome
from sandbox.slack.methods import web_api
from sandbox.slack.socket_mode import Sockets
from sandbox.slack.uploads import Uploads
from sandbox.slack.workspace import Workspace
from sandbox.traffic import Traffic


class SlackSandbox:
    """The Slack side of the sandbox. Tests access its parts; the page and the bot use HTTP."""

    def __init__(
        self,
        faults: Faults,
        traffic: Traffic,
        manifest: Path = app_manifest.DEFAULT_PATH,
        post: Post | None = None,
        more_scopes: str = "",
    ) -> None:
        configured = app_manifest.read(manifest).granting(more_scopes)
        self._faults = faults
        self.workspace = Workspace()
        self.sockets = Sockets(faults)
        self.delivery = Delivery(self.sockets, traffic, post)
        self.response_urls = ResponseUrls(self.workspace)
        self._web_api = web_api.WebApi(self.workspace, configured, self.sockets, faults, traffic)
        self._uploads = Uploads(self.workspace, faults, traffic)
        human = UserActions(self.workspace, configured, self.delivery, self.response_urls)
        modals = Modals(self.workspace, self.delivery, self.response_urls)
        self._control = Control(self.workspace, configured, human, modals)

    def listen_at(self, url: str) -> None:
        """Set the address for response URLs, uploads and Socket Mode links."""
        self.response_urls.base_url = self.sockets.base_url = self.workspace.base_url = url

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._web_api.serve),
            web.get("/link/{ticket}", self.sockets.serve),
            web.post("/respond/{id}", self._respond),
            *self._uploads.routes(),
            web.get("/sandbox/delivery", self._show_delivery),
            web.post("/sandbox/delivery", answering(self._set_delivery)),
            *self._control.routes(),
        ]

    def reset(self) -> None:
        """Restore the seed; keep open sockets and the request URL."""
        self.response_urls.reset()
        self.workspace.reset()

    async def close(self) -> None:
        await self.sockets.close()
        await self.delivery.close()

    async def _respond(self, request: web.Request) -> web.Response:
        latency_ms = self._faults.latency_ms["slack"]
        return await web_api.respond(request, self.response_urls.use, latency_ms)

    async def _show_delivery(self, _: web.Request) -> web.Response:
        found = {"mode": self.delivery.mode, "request_url": self.delivery.request_url}
        return web.json_response({**found, "sockets": len(self.sockets)})

    async def _set_delivery(self, body: dict[str, Any]) -> dict[str, Any]:
        if "request_url" in body:
            self.delivery.request_url = body["request_url"]
        if "disconnect" in body:
            await self.sockets.disconnect(str(body["disconnect"]))
        if "drop" in body:
            self.sockets.drop()
        if "again" in body:
            return outcome((await self.delivery.again(int(body.get("age_seconds", 0)))).error)
        if "ssl_check" in body:
            return {"status": await self.delivery.ssl_check()}
        return {}
