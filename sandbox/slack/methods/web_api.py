"""The Web API endpoint: tokens, arguments, scopes, latency and faults. docs.slack.dev/apis/web-api."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.faults import Fault, Faults, reset_connection
from sandbox.slack import seed
from sandbox.slack.errors import SlackError
from sandbox.slack.manifest import Manifest
from sandbox.slack.methods import chat, conversations, files, people, scopes, views
from sandbox.slack.socket_mode import Sockets
from sandbox.slack.workspace import Workspace
from sandbox.traffic import Traffic

Args = dict[str, Any]
Answer = dict[str, Any]
RETRY_AFTER_SECONDS = 1
BROKEN_UPSTREAM = "upstream connect error or disconnect/reset before headers"  # as Slack's gateway says it
_ORG_WIDE = {"is_enterprise_install": True, "team": None, "team_id": None, "enterprise_id": "E0SANDBOX"}
_STRUCTURED = ("view", "blocks", "attachments", "metadata", "files")
_METHODS: dict[str, Callable[[Workspace, Args], Answer]] = {
    **chat.METHODS, **views.METHODS, **conversations.METHODS, **files.METHODS, **people.METHODS,
}  # fmt: skip


class WebApi:
    """Handles ``/api/<method>``."""

    def __init__(
        self, workspace: Workspace, manifest: Manifest, sockets: Sockets, faults: Faults, traffic: Traffic
    ) -> None:
        self._workspace = workspace
        self._manifest = manifest
        self._sockets = sockets
        self._faults = faults
        self._traffic = traffic

    async def serve(self, request: web.Request) -> web.Response:
        started = time.monotonic()
        method = request.match_info["method"]
        args = await arguments(request)
        token = _token(request, args)
        fault = self._faults.take("slack", method, args)
        await self._faults.pause("slack", fault)
        status, answer = self._broken(fault, method, args) or self._answer(method, token, args)
        lost = fault is not None and fault.kind in ("reset", "lost_answer")
        self._traffic.record(
            "to_slack", method, status="reset" if lost else status, ms=1000 * (time.monotonic() - started),
            request=args, response=None if lost else answer,
        )  # fmt: skip
        if lost:
            return reset_connection(request)
        if fault and fault.kind == "html":
            return web.Response(text=BROKEN_UPSTREAM, status=fault.status)
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._manifest.scopes or ()))}
        if answer.get("error") == "ratelimited":
            after = fault.retry_after_seconds if fault else RETRY_AFTER_SECONDS
            headers["Retry-After"] = str(after)
        return web.json_response(answer, status=status, headers=headers)

    def _broken(self, fault: Fault | None, method: str, args: Args) -> tuple[int, Answer] | None:
        """Return the fault's answer instead of calling the method."""
        if fault is None or fault.kind in ("delay", "lost_answer"):
            return None
        if fault.kind == "rate_limit":
            return 429, {"ok": False, "error": "ratelimited"}
        if fault.kind == "org_wide":
            return 200, {**_auth_test(), **_ORG_WIDE}
        answer: Answer = {"ok": False, "error": fault.error}
        if fault.error == "missing_scope":
            answer["needed"] = scopes.needed_by(method, args, self._workspace)
        return (fault.status if fault.kind == "status" else 200), answer

    def _answer(self, method: str, token: str, args: Args) -> tuple[int, Answer]:
        try:
            return 200, self._call(method, token, args)
        except SlackError as error:
            return (429 if error.code == "ratelimited" else 200), error.body()

    def _call(self, method: str, token: str, args: Args) -> Answer:
        if method == "api.test":
            return {"ok": True, "args": args}
        if method not in _METHODS and method not in ("auth.test", "apps.connections.open"):
            raise SlackError("unknown_method", req_method=method)
        _check_token(method, token)
        if method == "apps.connections.open":
            return {"ok": True, "url": self._sockets.new_link()}
        if method == "auth.test":
            return _auth_test()
        scopes.check(method, args, self._manifest.scopes, self._workspace)
        if method == "views.publish" and not self._manifest.has_home:
            raise SlackError("not_enabled")
        return scopes.withhold(_METHODS[method](self._workspace, args), self._manifest.scopes)


async def arguments(request: web.Request) -> Args:
    """Return the arguments from the query, a form or a JSON body, with JSON inside form fields parsed."""
    args: Args = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json() if request.can_read_body else {}
        args |= body if isinstance(body, dict) else {}
    else:
        args |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name in _STRUCTURED:
        if isinstance(args.get(name), str):
            args[name] = _from_json(args[name])
    return args


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _token(request: web.Request, args: Args) -> str:
    in_body = str(args.pop("token", ""))
    return request.headers.get("Authorization", "").removeprefix("Bearer ") or in_body


def _check_token(method: str, token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if token not in (seed.BOT_TOKEN, seed.APP_TOKEN):
        raise SlackError("invalid_auth")
    if (token == seed.APP_TOKEN) is not (method == "apps.connections.open"):
        raise SlackError("not_allowed_token_type")


def _auth_test() -> Answer:
    return {
        "ok": True, "url": f"https://{seed.TEAM_DOMAIN}.slack.com/", "team": "Sandbox", "user": "campaign_delete",
        "team_id": seed.TEAM, "user_id": seed.BOT_USER, "bot_id": seed.BOT, "is_enterprise_install": False,
    }  # fmt: skip


async def respond(request: web.Request, use: Callable[[str, Args], None], latency_ms: int) -> web.Response:
    """Handle ``/respond/<id>``; the answer is plain text, as from Slack's hooks."""
    await asyncio.sleep(latency_ms / 1000)
    try:
        use(request.match_info["id"], await request.json())
    except SlackError as error:
        gone = error.code in ("used_url", "expired_url", "message_not_found")
        return web.Response(status=404 if gone else 400, text=error.code)
    return web.Response(text="ok")
