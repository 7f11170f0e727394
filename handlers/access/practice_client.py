"""The Slack client of practice: every view and every private reply says so, whichever listener sends it."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from slack_ui.parts.practice import marked_message, marked_view

VIEWS = frozenset({"views.open", "views.update", "views.publish"})
REPLIES = frozenset({"chat.postEphemeral"})


class PracticeClient(AsyncWebClient):
    """Marks views and ephemeral messages. Messages of requests name their application, which says it too."""

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        sent = options.get("json")
        if api_method in VIEWS and sent:
            options["json"] = {**sent, "view": marked_view(sent["view"])}
        elif api_method in REPLIES and sent:
            options["json"] = marked_message(sent)
        return await super().api_call(api_method, **options)


def shown(client: AsyncWebClient, view: View) -> View | dict[str, Any]:
    """Return a view for an acknowledgement, which Slack gets without the client."""
    return marked_view(view.to_dict()) if isinstance(client, PracticeClient) else view


def said(client: AsyncWebClient, message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message for a response_url, or a direct one in place of an ephemeral one."""
    return marked_message(message) if isinstance(client, PracticeClient) else dict(message)
