"""The commands of the archive: list, export, verify, purge, reseal."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from pydantic import SecretStr
from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

import commands
from commands.archive import _before
from deletion.db.connection import open_engine, reading
from deletion.db.tables import archives, requests
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry, Snapshot, SnapshotKind
from deletion.domain.states import State
from deletion.lifecycle.archive import Archive, opens, sealed_anew
from deletion.lifecycle.transitions import Transitions
from deletion.stores import archive_reads, archive_writes
from deletion.stores.archive_reads import sealed_parts
from deletion.stores.hold_store import HoldStore
from deletion.stores.request_store import RequestStore
from tests.deletion.values import CAMPAIGN, campaign, hold, request

KEYS = [Fernet.generate_key().decode() for _ in range(2)]
OTHER = Fernet.generate_key().decode()
NEW = {name: Fernet.generate_key().decode() for name in ("production", "staging")}
NAME = "Frühling 🌷"
FORGED = {"person_id": "U0MALLORY", "verdict": "approved", "at": "2026-01-01T12:00:00Z", "reason": ""}


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(commands.run, ["archive", *map(str, arguments)], input=given)


async def archived(
    url: str,
    *,
    key: str | None = KEYS[0],
    days_ago: int = 0,
    application: str = "",
    name: str = NAME,
    returned: bool = False,
) -> Request:
    """Add a request whose campaign was archived before its deletion, that long ago."""
    engine = open_engine(url)
    store, raw = RequestStore(engine), {**CAMPAIGN, "name": name}
    asked = request(campaign=CampaignFingerprint.of(campaign(name=name)), application=application)
    await store.add(asked, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    archive = Archive(store, [SecretStr(key)] if key else [])
    snapshot = archive.seal(asked.id, SnapshotKind.BEFORE, raw)
    taken_at = now() - timedelta(days=days_ago)
    moving = Transitions(store, Policy())
    begun = await moving.move(
        asked, State.DELETING, "attempting", snapshot=snapshot.model_copy(update={"taken_at": taken_at})
    )
    assert begun
    if returned:
        after = snapshot.model_copy(update={"kind": SnapshotKind.RETURNED, "taken_at": taken_at})
        assert await moving.move(begun, State.DELETING, "attempted", snapshot=after)
    async with engine.begin() as connection:  # so that the next request may have the same campaign
        await connection.execute(sa.text("UPDATE requests SET state = 'gone'"))
    await engine.dispose()
    return asked


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ARCHIVE_KEY", KEYS[0])
    return database_url


async def sealed(url: str) -> list[bytes]:
    engine = open_engine(url)
    async with engine.connect() as connection:
        found = list(await connection.scalars(sa.select(archives.c.sealed).order_by(archives.c.seq)))
    await engine.dispose()
    return found


async def test_list_names_every_archived_campaign(url: str) -> None:
    first, second = await archived(url), await archived(url, key=None)
    listed = run("list")
    assert listed.exit_code == 0
    lines = listed.output.splitlines()
    assert [first.id in lines[0], "encrypted" in lines[0], second.id in lines[1], "hash only" in lines[1]] == [True] * 4
    assert NAME in lines[0]
    assert lines[2] == "2 copies of campaigns: 1 encrypted, 1 with only a hash."


async def test_name_cannot_pretend_to_be_a_line_of_the_list(url: str) -> None:
    await archived(url, name="Spring\n2026-01-01T00:00+00:00  0  before    encrypted  cd-9  Forged\x1b[2J\u202e")
    lines = run("list").output.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("Spring 2026-01-01T00:00+00:00  0  before    encrypted  cd-9  Forged[2J")


async def test_two_copies_of_one_campaign_are_not_called_two_campaigns(url: str) -> None:
    """One is from before the DELETE, and one is what Kore.ai returned."""
    await archived(url, days_ago=2, returned=True)
    assert run("list").output.splitlines()[-1] == "2 copies of campaigns: 2 encrypted, 0 with only a hash."
    assert run("purge", "--older-than", "1d").output.startswith("Would remove 2 copies of campaigns from before")


async def test_evidence_is_of_one_moment(url: str, mocker: MockerFixture) -> None:
    """The delete begins while the command reads: the campaign, the request and its entries must still agree."""
    engine = open_engine(url)
    store, asked = RequestStore(engine), request()
    await store.add(asked, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    before = Archive(store, [SecretStr(KEYS[0])]).seal(asked.id, SnapshotKind.BEFORE, CAMPAIGN)
    read = archive_reads.snapshots_of

    def overtaken(connection: sa.Connection, request_id: str) -> list[Snapshot]:
        found = read(connection, request_id)
        if not moved:
            moving = Transitions(store, Policy()).move(asked, State.DELETING, "attempting", snapshot=before)
            moved.append(asyncio.run_coroutine_threadsafe(moving, loop).result())
        return found

    moved: list[Request | None] = []
    loop = asyncio.get_running_loop()
    mocker.patch.object(archive_reads, "snapshots_of", overtaken)
    exported = json.loads((await asyncio.to_thread(run, "export", asked.id)).stdout)
    await engine.dispose()

    is_deleting = exported["request"]["state"] == "deleting"
    assert moved[0]
    assert [len(exported["archive"]), len(exported["journal"])] == ([1, 2] if is_deleting else [0, 1])


async def test_exported_evidence_has_the_campaign_and_verifies_without_database_and_key(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, file = await archived(url), tmp_path / "evidence.json"
    told = run("export", asked.id, "--output", file)
    assert (told.exit_code, told.output) == (0, f"Evidence of request {asked.id} in {file}.\n")
    assert file.stat().st_mode & 0o077 == 0
    read = json.loads(file.read_text())
    assert read["archive"][0]["campaign"]["message"] == CAMPAIGN["message"]
    assert read["request"]["requester_id"] == "U0ALICE"
    assert [entry["event"] for entry in read["journal"]] == ["requested", "attempting"]

    monkeypatch.delenv("ARCHIVE_KEY")
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all")
    verified = run("verify", file)
    assert verified.exit_code == 0
    assert verified.output.startswith("Intact: 2 journal entries, and 1 copy of a campaign with the hash")
    assert "Not proven" in verified.output

    read["request"] |= {"state": "rejected", "reason": "Another"}
    assert "Not compared: what else the request says" in run("verify", "-", given=json.dumps(read)).output


async def test_evidence_of_a_request_that_has_just_been_made_has_one_entry(url: str, tmp_path: Path) -> None:
    engine, asked, file = open_engine(url), request(), tmp_path / "evidence.json"
    entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
    await RequestStore(engine).add(asked, entry, [])
    await engine.dispose()
    assert run("export", asked.id, "--output", file).exit_code == 0
    assert run("verify", file).output.startswith("Intact: 1 journal entry, and 0 copies of campaigns")


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda read: read["archive"][0]["campaign"].update(name="Another"), 'The campaign "before" was changed'),
        (lambda read: read["journal"][0].update(actor_id="U0MALLORY"), "Journal entry 1 was changed"),
        (lambda read: read["archive"][0].update(sha256="0" * 64), "No journal entry has the hash"),
        (lambda read: read["journal"].pop(), "No journal entry has the hash"),
        (lambda read: read["request"].update(requester_id="U0MALLORY"), "What U0MALLORY did"),
        (lambda read: read["request"]["decisions"].append(FORGED), "What U0MALLORY did"),
        (lambda read: read["request"]["campaign"].update(campaign_id="cd-2"), "another request or campaign"),
        (lambda read: read["request"].update(id="0" * 32), "another request or campaign"),
        (lambda read: read.update(format="other"), "no evidence that this version can read"),
        (lambda read: read.pop("journal"), "no evidence that this version can read"),
    ],
    ids=[
        "campaign",
        "entry",
        "hash",
        "entry left out",
        "requester",
        "approval",
        "campaign id",
        "id",
        "format",
        "no journal",
    ],
)
async def test_changed_evidence_is_broken(url: str, change: object, broken: str) -> None:
    asked = await archived(url)
    read = json.loads(run("export", asked.id).stdout)
    assert callable(change)
    change(read)
    verified = run("verify", "-", given=json.dumps(read))
    assert verified.exit_code == 1
    assert broken in verified.output


async def test_evidence_says_how_many_copies_of_the_journal_it_lacks(url: str) -> None:
    """They were removed by a purge, left out, or could not be decrypted."""
    asked = await archived(url)
    read = json.loads(run("export", asked.id).stdout)
    assert "Missing" not in run("verify", "-", given=json.dumps(read)).output
    read["archive"] = []
    told = run("verify", "-", given=json.dumps(read))
    assert told.exit_code == 0
    assert "Missing: 1 copy of a campaign, whose hash the journal has." in told.output


async def test_campaign_that_no_key_opens_is_left_out_with_the_reason(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await archived(url)
    monkeypatch.setenv("ARCHIVE_KEY", KEYS[1])
    exported = run("export", asked.id)
    assert exported.exit_code == 0
    assert json.loads(exported.stdout)["archive"][0]["unopened"] == "none of the listed keys opens it"
    assert "none of the listed keys opens it" in exported.stderr
    assert run("verify", "-", given=exported.stdout).exit_code == 0


@pytest.mark.usefixtures("url")
async def test_unknown_request_and_existing_file_are_one_line(tmp_path: Path) -> None:
    assert run("export", "nothing").output == "REQUEST: there is no request nothing; archive list shows the ids.\n"
    file = tmp_path / "there"
    file.touch()
    assert "--force to overwrite it" in run("export", "nothing", "--output", file).output


async def test_purge_removes_only_what_is_older_and_only_with_yes(url: str) -> None:
    await archived(url, days_ago=5 * 365)
    kept = await archived(url, days_ago=3 * 365)

    dry = run("purge", "--older-than", "4y")
    assert (dry.exit_code, len(await sealed(url))) == (0, 2)
    assert dry.output.startswith("Would remove 1 copy of a campaign from before")

    removed = await asyncio.to_thread(run, "purge", "--older-than", "4y", "--yes")
    assert removed.output == "Removed 1 copy of a campaign, and journalled it.\n"
    assert kept.id in run("list").output
    journal = CliRunner().invoke(commands.run, ["journal", "export"])
    entry = json.loads(journal.output.splitlines()[-1])
    assert (entry["event"], entry["details"]["removed"], entry["actor_id"]) == ("archive purged", "1", "operator")
    assert CliRunner().invoke(commands.run, ["journal", "verify"]).exit_code == 0
    assert run("purge", "--older-than", "4y", "--yes").output.startswith("Would remove 0 copies of campaigns")


async def test_year_is_a_year_of_the_calendar(url: str, mocker: MockerFixture) -> None:
    """Ten years have two or three leap days: evidence to keep for ten years is not removed before."""
    await archived(url)
    after = now().replace(year=now().year + 10) - timedelta(days=1)
    mocker.patch("commands.archive.now", return_value=after)
    assert run("purge", "--older-than", "10y").output.startswith("Would remove 0")
    mocker.patch("commands.archive.now", return_value=after + timedelta(days=2))
    assert run("purge", "--older-than", "10y").output.startswith("Would remove 1")


def test_years_before_a_leap_day(mocker: MockerFixture) -> None:
    mocker.patch("commands.archive.now", return_value=datetime(2028, 2, 29, 12, tzinfo=UTC))
    assert [_before(age).isoformat() for age in ("1y", "4y", "60d")] == [
        "2027-02-28T12:00:00+00:00",
        "2024-02-29T12:00:00+00:00",
        "2027-12-31T12:00:00+00:00",
    ]


async def test_purge_that_finds_nothing_left_claims_no_journal_entry(url: str, mocker: MockerFixture) -> None:
    """Another purge, or a hold, came between the question and the removal."""
    await archived(url, days_ago=2)
    mocker.patch.object(archive_writes, "purge", autospec=True, return_value=0)
    told = await asyncio.to_thread(run, "purge", "--older-than", "1d", "--yes")
    assert (told.exit_code, told.output) == (
        0,
        "Nothing was removed: by now, nothing that old is left, or free of a hold and a rebuild.\n",
    )


async def test_purge_keeps_campaigns_on_hold(url: str) -> None:
    asked = await archived(url, days_ago=5 * 365)
    engine = open_engine(url)
    entry = Entry(at=now(), event="campaign held", actor_id="U0BOB", surface="test")
    assert await HoldStore(engine).hold(hold(campaign_id=asked.campaign.campaign_id), entry) is None
    await engine.dispose()
    assert run("purge", "--older-than", "4y").output.startswith("Would remove 0 copies of campaigns")
    assert (await asyncio.to_thread(run, "purge", "--older-than", "4y", "--yes")).exit_code == 0
    assert len(await sealed(url)) == 1


@pytest.mark.parametrize(
    ("state", "days_ago", "is_kept"),
    [
        (State.AWAITING_APPROVAL, 20, True),
        (State.UNKNOWN, 0, True),  # the campaign that it made is found by what was sent
        (State.UNKNOWN, 3, False),
        (State.REJECTED, 0, False),
    ],
)
async def test_purge_keeps_what_a_rebuild_needs(url: str, state: State, days_ago: int, *, is_kept: bool) -> None:
    deleted = await archived(url, days_ago=5 * 365)
    engine = open_engine(url)
    changed_at = now() - timedelta(days=days_ago)
    rebuild = request(campaign=deleted.campaign, rebuilds=deleted.id, state=state, changed_at=changed_at)
    entry = Entry(at=now(), event="rebuild requested", actor_id="U0ALICE", surface="test")
    async with engine.begin() as connection:  # the deletion has ended
        await connection.execute(requests.update().values(state=State.DELETED))
    await RequestStore(engine).add(rebuild, entry, [])
    await engine.dispose()

    assert (await asyncio.to_thread(run, "purge", "--older-than", "4y", "--yes")).exit_code == 0

    assert len(await sealed(url)) == is_kept


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("age", ["soon", "0y", "-1d", "4 years", "9999999d"])
def test_wrong_age_is_one_line(age: str) -> None:
    wrong = run("purge", "--older-than", age, "--yes")
    assert (wrong.exit_code, wrong.output) == (2, "--older-than: expected an age such as 4y, 90d or 12h.\n")


async def test_reseal_encrypts_everything_with_the_first_key(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await archived(url)
    await archived(url, key=KEYS[1])
    await archived(url, key=None)
    monkeypatch.setenv("ARCHIVE_KEY", f"{KEYS[1]},{KEYS[0]}")

    first, again = [await asyncio.to_thread(run, "reseal") for _ in range(2)]

    assert (
        first.output
        == "Encrypted anew: 1 copy of a campaign.\nThe first key opens everything, so the other keys can be removed.\n"
    )
    assert again.output.startswith("Encrypted anew: 0 copies of campaigns.")
    monkeypatch.setenv("ARCHIVE_KEY", KEYS[1])
    assert "campaign" in json.loads(run("export", asked.id).stdout)["archive"][0]
    assert [part and opens([SecretStr(KEYS[1])], part) for part in await sealed(url)] == [True, True, None]


async def test_reseal_says_what_no_key_opens(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await archived(url)
    monkeypatch.setenv("ARCHIVE_KEY", KEYS[1])
    told = await asyncio.to_thread(run, "reseal")
    assert told.exit_code == 2
    assert "None of the keys opens 1 copy of a campaign" in told.output
    assert [opens([SecretStr(KEYS[0])], part) for part in await sealed(url)] == [True]


async def test_reseal_promises_nothing_about_a_part_that_another_reseal_has_changed(
    url: str, monkeypatch: pytest.MonkeyPatch, mocker: MockerFixture
) -> None:
    """Two people run it at once, each with another key in front."""
    await archived(url)
    replace = archive_writes.replace_sealed

    async def overtaken(engine: AsyncEngine, seq: int, old: bytes, new: bytes) -> bool:
        other = sealed_anew(old, [SecretStr(key) for key in (OTHER, KEYS[0])])
        assert other
        mocker.stop(patched)
        assert await replace(engine, seq, old, other)
        return await replace(engine, seq, old, new)

    patched = mocker.patch.object(archive_writes, "replace_sealed", overtaken)
    monkeypatch.setenv("ARCHIVE_KEY", f"{KEYS[1]},{KEYS[0]},{OTHER}")

    told = await asyncio.to_thread(run, "reseal")

    assert [opens([SecretStr(KEYS[1])], part) for part in await sealed(url)] == [False]
    assert told.exit_code == 2
    assert "1 copy of a campaign got another key meanwhile" in told.output
    assert "can be removed" not in told.output


async def test_reseal_reaches_what_the_bot_archives_meanwhile(url: str) -> None:
    await archived(url)
    with reading(url) as connection:
        parts = sealed_parts(connection)
        first = next(parts)
        await archived(url)
        assert [each[:2] for each in (first, *parts)] == list(enumerate(await sealed(url), 1))


APPLICATIONS = """
[production]
channels = ["C0PROD"]
kore_client_secret = { env = "NOT_SET_HERE" }
archive_key = { env = "KEYS_OF_PRODUCTION" }
[staging]
channels = ["C0STAGE"]
archive_key = { env = "KEYS_OF_STAGING" }
"""


@pytest.fixture
def applications(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Two applications that once had the same key, each with a new one; the environment has the key of before."""
    file = tmp_path / "applications.toml"
    file.write_text(APPLICATIONS)
    monkeypatch.setenv("KORE_APPS_FILE", str(file))
    monkeypatch.setenv("KEYS_OF_PRODUCTION", f"{NEW['production']},{KEYS[0]}")
    monkeypatch.setenv("KEYS_OF_STAGING", f"{NEW['staging']},{KEYS[0]}")
    return url


async def test_reseal_encrypts_each_application_with_its_own_first_key(applications: str) -> None:
    for name in ("production", "staging", ""):  # the last is from before the file
        await archived(applications, application=name)

    told = await asyncio.to_thread(run, "reseal")

    assert (told.exit_code, told.output.splitlines()) == (
        0,
        [
            "Encrypted anew: 2 copies of campaigns.",
            "The first key of each application opens everything, so the other keys can be removed.",
        ],
    )
    now_with = (NEW["production"], NEW["staging"], KEYS[0])
    parts = await sealed(applications)
    assert all(opens([SecretStr(key)], part) for key, part in zip(now_with, parts, strict=True))


@pytest.mark.parametrize("application", ["production", "staging", ""])
async def test_evidence_of_each_application_is_decrypted(applications: str, application: str) -> None:
    asked = await archived(applications, key=NEW.get(application, KEYS[0]), application=application)
    assert "campaign" in json.loads(run("export", asked.id).stdout)["archive"][0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_wrong_key_of_an_application_is_one_line(applications: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEYS_OF_STAGING")
    told = run("reseal")
    assert applications
    assert (told.exit_code, len(told.output.splitlines())) == (2, 1)
    assert "[staging] archive_key: expected a variable that is set" in told.output
