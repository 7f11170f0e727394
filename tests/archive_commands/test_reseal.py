"""``archive reseal`` encrypts every copy anew with the first key."""

import asyncio
import json

import pytest
from pydantic import SecretStr
from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import reading
from deletion.lifecycle.archive import opens, sealed_anew
from deletion.stores import archive_writes
from deletion.stores.archive_reads import sealed_parts
from tests.archive_commands.archive_steps import KEYS, OTHER, archived, run, sealed


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
