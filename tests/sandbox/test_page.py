"""docs/sandbox.md has the people, the channels and the addresses of the sandbox."""

import re
from pathlib import Path

from sandbox.faults import Faults
from sandbox.kore.api import KoreSandbox
from sandbox.server import switches
from sandbox.slack import seed
from sandbox.slack.api import SlackSandbox
from sandbox.traffic import Traffic
from tests.sandbox.conftest import MANIFEST

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


def test_people_and_channels_are_documented() -> None:
    people = {user["id"]: user["real_name"] for user in seed.users().values() if user["id"] != seed.BOT_USER}
    channels = {channel["id"]: channel["name"] for channel in seed.channels().values() if not channel["is_im"]}
    cells = [re.split(r" *\| *", line)[1:-1] for line in PAGE.splitlines() if line.startswith("| U0")]
    assert {user_id: said.split(",")[0] for user_id, said, *_ in cells} == people
    told = {channel_id: said for *_, channel_id, said in cells if channel_id}
    assert told.keys() == channels.keys()
    assert all(channels[channel_id] in said for channel_id, said in told.items())


def test_addresses_of_the_control_api_are_documented() -> None:
    told = {
        (method, re.sub(r"<\w+>", "{id}", address))
        for methods, address in re.findall(r"^\| `([A-Z, ]+) (/sandbox/[^`]+)`", PAGE, re.MULTILINE)
        for method in methods.split(", ")
    }
    faults, traffic = Faults(0), Traffic()
    slack, kore = SlackSandbox(faults, traffic, MANIFEST), KoreSandbox(faults, traffic)
    routes = [*slack.routes(), *kore.routes(), *switches(slack, kore, faults, traffic)]
    assert told == {(route.method, route.path) for route in routes if route.path.startswith("/sandbox/")}
