"""The upload addresses of files, which take no token, and the files as the page opens them."""

import time
from http import HTTPStatus

from aiohttp import web

from sandbox.faults import Fault, Faults, reset_connection
from sandbox.slack.workspace import File, Workspace
from sandbox.traffic import Traffic

OPERATION = "upload"


class Uploads:
    """Handles ``/upload/v1/<ticket>`` and ``/sandbox/files/<id>``."""

    def __init__(self, workspace: Workspace, faults: Faults, traffic: Traffic) -> None:
        self._workspace = workspace
        self._faults = faults
        self._traffic = traffic

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/upload/v1/{ticket}", self._receive), web.get("/sandbox/files/{id}", self._open)]

    async def _receive(self, request: web.Request) -> web.Response:
        started, content = time.monotonic(), await request.read()
        fault = self._faults.take("slack", OPERATION)
        await self._faults.pause("slack", fault)
        status, text = self._broken(fault) or self._keep(request.match_info["ticket"], content)
        is_lost = fault is not None and fault.kind in ("reset", "lost_answer")
        self._traffic.record(
            "to_slack", OPERATION, status="reset" if is_lost else status, ms=1000 * (time.monotonic() - started),
            request={"bytes": len(content)}, response=None if is_lost else text,
        )  # fmt: skip
        return reset_connection(request) if is_lost else web.Response(status=status, text=text)

    def _broken(self, fault: Fault | None) -> tuple[int, str] | None:
        if fault is None or fault.kind in ("delay", "lost_answer"):
            return None
        status = HTTPStatus.TOO_MANY_REQUESTS if fault.kind == "rate_limit" else fault.status
        return int(status), fault.error

    def _keep(self, ticket: str, content: bytes) -> tuple[int, str]:
        file = next((each for each in self._workspace.files.values() if each.ticket == ticket), None)
        if file is None or file.content is not None:
            return int(HTTPStatus.NOT_FOUND), "not found"
        if len(content) != file.size:
            return int(HTTPStatus.BAD_REQUEST), "another length"
        file.content = content
        return int(HTTPStatus.OK), f"OK - {len(content)}"

    async def _open(self, request: web.Request) -> web.Response:
        file: File | None = self._workspace.files.get(request.match_info["id"])
        if file is None or file.content is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, text="There is no such file.")
        headers = {"X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, content_type="text/plain", charset="utf-8", headers=headers)
