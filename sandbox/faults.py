"""Faults and latency that a user or a test switches on."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from aiohttp import web

Target = Literal["slack", "kore"]
Kind = Literal["status", "rate_limit", "error", "delay", "reset", "lost_answer", "still_there", "html", "org_wide"]
SOCKET = "wss"  # the operation of a Socket Mode connection; "*" means the Web API


@dataclass(frozen=True)
class Fault:
    """A fault: where, of which kind, and how many more times (None: until cleared).

    ``operation`` is a Web API method (``chat.postMessage``), ``upload`` for the bytes of a file, a Kore.ai operation
    (``delete``, ``get``, ``list``, ``contact_lists``, ``stop``), ``wss`` for the handshake of Socket Mode, or ``*`` for
    every call. ``status`` is an HTTP status, ``error`` a vendor's error code or sentence, or the reason of a disconnect
    after the hello; ``html`` is the answer of a gateway in between; in front of Slack it is a line of text.
    ``org_wide`` makes ``auth.test`` answer as for an app that is installed for a whole organisation.

    ``channel``, ``text`` and ``in_thread`` limit it to Slack calls with this channel, with this text anywhere in the
    message, and with a ``thread_ts``. ``text`` limits it to Kore.ai calls about the campaign with this id.
    """

    target: Target
    operation: str
    kind: Kind
    status: int = 500
    error: str = "internal_error"
    delay_ms: int = 0
    retry_after_seconds: int = 1
    times: int | None = 1
    channel: str = ""
    text: str = ""
    in_thread: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def concerns(self, args: Mapping[str, Any]) -> bool:
        """Return whether it is limited to calls like this one."""
        return (
            self.channel in ("", args.get("channel"), args.get("channel_id"))
            and self.text in f"{args.get('text')} {args.get('blocks')}"
            and (not self.in_thread or bool(args.get("thread_ts")))
        )


class Faults:
    """The active faults, and the latency of every call in milliseconds."""

    def __init__(self, latency_ms: int = 20) -> None:
        self.active: list[Fault] = []
        self.latency_ms: dict[Target, int] = {"slack": latency_ms, "kore": latency_ms}

    def add(self, fault: Fault) -> None:
        self.active.append(fault)

    def clear(self) -> None:
        self.active.clear()

    def take(self, target: Target, operation: str, args: Mapping[str, Any] = MappingProxyType({})) -> Fault | None:
        """Return the first fault that matches, and use it up once."""
        for index, fault in enumerate(self.active):
            is_any = fault.operation == "*" and operation != SOCKET
            is_meant = fault.target == target and (is_any or fault.operation == operation)
            if is_meant and fault.concerns(args):
                if fault.times is not None:
                    left = replace(fault, times=fault.times - 1)
                    self.active[index : index + 1] = [left] if left.times else []
                return fault
        return None

    async def pause(self, target: Target, fault: Fault | None) -> None:
        """Wait for the latency of this vendor."""
        extra_ms = fault.delay_ms if fault else 0
        await asyncio.sleep((self.latency_ms[target] + extra_ms) / 1000)


def reset_connection(request: web.Request) -> web.Response:
    """Drop the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def from_json(body: dict[str, Any]) -> Fault:
    """Read a fault as ``POST /sandbox/faults`` sends it. Raises ValueError on an unknown field or kind."""
    allowed: dict[str, Callable[[Any], Any]] = {
        "target": str, "operation": str, "kind": str, "status": int, "error": str,
        "delay_ms": int, "retry_after_seconds": int, "times": lambda value: None if value is None else int(value),
        "channel": str, "text": str, "in_thread": bool,
    }  # fmt: skip
    unknown = set(body) - set(allowed)
    if unknown or not {"target", "operation", "kind"} <= set(body):
        raise ValueError(f"A fault has {', '.join(allowed)}; target, operation and kind are required.")
    if body["target"] not in ("slack", "kore") or body["kind"] not in Kind.__args__:  # type: ignore[attr-defined]  # Literal has it
        raise ValueError(f"target is slack or kore; kind is one of {', '.join(Kind.__args__)}.")  # type: ignore[attr-defined]  # Literal has it
    return Fault(**{name: allowed[name](value) for name, value in body.items()})
