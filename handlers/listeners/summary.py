"""Show a campaign as it is now in an open modal, for a typed id and for a picked one."""

from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import CampaignPreview, Refused
from deletion.stores.request_queries import RequestQueries
from handlers.replies.loading_modal import Modal, show_twice
from slack_ui import strings
from slack_ui.parts.links import Links
from slack_ui.views import confirm_modal, notice


class Summary:
    def __init__(self, intake: Intake, policy: Policy, lookup: RequestQueries, links: Links) -> None:
        self._intake = intake
        self._policy = policy
        self._lookup = lookup
        self._links = links

    async def show(self, modal: Modal, looked: CampaignPreview | Refused) -> None:
        """Show the summary at once, and again with the campaign's extent; or why there is no summary."""
        if isinstance(looked, Refused):
            await self.refuse(modal, looked)
            return
        asking = self._intake.extent_to_show(looked.campaign, looked.preview)
        await show_twice(modal, asking, lambda extent: confirm_modal.build(looked, extent, self._policy, self._links))

    async def refuse(self, modal: Modal, refused: Refused) -> None:
        link = await self._link(refused.existing)
        await modal.show(notice.refused(refused, self._policy, link))

    async def _link(self, existing: Request | None) -> str:
        """Return a link to the message of an existing request, in mrkdwn."""
        if existing is None:
            return strings.cards.POINTER_LINK
        return self._links.to_current(await self._lookup.messages_of(existing.id), existing.channel_id)
