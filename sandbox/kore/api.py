"""A stateful Kore.ai account: both generations of the campaign API, and its part of the control API."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.faults import Fault, Faults, reset_connection
from sandbox.kore import control
from sandbox.kore.auth import KoreAuth
from sandbox.kore.campaign_state import CampaignState
from sandbox.kore.fault_response import fault_response
from sandbox.kore.limit import Limit
from sandbox.kore.operations import Operations
from sandbox.traffic import Traffic

Handler = Callable[[web.Request], Awaitable[web.Response]]
ROOTS = ("/agentassist/api/v1/public/{app}/campaign", "/campaign/api/v2/public/{app}/campaign")


class KoreSandbox:
    def __init__(self, faults: Faults, traffic: Traffic) -> None:
        self._faults = faults
        self._traffic = traffic
        self.auth = KoreAuth()
        self.limit = Limit()
        self.memory = CampaignState()
        self._operations = Operations(self.memory)

    def reset(self) -> None:
        """Restore the seeded account and forget every recorded call."""
        self.memory.reset()
        self.limit.reset()

    def routes(self) -> list[web.RouteDef]:
        """Return Kore.ai's endpoints and the control API. An empty id is routed too and must find no campaign."""
        does = self._operations
        vendor = [
            route
            for root in ROOTS
            for route in (
                web.post(root, self._serve("create", does.create)),
                web.post(f"{root}/getAllCampaignDetails", self._serve("list", does.list)),
                web.post(f"{root}/contactList/getAllListDetails", self._serve("contact_lists", does.contact_lists)),
                web.post(f"{root}/{{id}}/status", self._serve("status", does.status)),
                web.get(f"{root}/{{id:[^/]*}}", self._serve("get", does.get), allow_head=False),
                web.delete(f"{root}/{{id:[^/]*}}", self._serve("delete", does.delete)),
            )
        ]
        return vendor + control.routes(self.memory, self.limit)

    def _serve(self, operation: str, handler: Handler) -> Handler:
        async def serve(request: web.Request) -> web.Response:
            started = time.perf_counter()
            note = self.memory.note_delete(request.match_info["id"]) if operation == "delete" else {}
            body = await request.text()
            answer, answered = await self._answer(operation, handler, request)
            note["answered"] = answered
            self._traffic.record(
                "to_kore",
                operation,
                status=answered,
                ms=(time.perf_counter() - started) * 1000,
                request={"method": request.method, "path": request.path_qs, "body": _readable(body)},
                response=_readable(answer.text),
            )
            return answer

        return serve

    async def _answer(self, operation: str, handler: Handler, request: web.Request) -> tuple[web.Response, int | str]:
        """Return the response and what the client sees: an HTTP status or "reset"."""
        refused = self.auth.refuse(request) or self.limit.refuse()
        if refused is not None:
            return refused, refused.status
        fault = self._faults.take("kore", operation)
        await self._faults.pause("kore", fault)
        answer = fault_response(fault, request)
        if answer is None:
            answer = await self._perform(operation, handler, request, fault)
        if fault and fault.kind == "lost_answer":
            return reset_connection(request), "reset"
        return answer, "reset" if fault and fault.kind == "reset" else answer.status

    async def _perform(
        self, operation: str, handler: Handler, request: web.Request, fault: Fault | None
    ) -> web.Response:
        if operation == "delete" and fault and fault.kind == "still_there":
            return await self._operations.pretend_delete(request)
        return await handler(request)


def _readable(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return text
