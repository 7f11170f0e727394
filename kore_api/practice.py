"""The HTTP client of practice: it sends reads, and refuses everything else before a connection is used."""

import re
from typing import Any

import httpx

from kore_api.errors import KorePracticeError

READING_METHODS = frozenset({"GET", "HEAD"})
# The reads that Kore.ai documents as POST, of both versions of the API.
READING_POSTS = re.compile(
    r"/(agentassist/api/v1|campaign/api/v2)/public/[^/]+/campaign/"
    r"(getAllCampaignDetails|contactList/getAllListDetails|[^/]+/status)"
)
READING_QUERY = frozenset({"accountId", "type", "view"})


class PracticeClient(httpx.AsyncClient):
    """Sends no request that may change something at Kore.ai.

    Every call of httpx ends in ``send``, with or without a proxy. A request that is not known to read is refused, so a
    new operation is refused until it is listed here.
    """

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a read. Raises KorePracticeError for any other request, which then has not left."""
        if not only_reads(request):
            raise KorePracticeError(f"Kore.ai was not asked, because this is practice: {request.method}.")
        return await super().send(request, **options)


def only_reads(request: httpx.Request) -> bool:
    """Return whether a request is known to change nothing at Kore.ai."""
    if request.method in READING_METHODS:
        return True
    path = request.url.raw_path.decode("ascii").partition("?")[0]
    is_listed = READING_POSTS.fullmatch(path) is not None and set(request.url.params) <= READING_QUERY
    return request.method == "POST" and is_listed
