"""Stop a campaign by the one of two documented paths that this Kore.ai knows."""

from http import HTTPStatus

from kore_api.endpoints import Endpoints
from kore_api.errors import KoreError
from kore_api.responses import interpretation
from kore_api.send_trace import BeforeSend
from kore_api.transport import Transport


class StopCall:
    """Remembers which path Kore.ai answered, for the life of the process."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._known = 0

    async def send(self, calls: Transport, campaign_id: str, before_send: BeforeSend) -> str:
        """Send one stop, and return Kore.ai's message.

        A 404 says that the path is wrong if Kore.ai shows the campaign; then the stop is sent by the other path, once.
        Raises as ``Transport.once``.
        """
        paths, known = self._endpoints.stop_campaign(campaign_id), self._known
        try:
            return await calls.once(paths[known], interpretation.stopped, before_send)
        except KoreError as error:
            if not _is_not_found(error) or not await self._is_shown(calls, campaign_id):
                raise
        self._known = 1 - known
        try:
            return await calls.once(paths[1 - known], interpretation.stopped, before_send)
        except KoreError as error:
            if _is_not_found(error):
                self._known = known
            raise

    async def _is_shown(self, calls: Transport, campaign_id: str) -> bool:
        try:
            await calls.read(self._endpoints.get_campaign(campaign_id), interpretation.campaign_read)
        except KoreError:
            return False
        return True


def _is_not_found(error: KoreError) -> bool:
    return error.http_status == HTTPStatus.NOT_FOUND
