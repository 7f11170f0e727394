"""The shapes of Kore.ai's responses."""

from typing import Any

from aiohttp import web

RATE_LIMIT_TEXT = "You've exceeded the per-minute rate limit. Please wait for sometime before retrying."


def success(message: str, data: Any) -> web.Response:
    """docs.kore.ai/…/get-sms-campaign-by-id and its siblings."""
    return web.json_response({"status": "success", "message": message, "data": data})


def failure(message: str, status: int = 200) -> web.Response:
    """docs.kore.ai/…/get-campaign-status: ``status`` is "success" or "failure". The HTTP status is not documented."""
    return web.json_response({"status": "failure", "message": message}, status=status)


def error(message: str, status: int, headers: dict[str, str] | None = None) -> web.Response:
    """docs.kore.ai/ai-for-service/sdk/sdk-security: ``{"errors": [{"msg": …, "code": 401}]}``."""
    body = {"errors": [{"msg": message, "code": status}]}
    return web.json_response(body, status=status, headers=headers)


def html(status: int) -> web.Response:
    """Return the error page of a proxy or gateway in front of Kore.ai."""
    page = f"<!DOCTYPE html><html><head><title>{status}</title></head><body>Please try again.</body></html>"
    return web.Response(text=page, content_type="text/html", status=status)
