"""A mock of Slack's client of a few methods, because a mock of all its 300 takes a fifth of a second."""

from typing import Any
from unittest.mock import NonCallableMagicMock, create_autospec

from slack_sdk.web.async_client import AsyncWebClient

CLIENT = AsyncWebClient(retry_handlers=[])


def client_with(*methods: str) -> Any:
    """Return a mock of a client with these methods alone, which check their arguments."""
    client = NonCallableMagicMock(spec_set=methods)
    for method in methods:
        setattr(client, method, create_autospec(getattr(CLIENT, method)))
    return client
