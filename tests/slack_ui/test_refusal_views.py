"""Views that refuse: each says why, quotes the answer, and that no request was made."""

import pytest

from deletion.domain.policy import Refusal, why_unread
from deletion.domain.states import State
from deletion.lifecycle.intake_results import Refused
from kore_api.causes import Cause
from kore_api.errors import KoreServerError, KoreUnreachableError
from kore_api.models import Campaign
from sandbox.slack.blocks.rules import check_view
from slack_ui import strings
from slack_ui.views import confirm_modal, notice, rebuild_modal
from tests.deletion.values import NOON, campaign, freeze, request
from tests.slack_ui.surfaces import POLICY


@pytest.mark.parametrize("refusal", Refusal)
@pytest.mark.parametrize("known", [None, campaign(name="<!here>", status="Active")])
def test_every_refusal_says_why_and_that_no_request_was_made(refusal: Refusal, known: Campaign | None) -> None:
    view = notice.refused(Refused(refusal, known, request()), POLICY).to_dict()
    check_view(view, "modal")
    assert strings.refusals.REFUSALS[refusal][0] in str(view)
    assert strings.modals.NO_REQUEST_MADE in str(view)
    assert "{" not in view["blocks"][-2]["text"]["text"].replace(strings.campaign.DATE, "")


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (Refused(Refusal.DELETED, existing=request(), is_own=True), "I deleted it <!date^"),
        (Refused(Refusal.DELETED, existing=request()), ". <@U0ALICE> asked for that: <link>."),
        (Refused(Refusal.DELETED, existing=request(), is_own=True), ". You asked for that: <link>."),
        (Refused(Refusal.GONE, existing=request(), is_own=True), "I found it gone <!date^"),
        (Refused(Refusal.GONE, existing=request(), is_own=True), ". You had asked me to delete it: <link>."),
        (
            Refused(Refusal.DELETED, existing=request(), rebuild=request(state=State.REBUILT, created_id="cd-2")),
            "<link>. It was rebuilt as `cd-2`.",
        ),
    ],
)
def test_campaign_that_the_bot_deleted_is_refused_with_who_when_and_a_link(refused: Refused, said: str) -> None:
    view = notice.refused(refused, POLICY, "<link>").to_dict()
    assert said in view["blocks"][1]["text"]["text"]
    assert view["blocks"][0]["text"]["text"] == "Spring Sale"


@pytest.mark.parametrize("cause", [*Cause, None])
def test_refusal_names_the_cause_and_quotes_the_answer(cause: Cause | None) -> None:
    unread = KoreServerError("It failed.", "<!here> no Route matched", 404, cause=cause)
    view = notice.refused(Refused(why_unread(unread), unread=unread), POLICY).to_dict()
    check_view(view, "modal")
    said = view["blocks"][0]["text"]["text"]
    assert (strings.refusals.CAUSES[cause] if cause else strings.refusals.REFUSED_BY_KORE) in said
    assert said.endswith("The answer says: `&lt;!here&gt; no Route matched`")


@pytest.mark.parametrize(
    "wrong",
    [confirm_modal.frozen(freeze()), confirm_modal.over_budget(NOON), rebuild_modal.frozen(freeze())],
    ids=["frozen", "over budget", "rebuild frozen"],
)
def test_late_form_error_does_not_claim_that_input_is_kept(wrong: dict[str, str]) -> None:
    said = str(notice.form_errors(wrong.values()).to_dict())
    assert strings.modals.OPEN_AGAIN in said
    assert "stays" not in said


def test_approver_reads_why_the_campaign_could_not_be_read() -> None:
    failure = KoreUnreachableError("Kore.ai could not be reached.", "proxy says no", cause=Cause.PROXY)
    shown = str(notice.unreadable(failure).to_dict())
    for sentence in (strings.refusals.CAUSES[Cause.PROXY], "proxy says no", strings.modals.CAMPAIGN_UNREADABLE[1]):
        assert sentence in shown
