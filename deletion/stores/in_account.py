"""Select the requests of one Kore.ai account: the same id in another account names another campaign."""

import sqlalchemy as sa

from deletion.db.tables import requests


def in_account(kore_account: str | None) -> sa.ColumnElement[bool]:
    """Return the condition. Rows that name no account, and None, match every account."""
    if kore_account is None:
        return sa.true()
    return sa.func.coalesce(requests.c.kore_account, kore_account) == kore_account
