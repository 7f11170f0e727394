"""The interface through which the engine refreshes the Homes that users have open."""

from typing import Protocol


class Homes(Protocol):
    """The Homes that users have open in Slack."""

    async def open_now(self) -> list[str]:
        """Return the ids of the users whose Homes follow changes."""

    async def overdue(self) -> list[str]:
        """Return the ids of the users whose Homes were not refreshed for a while."""

    async def refresh(self, user_id: str) -> None:
        """Show the present state. Raises SlackBusyError when it should be retried."""
