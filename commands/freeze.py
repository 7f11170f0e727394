"""Freeze all requests in the database, without Slack."""

import asyncio
import os
import re
from uuid import uuid4

import click
import sqlalchemy as sa

from commands.errors import UnusableError
from deletion.db.connection import migrate, opened_engine, read
from deletion.db.database_name import sqlite_file
from deletion.db.tables import requests
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent
from deletion.domain.policy import REASON_MAX, Policy
from deletion.domain.recipients import rooms_of_a_freeze
from deletion.domain.records import Entry
from deletion.stores.freeze_store import FreezeStore
from settings.applications import read_each
from settings.commands import FreezeSettings

SURFACE = "command line"


@click.command()
@click.option("--by", "person", required=True, metavar="USER", help="Your Slack user id, which messages will name.")
@click.option("--reason", required=True, help="Shown on every open request.")
def freeze(person: str, reason: str) -> None:
    """Freeze all requests, before the bot starts on a restored database, or while Slack is down.

    Nothing is requested, approved or deleted until an approver types /campaign-delete unfreeze. A running bot obeys at
    once, and announces the freeze in APPROVALS_CHANNEL and OPS_ROOMS, if they are set here too, or in those of every
    application of KORE_APPS_FILE. Needs DATABASE_URL, which is migrated. Exit code 0: frozen. 2: not frozen.
    """
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", person):
        raise UnusableError("--by: expected your Slack user id, U… or W….")
    each = read_each(os.environ, FreezeSettings).values()
    url = FreezeSettings.from_env(os.environ).DATABASE_URL.get_secret_value()
    if (file := sqlite_file(url)) and not file.exists():
        raise UnusableError(f"DATABASE_URL: there is no file {file}.")
    migrate(url)
    cards = [settings.APPROVALS_CHANNEL for settings in each if settings.APPROVALS_CHANNEL]
    policy = Policy(ops_rooms=(*cards, *(room for settings in each for room in settings.OPS_ROOMS)))
    if asyncio.run(_freeze(url, person, reason[:REASON_MAX], policy)):
        click.echo("All requests are frozen until an approver types /campaign-delete unfreeze.")
    else:
        click.echo("Nothing was done: all requests are already frozen.")


async def _freeze(url: str, person: str, reason: str, policy: Policy) -> bool:
    async with opened_engine(url) as engine:
        newest = sa.select(requests.c.team_id).order_by(requests.c.requested_at.desc()).limit(1)
        if not (rows := await read(engine, newest)):
            raise UnusableError("DATABASE_URL: this database has no requests, so there is nothing to freeze.")
        team_id = str(rows[0]["team_id"])
        freeze = Freeze(id=uuid4().hex, team_id=team_id, frozen_by=person, frozen_at=now(), reason=reason, frozen_in="")
        entry = Entry(
            at=freeze.frozen_at,
            event=FreezeEvent.FROZEN,
            actor_id=person,
            actor_team_id=team_id,
            surface=SURFACE,
            details={"freeze": freeze.id, "reason": reason},
        )
        return await FreezeStore(engine).freeze(freeze, entry, rooms_of_a_freeze(freeze, policy))
