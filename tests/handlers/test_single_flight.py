"""Concurrent lookups share a call, and never get an answer from before they asked."""

import asyncio
from dataclasses import dataclass, field

import pytest

from handlers.access import single_flight
from handlers.access.single_flight import SingleFlight


@dataclass
class Slack:
    """Answers each call with its number, once it may."""

    calls: list[str] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, what: str) -> int:
        self.calls.append(what)
        number = len(self.calls)
        await self.may_answer.wait()
        if what == "broken":
            raise ValueError
        return number


async def until_called(slack: Slack, times: int) -> None:
    async with asyncio.timeout(60):
        while len(slack.calls) < times:  # noqa: ASYNC110 - a list sets no event
            await asyncio.sleep(0)


async def test_concurrent_lookups_cost_two_calls_and_later_ones_get_a_later_answer() -> None:
    slack = Slack()
    ask = SingleFlight(slack)
    first = asyncio.create_task(ask("S0APPROVE"))
    await until_called(slack, 1)
    crowd = [asyncio.create_task(ask("S0APPROVE")) for _ in range(50)]
    for _ in range(10):  # as many turns as a call that does not wait would need
        await asyncio.sleep(0)
    assert slack.calls == ["S0APPROVE"]

    slack.may_answer.set()

    assert await first == 1
    assert await asyncio.gather(*crowd) == [2] * 50
    assert await ask("S0APPROVE") == 3


async def test_lookups_of_other_keys_do_not_wait() -> None:
    slack = Slack()
    ask = SingleFlight(slack)
    asked = [asyncio.create_task(ask(what)) for what in ("S0APPROVE", "S0REQUEST")]
    await until_called(slack, 2)
    slack.may_answer.set()
    assert await asyncio.gather(*asked) == [1, 2]


async def test_cancelled_lookup_cancels_no_other_and_failure_reaches_all() -> None:
    slack = Slack()
    ask = SingleFlight(slack)
    gone, waiting = [asyncio.create_task(ask("S0APPROVE")) for _ in range(2)]
    failing = [asyncio.create_task(ask("broken")) for _ in range(2)]
    await until_called(slack, 2)
    gone.cancel()
    slack.may_answer.set()
    assert await waiting == 1
    assert [type(error) for error in await asyncio.gather(*failing, return_exceptions=True)] == [ValueError, ValueError]


async def test_hanging_call_delays_the_next_call_only_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_flight, "WAIT_FOR_PREVIOUS_SECONDS", 0.01)
    slack = Slack()
    ask = SingleFlight(slack)
    hanging = asyncio.create_task(ask("S0APPROVE"))
    await until_called(slack, 1)
    later = asyncio.create_task(ask("S0APPROVE"))
    await until_called(slack, 2)
    slack.may_answer.set()
    assert [await hanging, await later] == [1, 2]


async def test_hanging_call_still_returns_after_a_quicker_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(single_flight, "WAIT_FOR_PREVIOUS_SECONDS", 0.01)
    may_answer, calls = asyncio.Event(), iter((1, 2))

    async def slow_at_first(_: str) -> int:
        if (number := next(calls)) == 1:
            await may_answer.wait()
        return number

    ask = SingleFlight(slow_at_first)
    hanging = asyncio.create_task(ask("S0APPROVE"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await ask("S0APPROVE") == 2
    may_answer.set()
    assert await hanging == 1
