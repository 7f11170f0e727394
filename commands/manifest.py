"""Print the Slack app's manifest, made from manifest.yml, as JSON: for a person to paste, and for Slack's CLI."""

import json
from pathlib import Path
from typing import Any

import click
import yaml

from settings.environment import split_url

MANIFEST = Path(__file__).parents[1] / "manifest.yml"
PATH = "/slack/events"
ICON = """The app's icon is no part of a manifest. Set it in one of these ways:
- api.slack.com/apps: Basic Information > Display Information, "Add App Icon".
- Slack's CLI: put it at assets/icon.png, and `slack run` or `slack install` uploads it.
It must be square, 512 to 2,000 pixels wide, as PNG, JPG or GIF."""
Manifest = dict[str, Any]


class _RequestUrl(click.ParamType[str]):
    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address with the path that the bot serves."""
        url = split_url(str(value))
        if url.scheme != "https" or not url.hostname or url.username or url.query or url.fragment:
            self.fail("expected an https address, such as https://campaign-delete.example.com.", param, ctx)
        if url.path not in ("", "/", PATH):
            self.fail(f"expected the path {PATH}, or none.", param, ctx)
        return f"https://{url.netloc}{PATH}"


@click.command()
@click.option("--request-url", type=_RequestUrl(), metavar="URL", help="For HTTP: where Slack reaches the bot.")
@click.option("--socket-mode", is_flag=True, help="For Socket Mode: without any address.")
@click.option("--icon", is_flag=True, help="Say how to set the app's icon, which no manifest contains.")
def manifest(request_url: str | None, *, socket_mode: bool, icon: bool) -> None:
    """Print the app's manifest as JSON, ready for api.slack.com/apps: "Create New App", "From a manifest".

    Without an option it is manifest.yml as it is, as Slack's CLI asks for it.
    """
    if request_url and socket_mode:
        raise click.UsageError("Give --request-url or --socket-mode, not both.")
    if icon:
        click.echo(ICON)
        return
    found: Manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    if request_url or socket_mode:
        set_request_url(found, request_url)
    click.echo(json.dumps(found, indent=2))


def set_request_url(manifest: Manifest, request_url: str | None) -> None:
    """Let Slack send everything to this address; without one, by Socket Mode."""
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = request_url is None
    addressed = [(command, "url") for command in manifest["features"]["slash_commands"]]
    addressed += [(settings["interactivity"], "request_url"), (settings["event_subscriptions"], "request_url")]
    for part, name in addressed:
        part.pop(name, None)
        if request_url:
            part[name] = request_url
