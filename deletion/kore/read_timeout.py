"""Bound the time of a read, all tries together."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from kore_api.errors import KoreError, KoreNoAnswerError

READ_SECONDS = 20
Read = TypeVar("Read")


async def within_time(call: Awaitable[Read]) -> Read | KoreError:
    """Return what was read, or the error that says why it could not be."""
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await call
    except TimeoutError:
        return KoreNoAnswerError(f"Kore.ai did not answer within {READ_SECONDS} seconds.")
    except KoreError as error:
        return error
