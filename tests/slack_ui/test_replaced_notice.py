"""A freeze notice that Slack no longer lets the bot edit is replaced by a new one; that of the end stays true."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import FreezeEvent, FreezeNotice
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from sandbox.faults import Fault
from sandbox.server import running
from sandbox.slack import seed
from slack_ui.messages import freeze_notice
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links
from tests.deletion.values import freeze

ROOM = "C0APPROVALS"


async def test_notice_that_can_no_longer_be_edited_is_deleted_and_posted_again() -> None:
    async with running(latency_ms=0) as slack, aiohttp.ClientSession() as session:
        client = AsyncWebClient(seed.BOT_TOKEN, f"{slack.url}/api/", session=session, retry_handlers=[])
        projector = SlackProjector(client, Policies([Policy()]), Links("https://sandbox.slack.com/"))
        frozen = freeze()
        notice = FreezeNotice(freeze_id=frozen.id, event=FreezeEvent.FROZEN, target_id=ROOM)
        first = await projector.tell(frozen, notice, {}, withheld=False)
        slack.faults.add(Fault("slack", operation="chat.update", kind="error", error="edit_window_closed", times=None))

        second = await projector.tell(frozen, notice.model_copy(update={"ts": first}), {}, withheld=False)

        assert [message.ts for message in slack.slack.workspace.messages[ROOM]] == [second]


def test_notice_of_the_end_expects_no_reason_for_a_freeze_that_is_over() -> None:
    over = freeze(reason="", lifted_by="U0CAROL", lifted_at=now())
    notice = FreezeNotice(freeze_id=over.id, event=FreezeEvent.UNFROZEN, target_id=ROOM)

    said = str(freeze_notice.build(over, notice, {}))

    assert "No reason given" in said
    assert "yet" not in said
