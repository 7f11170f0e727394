"""List, export, verify, purge and reseal the archive of deleted campaigns."""

import asyncio
import getpass
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click
from pydantic import SecretStr

from commands import moment
from commands.errors import UnusableError
from commands.output import opened, writes_output
from deletion.db.connection import opened_engine, reading
from deletion.db.failure import reported
from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.domain.text.visible_text import visible_text
from deletion.journal.hash_chain import BrokenChainError
from deletion.lifecycle import evidence
from deletion.lifecycle.archive import open_snapshot, opens, sealed_anew
from deletion.stores import archive_reads, archive_writes
from settings.applications import read_each
from settings.commands import ArchiveSettings, database_url

Keys = Sequence[SecretStr]
SURFACE = "command line"
PURGED = "archive purged"


@click.group()
def archive() -> None:
    """List, export, verify, purge or reseal the campaigns that were archived before their deletion."""


@archive.command("list")
def list_() -> None:
    """List what is archived, the oldest first. Needs only DATABASE_URL."""
    count = sealed = 0
    with reading(database_url(os.environ)) as connection:
        for found in archive_reads.archived(connection):
            count, sealed = count + 1, sealed + found.is_sealed
            at = found.taken_at.astimezone(UTC).isoformat(timespec="minutes")
            content = "encrypted" if found.is_sealed else "hash only"
            name = visible_text(found.campaign_name)  # which could forge a line
            click.echo(f"{at}  {found.request_id}  {found.kind:8}  {content:9}  {found.campaign_id}  {name}")
    click.echo(f"{_counted(count)}: {sealed} encrypted, {count - sealed} with only a hash.")


@archive.command()
@click.argument("request_id", metavar="REQUEST")
@writes_output
def export(request_id: str, output: Path | None) -> None:
    """Write the evidence of one request as JSON: request, journal entries, and the campaign decrypted.

    It holds message texts and phone numbers. Needs DATABASE_URL and ARCHIVE_KEY, or KORE_APPS_FILE for the keys of
    every application. archive verify needs none of them.
    """
    keys = [key for of_one in _keys().values() for key in of_one]
    with reading(database_url(os.environ)) as connection:
        read = archive_reads.of_one_moment(connection, request_id) if request_id.isascii() else None
    if read is None:
        raise UnusableError(f"REQUEST: there is no request {request_id}; archive list shows the ids.")
    request, snapshots, entries = read
    found = [(snapshot, open_snapshot(snapshot, keys)) for snapshot in snapshots]
    with opened(output) as stream:
        stream.write(json.dumps(evidence.evidence(request, found, entries), indent=2, ensure_ascii=False) + "\n")
    for snapshot, campaign in found:
        if isinstance(campaign, str):
            click.echo(f'The campaign "{snapshot.kind}" is not in it: {campaign}.', err=True)
    if output:
        click.echo(f"Evidence of request {request_id} in {output}.")


@archive.command()
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def verify(file: IO[str]) -> None:
    """Verify exported evidence (- for standard input), without the database.

    Exit code 0: every part has the hash that the journal has. 1: a part was changed.
    """
    try:
        read = json.load(file)
    except (ValueError, RecursionError):
        raise BrokenChainError("The file is no JSON.") from None
    campaigns, entries, missing = evidence.verify(read if isinstance(read, dict) else {})
    said = "1 journal entry" if entries == 1 else f"{entries} journal entries"
    click.echo(f"Intact: {said}, and {_counted(campaigns)} with the hash that the journal has.")
    if missing:
        click.echo(f"Missing: {_counted(missing)}, whose hash the journal has. Purged, left out or not decrypted.")
    click.echo("Not proven: that these entries are from your journal. Compare their hashes with journal export.")
    click.echo("Not compared: what else the request says, such as its state and the campaign's name. Read its entries.")


@archive.command()
@click.option("--older-than", required=True, metavar="AGE", help="Such as 4y or 90d.")
@click.option("--yes", is_flag=True, help="Remove them. Without this, the command only says what it would remove.")
def purge(older_than: str, *, yes: bool) -> None:
    """Remove archived campaigns older than AGE for ever, and journal that. Needs DATABASE_URL.

    Campaigns on hold and those of open rebuilds stay.
    """
    before, url = _before(older_than), database_url(os.environ)
    with reading(url) as connection:
        found = list(archive_reads.archived(connection, before))
    said = f"{_counted(len(found))} from before {before.astimezone(UTC).isoformat(timespec='minutes')}"
    if not yes or not found:
        click.echo(f"Would remove {said}. Nothing was removed." + (" Add --yes to remove them." if found else ""))
        return
    details = {"before": before.isoformat(timespec="seconds"), "user": getpass.getuser()}
    entry = Entry(at=now(), event=PURGED, actor_id="operator", surface=SURFACE, details=details)
    with reported(url):
        removed = asyncio.run(_purge(url, entry, before))
    if removed:
        click.echo(f"Removed {_counted(removed)}, and journalled it.")
    else:
        click.echo("Nothing was removed: by now, nothing that old is left, or free of a hold and a rebuild.")


@archive.command()
def reseal() -> None:
    """Encrypt everything with the first key of ARCHIVE_KEY, so that the other keys can be removed.

    With KORE_APPS_FILE, each application has its own keys; ARCHIVE_KEY is for requests of none of them. May be
    interrupted and run again, beside the bot. Exit code 2: something opens with none of the keys, or was
    encrypted with another first key meanwhile.
    """
    keys = _keys()
    if not any(keys.values()):
        raise UnusableError("ARCHIVE_KEY: expected the new key, and after it the old ones.")
    resealed, unopened, left = asyncio.run(_reseal(database_url(os.environ), keys))
    click.echo(f"Encrypted anew: {_counted(resealed)}.")
    if unopened:
        raise UnusableError(f"None of the keys opens {_counted(unopened)}, so keep looking for the key.")
    if left:
        raise UnusableError(
            f"{_counted(left)} got another key meanwhile, from a reseal or a bot with another first key: end it, and "
            "run this again."
        )
    first = "The first key of each application" if len(keys) > 1 else "The first key"
    click.echo(f"{first} opens everything, so the other keys can be removed.")


def _keys() -> dict[str, Keys]:
    """Return the keys of each application by name, and as "" those of the environment."""
    each = read_each(os.environ, ArchiveSettings)
    return {name: of.ARCHIVE_KEY for name, of in {"": ArchiveSettings.from_env(os.environ), **each}.items()}


async def _purge(url: str, entry: Entry, before: datetime) -> int:
    async with opened_engine(url) as engine:
        return await archive_writes.purge(engine, before, entry)


async def _reseal(url: str, keys: Mapping[str, Keys]) -> tuple[int, int, int]:
    """Return how many parts were encrypted anew, how many no key opens, and how many the first key does not in the end.

    The keys are those of the application of each part.
    """
    resealed = unopened = 0

    def of(application: str) -> Keys:
        return keys.get(application, keys[""])

    async with opened_engine(url) as engine:
        with reading(url) as connection:
            parts = archive_reads.sealed_parts(connection)
            with click.progressbar(parts, show_pos=True, hidden=not sys.stderr.isatty(), file=sys.stderr) as bar:
                for seq, sealed, application in bar:
                    new = sealed_anew(sealed, of(application))
                    if new is None:
                        unopened += 1
                    elif new != sealed:
                        resealed += await archive_writes.replace_sealed(engine, seq, sealed, new)
            again = archive_reads.sealed_parts(connection)
            left = sum(not opens(of(application)[:1], sealed) for _, sealed, application in again)
    return resealed, unopened, left


def _before(age: str) -> datetime:
    """Return when what has this age by now was made. A year is one of the calendar, which may have a leap day."""
    at, years = now(), re.fullmatch(r"([1-9][0-9]?)y", age)
    try:
        return _years_before(at, int(years[1])) if years else at - moment.age(age)
    except (ValueError, OverflowError):
        raise UnusableError("--older-than: expected an age such as 4y, 90d or 12h.") from None


def _years_before(at: datetime, years: int) -> datetime:
    try:
        return at.replace(year=at.year - years)
    except ValueError:  # 29 February
        return at.replace(year=at.year - years, day=28)


def _counted(count: int) -> str:
    """Return the number of copies: a campaign may have one from before its deletion, and one that Kore.ai returned."""
    return "1 copy of a campaign" if count == 1 else f"{count:,} copies of campaigns"
