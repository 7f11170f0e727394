"""A request or a list is one row of the Home: its state, its progress, and what to do."""

import re
from datetime import UTC, timedelta

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Decision, Verdict
from deletion.domain.states import State
from deletion.stores.overview import COUNTED, PAGE, Section
from deletion.stores.request_queries import Page
from slack_ui import strings
from slack_ui.parts import ids
from tests.deletion.values import NOON, campaign, campaign_list, request
from tests.slack_ui.home_views import CURSOR, FREE, FROZEN, NOTHING, view
from tests.slack_ui.hostile_values import hostile_list
from tests.slack_ui.surfaces import WORST
from tests.stories.person import shown

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
