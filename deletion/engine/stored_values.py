"""The values that DBOS stores of workflows and steps: plain JSON, and never a pickle.

DBOS 3.4 unpickles a row that is marked ``py_pickle`` under any configured serializer, so a database writer could run
code in the bot. ``refuse_pickles`` closes that path. ``remove_foreign_rows`` deletes what the previous version pickled:
the request rows and the sweep continue its work.
"""

import logging
from typing import Any

from dbos import DBOSPortableJSONSerializer
from dbos._serialization import DefaultSerializer  # its instance is what DBOS unpickles with

from deletion.db.engine_tables import remove_workflows_not_stored_as

APPLICATION = "campaign-delete"
SERIALIZER = DBOSPortableJSONSerializer()
log = logging.getLogger(__name__)


class PickleRefusedError(Exception):
    """A row of the engine's tables holds a pickle, which is never loaded."""


def refuse_pickles() -> None:
    """Make DBOS raise PickleRefusedError for every pickle that it would load in this process."""
    DefaultSerializer.deserialize = _refuse  # type: ignore[method-assign,assignment]  # DBOS has no setting for it


def remove_foreign_rows(database_url: str) -> None:
    """Delete this application's workflows that are not stored as JSON, and its schedules, which it no longer has."""
    if removed := remove_workflows_not_stored_as(SERIALIZER.name(), database_url, APPLICATION):
        log.warning("Removed workflows that are not stored as JSON; the sweep continues them", extra={"rows": removed})


def _refuse(_serializer: DefaultSerializer, serialized_data: str) -> Any:
    raise PickleRefusedError(f"a pickle of {len(serialized_data)} characters was not loaded")
