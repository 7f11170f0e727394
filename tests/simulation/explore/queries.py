"""What must never be stored at the same moment, and what is still to be done, as SQL on the bot's tables."""

from tests.simulation.explore.journal import OPEN
from tests.simulation.explore.stored import IS_PAUSED

# A stop alone does not wait for a request to delete.
OPEN_TWICE = f"""SELECT campaign_id FROM requests WHERE state IN ({", ".join(f"'{state}'" for state in OPEN)})
    GROUP BY campaign_id, COALESCE(stops, '') = 'stop' HAVING COUNT(*) > 1"""  # noqa: S608 - our own words
BEGUN_TWICE = """SELECT list_id FROM requests WHERE state = 'deleting' AND list_id IS NOT NULL
    GROUP BY list_id HAVING COUNT(*) > 1"""
MOVING = (
    f"""SELECT id FROM requests WHERE state IN ('approved', 'deleting', 'rebuilding', 'stopping') AND NOT {IS_PAUSED}"""  # noqa: S608 - the same
)
# A list's messages belong to its first request, and show all of them; those of its end wait for it.
LATE = f"""SELECT 1 FROM messages m JOIN requests r ON r.id = m.request_id WHERE m.shown_version <
    COALESCE((SELECT SUM(o.version) FROM requests o WHERE o.list_id = r.id), r.version)
    AND (m.kind != 'story' OR m.shown_version <= 0)
    AND NOT ((m.kind IN ('room', 'direct') OR m.key LIKE 'file-%') AND EXISTS (
        SELECT 1 FROM requests o WHERE o.list_id = r.id AND o.state IN ({", ".join(f"'{state}'" for state in OPEN)})))
    AND NOT (m.key LIKE 'file-%' AND m.ts <> '' AND EXISTS (
        SELECT 1 FROM requests o WHERE o.list_id = r.id AND o.state = 'unknown'))
    """  # noqa: S608 - the same
