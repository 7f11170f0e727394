"""The simulated clocks and randomness, put in the place of Python's while a SimulatedLoop runs."""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

from slack_sdk import signature

from deletion.db import connection
from deletion.domain import clock
from tests.simulation.process import CURRENT

EPOCH = 1_790_000_000.0  # the true wall clock time at which each simulation begins


class Loop(Protocol):
    now: float
    random: random.Random


def true_time() -> float:
    """Return the wall clock time without the skew of any replica."""
    return EPOCH + asyncio.get_running_loop().time()


def true_now() -> datetime:
    return datetime.fromtimestamp(true_time(), UTC)


class SharedClock:
    """In the place of the product's clock, which follows the database's: all replicas share it but for an error."""

    def now(self) -> datetime:
        process = CURRENT.get()
        error = process.clock_error_seconds if process else 0.0
        return true_now() + timedelta(seconds=error)


@contextmanager
def patched_time(loop: Loop) -> Iterator[None]:
    """Let ``time``, and ``os.urandom`` (uuid4 and secrets), answer from the loop and its seed.

    A callback of a replica sees that replica's clocks; any other sees the true time.
    """

    def wall() -> float:
        process = CURRENT.get()
        return EPOCH + loop.now + (process.skew_seconds if process else 0.0)

    def monotonic() -> float:
        process = CURRENT.get()
        return loop.now + (process.booted_at - process.slept_seconds if process else 0.0)

    def since_boot(_: int) -> float:
        process = CURRENT.get()
        return loop.now + (process.booted_at if process else 0.0)

    replacements = [
        (time, "time", wall),
        (time, "time_ns", lambda: int(wall() * 1_000_000_000)),
        (time, "monotonic", monotonic),
        (time, "perf_counter", monotonic),
        (time, "clock_gettime", since_boot),
        (clock, "_clock", SharedClock()),
        (connection, "now", true_now),  # what ``database_time`` returns: the shared database's own time
        (signature, "time", wall),  # imported by name
        (os, "urandom", loop.random.randbytes),
        (random, "_urandom", loop.random.randbytes),  # of SystemRandom, which secrets uses
    ]
    originals = [getattr(module, name) for module, name, _ in replacements]
    for module, name, replacement in replacements:
        setattr(module, name, replacement)
    state = random.getstate()
    random.seed(loop.random.random())  # jitter of the SDKs
    try:
        yield
    finally:
        random.setstate(state)
        for (module, name, _), original in zip(replacements, originals, strict=True):
            setattr(module, name, original)
