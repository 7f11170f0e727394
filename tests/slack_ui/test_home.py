"""The Home: it keeps Slack's limits with hostile texts and offers only permitted actions."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from deletion.domain.approvals.authorization import Action
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.kore.health import Health, Trouble
from deletion.stores.overview import COUNTED, PAGE, Overview, Section
from deletion.stores.request_queries import Cursor, Page
from sandbox.slack.blocks.rules import check_view
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.undelivered import cure
from slack_ui.views import home
from tests.deletion.values import NOON, campaign, campaign_list, freeze, request
from tests.slack_ui.every_surface import hostile_list
from tests.slack_ui.surfaces import LINKS, WORST, full, told
from tests.stories.person import shown

POLICY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB", "S0APPROVE"))
FREE = DeleteLimits(at=now(), approved=(now(),) * 3, approved_for_requester=(now(),))
FROZEN = replace(FREE, freeze=freeze())
WELL = Health(answered_at=now(), calls=12)
CURSOR = Cursor(at=now(), id="f" * 32)
ALL = (Action.APPROVE, Action.REJECT, Action.CANCEL, Action.STOP)
BUTTONS = dict(zip(ALL, (ids.APPROVE_BUTTON, ids.REJECT_BUTTON, ids.CANCEL_BUTTON, ids.STOP_BUTTON), strict=True))
NOTHING = {section: Page(()) for section in Section}


def view(
    pages: dict[Section, Page],
    count: int = 0,
    offers: home.Offers | None = None,
    *,
    health: Health = WELL,
    limits: DeleteLimits = FREE,
    may_ask: bool = True,
    lists: Sequence[CampaignList] = (),
) -> dict[str, Any]:
    found = {each.id: [told(each)] for page in pages.values() for each in page.requests}
    served, of_lists = (home.Served(POLICY, limits, health),), {each.id: each for each in lists}
    seen = home.Home(Overview(pages, count, found, limits, of_lists), offers or {}, served, may_ask)
    made: dict[str, Any] = home.view(home.blocks(seen, LINKS, Policies([POLICY])), now(), seen).to_dict()
    check_view(made, "home")
    return made


def many(text: str) -> tuple[Request, ...]:
    return tuple(
        full(text).model_copy(update={"state": State.AWAITING_APPROVAL, "expires_at": now()}) for _ in range(PAGE)
    )


@pytest.mark.parametrize("worst", WORST)
def test_hostile_texts_keep_home_within_limits_and_mention_no_user(worst: str) -> None:
    found = many(worst)
    pages = {section: Page(found, before=CURSOR, after=CURSOR) for section in Section}
    made = view(pages, COUNTED + 1, {each.id: ALL for each in found})
    assert len(made["blocks"]) <= 100
    assert "<!channel>" not in shown([block for block in made["blocks"] if block["type"] in ("section", "context")])


@pytest.mark.parametrize("worst", WORST)
def test_home_of_the_most_applications_is_within_limits(worst: str) -> None:
    policies = Policies([POLICY.model_copy(update={"application": f"{n}".rjust(32, "a")}) for n in range(8)])
    troubled = Health(trouble=Trouble.DENIED, since=now(), answered_at=now())
    found = tuple(each.model_copy(update={"application": policies.all[0].application}) for each in many(worst))
    pages = {section: Page(found, before=CURSOR, after=CURSOR) for section in Section}
    shown_in = {each.id: [told(each)] for each in found}
    served = tuple(home.Served(policy, FREE, troubled) for policy in policies.all)
    seen = home.Home(Overview(pages, 1, shown_in, FREE), {each.id: ALL for each in found}, served, may_ask=True)
    made = home.view(home.blocks(seen, LINKS, policies), now(), seen).to_dict()
    check_view(made, "home")
    assert len(made["blocks"]) <= 100
    for policy in policies.all:
        assert shown(made).count(f"{policy.application} · ") >= 3  # a button, the trouble and the budget


def test_requester_sees_that_approvers_are_not_told() -> None:
    asked = full("Spring").model_copy(update={"state": State.AWAITING_APPROVAL, "expires_at": now()})
    card = Message(request_id=asked.id, key="card", kind=MessageKind.CARD, target_id="C0APPROVALS", error="is_archived")
    page = Overview({**NOTHING, Section.MINE: Page((asked,))}, 0, {asked.id: [card]}, FREE)
    built = home.blocks(
        home.Home(page, {}, (), may_ask=True), LINKS, Policies([Policy(approvals_channel="C0APPROVALS")])
    )

    said = strings.delivery.APPROVERS_UNREACHED.format(channel="<#C0APPROVALS>", cure=cure("is_archived"))
    assert said in shown([block.to_dict() for block in built])


def test_empty_home_says_that_lists_are_empty() -> None:
    said = shown(view(NOTHING))
    for words in (
        strings.lookup_and_home.HOME_EMPTY_WAITING,
        strings.lookup_and_home.HOME_EMPTY_MINE,
        strings.lookup_and_home.HOME_EMPTY_ENDED,
    ):
        assert words in said
    assert strings.lookup_and_home.HOME_OTHERS not in said
    assert "As of <!date" in said


def test_home_shows_freeze_and_budget() -> None:
    said = shown(view(NOTHING))
    assert "Requests are not frozen." in said
    assert "3 (limit 10), including 1 requested by you (limit 5)" in said
    frozen = shown(view(NOTHING, limits=FROZEN))
    assert "*All requests are frozen.*" in frozen
    assert "Requests are not frozen." not in frozen


def test_home_offers_deletion_only_to_requesters_while_not_frozen() -> None:
    said = shown(view(NOTHING, may_ask=False))
    assert strings.lookup_and_home.HOME_FIND not in said
    assert strings.lookup_and_home.HOME_MINE not in said
    assert strings.lookup_and_home.HOME_FIND not in shown(view(NOTHING, limits=FROZEN))
    assert strings.lookup_and_home.HOME_FIND in shown(view(NOTHING))


@pytest.mark.parametrize(
    ("health", "said", "unsaid"),
    [
        (Health(), "hasn't answered a call yet", "last answered"),
        (WELL, "Kore.ai last answered <!date", "alls"),
        (
            Health(answered_at=NOON, trouble=Trouble.DENIED, since=NOON),
            "*Kore.ai has rejected my credentials* since <!date",
            "given no usable answer",
        ),
        (
            Health(trouble=Trouble.UNANSWERED, since=NOON),
            "*Kore.ai has given no usable answer* since <!date",
            "last answered",
        ),
    ],
)
def test_home_shows_state_of_kore(health: Health, said: str, unsaid: str) -> None:
    shown_now = shown(view(NOTHING, health=health))
    assert said in shown_now
    assert unsaid not in shown_now


@pytest.mark.parametrize(("count", "said"), [(0, "decision"), (1, "decision: 1"), (20, ": 20"), (21, "more than 20")])
def test_waiting_requests_are_counted_up_to_twenty(count: int, said: str) -> None:
    (title,) = [block["text"]["text"] for block in view(NOTHING, count)["blocks"] if block["type"] == "header"][:1]
    assert title.startswith("Waiting for your decision")
    assert title.endswith(said)


@pytest.mark.parametrize("offered", [(), (Action.STOP,), ALL])
def test_home_has_buttons_only_for_available_actions(offered: tuple[Action, ...]) -> None:
    of = request(state=State.APPROVED)
    made = view({**NOTHING, Section.OTHERS: Page((of,))}, offers={of.id: offered}, may_ask=False)
    rows = [block["elements"] for block in made["blocks"] if block["type"] == "actions"]
    assert [element["action_id"] for row in rows for element in row] == [BUTTONS[action] for action in offered]
    assert all(element["value"] == of.id for row in rows for element in row)
    assert all("Spring Sale" in element["accessibility_label"] for row in rows for element in row)


def test_blocks_are_equal_if_nothing_changed() -> None:
    found = many("Spring")
    pages = {Section.WAITING: Page(found), Section.ENDED: Page(())}
    seen = home.Home(Overview(pages, 5, {each.id: [told(each)] for each in found}, FREE), {}, (), may_ask=True)
    twice = [[block.to_dict() for block in home.blocks(seen, LINKS, Policies([POLICY]))] for _ in range(2)]
    assert twice[0] == twice[1]


def test_page_button_round_trips_and_other_values_are_rejected() -> None:
    made = view({**NOTHING, Section.MINE: Page(many("Spring"), after=CURSOR)}, may_ask=False)
    (row,) = [block for block in made["blocks"] if block["type"] == "actions"]
    (button,) = row["elements"]
    assert home.parse(button["value"]) == home.HomePageLink(section=Section.MINE, cursor=CURSOR)
    for value in (None, "", "{}", button["value"].replace("mine", "yours")):
        assert home.parse(value) is None


def test_denied_and_paused_home_show_one_message() -> None:
    for little, said in (
        (home.not_listed(POLICY), "<@U0BOB>, <!subteam^S0APPROVE>"),
        (home.not_listed(POLICY), f"*Requesters:* {strings.lookup_and_home.HOME_NOBODY}"),
        (home.denied("Ask a full member."), "Ask a full member."),
        (home.paused(now()), "This tab stopped updating"),
    ):
        check_view(little.to_dict(), "home")
        assert said in shown(little.to_dict())


STATES = {Section.LOOK: State.UNKNOWN, Section.ENDED: State.REJECTED}


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("name", ["Spring", "x" * 300])
def test_each_request_is_one_line(section: Section, name: str) -> None:
    state = STATES.get(section, State.AWAITING_APPROVAL)
    of = request(state=state, campaign=CampaignFingerprint.of(campaign(name=name)), expires_at=now())
    rows = [
        block
        for block in view({**NOTHING, section: Page((of,))})["blocks"]
        if of.campaign.campaign_id[-4:] in shown(block)
    ]
    (row,) = rows
    assert row["type"] == "rich_text"
    (line,) = row["elements"]
    assert not [part for part in line["elements"] if "\n" in part.get("text", "")]
    assert len("".join(part.get("text", "") for part in line["elements"])) <= 80
    assert len([part for part in line["elements"] if part["type"] == "user"]) == (section is not Section.MINE)


def test_rebuilt_request_shows_the_new_id() -> None:
    rebuilt = request(state=State.REBUILT, rebuilds="another", created_id="cd-3aefda80-f98e-5f4f-ad41-92803abb4dd2")
    said = shown(view({**NOTHING, Section.ENDED: Page((rebuilt,))}))
    assert "· new ID …4dd2 ·" in " ".join(said.split())


def test_requests_that_need_a_look_come_first_and_say_what_to_do() -> None:
    attempt = Attempt(kind=AttemptKind.CONFIRMED, at=now())
    unknown = request(state=State.UNKNOWN, attempt=attempt)
    made = view({**NOTHING, Section.LOOK: Page((unknown,))})
    titles = [block["text"]["text"] for block in made["blocks"] if block["type"] == "header"]
    assert titles[0] == strings.lookup_and_home.HOME_LOOK
    assert strings.lookup_and_home.HOME_LOOK_HINT in shown(made)
    assert strings.lookup_and_home.HOME_LOOK not in shown(view(NOTHING))


def line_of(listed: CampaignList, section: Section = Section.OTHERS, limits: DeleteLimits = FREE) -> str:
    """Return the text of the one line of a list, which links to its card."""
    stands_for_it = listed.requests[-1]
    made = view({**NOTHING, section: Page((stands_for_it,))}, lists=[listed], limits=limits)
    (row,) = [block for block in made["blocks"] if block["type"] == "rich_text"]
    assert "https://sandbox.slack.com/archives/C0APPROVALS/p" in shown(row)
    assert not [block for block in made["blocks"] if block["type"] == "actions" and ids.STOP_BUTTON in shown(block)]
    return re.sub(r" https://\S+", "", " ".join(shown(row).split()))


@pytest.mark.parametrize(
    ("listed", "emoji", "said"),
    [
        (
            campaign_list(State.DELETED, State.CHANGED, *[State.APPROVED] * 3),
            State.APPROVED,
            "Spring Sale and 4 more · 1 of 5 deleted, 1 changed, 3 waiting · U0ALICE",
        ),
        (
            campaign_list(State.DELETED, State.FAILED, State.APPROVED, paused_on=2),
            State.UNKNOWN,
            "Spring Sale and 2 more · paused · 1 of 3 deleted, 1 not deleted, 1 waiting · U0ALICE",
        ),
        (
            campaign_list(*[State.AWAITING_APPROVAL] * 2, approvals_required=2),
            State.AWAITING_APPROVAL,
            "Spring Sale and 1 more · 0 of 2 deleted, 2 awaiting approval · U0ALICE · 0/2 approvals",
        ),
        (campaign_list(State.DELETED), State.DELETED, "Spring Sale · 1 of 1 deleted · U0ALICE ·"),
    ],
)
def test_list_is_one_line_with_its_progress_and_a_link(listed: CampaignList, emoji: State, said: str) -> None:
    line = line_of(listed)

    assert said in line
    assert strings.cards.EMOJI[emoji] in line


def test_own_list_names_no_requester_and_frozen_one_says_so() -> None:
    listed = campaign_list(State.DELETED, State.APPROVED)

    assert "U0ALICE" not in line_of(listed, Section.MINE)
    assert "Spring Sale and 1 more · frozen · 1 of 2 deleted" in line_of(listed, limits=FROZEN)
    waiting = campaign_list(State.AWAITING_APPROVAL, approvals_required=2)
    assert "frozen · 0 of 1 deleted, 1 awaiting approval · U0ALICE · 0/2 approvals" in line_of(waiting, limits=FROZEN)
    assert "frozen" not in line_of(campaign_list(State.DELETED, State.GONE), limits=FROZEN)


def test_list_whose_campaigns_have_different_approvals_counts_none_for_all() -> None:
    """The first could not be read when the other was approved."""
    made = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, approvals_required=2, expires_at=NOON)
    by_bob = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON)
    first, second = made.requests

    line = line_of(CampaignList(made.id, (first, second.model_copy(update={"decisions": (by_bob,)}))))

    assert "approvals" not in line
    assert "2 awaiting approval · U0ALICE · until" in line


def test_list_names_the_earliest_deadline() -> None:
    """The first waits anew since its approval was withdrawn."""
    made = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, approvals_required=2, expires_at=NOON)
    first, second = made.requests

    line = line_of(CampaignList(made.id, (first.model_copy(update={"expires_at": NOON + timedelta(hours=1)}), second)))

    assert f"until {NOON:%Y-%m-%d %H:%M UTC}" in line


def test_list_with_unknown_results_says_when_they_were_checked_and_not_when_it_changed() -> None:
    made = campaign_list(State.UNKNOWN, State.UNKNOWN, State.DELETED)
    at = [request.changed_at + timedelta(hours=hours) for hours, request in enumerate(made.requests, start=1)]
    moved = [each.model_copy(update={"changed_at": when}) for each, when in zip(made.requests, at, strict=True)]

    line = line_of(CampaignList(made.id, tuple(moved)))

    assert f"· checked {at[0].astimezone(UTC):%Y-%m-%d %H:%M UTC}" in line


@pytest.mark.parametrize("worst", WORST)
def test_lists_of_the_most_campaigns_keep_home_within_limits(worst: str) -> None:
    of_each = {section: [hostile_list(worst, State.AWAITING_APPROVAL) for _ in range(PAGE)] for section in Section}
    pages = {
        section: Page(tuple(each.requests[0] for each in lists), before=CURSOR, after=CURSOR)
        for section, lists in of_each.items()
    }
    made = view(pages, COUNTED + 1, lists=[each for lists in of_each.values() for each in lists])
    assert len([block for block in made["blocks"] if block["type"] == "rich_text"]) == PAGE * len(Section)
    assert "<!channel>" not in shown([block for block in made["blocks"] if block["type"] in ("section", "context")])
