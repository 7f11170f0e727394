"""Let a queue of DBOS look for work at once, where DBOS would wait for its polling interval.

DBOS 3.4 has no call for it. Its queue threads wait on one stop event, so ``make_wakeable`` lets that event's waits end
early as well. A wake-up that is lost, on another replica or in a crash, costs one polling interval: limits, order and
claims stay DBOS's own.
"""

import threading

from dbos import DBOS
from dbos._dbos import _get_dbos_instance  # the instance that DBOS's class methods use

THREAD_OF = "queue-worker-{}"  # as DBOS names the thread of a queue


class WakeableEvent(threading.Event):
    """A stop event whose waits also end, with False, when the queue of the waiting thread is woken."""

    _cond: threading.Condition
    _flag: bool
    woken: set[str]

    def wait(self, timeout: float | None = None) -> bool:
        name = threading.current_thread().name
        with self._cond:
            self._cond.wait_for(lambda: self._flag or name in self.woken, timeout)
            self.woken.discard(name)
            return self._flag

    def wake(self, queue: str) -> None:
        with self._cond:
            self.woken.add(THREAD_OF.format(queue))
            self._cond.notify_all()


def make_wakeable() -> None:
    """Change the stop events of the launched DBOS in place: its threads already hold them."""
    for event in _events():
        if type(event) is threading.Event:
            event.woken = set()  # type: ignore[attr-defined]  # of the class that it becomes
            event.__class__ = WakeableEvent


def wake(queue: str) -> None:
    """Let this replica's thread of the queue look for work now, or as soon as it has looked."""
    for event in _events():
        if isinstance(event, WakeableEvent):
            event.wake(queue)


def _events() -> list[threading.Event]:
    dbos: DBOS = _get_dbos_instance()
    return dbos.background_thread_stop_events
