"""The Home tab: requests that wait for the user's decision, the user's own, other open ones, and recent results."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock, HeaderBlock
from slack_sdk.models.views import View

from deletion.domain.approvals.authorization import Action
from deletion.domain.freeze_and_budget import DeleteLimits, budget
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.kore.health import Health
from deletion.messages.message_order import refused
from deletion.messages.projection import RequestView, under_todays_rule
from deletion.stores.overview import COUNTED, Overview, Section
from deletion.stores.request_queries import Cursor, Page
from slack_ui import strings
from slack_ui.messages import approval_buttons, freeze_notice, home_row, unreached
from slack_ui.parts import ids
from slack_ui.parts.application import named
from slack_ui.parts.blocks import mrkdwn, note, plain
from slack_ui.parts.links import Links
from slack_ui.parts.pager import PageButton, PageLink, pager
from slack_ui.parts.text import date, mention

TITLES = {
    Section.LOOK: strings.lookup_and_home.HOME_LOOK,
    Section.WAITING: strings.lookup_and_home.HOME_WAITING,
    Section.MINE: strings.lookup_and_home.HOME_MINE,
    Section.OTHERS: strings.lookup_and_home.HOME_OTHERS,
    Section.ENDED: strings.lookup_and_home.HOME_ENDED,
}
EMPTY = {
    Section.WAITING: strings.lookup_and_home.HOME_EMPTY_WAITING,
    Section.MINE: strings.lookup_and_home.HOME_EMPTY_MINE,
    Section.ENDED: strings.lookup_and_home.HOME_EMPTY_ENDED,
}
Offers = Mapping[str, tuple[Action, ...]]


class HomePageLink(PageLink):
    """A page of one of the Home's lists."""

    section: Section


@dataclass(frozen=True)
class Served:
    """One Kore.ai application: what limits the user's requests, and the state of the connection to Kore.ai."""

    policy: Policy
    limits: DeleteLimits
    health: Health


@dataclass(frozen=True)
class Home:
    """Everything that one user is shown; ``offers`` are the actions available to them, by request id."""

    overview: Overview
    offers: Offers
    served: tuple[Served, ...]
    may_ask: bool


def blocks(home: Home, links: Links, policies: Policies) -> list[Block]:
    """Build the blocks that stay equal as long as nothing has changed."""
    freeze = home.overview.limits.freeze
    built: list[Block] = [note(strings.practice.HOME_REAL)] if policies.shared.practice else []
    built += [mrkdwn(f"*{strings.freeze.FROZEN_NOW}* {freeze_notice.frozen_by(freeze)}")] if freeze else []
    if home.may_ask and not freeze:
        built += [_find_button(each.policy.application) for each in home.served]
    for section, page in home.overview.pages.items():
        if page.requests or section in _asked_about(home):
            built += _section(section, page, home, links, policies)
    built += _trouble(home)
    return [*built, DividerBlock(), note(strings.lookup_and_home.HOME_HELP)]


def view(built: list[Block], at: datetime, home: Home) -> View:
    """Build the view: the blocks, and what always changes: time, budget and Kore.ai's last answer."""
    as_of = strings.lookup_and_home.HOME_AS_OF.format(when=date(at, seconds=True))
    return _view([note(as_of), *built, *_states(home)])


def not_listed(policy: Policy) -> View:
    """Build the Home of a member who is neither requester nor approver."""
    said = strings.lookup_and_home.HOME_NOT_LISTED.format(
        requesters=_people(policy.requesters), approvers=_people(policy.approvers)
    )
    return _view([_header(strings.lookup_and_home.HOME_TITLE), mrkdwn(said), note(strings.lookup_and_home.HOME_HELP)])


def denied(said: str) -> View:
    return _view([_header(strings.lookup_and_home.HOME_TITLE), mrkdwn(said)])


def paused(at: datetime) -> View:
    """Build the view that replaces a Home that is no longer updated."""
    button = ButtonElement(action_id=ids.HOME_SHOW_BUTTON, text=strings.lookup_and_home.HOME_SHOW)
    return _view([mrkdwn(strings.lookup_and_home.HOME_PAUSED.format(when=date(at))), ActionsBlock(elements=[button])])


def parse(value: str | None) -> HomePageLink | None:
    """Return what a pager's button carries, or None if it does not parse."""
    try:
        return HomePageLink.model_validate_json(value or "")
    except ValidationError:
        return None


def _view(built: list[Block]) -> View:
    return View(type="home", callback_id=ids.HOME_VIEW, blocks=built)


def _asked_about(home: Home) -> set[Section]:
    """Return the lists that are shown even if they are empty."""
    return {Section.WAITING, Section.ENDED, *([Section.MINE] if home.may_ask else [])}


def _find_button(application: str) -> ActionsBlock:
    """Return the button in a block of its own, because Slack allows each action id once in a block."""
    text = f"{named(application)}{strings.lookup_and_home.HOME_FIND}"
    return ActionsBlock(elements=[ButtonElement(action_id=ids.HOME_FIND_BUTTON, text=text, value=application or None)])


def _section(section: Section, page: Page, home: Home, links: Links, policies: Policies) -> list[Block]:
    built: list[Block] = [_header(_title(section, home.overview))]
    built += [note(strings.lookup_and_home.HOME_LOOK_HINT)] if section is Section.LOOK else []
    freeze = home.overview.limits.freeze
    for request in page.requests:
        block_id = f"{ids.BUTTONS_BLOCK}.{section}.{request.id}"
        offered, is_own = home.offers.get(request.id, ()), section is Section.MINE
        messages, policy = home.overview.messages[request.id], policies.of(request)
        link = next(iter(links.targets(messages)), None)
        listed = home.overview.lists.get(request.list_id or "")
        whole = listed.overall if listed else request
        seen = under_todays_rule(RequestView(whole, refused(messages), listed=listed), policy)
        if seen.listed:
            built.append(home_row.of_list(seen.listed, freeze, link, is_own=is_own))
        else:
            built.append(home_row.build(seen.request, freeze, link, is_own=is_own))
        built += [note(text) for text in unreached.untold_approvers(seen, policy)]
        built += approval_buttons.row(request, offered, block_id)
    if not page.requests:
        built.append(note(EMPTY[section]))
    return [*built, *_pager(section, page)]


def _trouble(home: Home) -> list[Block]:
    """Return which connections to Kore.ai are in trouble, in one block for all applications."""
    said = []
    for served in home.served:
        health = served.health
        if health.trouble:
            since = date(health.since) if health.since else strings.modals.UNKNOWN
            said.append(f"{_name(served)}{strings.lookup_and_home.KORE_TROUBLE[health.trouble].format(since=since)}")
    return [_header(strings.lookup_and_home.HOME_KORE), mrkdwn("\n".join(said))] if said else []


def _states(home: Home) -> list[Block]:
    """Return budget and last answer of each application; of named ones in one block, which Slack allows ten texts."""
    told = [(_budget(each), _heard(each)) for each in home.served]
    if any(each.policy.application for each in home.served):
        return [note(*(" ".join(texts) for texts in told))]
    return [note(text) for texts in told for text in texts]


def _budget(served: Served) -> str:
    spent = budget(served.limits, served.policy)
    said = strings.lookup_and_home.HOME_BUDGET.format(
        approved=spent.approved,
        limit=spent.limit,
        yours=spent.approved_for_requester,
        limit_for_one=spent.limit_for_requester,
    )
    not_frozen = "" if served.limits.freeze else f"{strings.lookup_and_home.HOME_NOT_FROZEN} "
    return f"{_name(served)}{not_frozen}{said}"


def _heard(served: Served) -> str:
    at = served.health.answered_at
    if at is None:
        return strings.lookup_and_home.KORE_NOT_ANSWERED_YET
    return strings.lookup_and_home.KORE_ANSWERED.format(when=date(at, seconds=True))


def _name(served: Served) -> str:
    return named(served.policy.application)


def _title(section: Section, overview: Overview) -> str:
    if section is not Section.WAITING or not overview.waiting_count:
        return TITLES[section]
    count = overview.waiting_count
    counted = str(count) if count <= COUNTED else strings.lookup_and_home.HOME_MORE_THAN.format(count=COUNTED)
    return strings.lookup_and_home.HOME_WAITING_COUNTED.format(count=counted)


def _pager(section: Section, page: Page) -> list[Block]:
    def button(action_id: str, text: str, cursor: Cursor | None) -> PageButton:
        return PageButton(action_id, text, HomePageLink(cursor=cursor, section=section) if cursor else None)

    back = button(ids.HOME_BACK_BUTTON, strings.lookup_and_home.HOME_BACK, page.before)
    more = button(ids.HOME_ON_BUTTON, strings.lookup_and_home.HOME_MORE, page.after)
    return pager(f"{ids.PAGER_BLOCK}.{section}", [back, more], TITLES[section])


def _header(text: str) -> HeaderBlock:
    return HeaderBlock(text=plain(text))


def _people(listed: tuple[str, ...]) -> str:
    return ", ".join(mention(name) for name in listed) or strings.lookup_and_home.HOME_NOBODY
