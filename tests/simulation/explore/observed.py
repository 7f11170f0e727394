"""The network to Kore.ai and Slack, seen by the ledger: what left the bot, what reached it, and what it said."""

import asyncio
import json
import re
from collections.abc import Callable

from aiohttp import web
from multidict import CIMultiDict

from sandbox.kore.api import KoreSandbox
from tests.simulation.explore.ledger import Ledger, Sent, version_of
from tests.simulation.explore.weather import Weather, operation_of
from tests.simulation.local_http import LocalServer, body_of
from tests.simulation.network import Network
from tests.simulation.process import CURRENT, in_the_world

CLAIMS_GONE = re.compile(r"`([^`]+)` (?:was deleted\.|is gone\.)")
OnDelete = Callable[[Sent], None]


class KoreNetwork(Network):
    """``on_delete`` is called when a DELETE leaves the bot."""

    def __init__(
        self, server: LocalServer, weather: Weather, kore: KoreSandbox, ledger: Ledger, on_delete: OnDelete
    ) -> None:
        super().__init__(server, weather.travel)
        self._weather = weather
        self._kore = kore
        self._ledger = ledger
        self._on_delete = on_delete
        self.under_way = 0

    async def call(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        loop, process = asyncio.get_running_loop(), CURRENT.get()
        operation, campaign_id = operation_of(method, path_qs), path_qs.partition("?")[0].rpartition("/")[2]
        if operation == "delete":
            self._ledger.tell(loop.time(), process.name if process else "?", f"sends DELETE {campaign_id}")
            self._on_delete(Sent(loop.time(), campaign_id, process.name if process else "?"))
        response = await super().call(method, path_qs, headers, body)
        if operation == "get" and response.status == web.HTTPOk.status_code:
            self._note_read(loop.time(), campaign_id, response)
        if operation in ("get", "list"):
            ids = (campaign_id,) if operation == "get" else tuple(self._kore.memory.campaigns)
            for seen in ids:
                self._ledger.looks[seen].append(loop.time())
        return response

    async def serve(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        self.under_way += 1
        try:
            campaign_id = path_qs.partition("?")[0].rpartition("/")[2]
            was_there = self._kore.memory.living(campaign_id) is not None
            response = await super().serve(method, path_qs, headers, body)
            if method == "DELETE" and was_there and (raw := self._kore.memory.campaigns.get(campaign_id)):
                self._note_landing(campaign_id, raw)
            return response
        finally:
            self.under_way -= 1

    def _note_landing(self, campaign_id: str, raw: dict[str, object]) -> None:
        now = asyncio.get_running_loop().time()
        if not raw["deleted"]:
            return
        self._ledger.tell(now, "Kore.ai", f"deletes {campaign_id}")
        self._ledger.landed.add(campaign_id)
        if now < self._weather.kore_eventual_until:
            raw["deleted"] = False
            in_the_world(self._delete_later(campaign_id, raw, self._weather.kore_eventual_until - now))
        else:
            self._ledger.been_gone.add(campaign_id)

    async def _delete_later(self, campaign_id: str, raw: dict[str, object], seconds: float) -> None:
        await asyncio.sleep(seconds)
        raw["deleted"] = True
        self._ledger.been_gone.add(campaign_id)

    def _note_read(self, at: float, campaign_id: str, response: web.Response) -> None:
        said = json.loads(body_of(response))
        if said.get("status") == "success":
            self._ledger.reads[campaign_id].append((at, version_of(said["data"])))


class SlackNetwork(Network):
    """Checks each message that arrives: none may say that a campaign is gone that always existed."""

    def __init__(self, server: LocalServer, weather: Weather, ledger: Ledger, names: dict[str, str]) -> None:
        super().__init__(server, weather.travel)
        self._ledger = ledger
        self._names = names

    async def serve(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        response = await super().serve(method, path_qs, headers, body)
        if path_qs in ("/api/chat.postMessage", "/api/chat.update"):
            self._check_claim(json.loads(body_of(response) or b"{}"))
        return response

    def _check_claim(self, answer: dict[str, object]) -> None:
        message = answer.get("message") if answer.get("ok") else None
        text = str(message.get("text")) if isinstance(message, dict) else ""
        for name in CLAIMS_GONE.findall(text):
            campaign_id = self._names.get(name.strip(), "")
            if campaign_id and campaign_id not in self._ledger.been_gone:
                self._ledger.fail(asyncio.get_running_loop().time(), f"said too early: {text!r}")
