"""The paths of a stop, of which one exists at a time: the pages of stop-sms-campaign contradict their siblings."""

from enum import StrEnum

from aiohttp import web

from sandbox.kore.answers import html

STOP_PATHS = (
    "/campaign/api/v1/public/{app}/campaign/{id:cd-[^/]*}",
    "/agentassist/api/v1/public/{app}/campaign/{id:cd-[^/]*}",
    "/campaign/api/v2/public/{app}/campaign//trigger/{id:cd-[^/]*}",
    "/campaign/api/v2/public/{app}/campaign/{id:cd-[^/]*}",
)


class StopPath(StrEnum):
    """The path that exists: as the page of each version prints it, or as its siblings suggest."""

    DOCUMENTED = "documented"
    OTHER = "other"


class StopPaths:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.existing = StopPath.DOCUMENTED

    def refuse(self, request: web.Request) -> web.Response | None:
        """Return a server's 404 page for the path that does not exist."""
        is_documented = request.path.startswith("/campaign/api/v1/") or "//trigger/" in request.path
        return None if is_documented is (self.existing is StopPath.DOCUMENTED) else html(404)

    def routes(self) -> list[web.RouteDef]:
        async def choose(request: web.Request) -> web.Response:
            try:
                self.existing = StopPath((await request.json())["path"])
            except (ValueError, TypeError, KeyError):
                return web.json_response({"error": f"Send path, one of {', '.join(StopPath)}."}, status=400)
            return web.json_response({"path": self.existing})

        return [web.post("/sandbox/kore/stop-path", choose)]
