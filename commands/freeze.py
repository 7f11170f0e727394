"""Freeze all requests in the database, without Slack."""

import asyncio
import os
import re
from collections.abc import Sequence
from uuid import uuid4

import click
import sqlalchemy as sa

from commands.database_file import require_file
from commands.errors import UnusableError
from deletion.db.connection import migrate, opened_engine, read
from deletion.db.database_name import sqlite_file
from deletion.db.failure import reported
from deletion.db.tables import requests
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent
from deletion.domain.models import Request
from deletion.domain.policy import REASON_MAX, Policy
from deletion.domain.recipients import rooms_of_a_freeze
from deletion.domain.records import Entry
from deletion.domain.text.visible_text import visible_text
from deletion.lifecycle.freezing import REPLACED, Freezing
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.request_store import RequestStore
from settings.applications import read_each
from settings.commands import FreezeSettings

SURFACE = "command line"


@click.command()
@click.option("--by", "person", required=True, metavar="USER", help="Your Slack user id, which messages will name.")
@click.option("--reason", required=True, help=f"Shown on every open request, up to {REASON_MAX} characters.")
def freeze(person: str, reason: str) -> None:
    """Freeze all requests, before the bot starts on a restored database, or while Slack is down.

    Nothing is requested, approved or deleted until an approver types /campaign-delete unfreeze. A running bot obeys at
    once, and announces the freeze in APPROVALS_CHANNEL and OPS_ROOMS, if they are set here too, or in those of every
    application of KORE_APPS_FILE. A freeze that holds already keeps its reason, and is announced again. Needs
    DATABASE_URL, which is migrated. Exit code 0: frozen. 2: not frozen.
    """
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", person):
        raise UnusableError("--by: expected your Slack user id, U… or W….")
    each = read_each(os.environ, FreezeSettings).values()
    url = FreezeSettings.from_env(os.environ).DATABASE_URL.get_secret_value()
    if file := sqlite_file(url):
        require_file(file)
    migrate(url)
    cards = [settings.APPROVALS_CHANNEL for settings in each if settings.APPROVALS_CHANNEL]
    said = " ".join(visible_text(reason.encode("utf-8", "replace").decode()).split())
    policy = Policy(ops_rooms=(*cards, *(room for settings in each for room in settings.OPS_ROOMS)))
    with reported(url):
        begun = asyncio.run(_freeze(url, person, said[:REASON_MAX], policy))
    if isinstance(begun, Freeze):
        why = begun.reason or "no reason given"
        click.echo(f"All requests are frozen already, by {begun.frozen_by}: {why}. A bot announces that again.")
        return
    click.echo("All requests are frozen until an approver types /campaign-delete unfreeze.")
    if len(said) > REASON_MAX:
        click.echo(f"The reason is longer than {REASON_MAX} characters, so its beginning is recorded.")
    for request in begun:
        what = f"request {request.id} to {request.due_action} {request.campaign.campaign_id}"
        click.echo(f"It had begun before, and may still be carried out: {what}.")


async def _freeze(url: str, person: str, reason: str, policy: Policy) -> list[Request] | Freeze:
    """Return the requests that had begun before and may still take effect; a freeze that holds already is kept."""
    async with opened_engine(url) as engine:
        newest = sa.select(requests.c.team_id).order_by(requests.c.requested_at.desc()).limit(1)
        if not (rows := await read(engine, newest)):
            raise UnusableError("DATABASE_URL: this database has no requests, so there is nothing to freeze.")
        team_id, stored = str(rows[0]["team_id"]), RequestStore(engine)
        await stored.synchronize_clock()  # a bot announces a freeze of a later time only then
        freeze = Freeze(id=uuid4().hex, team_id=team_id, frozen_by=person, frozen_at=now(), reason=reason, frozen_in="")
        store, rooms = FreezeStore(engine), rooms_of_a_freeze(freeze, policy)
        while not await store.freeze(freeze, _entry(FreezeEvent.FROZEN, freeze, reason), rooms):
            current = await store.current()
            if current and not current.practice:
                if await store.show_again(current, rooms):
                    return current
            elif current and await _replace(store, current, freeze, rooms):
                break
        freezing = Freezing(stored, store, policy)
        begun = [*await freezing.under_way(), *await freezing.may_take_effect()]
        return list({request.id: request for request in begun}.values())


async def _replace(store: FreezeStore, practised: Freeze, freeze: Freeze, rooms: Sequence[str]) -> bool:
    """Begin a real freeze in the place of one of practice, which practice could end. False if it has ended."""
    ending = {"lifted_by": freeze.frozen_by, "lifted_at": freeze.frozen_at, "lifted_because": REPLACED}
    ended = practised.model_copy(update=ending)
    unfrozen = _entry(FreezeEvent.UNFROZEN, ended, REPLACED, by=freeze)
    frozen = _entry(FreezeEvent.FROZEN, freeze, freeze.reason)
    return await store.freeze(freeze, frozen, rooms, instead_of=(ended, unfrozen))


def _entry(event: FreezeEvent, of: Freeze, reason: str, by: Freeze | None = None) -> Entry:
    """Return the entry for a freeze or its end, by the person of the freeze or of another one."""
    actor = by or of
    return Entry(
        at=of.lifted_at or of.frozen_at,
        event=event,
        actor_id=actor.frozen_by,
        actor_team_id=actor.team_id,
        surface=SURFACE,
        details={"freeze": of.id, "reason": reason, **({"practice": "on"} if of.practice else {})},
    )
