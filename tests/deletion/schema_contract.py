"""Compare two states of a schema: what would stop the earlier version from reading and writing the later one."""

import warnings
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import SAWarning


@dataclass(frozen=True)
class Schema:
    """Columns and unique column sets by table."""

    columns: dict[str, dict[str, ReflectedColumn]]
    unique: dict[str, set[tuple[str, ...]]]


def reflect(connection: sa.Connection) -> Schema:
    inspector = sa.inspect(connection)
    tables = inspector.get_table_names()
    columns = {table: {column["name"]: column for column in inspector.get_columns(table)} for table in tables}
    return Schema(columns, {table: _unique(inspector, table) for table in tables})


def breaks(before: Schema, after: Schema) -> list[str]:
    """Return a line for each change that the version of ``before`` cannot work with."""
    found = []
    for table, columns in before.columns.items():
        if table not in after.columns:
            found.append(f"{table}: removed")
            continue
        found += [_broken(f"{table}.{name}", old, after.columns[table].get(name)) for name, old in columns.items()]
        added = after.columns[table].keys() - columns.keys()
        found += [_unwritable(f"{table}.{name}", after.columns[table][name]) for name in sorted(added)]
        found += [f"{table}: new unique {names}" for names in after.unique[table] - before.unique[table]]
    return [line for line in found if line]


def _broken(where: str, old: ReflectedColumn, new: ReflectedColumn | None) -> str:
    if new is None:
        return f"{where}: removed or renamed"
    if str(new["type"]) != str(old["type"]):
        return f"{where}: {old['type']} became {new['type']}"
    if old["nullable"] and not new["nullable"]:
        return f"{where}: no longer nullable"
    if old["default"] and not new["default"]:
        return f"{where}: default removed"
    return ""


def _unwritable(where: str, column: ReflectedColumn) -> str:
    return "" if column["nullable"] or column["default"] else f"{where}: new, and neither nullable nor with a default"


def _unique(inspector: sa.Inspector, table: str) -> set[tuple[str, ...]]:
    """Return unique column sets without their expressions, which make an index weaker. SQLite shows none of those."""
    with warnings.catch_warnings(action="ignore", category=SAWarning):
        found: list[Any] = [index for index in inspector.get_indexes(table) if index["unique"]]
        found += inspector.get_unique_constraints(table)
    unique = [each["column_names"] for each in found]
    return {tuple(name for name in names if name is not None) for names in unique}
