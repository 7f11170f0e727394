"""/campaign-delete status and history, and their pages. Only the user who asked sees the answer."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.approval import under_todays_rule
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.models import Request
from deletion.domain.policies import Policies
from deletion.domain.text.name_query import NameQuery
from deletion.messages.message_order import card_of, refused
from deletion.messages.projection import Rebuilds, RequestView
from deletion.stores.request_queries import NAMES_LOOKED_THROUGH, Cursor, RequestFilter, RequestQueries
from handlers.access.gate import Gate
from handlers.listeners import query_parser
from handlers.listeners.subcommand import arguments, matches
from handlers.replies.private_reply import reply_ephemeral
from kore_api.account import real_account
from slack_ui import strings
from slack_ui.messages import lookup_answer
from slack_ui.messages.lookup_answer import Answer
from slack_ui.parts import ids
from slack_ui.parts.links import Links
from slack_ui.parts.text import code
from slack_ui.views import refusals

PAGE = 10
Body = dict[str, Any]


class StatusAndHistory:
    """Listens to two subcommands and to the page buttons under their answers. Authorises each time."""

    def __init__(
        self, gate: Gate, lookup: RequestQueries, rebuilds: Rebuilds, links: Links, policies: Policies
    ) -> None:
        self._gate = gate
        self._lookup = lookup
        self._rebuilds = rebuilds
        self._links = links
        self._policies = policies

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("status")])(self.on_status)
        app.command(ids.COMMAND, matchers=[matches("history")])(self.on_history)
        app.action(ids.NEWER_BUTTON)(self.on_page)
        app.action(ids.OLDER_BUTTON)(self.on_page)

    async def on_status(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        await self._answer(client, respond, body, lambda _: self._status(arguments(body)))

    async def on_history(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        await self._answer(client, respond, body, lambda permit: self._history(arguments(body), permit.person.id))

    async def on_page(
        self, ack: AsyncAck, body: Body, action: Body, respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        """Replace the answer by another page."""
        await ack()
        await self._answer(client, respond, body, lambda _: self._linked_page(action["value"]), replace=True)

    async def _answer(
        self,
        client: AsyncWebClient,
        respond: AsyncRespond,
        body: Body,
        find: Callable[[Permit], Awaitable[Answer]],
        *,
        replace: bool = False,
    ) -> None:
        permit = await self._gate.admit(Action.LOOK_UP, body)
        if isinstance(permit, Denial):
            text, blocks = lookup_answer.text_only(refusals.denial_text(permit, self._policies.shared))
        else:
            text, blocks = await find(permit)
        await reply_ephemeral(client, respond, body, text, blocks, replace=replace)

    async def _status(self, text: str) -> Answer:
        try:
            asked_about = query_parser.one(text, self._is_ticket)
        except query_parser.SeveralIdsError:
            return lookup_answer.text_only(strings.lookup_and_home.SEVERAL_IDS)
        match asked_about:
            case RequestFilter(campaign_id=None) as wanted:
                return await self._page(wanted)
            case RequestFilter() as wanted:
                return await self._of_campaign(wanted)
            case query_parser.MessageLink(channel_id, ts):
                request = await self._lookup.for_message(channel_id, ts)
                return (
                    await self._whole(request)
                    if request
                    else lookup_answer.text_only(strings.lookup_and_home.NO_REQUEST_THERE)
                )
            case query_parser.RequestId(beginning):
                return await self._with_id(beginning)
            case NameQuery() as query:
                found = await self._lookup.named(query, PAGE + 1)
                return await self._some(found, strings.lookup_and_home.FOUND_BY_NAME.format(most=NAMES_LOOKED_THROUGH))

    async def _of_campaign(self, wanted: RequestFilter) -> Answer:
        """Answer about the newest request for a campaign; about that of each account where several have the id."""
        asked = (await self._lookup.history(wanted, None, PAGE)).requests
        newest = {real_account(each.kore_account): each for each in reversed(asked) if each.kore_account}
        if len(newest) > 1:
            return await self._several(strings.lookup_and_home.OF_SEVERAL_ACCOUNTS, [*newest.values()])
        nothing = strings.lookup_and_home.NO_REQUEST_FOR_CAMPAIGN.format(campaign=wanted.campaign_id)
        return await self._one(*asked[:1], is_asked_again=len(asked) > 1, nothing=nothing)

    def _is_ticket(self, text: str) -> bool:
        return any(policy.is_ticket(text) for policy in self._policies.all)

    async def _some(self, found: list[Request], heading: str) -> Answer:
        if len(found) > PAGE:
            return await self._several(f"{heading} {strings.lookup_and_home.MORE_FOUND}", found[:PAGE])
        if len(found) > 1:
            return await self._several(heading, found)
        return await self._one(*found, nothing=strings.lookup_and_home.NOTHING_FOUND.format(most=NAMES_LOOKED_THROUGH))

    async def _one(self, *found: Request, nothing: str = "", is_asked_again: bool = False) -> Answer:
        if not found:
            return lookup_answer.text_only(nothing)
        request, messages = found[0], (await self._lookup.messages(found))[found[0].id]
        freeze = await self._lookup.freeze() if request.is_open and request.heeds_freeze else None
        rebuildable = await self._rebuilds.state_of(request)
        seen = RequestView(request, refused(messages), freeze, card=card_of(messages), rebuildable=rebuildable)
        return lookup_answer.one(seen, messages, self._links, self._policies.of(request), is_asked_again=is_asked_again)

    async def _with_id(self, beginning: str) -> Answer:
        """Answer about the requests whose id begins like this, and about a list by the id that its messages show."""
        found = await self._lookup.with_id(beginning, PAGE + 1)
        if len(found) == 1 and found[0].id == found[0].list_id:
            return await self._whole(found[0])
        return await self._some(found, strings.lookup_and_home.FOUND_BY_ID)

    async def _whole(self, request: Request) -> Answer:
        """Answer about the request, or about the list whose messages it has."""
        listed = (await self._lookup.lists([request])).get(request.list_id or "")
        if listed is None:
            return await self._one(request)
        whole, messages = listed.overall, (await self._lookup.messages([request]))[request.id]
        freeze = await self._lookup.freeze() if whole.is_open else None
        seen = RequestView(whole, refused(messages), freeze, listed=listed)
        return lookup_answer.of_list(seen, listed, messages, self._links, self._policies.of(whole))

    async def _several(self, heading: str, found: list[Request]) -> Answer:
        messages, freeze = await self._lookup.messages(found), await self._lookup.freeze()
        practises = self._policies.shared.practice
        return lookup_answer.several(heading, self._today(found), messages, self._links, freeze, practises=practises)

    async def _history(self, text: str, person_id: str) -> Answer:
        try:
            wanted = query_parser.many(text, person_id)
        except query_parser.NotAFilterError as error:
            return lookup_answer.text_only(strings.lookup_and_home.NOT_A_FILTER.format(word=code(str(error))))
        except query_parser.SeveralIdsError:
            return lookup_answer.text_only(strings.lookup_and_home.SEVERAL_IDS)
        return await self._page(wanted)

    async def _linked_page(self, value: str | None) -> Answer:
        link = lookup_answer.parse(value)
        return (
            await self._page(link.wanted, link.cursor)
            if link
            else lookup_answer.text_only(strings.lookup_and_home.PAGE_LOST)
        )

    async def _page(self, wanted: RequestFilter, cursor: Cursor | None = None) -> Answer:
        page = await self._lookup.history(wanted, cursor, PAGE)
        messages = await self._lookup.messages(page.requests)
        page = replace(page, requests=tuple(self._today(page.requests)))
        freeze, practises = await self._lookup.freeze(), self._policies.shared.practice
        return lookup_answer.page(page, wanted, messages, self._links, freeze, practises=practises)

    def _today(self, found: Iterable[Request]) -> list[Request]:
        return [under_todays_rule(each, self._policies.of(each)) for each in found]
