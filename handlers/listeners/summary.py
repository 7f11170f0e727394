"""A campaign as it is now, put into a modal that stands open: for an id that was typed and for one that was chosen."""

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.policy import Policy
from deletion.lifecycle.intake import CampaignPreview, Intake, Refused
from handlers.replies.loading_modal import update_view
from slack_ui.views import confirm_modal, notice


class Summary:
    def __init__(self, intake: Intake, policy: Policy) -> None:
        self._intake = intake
        self._policy = policy

    async def show(self, client: AsyncWebClient, view_id: str, looked: CampaignPreview | Refused) -> None:
        """The summary at once, and again when Kore.ai has told how far the campaign reaches; or why there is none."""
        if isinstance(looked, Refused):
            await update_view(client, view_id, notice.refused(looked, self._policy.deletable_statuses))
            return
        extent = asyncio.create_task(self._intake.extent(looked.campaign))
        await update_view(client, view_id, confirm_modal.build(looked, None, self._policy))
        await update_view(client, view_id, confirm_modal.build(looked, await extent, self._policy))
