"""A user of the sandbox who types, reads and fills in forms, through the page's control API."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from slack_ui.parts import ids

T = TypeVar("T")
PATIENCE_SECONDS = 120
LOOK_EVERY_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5
REASON = "Replaced by the autumn campaign"


async def eventually(look: Callable[[], Any], what: str) -> Any:
    """Return the first true result of the coroutine function ``look``; fail with ``what`` at the time-out."""
    pause_seconds, slower = LOOK_EVERY_SECONDS, getattr(asyncio.get_running_loop(), "looks_slower_by", 1.0)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (seen := await look()):
                await asyncio.sleep(pause_seconds)
                pause_seconds = min(pause_seconds * slower, LONGEST_PAUSE_SECONDS)
            return seen
    except TimeoutError:
        raise AssertionError(f"never seen: {what}") from None


@dataclass
class Person:
    """A user by Slack user id. Everything they see comes from ``/sandbox/state?as=…``."""

    api: httpx.AsyncClient
    id: str
    channel: str = "C0CAMPAIGNS"

    async def does(self, what: str, **body: Any) -> dict[str, Any]:
        answer = await self.api.post(f"/sandbox/{what}", json={"as": self.id, **body})
        assert answer.status_code == httpx.codes.OK, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def sees(self) -> dict[str, Any]:
        state: dict[str, Any] = (await self.api.get("/sandbox/state", params={"as": self.id})).json()
        return state

    async def types(self, text: str) -> None:
        said = await self.does("command", channel=self.channel, text=text)
        assert said["delivered"], said

    async def modal(self, callback_id: str, containing: str = "") -> dict[str, Any]:
        """Return the open modal once it has this callback_id and text."""

        async def look() -> dict[str, Any] | None:
            views = (await self.sees())["views"]
            fits = views and views[-1]["callback_id"] == callback_id and containing in shown(views[-1])
            return views[-1] if fits else None

        try:
            found: dict[str, Any] = await eventually(look, f"modal {callback_id} with {containing!r}")
        except AssertionError as never:
            views = (await self.sees())["views"]
            raise AssertionError(f"{never}, but {shown(views[-1]) if views else 'no modal'}") from None
        return found

    async def asks_to_delete(self, campaign_id: str) -> dict[str, Any]:
        """Type the command and return the complete summary."""
        await self.types(f"{ids.COMMAND} {campaign_id}")
        view = await self.modal(ids.CONFIRM_VIEW)
        return await self._complete(view)

    async def submits(
        self, view: dict[str, Any], phrase: str, reason: str = REASON, id_end: str | None = None, ticket: str = ""
    ) -> dict[str, str]:
        """Submit the form and return its errors. The end of the id is taken from the summary if not given."""
        values = {
            ids.REASON_BLOCK: {ids.REASON_INPUT: reason},
            ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: phrase},
            ids.ID_END_BLOCK: {ids.ID_END_INPUT: end_of_id(view) if id_end is None else id_end},
            ids.TICKET_BLOCK: {ids.TICKET_INPUT: ticket},
        }
        said = await self.does("modal/submit", view_id=view["id"], values=values)
        assert said["delivered"], said
        errors: dict[str, str] = said.get("errors") or {}
        return errors

    async def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        """Return the bot's messages in a channel, oldest first."""
        messages = (await self.sees())["messages"].get(channel or self.channel, [])
        return [message for message in messages if message["user"] == "U0BOT"]

    async def reads(self, text: str, channel: str | None = None) -> dict[str, Any]:
        """Return the bot's newest message in a channel once its text contains ``text``."""

        async def look() -> dict[str, Any] | None:
            found = [message for message in await self.messages(channel) if text in message["text"]]
            return found[-1] if found else None

        message: dict[str, Any] = await eventually(look, f"{text!r} in {channel or self.channel}")
        return message

    async def reads_privately(self, text: str, channel: str | None = None) -> None:
        """Wait for an ephemeral message in a channel whose text contains ``text``."""

        async def look() -> bool:
            messages = (await self.sees())["messages"].get(channel or self.channel, [])
            return any(message["ephemeral"] and text in message["text"] for message in messages)

        await eventually(look, f"an ephemeral with {text!r}")

    async def _complete(self, view: dict[str, Any]) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found = next((found for found in (await self.sees())["views"] if found["id"] == view["id"]), None)
            return found if found and "loading …" not in shown(found) else None

        whole: dict[str, Any] = await eventually(look, f"the whole of {view['id']}")
        return whole


def end_of_id(view: dict[str, Any]) -> str:
    """Return the last four characters of the first id in a view."""
    first = re.search(r"cd-[0-9a-f]{7,8}(-[0-9a-f]+){4}", shown(view["blocks"]))
    return first[0][-4:] if first else ""


def shown(surface: Any) -> str:
    """Return every text in a view, message or block, joined."""
    if isinstance(surface, dict):
        return " ".join(shown(value) for key, value in surface.items() if key not in ("type", "action_id"))
    if isinstance(surface, list):
        return " ".join(shown(item) for item in surface)
    return surface if isinstance(surface, str) else ""
