"""Replies about holds name who can release one, and do not pass a part of the holds off as all."""

from deletion.domain.policy import Policy
from deletion.stores.hold_store import LISTED_AT_MOST
from slack_ui import strings
from slack_ui.messages import hold_notice
from slack_ui.parts.request_form import help_text
from tests.deletion.values import hold


def test_holder_reads_that_an_approver_other_than_them_ends_the_hold() -> None:
    """A requester may hold a campaign, too, and is no approver."""
    for said in (hold_notice.done(hold(), has_begun=False), hold_notice.done(hold(), has_begun=True)):
        assert "an approver other than you" in said.lower()
    assert "an approver other than you" in help_text(Policy())


def test_hold_of_practice_does_not_promise_to_keep_the_campaign_afterwards() -> None:
    """It counts in practice alone, so that real requests could delete the campaign."""
    said = hold_notice.done(hold(application="practice-production"), has_begun=False)
    assert strings.practice.HOLD_ENDS in said
    assert strings.practice.HOLD_ENDS not in hold_notice.done(hold(application="production"), has_begun=False)


def test_others_read_that_any_approver_except_the_holder_ends_the_hold() -> None:
    said = hold_notice.held(hold())
    assert "Any approver except <@U0BOB>" in said


def test_form_that_a_hold_refuses_names_the_way_out() -> None:
    assert "Try again after" in hold_notice.meanwhile(hold())


def test_list_of_holds_says_whether_there_are_more() -> None:
    all_of_them, first_ones = ([hold()] * count for count in (LISTED_AT_MOST, LISTED_AT_MOST + 1))
    assert strings.hold.MORE not in hold_notice.listed(all_of_them)
    said = hold_notice.listed(first_ones)
    assert strings.hold.MORE in said
    assert said.count("Legal asked") == LISTED_AT_MOST


def test_corrections_begin_with_what_was_done() -> None:
    for said in (strings.hold.NO_ID, strings.hold.NO_ID_TO_RELEASE, strings.hold.NO_REASON, strings.hold.SEVERAL_IDS):
        assert said.startswith("Nothing was done")


def test_hold_of_a_campaign_without_a_known_name_is_named_by_its_id() -> None:
    unlisted = hold(campaign_name="")
    for said in (hold_notice.held_before(unlisted), hold_notice.released(unlisted)):
        assert f"`{unlisted.campaign_id}` is" in said
        assert "Unnamed" not in said
