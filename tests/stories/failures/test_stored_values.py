"""A database writer cannot run code in the bot: no pickle in the engine's tables is ever loaded."""

import base64
import json
import pickle
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from dbos import _serialization as dbos_serialization

from deletion.engine.queues import VERSION
from deletion.engine.stored_values import APPLICATION, SERIALIZER, PickleRefusedError, refuse_pickles
from tests.previous_version.database import connected, engine_schema, engine_table, rows
from tests.simulation.stories.steps import NAME
from tests.stories.conftest import World, open_world
from tests.stories.person import eventually

DEFAULT = dbos_serialization.DBOSDefaultSerializer
ARGS = json.dumps({"positionalArgs": ["none", "none", "C0NONE"], "namedArgs": {}})
READERS: list[Any] = [
    dbos_serialization.deserialize_value,
    dbos_serialization.deserialize_args,
    dbos_serialization.deserialize_exception,
]


class Malicious:
    """Creates the file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.file), "w")

    @property
    def pickled(self) -> str:
        return base64.b64encode(pickle.dumps(self)).decode()


@pytest.mark.parametrize("serialization", [DEFAULT.name(), None])
@pytest.mark.parametrize("read", READERS)
def test_no_reader_of_dbos_loads_a_pickle(tmp_path: Path, read: Any, serialization: str | None) -> None:
    """Inputs, outputs, errors, messages, events, streams and schedules all come through these."""
    refuse_pickles()
    with pytest.raises((PickleRefusedError, ValueError)):
        read(Malicious(tmp_path / "loaded").pickled, serialization, SERIALIZER)
    assert not (tmp_path / "loaded").exists()


def test_the_pickle_of_this_test_is_malicious(tmp_path: Path) -> None:
    pickle.loads(base64.b64decode(Malicious(tmp_path / "loaded").pickled)).close()  # noqa: S301 - our own
    assert (tmp_path / "loaded").exists()


async def test_planted_pickles_run_nothing(database_url: str, tmp_path: Path) -> None:
    loaded = tmp_path / "loaded"
    pickled = Malicious(loaded).pickled
    async with open_world(tmp_path, "socket", "v2", DATABASE_URL=database_url) as world:
        await delete_one(world)
        assert await world.bot.stop() == 0

        for serialization in (DEFAULT.name(), None):
            for status in ("ENQUEUED", "PENDING", "SUCCESS"):
                plant(
                    database_url, f"before-{serialization}-{status}", pickled, serialization, status=status, version="1"
                )
                plant(database_url, f"again-{serialization}-{status}", pickled, serialization, status=status)
        plant_schedule(database_url, pickled)
        await world.bot.start()
        await eventually(world.is_connected, "the bot connected")
        assert "Removed workflows that are not stored as JSON" in world.bot.log.read_text()
        assert not planted(database_url, "before-%")

        for serialization in (DEFAULT.name(), None):
            plant(database_url, f"later-{serialization}", pickled, serialization)
            for column in ("output", "error"):
                workflow_id = f"later-{serialization}-{column}"
                plant_step(database_url, workflow_id, column, pickled, serialization)
                plant(database_url, workflow_id, ARGS, SERIALIZER.name())

        async def have_ended() -> bool:
            return set(planted(database_url, "later-%")) == {"ERROR"}

        await eventually(have_ended, "an end of what was planted")
        await delete_one(world)
    assert not loaded.exists()


async def delete_one(world: World) -> None:
    """A request is still asked for, executed and announced."""
    alice, campaign_id = world.person("U0ALICE"), await world.fresh_campaign()
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), NAME)
    await eventually(world.has_said_all, "an outcome that every channel shows")
    assert campaign_id in await world.deletes()


def plant(
    url: str,
    workflow_id: str,
    inputs: str,
    serialization: str | None,
    *,
    status: str = "ENQUEUED",
    version: str = VERSION,
) -> None:
    moment = int(time.time() * 1000)
    values = {
        "workflow_uuid": workflow_id, "status": status, "name": "show", "queue_name": "show", "inputs": inputs,
        "queue_partition_key": workflow_id, "serialization": serialization, "application_version": version,
        "application_name": APPLICATION, "executor_id": "one", "created_at": moment, "updated_at": moment,
        "priority": 0, "recovery_attempts": 0, "output": inputs,
    }  # fmt: skip
    insert(url, "workflow_status", values)


def plant_step(url: str, workflow_id: str, column: str, pickled: str, serialization: str | None) -> None:
    values = {
        "workflow_uuid": workflow_id, "function_id": 1, "function_name": "MessageSync.show", column: pickled,
        "serialization": serialization, "application_name": APPLICATION, "retention_timestamp": 0,
    }  # fmt: skip
    insert(url, "operation_outputs", values)


def plant_schedule(url: str, pickled: str) -> None:
    values = {
        "schedule_id": "planted", "schedule_name": "planted", "workflow_name": "show", "schedule": "* * * * * *",
        "context": pickled, "application_name": APPLICATION,
    }  # fmt: skip
    insert(url, "workflow_schedules", values)


def insert(url: str, name: str, values: dict[str, Any]) -> None:
    table = sa.table(name, *(sa.column(column) for column in values), schema=engine_schema(url))
    with connected(url) as connection:
        connection.execute(table.insert().values(values))


def planted(url: str, pattern: str) -> list[str]:
    query = f"SELECT status FROM {engine_table(url, 'workflow_status')} WHERE workflow_uuid LIKE :pattern"  # noqa: S608 - a name of ours
    return [row["status"] for row in rows(url, query, pattern=pattern)]
