"""Publish a user's Home: what they may see now, and nothing that they may no longer see."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.approval import available_actions
from deletion.domain.approvals.authorization import Action, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Person, RequestParties
from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.records import ARRIVES_WITHIN, UNANSWERED
from deletion.domain.states import State
from deletion.kore.health import KoreHealth
from deletion.stores.home_store import Homes, HomeSession
from deletion.stores.overview import Overview, overview
from deletion.stores.request_queries import RequestQueries
from handlers.access.slack_directory import SlackDirectory
from slack_ui.parts.api_error import SLACK_ERRORS, domain_error
from slack_ui.parts.links import Links
from slack_ui.views import home, refusals

SHOWN_AGAIN = timedelta(minutes=10)  # even without a change: no event says that a right was taken away
log = logging.getLogger(__name__)


class HomePublisher:
    """The user comes from the gate when they act, and from ``directory`` when a request changes.

    ``health`` is by the application's name.
    """

    def __init__(  # noqa: PLR0913 - one part for each thing that a Home shows
        self,
        client: AsyncWebClient,
        *,
        directory: SlackDirectory,
        lookup: RequestQueries,
        homes: Homes,
        health: Mapping[str, KoreHealth],
        links: Links,
        policies: Policies,
    ) -> None:
        self._client = client
        self._directory = directory
        self._lookup = lookup
        self._homes = homes
        self._health = health
        self._links = links
        self._policies = policies
        self._policy = policies.shared

    async def open(self, person: Person, link: home.HomePageLink | None = None) -> None:
        """Show the Home from its first page, or with one list turned to another page."""
        opened = HomeSession(user_id=person.id, opened_at=now())
        if link:
            before = await self._homes.of(person.id) or opened
            opened = opened.model_copy(update={"cursors": {**before.cursors, link.section: link.cursor}})
        await self._homes.keep(opened)
        await self._show(person, opened)

    async def deny(self, user_id: str, why: Denial) -> None:
        """Show only why the Home is denied."""
        await self._publish(user_id, home.denied(refusals.denial_text(why, self._policy)))
        await self._homes.forget(user_id)

    async def refresh(self, user_id: str) -> None:
        """Show the current state. Raises SlackBusyError if it should be retried."""
        opened = await self._homes.of(user_id)
        while opened:
            if opened.is_over:
                await self._publish(user_id, home.paused(now()))
                is_current = await self._homes.forget(user_id, opened.opened_at)
            else:
                is_current = await self._show(await self._directory.person(user_id, self._policy.user_groups), opened)
            if is_current:
                return
            # The user turned a page meanwhile, and this may have been published after it: publish that page again.
            turned = await self._homes.of(user_id)
            opened = turned and turned.model_copy(update={"shown": ""})

    async def open_now(self) -> list[str]:
        """Return the ids of users whose Homes are kept up to date."""
        return await self._homes.open_now()

    async def overdue(self) -> list[str]:
        """Return the ids of users whose Homes were not published for a while."""
        return await self._homes.shown_before(now() - SHOWN_AGAIN)

    async def _show(self, person: Person, opened: HomeSession) -> bool:
        """Return False if the user has turned to another page meanwhile."""
        why = authorise(Action.OPEN_HOME, person, self._policy)
        if not isinstance(why, Denial):
            why = authorise(Action.LOOK_UP, person, self._policy)
        if why is Denial.NOT_ON_A_LIST:
            return await self._put_static(opened, home.not_listed(self._policy))
        if isinstance(why, Denial):
            return await self._put_static(
                opened, home.denied(refusals.denial_text(self._directory.cause_of(why), self._policy))
            )
        shown = await self._home(person, opened)
        built = home.blocks(shown, self._links, self._policies)
        view = home.view(built, now(), shown)
        return await self._put(opened, view, [block.to_dict() for block in built])

    async def _put_static(self, opened: HomeSession, view: View) -> bool:
        """Publish a Home that needs no updates. Keep following a user who saw more before: Slack may recover."""
        is_current = await self._put(opened, view, view.to_dict())
        if not opened.shown:
            await self._homes.forget(opened.user_id)
        return is_current

    async def _put(self, opened: HomeSession, view: View, content: Any) -> bool:
        """Publish the view, unless the same ``content`` was published recently."""
        marked = content if not self._policy.practice else ["practice", content]
        shown = hashlib.sha256(json.dumps(marked).encode()).hexdigest()
        is_recent = opened.shown_at is not None and now() - opened.shown_at < SHOWN_AGAIN
        if shown == opened.shown and is_recent:
            return True
        try:
            is_taken = await self._publish(opened.user_id, view)
        except SlackBusyError as error:
            if error.retry_after_seconds is None:
                soon = now() - SHOWN_AGAIN + ARRIVES_WITHIN
                await self._homes.record_shown(opened.model_copy(update={"shown": UNANSWERED, "shown_at": soon}))
            raise
        if not is_taken:
            await self._homes.forget(opened.user_id)
            return True
        # A change does not postpone the next refresh: what got no answer may arrive after this view.
        shown_at = opened.shown_at if is_recent else now()
        return await self._homes.record_shown(opened.model_copy(update={"shown": shown, "shown_at": shown_at}))

    async def _home(self, person: Person, opened: HomeSession) -> home.Home:
        is_approver, is_escalation_approver = (
            person.is_on(listed) for listed in (self._policy.approvers, self._policy.escalation_approvers)
        )
        seen = await overview(
            self._lookup,
            person,
            opened.cursors,
            is_approver=is_approver or is_escalation_approver,
            only_escalated=not is_approver,
        )
        offers, served = await asyncio.gather(
            self._offers(person, seen), asyncio.gather(*(self._served(person, each) for each in self._policies.all))
        )
        return home.Home(seen, offers, tuple(served), may_ask=person.is_on(self._policy.requesters))

    async def _served(self, person: Person, policy: Policy) -> home.Served:
        limits, health = await asyncio.gather(
            self._lookup.delete_limits(person.team_id, person.id, policy.kore_account),
            self._health[policy.application].now(),
        )
        return home.Served(policy, limits, health)

    async def _offers(self, person: Person, seen: Overview) -> home.Offers:
        """Return what the user may do with each request of its own; a list is decided on its card."""
        shown = [request for page in seen.pages.values() for request in page.requests]
        found = {request.id: request for request in shown if request.is_open and not request.list_id}
        parties = await asyncio.gather(*(self._parties(person, request) for request in found.values()))
        return {each.request.id: self._available(person, each, seen.limits) for each in parties}

    def _available(self, person: Person, parties: RequestParties, limits: DeleteLimits) -> tuple[Action, ...]:
        if parties.request.is_practice is not self._policy.practice:
            return ()
        return available_actions(person, parties, self._policies.of(parties.request), limits)

    async def _parties(self, person: Person, request: Request) -> RequestParties:
        """Look up requester and approvers only for a user who might decide the request."""
        might_judge = request.state is State.AWAITING_APPROVAL and person.is_on(self._policy.approvers_of(request))
        if not might_judge:
            return RequestParties(request)
        return await self._directory.parties_of(request, self._policies.of(request).groups_for(request))

    async def _publish(self, user_id: str, view: View) -> bool:
        """Return False if Slack refuses this user's Home until something is changed. Raises SlackBusyError."""
        try:
            await self._client.views_publish(user_id=user_id, view=view)
        except SLACK_ERRORS as error:
            meaning = domain_error(error)
            if isinstance(meaning, SlackBusyError):
                raise meaning from None
            log.warning("Home cannot be published", extra={"user": user_id, "error": str(meaning)})
            return False
        return True
