"""Canaries sent through every failure path of the real bot, then searched in its output and database."""

import asyncio
import base64
import contextlib
import json
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine
from deletion.lifecycle.archive import Archive
from deletion.stores.request_store import RequestStore
from sandbox.slack.interactions.delivery import signed_headers
from slack_ui.parts import ids
from tests import postgres
from tests.canaries import found
from tests.simulation.stories.steps import CARDS, approve, rebuild
from tests.stories.conftest import World, open_world
from tests.stories.person import REASON as STORED
from tests.stories.person import eventually, shown

TEXT, DESCRIPTION = "c4n4ry message text", "c4n4ry description"
NUMBER, CONTACT = "+4915199887766", "+4915155443322"
BODY, TYPED, REASON = "c4n4ryBody", "c4n4ry typed", "It is the c4n4ry reason"
PERSONAL = {"text": TEXT, "number": NUMBER[1:], "contact": CONTACT[1:], "description": DESCRIPTION}
SENT = {"body": BODY, "typed": TYPED}
SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "KORE_CLIENT_SECRET", "ARCHIVE_KEY")
SETTINGS = {"LOG_LEVEL": "DEBUG", "REQUESTERS": "S0REQUEST,U0DAN", "APPROVALS_REQUIRED": "1", "UNDO_WINDOW": "0"}
CALLS_PER_MINUTE = 600  # the story makes about 55 calls, near the default limit
PASSWORD = "c4n4ryPassword"
OUTCOMES = ("was deleted.", "is gone.", "was not deleted.")
WORKFLOW_FAILED = "Exception encountered in asyn"  # of DBOS
LOGGED = ("Request rejected", "Listener failed", "Slack call failed; retrying later", WORKFLOW_FAILED)


@dataclass
class Told:
    """A bot's output and stored data at its end, and the canaries that it was given."""

    log: str
    traffic: list[dict[str, Any]]
    database: bytes
    archived: Any
    secrets: dict[str, str]
    exchanged: dict[str, str]  # tokens, trigger ids and response URLs that went over the wire
    metrics: str

    @property
    def private(self) -> dict[str, str]:
        return {**self.secrets, **self.exchanged, **PERSONAL, **SENT}

    @property
    def posted(self) -> list[Any]:
        return [exchange["request"] for exchange in self.traffic if exchange["what"].startswith("chat.")]


@pytest.fixture(scope="module", params=["http", "socket"])
async def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres_server: str
) -> AsyncIterator[Told]:
    """Run every failure path: by HTTP on PostgreSQL, and by Socket Mode on SQLite."""
    folder = tmp_path_factory.mktemp("bot")
    form = "text" if request.param == "http" else "json"
    settings = {**SETTINGS, "ARCHIVE_KEY": Fernet.generate_key().decode(), "LOG_FORMAT": form}
    with contextlib.ExitStack() as until_the_end:
        url = f"sqlite:///{folder}/bot.sqlite3"
        if request.param == "http":
            plain = until_the_end.enter_context(postgres.database(postgres_server))
            url = plain.replace("postgres@", f"postgres:{PASSWORD}@")
        settings["KORE_CALLS_PER_MINUTE"] = str(CALLS_PER_MINUTE)
        async with open_world(folder, request.param, "v1", DATABASE_URL=url, **settings) as world:
            world.sandbox.kore.limit.set(CALLS_PER_MINUTE, 60)
            database = open_engine(url)
            await go_wrong(world, database)
            metrics = (await world.api.get(f"{world.bot.url}/metrics")).text
            await world.bot.stop()
            yield await collect(world, database, metrics)
            await database.dispose()


async def go_wrong(world: World, database: AsyncEngine) -> None:
    await send_untrusted_payloads(world)
    await fail_before_the_request(world, database)
    await fail_after_the_approval(world, database)


async def send_untrusted_payloads(world: World) -> None:
    """Send payloads that are not from Slack."""
    strange = {"type": "block_actions", "user": {"id": BODY}, "trigger_id": BODY, "actions": [{"value": BODY}]}
    if world.bot.settings.get("SLACK_APP_TOKEN"):
        with contextlib.suppress(TimeoutError):
            await world.sandbox.slack.sockets.send("interactive", strange, timeout_seconds=0.2)
        await world.api.post("/sandbox/delivery", json={"disconnect": "warning"})
        await eventually(lambda: has_socket(world), "the bot connected again")
        return
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    bodies = [urlencode({"command": BODY}), f"payload={BODY}", urlencode({"payload": str(strange)}), f"{{{BODY}"]
    async with httpx.AsyncClient(base_url=world.bot.url) as client:
        for body in bodies:
            for headers in ({}, {"X-Slack-Signature": BODY}, signed_headers(body.encode(), 1), None):
                sent = headers if headers is not None else signed_headers(body.encode(), int(time.time()))
                answer = await client.post("/slack/events", content=body, headers={**form, **sent})
                assert answer.is_client_error
                assert BODY not in answer.text
    reader, writer = await asyncio.open_connection("127.0.0.1", int(world.bot.settings["PORT"]))
    writer.write(f"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n{BODY} {BODY}\r\n{BODY}\r\n\r\n".encode())
    await reader.read()
    writer.close()


async def fail_before_the_request(world: World, database: AsyncEngine) -> None:
    """Fail Kore.ai, Slack and the database between command and recorded request."""
    dan = world.person("U0DAN")
    await dan.types(f"{ids.COMMAND} {TYPED}")
    campaign, _ = await canary_campaign(world)
    view = await dan.asks_to_delete(campaign)
    assert await dan.submits(view, TYPED, REASON)
    for target, operation, kind, more in (
        ("kore", "get", "status", {"status": 401, "error": f"not for {NUMBER}"}),
        ("kore", "get", "html", {"status": 200}),
        ("slack", "views.open", "error", {"error": "expired_trigger_id"}),
        ("slack", "views.update", "error", {"error": "internal_error"}),
        ("slack", "conversations.info", "reset", {}),
    ):
        await world.fault(target, operation, kind, **more)
        await dan.types(f"{ids.COMMAND} {campaign}")
        await eventually(lambda: no_fault(world), f"the end of {operation}")
    async with without(database, "previews"):
        await dan.types(f"{ids.COMMAND} {campaign}")
        await eventually(lambda: logged(world, "previews"), "that a listener failed")


async def fail_after_the_approval(world: World, database: AsyncEngine) -> None:
    """Fail Kore.ai, Slack and the engine's database between approval and messages."""
    bob = world.person("U0BOB")
    *cards, last = [await request(world) for _ in range(4)]
    echo = f"No {NUMBER} for {world.sandbox.kore.auth.tokens[-1]}"
    await world.fault("kore", "delete", "error", error=echo)
    await world.fault("kore", "delete", "lost_answer")
    await world.fault("slack", "chat.update", "error", error="internal_error", times=2)
    await world.fault("slack", "chat.postMessage", "rate_limit", times=2)
    await world.fault("slack", "chat.postMessage", "reset")
    for card in cards:
        assert not await approve(bob, card)
    for outcome in OUTCOMES:
        await bob.reads(outcome, CARDS)
    await world.fault("kore", "create", "error", error=echo)
    done = await bob.reads("was deleted.", CARDS)
    assert not await rebuild(world.person("U0ALICE", CARDS), done)
    assert not await approve(bob, await bob.reads("is waiting for approval to be rebuilt.", CARDS))
    await bob.reads("was not rebuilt.", CARDS)
    async with without(database, "archives"):
        assert not await approve(bob, last)
        await eventually(
            lambda: logged(world, "archives", WORKFLOW_FAILED), "that a workflow failed, not only a message"
        )
    if database.dialect.name == "postgresql":
        async with closed(database):
            await eventually(lambda: logged(world, "not currently accepting connections"), "that the connections ended")


@contextlib.asynccontextmanager
async def closed(database: AsyncEngine) -> AsyncIterator[None]:
    """End all connections to a PostgreSQL database, and accept none for the duration of the block."""
    name, elsewhere = database.url.database, database.url.set(drivername="postgresql", database="postgres")
    await database.dispose()
    address = elsewhere.render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as server:
        await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextlib.asynccontextmanager
async def without(database: AsyncEngine, table: str) -> AsyncIterator[None]:
    async with database.begin() as connection:
        await connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO elsewhere"))
    yield
    async with database.begin() as connection:
        await connection.execute(sa.text(f"ALTER TABLE elsewhere RENAME TO {table}"))


async def request(world: World) -> dict[str, Any]:
    """Request a deletion as Alice and return the approval card."""
    alice = world.person("U0ALICE")
    campaign, name = await canary_campaign(world)
    assert not await alice.submits(await alice.asks_to_delete(campaign), name)
    return await world.person("U0BOB").reads(f"`{name}` is waiting for approval to be deleted.", CARDS)


async def canary_campaign(world: World) -> tuple[str, str]:
    """Create a campaign with a canary in each private field; return its id and name."""
    campaign_id = await world.fresh_campaign()
    name = f"{campaign_id[3:11]} Campaign"
    await world.campaign(
        campaign_id,
        name=name,
        description=DESCRIPTION,
        format="simple",
        experienceFlow=None,
        message={"message": base64.b64encode(TEXT.encode()).decode()},
        dialingStrategy={"callerId": {"phoneNumber": NUMBER}},
        recipients=[{"phone": CONTACT}],
    )
    return campaign_id, name


async def has_socket(world: World) -> bool:
    return bool((await world.api.get("/sandbox/delivery")).json()["sockets"])


async def no_fault(world: World) -> bool:
    return not (await world.api.get("/sandbox/faults")).json()


async def logged(world: World, *texts: str) -> bool:
    log = world.bot.log.read_text()
    return all(text in log for text in texts)


async def collect(world: World, database: AsyncEngine, metrics: str) -> Told:
    settings, traffic = world.bot.settings, (await world.api.get("/sandbox/traffic")).json()
    secrets = {name: settings[name] for name in SECRETS if name in settings}
    secrets |= {"password": PASSWORD} if PASSWORD in settings["DATABASE_URL"] else {}
    exchanged = numbered("token", world.sandbox.kore.auth.tokens)
    for name in ("trigger_id", "response_url"):
        came = [exchange["request"].get(name) for exchange in traffic if exchange["direction"] == "to_bot"]
        exchanged |= numbered(name, filter(None, came))
    links = [exchange["response"]["url"] for exchange in traffic if exchange["what"] == "apps.connections.open"]
    exchanged |= numbered("ticket", [link.rpartition("/")[2] for link in links])
    return Told(
        log=world.bot.log.read_text(),
        traffic=traffic,
        database=await dumped(world, database),
        archived=await opened(database, settings["ARCHIVE_KEY"]),
        secrets=secrets,
        exchanged=exchanged,
        metrics=metrics,
    )


def numbered(name: str, values: Iterable[str]) -> dict[str, str]:
    return {f"{name} {n}": value for n, value in enumerate(values)}


async def dumped(world: World, database: AsyncEngine) -> bytes:
    """Return every column of every table, the engine's included; for SQLite the bytes of its files."""
    if database.dialect.name == "sqlite":
        return b"".join(path.read_bytes() for path in world.bot.log.parent.glob("bot.sqlite3*"))
    rows: list[str] = []
    async with database.connect() as connection:
        tables = sa.text("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos')")
        for schema, name in (await connection.execute(tables)).all():
            table = sa.table(name, schema=schema)
            rows += await connection.scalars(sa.select(sa.cast(sa.column(name), sa.Text)).select_from(table))
    return "\n".join(rows).encode()


async def opened(database: AsyncEngine, key: str) -> Any:
    """Return the first archived campaign, decrypted."""
    async with database.connect() as connection:
        first = await connection.execute(sa.text("SELECT request_id FROM archives ORDER BY seq LIMIT 1"))
        request_id = first.scalar_one()
    return await Archive(RequestStore(database), [SecretStr(key)]).open(request_id)


async def test_planted_failures_occurred(told: Told) -> None:
    """Without these failures the other tests would prove nothing."""
    assert [event for event in LOGGED if event not in told.log] == []
    posted = json.dumps(told.posted)
    assert [outcome for outcome in OUTCOMES if outcome not in posted] == []
    assert {name.partition(" ")[0] for name in told.exchanged} >= {"token", "trigger_id", "response_url"}


async def test_log_contains_no_private_data(told: Told) -> None:
    """The log was written at DEBUG, which includes all levels."""
    assert not found({**told.private, "reason": REASON}, told.log)


async def test_metrics_contain_no_private_data(told: Told) -> None:
    assert "campaign_delete_" in told.metrics
    assert not found(told.private, told.metrics)


async def test_channels_get_only_names_ids_and_counts(told: Told) -> None:
    assert "cd-" in json.dumps(told.posted)
    assert not found(told.private, json.dumps(told.posted))


async def test_modal_shows_description_and_two_digits_of_number(told: Told) -> None:
    views = [exchange["request"] for exchange in told.traffic if exchange["what"].startswith("views.")]
    assert DESCRIPTION in shown(views)
    assert "•••• 66" in shown(views)
    own_words = {"description", "typed"}  # the campaign's own, and the viewer's query
    shown_to_nobody = {name: value for name, value in told.private.items() if name not in own_words}
    without_trigger = [{name: value for name, value in view.items() if name != "trigger_id"} for view in views]
    assert not found(shown_to_nobody, json.dumps(without_trigger))
    for own, where in ((PERSONAL, (ids.CONFIRM_VIEW, ids.APPROVE_VIEW)), (SENT, (ids.PICKER_VIEW,))):
        assert not found(own, json.dumps([view for view in views if view["view"]["callback_id"] not in where]))


async def test_acks_contain_no_private_data(told: Told) -> None:
    acks = [exchange["response"] for exchange in told.traffic if exchange["direction"] == "to_bot"]
    assert [ack for ack in acks if ack]
    assert not found(told.private, json.dumps(acks))


async def test_tables_contain_no_private_data(told: Told) -> None:
    assert STORED.encode() in told.database
    assert not found(told.private, told.database)


async def test_archive_opens_with_its_key(told: Told) -> None:
    assert found(PERSONAL, json.dumps(told.archived)) == set(PERSONAL)
