"""Search for a campaign by part of its name or id, and find campaigns with similar names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deletion.catalogue.listed_campaign import LONGEST, CachedList, ListedCampaign, sorted_for_picker
from deletion.catalogue.search import Closeness, Hit, meant, rank
from deletion.catalogue.similar_names import SimilarNames, similar_names
from deletion.catalogue.sync_state import FRESH
from deletion.domain.policy import Policy
from deletion.domain.text.name_query import search_key
from kore_api.models import Campaign
from sandbox.kore.seed import campaigns
from tests.deletion.values import NOON, listed

SEEDED = [ListedCampaign.of(Campaign.model_validate(raw), raw["campaignType"], 1) for raw in campaigns()]


def names(hits: Sequence[Hit]) -> list[str]:
    return [hit.campaign.name for hit in hits]


def found(query: str, *all_of_them: ListedCampaign) -> list[str]:
    return names(rank(query, sorted_for_picker(all_of_them or SEEDED, Policy())))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Billing Alert Template", "Billing Alert Template"),
        ("billing alert template campaign-21212", "Billing Alert Template Campaign-21212"),
        ("campaign 212", "Billing Alert Template Campaign-212"),
        ("campaign61", "Service Renewal Outreach Campaign61"),
        ("renewal 61 service", "Service Renewal Outreach Campaign61"),
        ("intractive suport", "Interactive Support SMS Campaign"),
        ("billing alrt 21212", "Billing Alert Template Campaign-21212"),
        ("renewal outreech 61", "Service Renewal Outreach Campaign61"),
        ("welcom custmer", "Customer Welcome"),
        (campaigns()[9]["_id"], "Fraud Alert Broadcast"),
        (campaigns()[9]["_id"][:11].upper(), "Fraud Alert Broadcast"),
        ("0010", "Fraud Alert Broadcast"),
        ("free money", "<!channel> Free Money"),
        ("\N{FIRE}", "\N{FIRE}" * 48),
    ],
)
def test_the_first_hit_is_the_one_that_is_meant(typed: str, first: str) -> None:
    assert found(typed)[0] == first


@pytest.mark.parametrize("typed", ["xyzzy", "!!", "cd-ffffffff"])
def test_what_nothing_resembles_finds_nothing(typed: str) -> None:
    assert found(typed) == []


def test_what_was_typed_comes_before_what_holds_it_and_that_before_what_resembles_it() -> None:
    same, begins, words, holds, resembles = (
        listed(number, name) for number, name in enumerate(["Été 1", "Ete 1 Sale", "1 Ete", "Ete2 1", "Eté l"])
    )
    hits = rank("ete 1", [resembles, holds, words, begins, same])
    assert [hit.campaign for hit in hits] == [same, begins, words, holds, resembles]
    assert [hit.closeness for hit in hits] == list(Closeness)


def test_of_two_as_close_the_deletable_leads_however_new_the_other_is() -> None:
    running = [listed(n, "Spring Sale", status="Active", updated_at=NOON + timedelta(days=n)) for n in range(1, 200)]
    hits = rank("spring sale", sorted_for_picker([*running, listed(0, "Spring Sale")], Policy()))
    assert hits[0].campaign.status == "Ready"


def test_a_closer_name_leads_although_it_may_not_be_deleted() -> None:
    assert found("spring sale", listed(1, "Spring Sale May"), listed(2, "Spring Sale", status="Active")) == [
        "Spring Sale",
        "Spring Sale May",
    ]


def test_nothing_typed_shows_all_the_deletable_and_the_latest_first() -> None:
    old, new = listed(1, "Old"), listed(2, "New", updated_at=NOON + timedelta(days=1))
    running, undated = listed(3, "Running", status="Active"), listed(4, "Undated", updated_at=None)
    assert found("", running, old, undated, new) == ["New", "Old", "Undated", "Running"]


def test_no_more_are_found_than_an_external_select_shows() -> None:
    assert len(rank("sale", [listed(n, f"Sale {n}") for n in range(500)])) == 100


def test_one_is_meant_where_one_holds_what_was_typed_and_others_only_resemble_it() -> None:
    hits = rank("zone 4", [listed(1, "Outage Zone 4"), listed(2, "Outage Zona 4")])
    assert names(hits) == ["Outage Zone 4", "Outage Zona 4"]
    assert [campaign.name for campaign in meant(hits)] == ["Outage Zone 4"]


def with_id(campaign_id: str, name: str) -> ListedCampaign:
    return replace(listed(0, name), id=campaign_id)


def test_year_that_is_a_part_of_an_id_finds_the_names_with_it() -> None:
    middle = with_id("cd-3aef2024-f98e-5f4f-ad41-92803abb0001", "Loyalty Members")
    end = with_id("cd-3aefda80-f98e-5f4f-ad41-92803abb2024", "Winback")
    sale, spring = listed(1, "Sale 2024"), listed(2, "Spring 2024")

    hits = rank("2024", [middle, end, sale, spring])

    assert names(hits) == ["Sale 2024", "Spring 2024", "Winback"]
    assert meant(hits) == [sale, spring]
    assert meant(rank("2024", [middle, end])) == [end]
    assert meant(rank("cd-3aef2024", [middle, end])) == [middle]


@given(st.text(), st.lists(st.text(), max_size=5))
def test_whatever_is_typed_and_whatever_names_there_are_it_answers(query: str, given_names: list[str]) -> None:
    all_of_them = [listed(number, name) for number, name in enumerate(given_names)]
    hits = rank(query, all_of_them)
    assert len({hit.campaign.id for hit in hits}) == len(hits)
    for campaign in all_of_them:
        if search_key(campaign.name):
            assert campaign in [hit.campaign for hit in rank(campaign.name, all_of_them)]


def alike(name: str, *others: str) -> list[str]:
    copy = CachedList(tuple(listed(number, other) for number, other in enumerate(others)), as_of=NOON)
    return [other.name for other in similar_names("cd-mine", name, copy, NOON).found]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Interactive Support SMS Campaign", "Interactive Support SMS Campaign1212"),
        ("Service Renewal Outreach Campaign6", "Service Renewal Outreach Campaign61"),
        ("Billing Alert Template Campaign-212", "Billing Alert Template Campaign-21212"),
        ("From API - SMS Camapign - 2.1", "From API - SMS Campaign - 2.2"),
        ("Spring Sale Reminder", "Spring Sale Reminder "),
        ("Spring Sale Reminder", "SPRING SALE REMINDER"),
        ("Spring Sale Reminder", "Spring-Sale Reminder!"),
        ("Spring Sale Reminder", "Spring Sale Remlnder"),
        ("Spring Sale Reminder", "Spring Sаle Reminder"),
        ("Autumn Sale", "Autumn\u200b Sale"),
        ("Été", "Ete"),
        ("Promo A", "Promo B"),
        ("Customer Welcome", "Customer Welcome EU"),
        ("\N{FIRE}", "\N{FIRE}\N{FIRE}"),
        ("2025", "2026"),
        ("CTA offer", "\u0421\u0422\u0410 offer"),  # three Cyrillic letters
        ("OTP", "\u041e\u0422\u0420"),
        ("HOT MIX 12", "\u041d\u041e\u0422 \u041c\u0406\u0425 34"),
        ("PAY", "\u03a1\u0391\u03a5"),  # Greek
        ("Bill Reminder", "BiII Reminder"),  # two capital i
        ("Alarm", "Alarrn"),
        ("Wave", "VVave"),
    ],
)
def test_names_that_are_nearly_the_same_look_alike(name: str, other: str) -> None:
    assert alike(name, other) == [other]
    assert alike(other, name) == [name]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Interactive Support SMS Campaign", "Interactive Support Voice Campaign"),
        ("Loyalty Members EMEA", "Loyalty Members Americas"),
        ("Appointment Reminder EMEA", "Appointment Reminder APAC"),
        ("Billing Alert Template", "Billing Alert Template Campaign-212"),
        ("Spring Sale", "Autumn Sale"),
    ],
)
def test_names_that_nobody_mistakes_do_not(name: str, other: str) -> None:
    assert alike(name, other) == []


def test_the_most_alike_comes_first_and_the_campaign_itself_never() -> None:
    spring = next(campaign for campaign in SEEDED if campaign.name == "Spring Sale Reminder")
    same = similar_names(spring.id, spring.name, CachedList(tuple(SEEDED), as_of=NOON), NOON)
    assert [other.name for other in same.found] == ["Spring Sale Reminder ", "Spring Sale Remlnder"]


def test_look_alike_comes_before_similar_names() -> None:
    assert alike("OTP 1", "OTP 2", "\u041e\u0422\u0420 1") == ["\u041e\u0422\u0420 1", "OTP 2"]


@pytest.mark.parametrize("length", [LONGEST, LONGEST + 1, 2 * LONGEST])
def test_names_longer_than_the_list_keeps_are_compared(length: int) -> None:
    name = ("Spring sale for all members " * 30)[:length]
    copy = CachedList((ListedCampaign.of(Campaign.model_validate({"_id": "cd-other", "name": name}), "sms", 1),), NOON)
    assert similar_names("cd-mine", name, copy, NOON).ask_for_id


@pytest.mark.parametrize(
    ("as_of", "asks"),
    [
        (None, True),
        (NOON, False),
        (NOON - FRESH + timedelta(seconds=1), False),
        (NOON - FRESH - timedelta(seconds=1), True),
    ],
)
def test_a_list_that_is_not_whole_or_too_old_proves_nothing(as_of: datetime | None, *, asks: bool) -> None:
    assert similar_names("cd-mine", "Spring Sale", CachedList(as_of=as_of), NOON).ask_for_id is asks


def test_the_id_is_asked_for_where_somebody_looks_alike() -> None:
    assert SimilarNames((listed(1, "Spring Sale"),), NOON).ask_for_id
    assert not SimilarNames((), NOON).ask_for_id
