"""The operations of Kore.ai's campaign API without faults, one method each."""

from typing import Any

from aiohttp import web

from sandbox.kore.answers import failure, success
from sandbox.kore.campaign_state import CampaignState, as_read, now_text

TYPES = ("sms", "voice")
LONGEST_NAME = 48
REQUIRED = ("name", "description", "contactLists", "priority", "format")


class Operations:
    def __init__(self, memory: CampaignState) -> None:
        self._memory = memory

    async def get(self, request: web.Request) -> web.Response:
        """docs.kore.ai/…/get-sms-campaign-by-id and get-voice-campaign-by-id: one URL for both."""
        raw = self._memory.living(request.match_info["id"])
        if raw is None:
            return failure("Campaign not found", 404)
        return success(f"Campaign {raw.get('name')} retrieved successfully", as_read(raw))

    async def status(self, request: web.Request) -> web.Response:
        """docs.kore.ai/…/get-campaign-status: ``id``, not ``_id``, and no message."""
        raw = self._memory.living(request.match_info["id"])
        if raw is None:
            return failure("Campaign not found", 404)
        data = {"id": raw["_id"], "status": raw.get("status"), "name": raw.get("name")}
        return web.json_response({"status": "success", "data": data})

    async def list(self, request: web.Request) -> web.Response:
        """docs.kore.ai/…/get-all-campaigns: ``type`` is required, and the message has two spaces."""
        wanted = await _json(request)
        if wanted.get("type") not in TYPES:
            return failure("type must be sms or voice", 400)
        return success("Campaign  retrieved successfully", self._memory.page(wanted))

    async def contact_lists(self, request: web.Request) -> web.Response:
        """docs.kore.ai/…/get-all-contact-lists: all of them in one array, no pages."""
        if request.query.get("type") != "call":
            return failure("type must be call", 400)
        return success("", self._memory.contact_lists)

    async def create(self, request: web.Request) -> web.Response:
        """docs.kore.ai/…/create-sms-campaign-without-template, -using-template and -advanced-format."""
        draft = await _json(request)
        missing = [name for name in REQUIRED if not draft.get(name)]
        missing += [] if draft.get("message") or draft.get("experienceFlowName") else ["message"]
        if missing or request.query.get("campaignType") != "sms" or len(draft["name"]) > LONGEST_NAME:
            return failure(f"Invalid campaign: {', '.join(missing) or 'name'}", 400)
        raw = self._memory.create(draft)
        return success(f"Campaign {raw['name']} creation in progress", as_read(raw))

    async def stop(self, request: web.Request) -> web.Response:
        """docs.kore.ai/…/stop-sms-campaign: ``status`` is the campaign's, and there is no ``data``."""
        answer = await self.pretend_stop(request)
        if answer.status == 200:  # noqa: PLR2004 - the one success below
            self._memory.stop(request.match_info["id"])
        return answer

    async def pretend_stop(self, request: web.Request) -> web.Response:
        """Return the same response without stopping the campaign."""
        raw = self._memory.living(request.match_info["id"])
        if raw is None:
            return failure("Campaign not found", 404)
        if request.query.get("campaignType") != raw["campaignType"] or request.query.get("trigger") != "stop":
            return failure("campaignType or trigger does not fit this campaign", 400)
        told = {"message": "Campaign Stopped", "updatedAt": now_text(), "campaignExecutionType": "NORMAL"}
        return web.json_response({"status": "Stopped", **told})

    async def delete(self, request: web.Request) -> web.Response:
        """docs.kore.ai/…/delete-sms-campaign: the response shows the campaign as it last was."""
        answer = await self.pretend_delete(request)
        if answer.status == 200:  # noqa: PLR2004 - the one success above
            self._memory.campaigns[request.match_info["id"]]["deleted"] = True
        return answer

    async def pretend_delete(self, request: web.Request) -> web.Response:
        """Return the same response without deleting the campaign."""
        raw = self._memory.living(request.match_info["id"])
        if raw is None:
            return failure("Campaign not found", 404)
        if request.query.get("campaignType") != raw["campaignType"]:
            return failure("campaignType does not fit this campaign", 400)
        return success(f"Campaign {raw.get('name')} deleted successfully", as_read(raw))


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
