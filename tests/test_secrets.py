"""Errors and representations of objects show no secret and nothing personal."""

from collections.abc import Iterator

import httpx
import pytest
from cryptography.fernet import Fernet
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

import app  # noqa: F401 - imports every model
from config import Settings
from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.budget import Budget
from deletion.domain.clock import now
from deletion.domain.policy import Refusal
from deletion.domain.records import SnapshotKind
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.intake_results import CampaignPreview, Refused
from kore_api.account import KoreAccount
from kore_api.auth import KoreAuth
from kore_api.client import KoreClient, open_client
from kore_api.models import Deleted
from kore_api.responses.api_response import ApiResponse
from kore_api.responses.message_parsing import parse_message
from settings.environment import SettingsError
from tests.canaries import found
from tests.deletion.values import CAMPAIGN, campaign, preview
from tests.good_settings import GOOD
from tests.kore_api.conftest import FakeRateLimit

OURS = ("config", "deletion", "handlers", "kore_api", "slack_ui")
CANARY = "c4n4ryInTheMine"
SECRETS = {
    "SLACK_BOT_TOKEN": f"xoxb-{CANARY}-bot",
    "SLACK_APP_TOKEN": f"xapp-{CANARY}-app",
    "SLACK_SIGNING_SECRET": f"{CANARY}-signing",
    "KORE_CLIENT_SECRET": f"{CANARY}-client-secret-of-32-bytes-and-more",
    "DATABASE_URL": f"postgresql://bot:{CANARY}-password@db.example/campaigns",
    "ARCHIVE_KEY": Fernet.generate_key().decode(),
}


@given(
    name=st.sampled_from(list(Settings.model_fields)),
    before=st.text(alphabet="ab1:/@[]?#%= é\u200b,-.", max_size=12),
    after=st.text(alphabet="ab1:/@[]?#%= é\u200b,-.", max_size=12),
    scheme=st.sampled_from(["", "https://", "http://[", "sqlite:///", "postgresql://", "postgresql://bot:", "xoxb-"]),
)
@example(name="DATABASE_URL", scheme="postgresql://bot:", before="", after=":5432/db")
@example(name="DATABASE_URL", scheme="postgresql://bot:", before="p@", after="@db/x")
@example(name="SLACK_API_URL", scheme="http://[", before="", after="]/")
def test_error_never_shows_any_part_of_a_setting(name: str, scheme: str, before: str, after: str) -> None:
    said = ""
    try:
        Settings.from_env({**GOOD, name: f"{scheme}{before}{CANARY}{after}"})
    except SettingsError as error:
        said = str(error)
    assert CANARY not in said
    assert "\n" not in said


def test_repr_of_clients_and_settings_shows_no_secret() -> None:
    settings = Settings.from_env({**GOOD, **SECRETS})
    account = KoreAccount(base_url="https://kore.example", app_id="st-1", account_id="67777ce93e25326494e90001")
    auth = KoreAuth("cs-1", settings.KORE_CLIENT_SECRET)
    http = open_client(account, auth)
    parts = [settings, account, auth, http, Archive(None, settings.ARCHIVE_KEY)]  # type: ignore[arg-type]  # nothing is stored
    for part in [*parts, KoreClient(account, http, FakeRateLimit())]:
        assert not found(SECRETS, f"{part!r} {part!s}")
        assert CANARY not in f"{part!r} {part!s}"


PERSONAL = {"number": "+4930123456", "text": "SGVsbG8"}

SPENT = Budget(at=now(), approved=3, limit=10, approved_for_requester=1, limit_for_requester=5)


def test_repr_of_campaign_data_shows_no_text_or_number() -> None:
    read = campaign(contacts=[{"phone": PERSONAL["number"]}])
    answer = ApiResponse("done", {"number": PERSONAL["number"]}, has_data=True, http_status=200, answered_at=0.0)
    shown = preview(contacts=[{"phone": PERSONAL["number"]}])
    sealed = Archive(None).seal("r1", SnapshotKind.BEFORE, read.raw)  # type: ignore[arg-type]  # nothing is stored
    parsed = parse_message(httpx.Response(200, json={"status": "failure", "data": read.raw}))
    looked = CampaignPreview(read, SimilarNames(), shown, 1, SPENT)
    parts = [read, read.dialing_strategy, read.message, answer, looked, Refused(Refusal.STATUS, read)]
    for part in [*parts, Deleted(message="done", campaign=read), sealed, parsed]:
        assert not found(PERSONAL, f"{part!r} {part!s}")
    assert repr(read) == f"Campaign(id='{CAMPAIGN['_id']}')"


def test_validation_errors_of_models_hide_the_input() -> None:
    talkative = [model for model in _models(BaseModel) if not model.model_config.get("hide_input_in_errors")]
    assert [f"{model.__module__}.{model.__name__}" for model in talkative if _is_ours(model)] == []


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def _is_ours(model: type[BaseModel]) -> bool:
    return model.__module__.partition(".")[0] in OURS


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("error verifying the jwt: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "error verifying the jwt: [token]"),
        ("The caller +49 (0)30 123-456 is not yours", "The caller [number] is not yours"),
        ("Wait +10 seconds, or 2026-06-27 09:31", "Wait +10 seconds, or 2026-06-27 09:31"),
    ],
)
def test_kore_messages_are_kept_without_tokens_and_phone_numbers(said: str, kept: str) -> None:
    assert parse_message(httpx.Response(400, json={"message": said})).message == kept
