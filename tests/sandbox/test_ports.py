"""``make run`` takes the ports that it is given, else the next free ones."""

import socket
from pathlib import Path

import pytest

from config import Settings
from sandbox import environment, ports
from sandbox.__main__ import CannotRun, ports_of

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize(
    ("given", "sandbox", "bot"),
    [
        ({"PORT": "4100"}, 4100, None),
        ({"SANDBOX_PORT": "4100", "BOT_PORT": "4000"}, 4100, 4000),
        ({"SANDBOX_PORT": "4100", "PORT": "4200"}, 4100, None),
        ({"BOT_PORT": "4000", "PORT": ""}, None, 4000),
    ],
)
def test_ports_come_from_the_variables(given: dict[str, str], sandbox: int | None, bot: int | None) -> None:
    chosen = ports_of(given)
    assert sandbox in (None, chosen.sandbox)
    assert bot in (None, chosen.bot)
    assert chosen.sandbox != chosen.bot


@pytest.mark.parametrize("given", [{"PORT": "none"}, {"BOT_PORT": "0"}, {"SANDBOX_PORT": "65536"}, {"BOT_PORT": "²"}])
def test_a_wrong_port_is_one_line(given: dict[str, str]) -> None:
    with pytest.raises(CannotRun, match=f"^{next(iter(given))}: expected a port, 1 to 65535.$"):
        ports_of(given)


def test_taken_port_is_skipped() -> None:
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert ports.next_free(port) > port
    assert ports.next_free(port, taken={port}) > port


def test_same_port_for_both_is_refused() -> None:
    with pytest.raises(CannotRun, match="different ports"):
        ports_of({"PORT": "4100", "BOT_PORT": "4100"})


def test_readme_names_the_settings_that_make_run_replaces() -> None:
    given = dict.fromkeys(Settings.model_fields, "given")
    kept = environment.for_bot(given, "http://127.0.0.1:1", bot_port=3000, by_http=False)
    replaced = {name for name in given if kept[name] != "given"}
    readme = README.read_text(encoding="utf-8")
    sentence = readme.partition("given to `make run` like this, except")[2].partition("\n\n")[0]
    assert {name for name in replaced if f"`{name}`" not in sentence} == set()
