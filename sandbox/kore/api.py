"""Stateful Kore.ai accounts: both generations of the campaign API, and its part of the control API."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.faults import Fault, Faults, reset_connection
from sandbox.kore import control
from sandbox.kore.auth import FIRST, SECOND, Credentials, KoreAuth
from sandbox.kore.campaign_state import CampaignState
from sandbox.kore.fault_response import fault_response
from sandbox.kore.limit import Limit
from sandbox.kore.operations import Operations
from sandbox.kore.stop import STOP_PATHS, StopPaths
from sandbox.traffic import Traffic

Handler = Callable[[web.Request], Awaitable[web.Response]]
ROOTS = ("/agentassist/api/v1/public/{app}/campaign", "/campaign/api/v2/public/{app}/campaign")


class Account:
    """An account with its campaigns."""

    def __init__(self, credentials: Credentials) -> None:
        self.auth = KoreAuth(credentials)
        self.limit = Limit()
        self.memory = CampaignState()
        self.does = Operations(self.memory)

    def reset(self) -> None:
        self.memory.reset()
        self.limit.reset()


class KoreSandbox:
    """Kore.ai with two accounts. The control API and the sandbox's page show the first."""

    def __init__(self, faults: Faults, traffic: Traffic) -> None:
        self._faults = faults
        self._traffic = traffic
        self._first, self.second = Account(FIRST), Account(SECOND)
        self.auth, self.limit, self.memory = self._first.auth, self._first.limit, self._first.memory
        self.stop_paths = StopPaths()

    def reset(self) -> None:
        """Restore the seeded accounts and forget every recorded call."""
        self._first.reset()
        self.second.reset()
        self.stop_paths.reset()

    def routes(self) -> list[web.RouteDef]:
        """Return Kore.ai's endpoints and the control API. An empty id is routed too and must find no campaign."""
        vendor = [
            route
            for root in ROOTS
            for route in (
                web.post(root, self._serve("create", lambda does: does.create)),
                web.post(f"{root}/getAllCampaignDetails", self._serve("list", lambda does: does.list)),
                web.post(
                    f"{root}/contactList/getAllListDetails",
                    self._serve("contact_lists", lambda does: does.contact_lists),
                ),
                web.post(f"{root}/{{id}}/status", self._serve("status", lambda does: does.status)),
                web.get(f"{root}/{{id:[^/]*}}", self._serve("get", lambda does: does.get), allow_head=False),
                web.delete(f"{root}/{{id:[^/]*}}", self._serve("delete", lambda does: does.delete)),
            )
        ]
        stops = [web.post(path, self._serve("stop", lambda does: does.stop)) for path in STOP_PATHS]
        return vendor + stops + control.routes(self.memory, self.limit) + self.stop_paths.routes()

    def _serve(self, operation: str, handler_of: Callable[[Operations], Handler]) -> Handler:
        async def serve(request: web.Request) -> web.Response:
            account = self.second if request.match_info["app"] == SECOND.app_id else self._first
            started = time.perf_counter()
            note = account.memory.note_delete(request.match_info["id"]) if operation == "delete" else {}
            body = await request.text()
            answer, answered = await self._answer(operation, account, handler_of(account.does), request)
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

    async def _answer(
        self, operation: str, account: Account, handler: Handler, request: web.Request
    ) -> tuple[web.Response, int | str]:
        """Return the response and what the client sees: an HTTP status or "reset"."""
        refused = account.auth.refuse(request) or account.limit.refuse()
        if operation == "stop":
            refused = refused or self.stop_paths.refuse(request)
        if refused is not None:
            return refused, refused.status
        fault = self._faults.take("kore", operation, {"text": request.match_info.get("id", "")})
        await self._faults.pause("kore", fault)
        answer = fault_response(fault, request)
        if answer is None:
            answer = await self._perform(operation, account, handler, request, fault)
        if fault and fault.kind == "lost_answer":
            return reset_connection(request), "reset"
        return answer, "reset" if fault and fault.kind == "reset" else answer.status

    async def _perform(
        self, operation: str, account: Account, handler: Handler, request: web.Request, fault: Fault | None
    ) -> web.Response:
        is_pretended = fault is not None and fault.kind == "still_there"
        if operation == "delete" and is_pretended:
            return await account.does.pretend_delete(request)
        if operation == "stop" and is_pretended:
            return await account.does.pretend_stop(request)
        return await handler(request)


def _readable(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return text
