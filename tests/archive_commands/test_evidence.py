"""``archive export`` and ``archive verify``: the evidence of a request, and what a change of it breaks."""

import asyncio
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from pytest_mock import MockerFixture

from deletion.db.connection import open_engine
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry, Snapshot, SnapshotKind
from deletion.domain.states import State
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.transitions import Transitions
from deletion.stores import archive_reads
from deletion.stores.request_store import RequestStore
from tests.archive_commands.archive_steps import KEYS, archived, run
from tests.deletion.values import CAMPAIGN, request

FORGED = {"person_id": "U0MALLORY", "verdict": "approved", "at": "2026-01-01T12:00:00Z", "reason": ""}


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
