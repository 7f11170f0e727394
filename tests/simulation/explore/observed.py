"""The network to Kore.ai and Slack, seen by the ledger: what left the bot, what reached it, and what it said."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from sandbox.kore.answers import failure, success
from sandbox.kore.api import KoreSandbox
from tests.simulation.explore.ledger import Ledger, Sent, version_of
from tests.simulation.explore.weather import Weather, operation_of
from tests.simulation.local_http import LocalServer, body_of
from tests.simulation.network import Network
from tests.simulation.process import CURRENT, in_the_world

NO_CAMPAIGNS = {"results": [], "skip": 0, "limit": 100, "hasMore": False, "totalPages": 0, "totalResults": 0}
CLAIMS_GONE = re.compile(r"`([^`]+)` (?:was (?:stopped and )?deleted\.|is gone\.)")
CLAIMS_KEPT = re.compile(r"`([^`]+)` was (?:not|neither stopped nor|stopped, but not) deleted")
TABLE_CLAIMS_GONE = ("Deleted", "Gone")
OnSent = Callable[[Sent], None]
SENT = {"delete": "DELETE", "stop": "stop", "create": "create"}  # the operations that change something


class KoreNetwork(Network):
    """``on_sent`` is called when a DELETE, a stop or a create leaves the bot."""

    def __init__(
        self, server: LocalServer, weather: Weather, kore: KoreSandbox, ledger: Ledger, on_sent: OnSent
    ) -> None:
        super().__init__(server, weather.travel)
        self._weather = weather
        self._kore = kore
        self._ledger = ledger
        self._on_sent = on_sent
        self.under_way = 0

    async def call(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        loop, process = asyncio.get_running_loop(), CURRENT.get()
        operation, campaign_id = operation_of(method, path_qs), path_qs.partition("?")[0].rpartition("/")[2]
        about = "" if operation == "create" else campaign_id
        sent = Sent(loop.time(), about, process.name if process else "?", SENT.get(operation, ""))
        if sent.method:
            self._ledger.tell(sent.at, sent.replica, f"sends {sent.method} {sent.campaign_id}".rstrip())
            self._on_sent(sent)
        began = loop.time()
        response = await super().call(method, path_qs, headers, body)
        sent.status = response.status
        if operation in ("get", "list") and response.status == web.HTTPOk.status_code:
            self._note_read(began, operation, campaign_id, response)
        return response

    async def _cross(self, *call: Any) -> None:
        self.under_way += 1
        try:
            await super()._cross(*call)
        finally:
            self.under_way -= 1

    async def serve(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        operation, campaign_id = operation_of(method, path_qs), path_qs.partition("?")[0].rpartition("/")[2]
        was_there = self._kore.memory.living(campaign_id) is not None
        try:
            response = await super().serve(method, path_qs, headers, body)
        finally:
            if operation == "delete" and was_there and (raw := self._kore.memory.campaigns.get(campaign_id)):
                self._note_landing(campaign_id, raw)  # whether or not its answer is lost
        if operation == self._weather.hidden_from and asyncio.get_running_loop().time() < self._weather.hidden_until:
            self._ledger.struck("Kore.ai contradicts itself")
            return _without_campaigns(operation, response)
        return response

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

    def _note_read(self, began: float, operation: str, campaign_id: str, response: web.Response) -> None:
        """Record what the bot was told. A read that was not answered, or refused, is no observation."""
        said = json.loads(body_of(response))
        if said.get("status") != "success":
            return
        if operation == "get":
            at = asyncio.get_running_loop().time()
            self._ledger.reads[campaign_id].append((at, version_of(said["data"])))
        for seen in (campaign_id,) if operation == "get" else tuple(self._kore.memory.campaigns):
            self._ledger.looks[seen].append(began)


class SlackNetwork(Network):
    """Checks each message that arrives: none may call a campaign gone that always existed, or deny a delete.

    ``requests_for`` returns how many requests a campaign has had: with several, a denial may be about an earlier one.
    """

    def __init__(
        self,
        server: LocalServer,
        weather: Weather,
        ledger: Ledger,
        names: dict[str, str],
        requests_for: Callable[[str], int],
    ) -> None:
        super().__init__(server, weather.travel)
        self._ledger = ledger
        self._names = names
        self._requests_for = requests_for

    async def serve(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        response = await super().serve(method, path_qs, headers, body)
        if path_qs in ("/api/chat.postMessage", "/api/chat.update"):
            self._check_claim(json.loads(body_of(response) or b"{}"))
        return response

    def _check_claim(self, answer: dict[str, object]) -> None:
        message = answer.get("message") if answer.get("ok") else None
        text = str(message.get("text")) if isinstance(message, dict) else ""
        rows = [row for block in _blocks(message) if block["type"] == "table" for row in block["rows"]]
        listed = [row[0]["text"].partition(" · ")[0] for row in rows if row[-1]["text"] in TABLE_CLAIMS_GONE]
        for name in (*CLAIMS_GONE.findall(text), *listed):
            campaign_id = self._names.get(name.strip(), "")
            if campaign_id and campaign_id not in self._ledger.been_gone:
                self._ledger.fail(asyncio.get_running_loop().time(), f"said too early: {text!r}")
        for name in CLAIMS_KEPT.findall(text):
            campaign_id = self._names.get(name.strip(), "")
            if campaign_id in self._ledger.landed and self._requests_for(campaign_id) == 1:
                self._ledger.fail(asyncio.get_running_loop().time(), f"denies a delete that took effect: {text!r}")


def _blocks(message: object) -> list[dict[str, Any]]:
    return list(message.get("blocks") or ()) if isinstance(message, dict) else []


def _without_campaigns(operation: str, response: web.Response) -> web.Response:
    """Return the response of a source that knows no campaign, whatever the other sources say."""
    if operation != "list":
        return failure("Campaign not found", 404)
    if response.status != web.HTTPOk.status_code:
        return response
    return success("Campaign  retrieved successfully", NO_CAMPAIGNS)
