"""The Home: it keeps Slack's limits with hostile texts and offers only permitted actions."""

import pytest

from deletion.domain.approvals.authorization import Action
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.kore.health import Health, Trouble
from deletion.stores.overview import COUNTED, PAGE, Overview, Section
from deletion.stores.request_queries import Page
from sandbox.slack.blocks.rules import check_view
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.undelivered import cure
from slack_ui.views import home
from tests.deletion.values import NOON, request
from tests.slack_ui.home_views import CURSOR, FREE, FROZEN, NOTHING, POLICY, WELL, view
from tests.slack_ui.surfaces import LINKS, WORST, full, told
from tests.stories.person import shown

ALL = (Action.APPROVE, Action.REJECT, Action.CANCEL, Action.STOP)
BUTTONS = dict(zip(ALL, (ids.APPROVE_BUTTON, ids.REJECT_BUTTON, ids.CANCEL_BUTTON, ids.STOP_BUTTON), strict=True))


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
