"""Slack's own TypeScript packages agree with what the bot sends, and with what the sandbox sends and answers."""

from pathlib import Path

import pytest
import yaml

from proof.payload_roundtrip import Json
from proof.recorded_payloads import payloads
from proof.typescript import Constant, Diagnostic, check
from slack_ui.parts import ids

pytestmark = pytest.mark.xdist_group("traffic")
MANIFEST_TYPE = 'api.AppsManifestValidateArguments["manifest"]'
MANIFEST = Path(__file__).parents[1] / "manifest.yml"
DELIVERED = {
    ids.COMMAND: "bolt.SlashCommand",
    "block_actions": "bolt.BlockAction",
    "block_suggestion": "bolt.BlockSuggestion",
    "view_submission": "bolt.ViewSubmitAction",
    "shortcut": "bolt.GlobalShortcut",
    "view_closed": "bolt.ViewClosedAction",
    "app_home_opened": "bolt.EnvelopedEvent<types.AppHomeOpenedEvent>",
}
# What the types leave out and Slack has. Each must still be seen, so that the list does not outlive its reasons.
OMISSIONS = (
    ("view_submission", "'\"username\"' does not exist", "docs.slack.dev/reference/interaction-payloads has it"),
    ("block_suggestion", "'\"username\"' does not exist", "the same"),
    ("block_actions", "'\"style\"' does not exist", "a pressed button is sent as it was made"),
)


def constants(traffic: list[Json]) -> list[Constant]:
    """Return the constants. Blocks are checked as ``KnownBlock``, because a view's type accepts any block."""
    found = []
    for exchange in traffic:
        what, sent, answered = exchange["what"], exchange["request"], exchange["response"]
        if exchange["direction"] == "to_bot":
            found.append(Constant(what, f"Wire<{DELIVERED[what]}>", {"token": "left out of the record", **sent}))
        elif exchange["direction"] == "to_slack":
            name = "".join(part[0].upper() + part[1:] for part in what.split("."))
            found.append(Constant(f"{what}, its arguments", f"api.{name}Arguments", sent))
            if answered:
                found.append(Constant(f"{what}, the answer", f"Wire<api.{name}Response>", without_blocks(answered)))
    for what, surface, payload in payloads(traffic):
        found.append(Constant(f"{what}, the blocks", "types.KnownBlock[]", payload.get("blocks", [])))
        if surface != "message":
            found.append(Constant(f"{what}, the view", f"types.{surface.title()}View", payload))
    return found


def without_blocks(answer: Json) -> Json:
    return {
        name: {key: inner for key, inner in value.items() if key != "blocks"} if isinstance(value, dict) else value
        for name, value in answer.items()
    }


def is_omitted(said: Diagnostic) -> bool:
    return any(where in said.what and words in said.text for where, words, _ in OMISSIONS)


async def test_compiler_accepts_all_traffic(traffic: list[Json]) -> None:
    said = check(constants(traffic))

    assert not {(each.what, each.text) for each in said if not is_omitted(each)}
    for where, words, _ in OMISSIONS:
        assert [each for each in said if where in each.what and words in each.text], (where, words)


def test_compiler_accepts_manifest() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text())
    assert not check([Constant("the manifest", MANIFEST_TYPE, manifest)])


@pytest.mark.parametrize(
    ("type_", "wrong", "words"),
    [
        ("types.KnownBlock[]", [{"type": "sectoin"}], '"sectoin"'),
        ("types.KnownBlock[]", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], '"mrkdwn"'),
        ("types.ModalView", {"type": "modal", "blocks": []}, "'title' is missing"),
        ("Wire<bolt.ViewSubmitAction>", {"type": "view_submission"}, "team, user, view"),
        ("Wire<api.ChatPostMessageResponse>", {"ok": "yes"}, "not assignable to type 'boolean'"),
        ("api.ChatUpdateArguments", {"channel": "C0", "ts": "1", "text": "x", "unfurl_links": False}, "unfurl_links"),
        (
            MANIFEST_TYPE,
            {"display_information": {"name": "x"}, "oauth_config": {"scopes": {"bot": ["chat:wirte"]}}},
            '"chat:wirte"',
        ),
    ],
)
def test_compiler_rejects_wrong_values(type_: str, wrong: object, words: str) -> None:
    assert words in " ".join(each.text for each in check([Constant("wrong", type_, wrong)]))
