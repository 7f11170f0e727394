"""Select the rows of one Kore.ai account: the same id in another account names another campaign."""

from typing import Any

import sqlalchemy as sa

from deletion.db.tables import requests


def in_account(
    kore_account: str | None, column: sa.ColumnElement[Any] = requests.c.kore_account
) -> sa.ColumnElement[bool]:
    """Return the condition, of requests if not told otherwise. Rows that name no account, and None, match every one."""
    if kore_account is None:
        return sa.true()
    return sa.func.coalesce(column, kore_account) == kore_account


def of_account(column: sa.Column[Any] = requests.c.kore_account) -> sa.ColumnElement[bool]:
    """Return the same condition for the account that the query gets as ``account``, which must not be None."""
    account = sa.bindparam("account", type_=sa.String)
    return sa.func.coalesce(column, account) == account
