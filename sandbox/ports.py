"""The ports of the sandbox and the bot: those that are asked for, else the next free ones."""

import socket
from collections.abc import Collection, Mapping

HOST = "127.0.0.1"
FIRST_FOR_SANDBOX, FIRST_FOR_BOT = 3100, 3000
TRIED = 100
HIGHEST = 65535


def wanted(given: Mapping[str, str], *names: str) -> int | None:
    """Return the port that the first of these variables names; None without one. Raises ValueError with a sentence."""
    for name in names:
        if text := given.get(name, "").strip():
            if not (text.isascii() and text.isdecimal() and 0 < int(text) <= HIGHEST):
                raise ValueError(f"{name}: expected a port, 1 to {HIGHEST}.")
            return int(text)
    return None


def next_free(first: int, taken: Collection[int] = ()) -> int:
    """Return the first free port from ``first`` on. Raises OSError if there is none."""
    for port in range(first, first + TRIED):
        if port not in taken and _is_free(port):
            return port
    raise OSError(f"ports {first} to {first + TRIED - 1} are taken")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
