"""A PostgreSQL database that one test after another uses: to create and drop one takes 100 ms, to empty one 5."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests import postgres

# Whatever a test could change besides rows. Every object of the database's own has an id from 16384 on.
SCHEMA = """
    SELECT md5(string_agg(fact, chr(10) ORDER BY fact)) FROM (
        SELECT format('%s %s %s', oid, relname, relkind) FROM pg_class WHERE oid >= 16384
        UNION ALL SELECT format('%s %s %s %s %s', attrelid, attname, atttypid, attnotnull, atthasdef)
            FROM pg_attribute WHERE attrelid >= 16384
        UNION ALL SELECT format('%s %s', oid, tgenabled) FROM pg_trigger WHERE oid >= 16384
        UNION ALL SELECT format('%s %s', oid, convalidated) FROM pg_constraint WHERE oid >= 16384
        UNION ALL SELECT format('%s %s', oid, prosrc) FROM pg_proc WHERE oid >= 16384
        UNION ALL SELECT format('%s %s', oid, nspname) FROM pg_namespace WHERE oid >= 16384
        UNION ALL SELECT format('%s', starelid) FROM pg_statistic WHERE starelid >= 16384
        UNION ALL SELECT format('%s %s', setrole, setconfig) FROM pg_db_role_setting
    ) AS facts (fact)
"""
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
RESTART = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S' AND oid >= 16384"


class ReusedDatabase:
    """A copy of the template, restored after each test: all rows of the template, and no others.

    A test that changed the schema costs its successor a new copy.
    """

    def __init__(self, server_url: str, template: str) -> None:
        self._server_url = server_url
        self._template = template
        self._url = ""
        self._connection: psycopg.Connection | None = None  # a new one for each test would take 20 ms
        self._schema = ""
        self._rows: dict[str, bytes] = {}  # of each table, as COPY writes them

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Yield the URL of the database, which is as the template."""
        connection = self._connection or self._create()
        self._connection = None
        try:
            yield self._url
        finally:
            if self._restore(connection):
                self._connection = connection
            else:
                connection.close()
                postgres.drop(self._server_url, _name(self._url))

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            postgres.drop(self._server_url, _name(self._url))

    def _create(self) -> psycopg.Connection:
        self._url = postgres.create(self._server_url, postgres.new_name(), self._template)
        connection = psycopg.connect(self._url, autocommit=True)
        with connection.cursor() as cursor:
            self._schema = _schema(cursor)
            tables = cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (table,) in tables:
                with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                    self._rows[table] = b"".join(copy)
        return connection

    def _restore(self, connection: psycopg.Connection) -> bool:
        """Return whether the database is as the template again."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(END_OTHERS)
                if _schema(cursor) != self._schema:
                    return False
                # Neither foreign keys nor the journal's trigger count for a replica.
                deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in self._rows]
                setup = sql.SQL("SET session_replication_role = replica")
                cursor.execute(sql.SQL("; ").join([setup, *deletes, sql.SQL(RESTART)]))
                for table, rows in self._rows.items():
                    if rows:
                        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                            copy.write(rows)
        except psycopg.OperationalError:  # the test ended this connection too
            return False
        return True


def _schema(cursor: psycopg.Cursor) -> str:
    (digest,) = cursor.execute(SCHEMA).fetchone() or ("",)
    return str(digest)


def _name(url: str) -> str:
    return url.rpartition("/")[2]
