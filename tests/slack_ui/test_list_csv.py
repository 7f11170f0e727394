"""The file with the result of a list: its cells, which no spreadsheet runs, and its name."""

import codecs
import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.recipients import result_file
from deletion.domain.states import State
from deletion.lifecycle.list_approval import STRUCK
from deletion.messages.projection import RequestView
from slack_ui.messages import list_csv
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links
from slack_ui.strings import lists
from tests.deletion.values import NOON, campaign, campaign_list, request
from tests.hostile import HOSTILE
from tests.slack_ui.surfaces import WORST

CONTACTS = "Contacts when requested"


def table(*requests: Request) -> list[dict[str, str]]:
    """Return the rows of the file, by column, as a reader of RFC 4180 sees them."""
    first = requests[0]
    listed = campaign_list(first.state)
    numbered = [each.model_copy(update={"list_position": place}) for place, each in enumerate(requests, start=1)]
    written = list_csv.content(type(listed)(listed.id, tuple(numbered))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(written, newline=""), strict=True))


def row(**facts: Any) -> dict[str, str]:
    return table(request(**facts))[0]


def test_row_has_what_was_asked_decided_and_done() -> None:
    approved = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON)
    done = request(
        state=State.DELETED,
        campaign=CampaignFingerprint.of(campaign(name='Über, "alles"', contactLists=["a", "b"])),
        extent=Extent(list_sizes={"a": 1_204, "b": 6}, messages_sent=0),
        requested_at=NOON,
        decisions=(approved, approved.model_copy(update={"person_id": "U0CAROL"})),
        attempt=Attempt(kind=AttemptKind.CONFIRMED, at=NOON + timedelta(minutes=1), kore_message="Deleted, it was"),
        ticket="OPS-4711",
    )
    assert table(done, request(state=State.CHANGED)) == [
        {
            "Position": "1", "Campaign": 'Über, "alles"', "Campaign ID": "cd-3aefda80-f98e-5f4f-ad41-92803abb0001",
            "Status when requested": "Stopped", "Contacts when requested": "1210",
            "Messages sent when requested": "0", "Outcome": "Deleted",
            "Message of Kore.ai": "Deleted, it was", "Requester": "U0ALICE", "Approvers": "U0BOB U0CAROL",
            "Ticket": "OPS-4711", "Requested at (UTC)": "2026-01-01T12:00:00Z",
            "Deleted at (UTC)": "2026-01-01T12:01:00Z", "Practice": "no",
        },
        table(request(state=State.CHANGED))[0] | {"Position": "2"},
    ]  # fmt: skip


def test_unknown_is_never_a_number_and_only_a_delete_has_a_time() -> None:
    asked = row(state=State.UNKNOWN, attempt=Attempt(kind=AttemptKind.NO_ANSWER, at=NOON))
    assert tuple(asked[name] for name in (CONTACTS, "Messages sent when requested", "Deleted at (UTC)")) == (
        "unknown",
        "unknown",
        "",
    )
    two = CampaignFingerprint.of(campaign(contactLists=["a", "b"]))
    partly = row(state=State.DELETED, campaign=two, extent=Extent(list_sizes={"a": 1_204, "b": None}))
    assert partly[CONTACTS] == "at least 1204"


@pytest.mark.parametrize("state", lists.RESULTS)
def test_outcome_is_the_word_of_the_table(state: State) -> None:
    assert row(state=state)["Outcome"] == lists.RESULTS[state]


def test_struck_campaign_says_so() -> None:
    struck = Decision(person_id="U0BOB", verdict=Verdict.REJECTED, at=NOON, reason=STRUCK)
    assert row(state=State.REJECTED, decisions=(struck,))["Outcome"] == "Struck, not deleted"
    assert row(state=State.REJECTED, decisions=(struck,))["Approvers"] == ""


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(begins: str) -> None:
    text = f'{begins}HYPERLINK("https://evil.example","Click")'
    told = row(
        state=State.FAILED,
        campaign=CampaignFingerprint.of(campaign(name=text, status=text)),
        attempt=Attempt(kind=AttemptKind.REFUSED, at=NOON, kore_message=text),
        ticket=text,
    )
    for column in ("Campaign", "Status when requested", "Message of Kore.ai", "Ticket"):
        assert told[column] == f"'{text}"


@pytest.mark.parametrize("begins", ["\t", "\r", "\n", " "])
def test_formula_behind_white_space_is_none(begins: str) -> None:
    shown = CampaignFingerprint.of(campaign(name=f"{begins}=1+1"))
    assert row(state=State.DELETED, campaign=shown)["Campaign"] == "'=1+1"


@pytest.mark.parametrize("text", [*WORST, *HOSTILE, 'a\r\nb;c,d"e', "日本語 🔥", "\ud800"])
def test_any_text_stays_one_cell_of_one_line(text: str) -> None:
    shown = CampaignFingerprint.of(campaign(name=text))
    told = list_csv.content(campaign_list(State.DELETED, campaign=shown, ticket=text))
    assert len(told) < 20_000
    assert len(told.decode("utf-8-sig").splitlines()) == told.count(b"\r\n") == 2  # the heading, and one row


def file_of(practice: str = "", posted: str = "") -> dict[str, Any]:
    policy = Policy(approvals_channel="C0APPROVALS", application=practice)
    projector = SlackProjector(AsyncWebClient(), Policies([policy]), Links("https://sandbox.slack.com/"))
    listed = campaign_list(State.DELETED, State.DELETED, application=practice, changed_at=NOON)
    message = result_file(listed.requests[0], "C0APPROVALS").model_copy(update={"ts": posted})
    return dict(projector.render(RequestView(listed.overall, listed=listed), message).payload)


def test_file_begins_with_a_byte_order_mark_by_which_excel_reads_accents() -> None:
    assert list_csv.content(campaign_list(State.DELETED)).startswith(codecs.BOM_UTF8 + b'"Position"')


def test_title_says_as_of_when_it_is_true() -> None:
    assert file_of()["title"] == "Result of list 00000000, as of 2026-01-01 12:00 UTC"
    assert file_of()["filename"] == "list-00000000.csv"


def test_file_after_the_first_is_named_as_the_corrected_one() -> None:
    told = file_of(posted="F1")
    assert told["title"] == "Corrected result of list 00000000, as of 2026-01-01 12:00 UTC"
    assert told["filename"] == "list-00000000-corrected.csv"


def test_practice_is_said_by_file_name_title_and_every_row() -> None:
    told = file_of("practice")
    assert told["title"].startswith("practice · ")
    assert told["filename"].startswith("practice-")
    rows = list(csv.DictReader(io.StringIO(told["content"].decode("utf-8-sig"))))
    assert [each["Practice"] for each in rows] == ["yes", "yes"]
