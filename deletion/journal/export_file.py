"""Write and read an exported journal, as JSON Lines or CSV, so that it can be verified without the database.

A CSV cell that a spreadsheet would run as a formula, or that begins with an apostrophe, is written with an apostrophe
in front, which reading removes.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any

from deletion.domain.canonical_json import canonical_json
from deletion.journal.hash_chain import BrokenChainError, Recorded, fields

COLUMNS = (
    "seq", "at", "event", "actor_id", "actor_team_id", "surface", "request_id", "campaign_id", "details", "previous",
    "hash",
)  # fmt: skip
MAY_BE_NOTHING = ("request_id", "campaign_id")
# https://owasp.org/www-community/attacks/CSV_Injection names these, but for the apostrophe.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - full width, for Excel reads them
APOSTROPHE = "'"


def write_jsonl(entries: Iterable[Recorded], stream: IO[str]) -> None:
    stream.writelines(canonical_json(fields(entry)) + "\n" for entry in entries)


def write_csv(entries: Iterable[Recorded], stream: IO[str]) -> None:
    """Write a heading and quoted cells; ``details`` are JSON in one cell. The stream must not translate newlines."""
    table = csv.writer(stream, quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    for entry in entries:
        told = fields(entry)
        told["details"] = json.dumps(told["details"], ensure_ascii=False)
        table.writerow([harmless(told[name]) for name in COLUMNS])


def read(stream: IO[str]) -> Iterator[Recorded]:
    """Yield the entries of an export in either format. Raises BrokenChainError at a line that cannot be read."""
    seq = None
    try:
        for values in _rows(stream):
            entry = Recorded.model_validate(values)
            seq = entry.seq
            yield entry
    except (ValueError, csv.Error, RecursionError) as error:
        where = "The first line" if seq is None else f"What comes after entry {seq}"
        raise BrokenChainError(f"{where} cannot be read as an entry of the journal.") from error


def _rows(stream: IO[str]) -> Iterator[dict[str, Any]]:
    first = stream.readline()
    lines = chain([first], stream) if first else stream
    if first.startswith("{"):
        for line in lines:
            yield _json(line)
        return
    table = csv.reader(lines, strict=True)
    if first and tuple(next(table)) != COLUMNS:
        raise ValueError("another heading")
    for cells in table:
        values = dict(zip(COLUMNS, map(_as_written, cells), strict=True))
        nothing = {name: values[name] or None for name in MAY_BE_NOTHING}
        yield {**values, **nothing, "details": _json(values["details"])}


def harmless(value: str | int | None) -> str:
    cell = "" if value is None else str(value)
    return APOSTROPHE + cell if cell.startswith((*FORMULAS, APOSTROPHE)) else cell


def _as_written(cell: str) -> str:
    return cell.removeprefix(APOSTROPHE)


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raise ValueError for a duplicate name: a reader and the hash would see different values."""
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a duplicate name")
    return values
