"""What the summary of a campaign shows, and what it asks for."""

from datetime import datetime, timedelta

import pytest

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import Difference
from kore_api.models import Campaign
from sandbox.slack.blocks.rules import check_view
from slack_ui import strings
from slack_ui.parts import blast_radius, campaign_summary, differences, form_promise, ids, request_form
from slack_ui.views import confirm_modal
from tests.deletion.values import NOON, campaign, listed, preview, request
from tests.slack_ui.surfaces import NONE_ALIKE, POLICY, WORST, lines, summary


@pytest.mark.parametrize("worst", WORST)
def test_summary_with_hostile_texts_keeps_limits_and_every_field(worst: str) -> None:
    shown = campaign(
        name=worst, description=worst, status=worst, format=worst or "x", contactLists=[worst] * 30,
        dialingStrategy={"callingHours": {"timezone": worst, "frequency": worst, "days": [{"day": worst}] * 40}},
    )  # fmt: skip
    view = summary(shown)
    check_view(view, "modal")
    assert "Contact lists" in str(view)
    assert "<!channel>" not in str([block for block in view["blocks"] if block["type"] == "section"])


def test_missing_values_are_shown_as_unknown_not_zero() -> None:
    bare = Campaign.model_validate({"_id": "cd-3aefda80-f98e-5f4f-ad41-92803abb0001", "name": "Bare"})
    said = str([block.to_dict() for block in campaign_summary.build(bare, Extent())])
    assert said.count("unknown") >= 9
    assert "0" not in said.replace(bare.id, "")


def test_zero_is_shown_and_sizes_have_thousands_separator() -> None:
    said = str(summary(campaign()))
    assert lines(summary(campaign()))["Messages sent so far"] == "0"
    assert "Stopped · 0 sent · 1,204 contacts" in said
    assert "Renewals: 1,204 contacts" in said


def test_one_contact_is_no_plural() -> None:
    shown = str(summary(campaign(), Extent(list_sizes={"Renewals": 1}, messages_sent=1)))
    assert "1 sent · 1 contact'" in shown
    assert "Renewals: 1 contact" in shown
    assert "1 contacts" not in shown
    half_known = Extent(list_sizes={"Renewals": 1})
    assert blast_radius.line("", half_known, ("Renewals", "Others")).endswith(" at least 1 contact")


def test_messages_sent_of_the_cached_list_say_their_age() -> None:
    view = summary(campaign(), Extent(messages_sent=137, sent_as_of=NOON))
    assert lines(view)["Messages sent so far"] == "137, as of 2026-01-01 12:00 UTC"


def test_summary_shows_loading_until_extent_is_known() -> None:
    assert str(summary(campaign(), None)).count(strings.modals.COUNTING) == 4


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["MO", "TU", "WE"], "Mon to Wed"),
        (["MO", "WE"], "Mon, Wed"),
        (["SA", "SU"], "Sat, Sun"),
        (["MO", "XX"], "Mon, XX"),
        ([None], "unknown day"),
    ],
)
def test_consecutive_calling_days_are_shown_as_range(days: list[str | None], said: str) -> None:
    hours = {"days": [{"day": day, "start": "9:00 AM", "end": "6:00 PM"} for day in days], "timezone": "Asia/Kolkata"}
    spoken = campaign_summary.calling_hours(campaign(dialingStrategy={"callingHours": hours}))
    assert spoken == f"{said} 9:00 AM - 6:00 PM (Asia/Kolkata)"


@pytest.mark.parametrize("letter", ["x", "&", "🔥"])
def test_long_calling_hours_are_cut_part_by_part(letter: str) -> None:
    long = letter * 10_000
    days = [{"day": long, "start": f"{number}{long}", "end": long} for number in range(40)]
    hours = {"days": days, "timezone": f"Asia/Kolkata {long}", "frequency": "WEEKLY"}
    said = str(summary(campaign(dialingStrategy={"callingHours": hours})))
    for part in ("6" + letter, "and 33 more", "Asia/Kolkata", "weekly"):
        assert part in said


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (None, "unknown"),
        ({}, "unknown"),
        ({"isSchedulingEnabled": False}, "Not scheduled"),
        ({"isSchedulingEnabled": True}, "Scheduled"),
        ({"isSchedulingEnabled": True, "isRecurrenceEnabled": True}, "Scheduled, recurring"),
    ],
)
def test_schedule_is_described(plan: dict[str, bool] | None, said: str) -> None:
    assert campaign_summary.schedule(campaign(schedule=plan)) == said


def test_summary_hides_phone_number_and_message() -> None:
    said = str(summary(campaign()))
    assert "30123456" not in said
    assert "SGVsbG8" not in said
    assert "Hello" not in said


def test_confirm_form_round_trips() -> None:
    view = summary(campaign())
    typed = {
        ids.REASON_BLOCK: {ids.REASON_INPUT: {"value": "  Because  "}},
        ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: {"value": None}},
    }
    form = confirm_modal.parse({**view, "state": {"values": typed}})
    assert (form.preview_id, form.reason, form.phrase) == (form_promise.ids_of(view), "Because", "")
    assert {block["block_id"] for block in view["blocks"] if block["type"] == "input"} == set(typed)
    assert set(confirm_modal.errors(form, preview(), POLICY)) == {ids.REASON_BLOCK, ids.PHRASE_BLOCK}


@pytest.mark.parametrize("worst", WORST)
@pytest.mark.parametrize("as_of", [None, NOON])
def test_similar_names_with_hostile_texts_keep_limits(worst: str, as_of: datetime | None) -> None:
    alike = SimilarNames(tuple(listed(number, worst, status=worst) for number in range(20)), as_of)
    view = summary(campaign(), alike=alike)
    check_view(view, "modal")
    assert "and 15 more" in str(view)
    assert "<!channel>" not in str([block for block in view["blocks"] if block["type"] == "section"])


@pytest.mark.parametrize(
    ("alike", "asks"),
    [
        (NONE_ALIKE, False),
        (SimilarNames(), True),
        (SimilarNames((listed(1, "Spring Sales"),)), True),
        (SimilarNames((listed(1, "Spring Sales"),), NOON), True),
    ],
)
def test_end_of_id_is_required_if_names_are_or_may_be_similar(alike: SimilarNames, *, asks: bool) -> None:
    view = summary(campaign(), alike=alike)
    assert (ids.ID_END_BLOCK in {block.get("block_id") for block in view["blocks"]}) == asks
    assert (":mag:" in str(view)) == asks


@pytest.mark.parametrize(
    ("typed", "wrong"), [("0001", False), (" 0001 ", False), ("", True), ("000", True), ("0002", True)]
)
def test_end_of_id_requirement_comes_from_preview(typed: str, *, wrong: bool) -> None:
    seen, form = (
        preview(),
        confirm_modal.Form(preview_id="p", reason="Because of it", phrase="Spring Sale", id_end=typed),
    )
    assert confirm_modal.errors(form, seen, POLICY) == {}
    asked = seen.model_copy(update={"ask_for_id": True})
    assert confirm_modal.errors(form, asked, POLICY) == (
        {ids.ID_END_BLOCK: strings.modals.ID_END_WRONG} if wrong else {}
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "immediately"),
        (1, "in 1 second"),
        (60, "in 60 seconds"),
        (90, "in 90 seconds"),
        (120, "in 2 minutes"),
        (3_600, "in 60 minutes"),
        (5_400, "in 90 minutes"),
        (7_200, "in 2 hours"),
        (86_400, "in 24 hours"),
    ],
)
def test_undo_window_is_said_in_words(seconds: int, said: str) -> None:
    assert request_form.undo_phrase(timedelta(seconds=seconds)) == said


def test_one_more_changed_field_is_no_plural() -> None:
    renamed = Difference(field="name", before="a", after="b")
    for more, said in ((1, "1 more field"), (2, "2 more fields")):
        changed = request(differences=(renamed,) * (differences.DIFFERENCES_SHOWN + more))
        assert differences.lines(changed)[-1] == said
