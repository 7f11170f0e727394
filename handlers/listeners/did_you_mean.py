"""/campaign-delete with a mistyped subcommand: say which ones exist, and offer a button that searches instead."""

from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from deletion.domain.text.typed_text import campaign_ids, first_word, unfold
from deletion.domain.text.visible_text import visible_text
from handlers.access.gate import Gate
from handlers.listeners.subcommand import SUBCOMMANDS, typed_in, when
from handlers.replies.private_reply import reply_ephemeral
from slack_ui.messages import suggestion
from slack_ui.parts import ids
from slack_ui.views import refusals

VERBS = frozenset({"delete", "remove", "search", "find"})  # before what the command itself does
OTHER_WORDS = {
    "list": ("status", "history"), "show": ("status", "history"), "pending": ("status",), "log": ("history",),
    "resume": ("unfreeze",), "usage": ("help",),
}  # fmt: skip
ABBREVIATED_FROM = 3
LONG_FROM = 7  # letters: two typing errors in such a word leave it recognisable if its first letter is right


@dataclass(frozen=True)
class Suggestion:
    """The subcommands that a word may mean, and what to search for without a verb before it."""

    subcommands: tuple[str, ...] = ()
    searched: str = ""


def suggest(text: str) -> Suggestion | None:
    """Return what a text may mean that looks like a subcommand and is none, or None."""
    word, rest = first_word(text)
    if word in SUBCOMMANDS:
        return None
    if word in VERBS:
        return None if campaign_ids(text) else Suggestion(searched=visible_text(unfold(rest)))
    meant = tuple(subcommand for subcommand in SUBCOMMANDS if _is_near(word, subcommand, is_alone=not rest))
    if not rest:
        meant = meant or OTHER_WORDS.get(word, ())
    return Suggestion(meant) if meant else None


def _is_near(word: str, subcommand: str, *, is_alone: bool) -> bool:
    """Return whether a word is a mistyped or shortened subcommand. ``help`` is short and takes no words after it."""
    if is_alone and len(word) >= ABBREVIATED_FROM and subcommand.startswith(word):
        return True
    if subcommand == "help" and not is_alone:
        return False
    errors = 2 if len(subcommand) >= LONG_FROM and word[:1] == subcommand[0] else 1
    return OSA.distance(word, subcommand, score_cutoff=errors) <= errors


class DidYouMean:
    """Listens to commands that are near a subcommand. A search would offer campaigns for deletion instead."""

    def __init__(self, gate: Gate, policy: Policy) -> None:
        self._gate = gate
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[when(lambda text: suggest(text) is not None)])(self.on_command)

    async def on_command(
        self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        await ack()
        permit, typed = await self._gate.admit(Action.HELP, body), typed_in(body)
        if isinstance(permit, Denial):
            await reply_ephemeral(client, respond, body, refusals.denial_text(permit, self._policy))
        elif meant := suggest(typed):
            text, blocks = suggestion.build(meant.subcommands, meant.searched, visible_text(unfold(typed)))
            await reply_ephemeral(client, respond, body, text, blocks)
