"""Texts after status and history, as Slack sends them with should_escape and as users paste them."""

from datetime import timedelta

import pytest

from deletion.domain.clock import now
from deletion.domain.text.name_query import NameQuery
from deletion.stores.request_queries import RequestFilter
from handlers.listeners.query_parser import MessageLink, NotAFilterError, RequestId, SeveralIdsError, many, one

CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
WITH_CAPITALS = f"cd-{CAMPAIGN[3:].upper()}"
LINK = "https://sandbox.slack.com/archives/C0APPROVALS/p1732462531123456"
SOON = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", RequestFilter(is_open=True)),
        (CAMPAIGN, RequestFilter(campaign_id=CAMPAIGN)),
        (f"`{CAMPAIGN}`", RequestFilter(campaign_id=CAMPAIGN)),
        (LINK, MessageLink("C0APPROVALS", "1732462531.123456")),
        (f"<{LINK}>", MessageLink("C0APPROVALS", "1732462531.123456")),
        (f"<{LINK}?thread_ts=1732462530.000100&amp;cid=C0APPROVALS>", MessageLink("C0APPROVALS", "1732462531.123456")),
        ("`3f2a91bc`", RequestId("3f2a91bc")),
        ("3F2A91BC3F2A91BC3F2A91BC3F2A91BC", RequestId("3f2a91bc" * 4)),
        ("*3f2a91bc*.", RequestId("3f2a91bc")),
        ("request: 3f2a91bc", RequestId("3f2a91bc")),
        (f"id: {CAMPAIGN.upper()}.", RequestFilter(campaign_id=WITH_CAPITALS)),
        (f"&lt;{CAMPAIGN}&gt;", RequestFilter(campaign_id=CAMPAIGN)),
        (f"<https://platform.kore.ai/campaign/{CAMPAIGN}?a=1&amp;b=2>", RequestFilter(campaign_id=CAMPAIGN)),
        ("\u200b", RequestFilter(is_open=True)),
        ("3f2a91b", NameQuery.of("3f2a91b")),
        ("spring  offers &amp; more", NameQuery.of("spring offers & more")),
        ("<#C0SPRING|spring> <http://acme.com|acme.com>", NameQuery.of("#spring acme.com")),
    ],
)
def test_status_target(typed: str, expected: object) -> None:
    assert one(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", RequestFilter()),
        ("me", RequestFilter(requester_id="U0ALICE")),
        ("<@U0BOB|bob>", RequestFilter(requester_id="U0BOB")),
        ("<@W0BOB>", RequestFilter(requester_id="W0BOB")),
        ("U0123456789", RequestFilter(requester_id="U0123456789")),
        (CAMPAIGN, RequestFilter(campaign_id=CAMPAIGN)),
        (f"<@U0BOB|bob> {CAMPAIGN}", RequestFilter(requester_id="U0BOB", campaign_id=CAMPAIGN)),
        ("*me*", RequestFilter(requester_id="U0ALICE")),
        ("\u200bme.", RequestFilter(requester_id="U0ALICE")),
        ("(<@U0BOB|bob>),", RequestFilter(requester_id="U0BOB")),
        ("`U0123456789`", RequestFilter(requester_id="U0123456789")),
        (f"id: &lt;{CAMPAIGN}&gt;", RequestFilter(campaign_id=CAMPAIGN)),
        (f"for {CAMPAIGN.upper()} - me", RequestFilter(requester_id="U0ALICE", campaign_id=WITH_CAPITALS)),
        (f"<https://platform.kore.ai/campaign/{CAMPAIGN}|platform.kore.ai>", RequestFilter(campaign_id=CAMPAIGN)),
    ],
)
def test_history_filter(typed: str, expected: RequestFilter) -> None:
    assert many(typed, "U0ALICE") == expected


@pytest.mark.parametrize(
    ("typed", "ago"),
    [
        ("24h", timedelta(days=1)),
        ("7d", timedelta(days=7)),
        ("2W", timedelta(days=14)),
        ("\u201c7d\u201d,", timedelta(days=7)),
        ("\uff17d", timedelta(days=7)),
    ],
)
def test_time_span_counts_back_from_now(typed: str, ago: timedelta) -> None:
    found = many(f"me {typed}", "U0ALICE")
    assert found.requester_id == "U0ALICE"
    assert found.since
    assert abs(now() - ago - found.since) < SOON


@pytest.mark.parametrize(
    "typed",
    ["@bob", "bob", "7 d", "7y", "99999d", "<#C0RANDOM|random>", "spring", "&lt;@U0BOB&gt;", "unsubscribe", "id"],
)
def test_other_words_are_no_filter(typed: str) -> None:
    with pytest.raises(NotAFilterError):
        many(typed, "U0ALICE")


def test_largest_time_span_is_accepted() -> None:
    assert many("9999w", "U0ALICE").since


def test_word_that_is_no_filter_is_named_as_it_was_typed() -> None:
    with pytest.raises(NotAFilterError, match=r"^#random$"):
        many("me <#C0RANDOM|random>", "U0ALICE")


def test_several_campaign_ids_are_refused() -> None:
    other = f"{CAMPAIGN[:-1]}2"
    for ask in (one, lambda text: many(text, "U0ALICE")):
        with pytest.raises(SeveralIdsError):
            ask(f"{CAMPAIGN} {other}")
    assert one(f"{CAMPAIGN} {CAMPAIGN.upper()}") == RequestFilter(campaign_id=CAMPAIGN)
