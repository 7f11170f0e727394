"""SQL statements compiled once for all engines of a test process, because each test opens engines of its own."""

from typing import Any

import pytest
from sqlalchemy.ext import asyncio as sqlalchemy_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db import connection


class CompiledStatements(dict[Any, Any]):
    """SQLAlchemy's cache, by the class of an engine's dialect in the place of its dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


def share(patch: pytest.MonkeyPatch) -> None:
    """Let all engines that the bot's code opens share one cache."""
    statements = CompiledStatements()

    def create_async_engine(*args: Any, **options: Any) -> AsyncEngine:
        engine = sqlalchemy_asyncio.create_async_engine(*args, **options)
        engine.sync_engine._compiled_cache = statements  # noqa: SLF001 - SQLAlchemy has no setting for it
        return engine

    patch.setattr(connection, "create_async_engine", create_async_engine)
