"""The control API under /sandbox/kore, for the sandbox page and for tests: see docs/sandbox.md."""

from typing import Any

from aiohttp import web

from sandbox.kore.campaign_state import CampaignState, DateFilter
from sandbox.kore.limit import Limit


def routes(memory: CampaignState, limit: Limit) -> list[web.RouteDef]:
    async def show(_: web.Request) -> web.Response:
        return web.json_response(list(memory.campaigns.values()))

    async def put(request: web.Request) -> web.Response:
        fields = await _object(request)
        if fields is None:
            return web.json_response({"error": "Send the fields of the campaign as a JSON object."}, status=400)
        return web.json_response(memory.put(request.match_info["id"], fields))

    async def put_many(request: web.Request) -> web.Response:
        found = await _object(request)
        if found is None or not all(isinstance(fields, dict) for fields in found.values()):
            return web.json_response({"error": "Send the fields of each campaign by its id, as JSON."}, status=400)
        for campaign_id, fields in found.items():
            memory.put(campaign_id, fields)
        return web.json_response({})

    async def remove(request: web.Request) -> web.Response:
        raw = memory.living(request.match_info["id"])
        if raw is None:
            return web.json_response({"error": "There is no such campaign."}, status=400)
        raw["deleted"] = True
        return web.json_response({})

    async def deletes(_: web.Request) -> web.Response:
        return web.json_response(memory.deletes)

    return [
        web.get("/sandbox/kore/campaigns", show),
        web.put("/sandbox/kore/campaigns", put_many),
        web.put("/sandbox/kore/campaigns/{id}", put),
        web.delete("/sandbox/kore/campaigns/{id}", remove),
        web.get("/sandbox/kore/deletes", deletes),
        _send_route(memory),
        *_list_routes(memory),
        *_limit_routes(limit),
    ]


def _send_route(memory: CampaignState) -> web.RouteDef:
    async def send(request: web.Request) -> web.Response:
        try:
            per_minute = float((await request.json())["per_minute"])
        except (ValueError, TypeError, KeyError):
            return web.json_response({"error": "Send per_minute, a number."}, status=400)
        return web.json_response(memory.send(request.match_info["id"], per_minute))

    return web.post("/sandbox/kore/campaigns/{id}/send", send)


def _list_routes(memory: CampaignState) -> list[web.RouteDef]:
    async def fill(request: web.Request) -> web.Response:
        try:
            memory.fill(int((await request.json())["count"]))
        except (ValueError, TypeError, KeyError):
            return web.json_response({"error": "Send count, a number."}, status=400)
        return web.json_response({"count": len(memory.campaigns)})

    async def set_date_filter(request: web.Request) -> web.Response:
        try:
            memory.date_filter = DateFilter((await request.json())["field"])
        except (ValueError, TypeError, KeyError):
            return web.json_response({"error": f"Send field, one of {', '.join(DateFilter)}."}, status=400)
        return web.json_response({"field": memory.date_filter})

    return [web.post("/sandbox/kore/fill", fill), web.post("/sandbox/kore/date-filter", set_date_filter)]


def _limit_routes(limit: Limit) -> list[web.RouteDef]:
    async def show_limit(_: web.Request) -> web.Response:
        return web.json_response(limit.told())

    async def set_limit(request: web.Request) -> web.Response:
        try:
            wanted = await request.json()
            limit.set(int(wanted["calls"]), float(wanted["seconds"]))
        except (ValueError, TypeError, KeyError):
            return web.json_response({"error": "Send calls and seconds, both numbers."}, status=400)
        return web.json_response(limit.told())

    return [web.get("/sandbox/kore/limit", show_limit), web.post("/sandbox/kore/limit", set_limit)]


async def _object(request: web.Request) -> dict[str, Any] | None:
    try:
        body = await request.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
