"""Say what a failed story leaves, because its database is gone afterwards."""

from pathlib import Path

import sqlalchemy as sa

from deletion.db.connection import open_sync_engine

LOG_LINES = 80
QUERIES = {
    "requests": "SELECT id, state, version, changed_at, execute_after, lease, attempt, observation FROM requests",
    "journal": "SELECT seq, request_id, at, event, details FROM journal ORDER BY seq",
    "messages": 'SELECT request_id, "key", shown_version, ts, error, tried_at FROM messages',
}
WORKFLOWS = "SELECT workflow_uuid, status, queue_name, executor_id, created_at, started_at_epoch_ms FROM {}"


def evidence_of(database_url: str, folder: Path) -> str:
    """Return the bots' last log lines, their requests with journal and messages, and DBOS's workflows."""
    found = []
    for log in sorted(folder.glob("*.log")):
        found += [f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-LOG_LINES:]]
    engine = open_sync_engine(database_url)
    workflows = "dbos.workflow_status" if engine.dialect.name == "postgresql" else "workflow_status"
    for name, query in {**QUERIES, "workflows": WORKFLOWS.format(workflows)}.items():
        found.append(f"--- {name}")
        try:
            with engine.connect() as connection:
                found += [str(tuple(row)) for row in connection.execute(sa.text(query))]
        except sa.exc.SQLAlchemyError as error:  # a bot that failed to start may have left no tables
            found.append(str(error))
    engine.dispose()
    return "\n".join(found)
