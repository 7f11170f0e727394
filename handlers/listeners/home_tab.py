"""The App Home: opened, or one of its lists turned to another page."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.errors import SlackBusyError
from handlers.access.gate import Gate, sender
from handlers.listeners.home_publisher import HomePublisher
from slack_ui.parts import ids
from slack_ui.views import home

Body = dict[str, Any]
# No Home is published for these.
NO_VIEWS = frozenset(
    {
        Denial.OTHER_WORKSPACE,
        Denial.STRANGER,
        Denial.UNKNOWN_PERSON,
        Denial.NO_USER_SCOPE,
        Denial.BOT_REJECTED,
    }
)
log = logging.getLogger(__name__)


class HomeTab:
    """Listens to one event and three buttons, and authorises each."""

    def __init__(self, gate: Gate, screen: HomePublisher) -> None:
        self._gate = gate
        self._screen = screen

    def register(self, app: AsyncApp) -> None:
        app.event("app_home_opened")(self.on_opened)
        for button in (ids.HOME_SHOW_BUTTON, ids.HOME_BACK_BUTTON, ids.HOME_ON_BUTTON):
            app.action(button)(self.on_page)

    async def on_opened(self, body: Body, event: Body) -> None:
        """docs.slack.dev/reference/events/app_home_opened: sent for the Messages tab, too."""
        if event.get("tab") == "home":
            await self._show(body)

    async def on_page(self, ack: AsyncAck, body: Body, action: Body) -> None:
        await ack()
        await self._show(body, home.parse(action.get("value")))

    async def _show(self, body: Body, link: home.HomePageLink | None = None) -> None:
        permit = await self._gate.admit(Action.OPEN_HOME, body)
        try:
            if not isinstance(permit, Denial):
                await self._screen.open(permit.person, link)
            elif permit not in NO_VIEWS:
                await self._screen.deny(sender(body)[1], permit)
        except SlackBusyError as error:
            log.warning("Home refresh failed", extra={"user": sender(body)[1], "error": str(error)})
