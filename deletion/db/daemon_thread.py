"""Run blocking work beside the event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_daemon_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the work returns, or raise its exception.

    Unlike ``asyncio.to_thread``, a cancelled caller and the end of the process do not wait for it: a database that
    never answers must not hold up a stop.
    """
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()  # from here on, a cancelled caller leaves it running

    def run() -> None:
        try:
            future.set_result(work(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - raised in the caller
            future.set_exception(error)

    threading.Thread(target=run, name=getattr(work, "__name__", None), daemon=True).start()
    return await asyncio.wrap_future(future)
