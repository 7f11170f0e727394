"""How a database is named to the operator, and which file it is."""

from pathlib import Path

from sqlalchemy.engine import make_url


def database_name(url: str) -> str:
    """Return the URL without the password and the query, which may hold one too, and with the file's whole path."""
    address = make_url(url).set(query={})
    if address.get_backend_name() == "sqlite" and address.database:
        address = address.set(database=str(Path(address.database).absolute()))
    return address.render_as_string(hide_password=True)


def sqlite_file(url: str) -> Path | None:
    """Return the path of the SQLite file, or None for PostgreSQL."""
    address = make_url(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None
