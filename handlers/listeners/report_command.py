"""/campaign-delete report: what became of the requests of a period. Only the sender sees the reply."""

import re
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.domain.text.typed_text import without_marks
from deletion.stores.report_reads import Reports
from handlers.access.gate import Gate
from handlers.listeners.subcommand import arguments, matches
from handlers.replies.private_reply import reply_ephemeral
from slack_ui import strings
from slack_ui.messages import report
from slack_ui.parts import ids
from slack_ui.parts.text import code
from slack_ui.views import refusals

PERIOD = re.compile(r"([1-9][0-9]{0,4})([hdw])")
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
USUAL, MOST = timedelta(days=30), timedelta(days=400)


class ReportCommand:
    """Listens to one subcommand."""

    def __init__(self, gate: Gate, reports: Reports, policy: Policy) -> None:
        self._gate = gate
        self._reports = reports
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("report")])(self.on_report)

    async def on_report(
        self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        await ack()
        permit = await self._gate.admit(Action.LOOK_UP, body)
        said = (
            refusals.denial_text(permit, self._policy)
            if isinstance(permit, Denial)
            else await self._report(arguments(body))
        )
        await reply_ephemeral(client, respond, body, said)

    async def _report(self, typed: str) -> str:
        period = _period(typed)
        if period is None:
            return strings.report.NOT_A_PERIOD.format(typed=code(typed))
        if period > MOST:
            return strings.report.TOO_LONG.format(most=MOST.days)
        until = now()
        return report.text(await self._reports.of(until - period, until))


def _period(typed: str) -> timedelta | None:
    plain = without_marks(typed)
    if not plain:
        return USUAL
    found = PERIOD.fullmatch(plain)
    return int(found[1]) * UNITS[found[2]] if found else None
