"""Slack's own JSON schema agrees with the manifest."""

import json
import os
from copy import deepcopy
from pathlib import Path

import httpx
import pytest
import yaml
from click.testing import CliRunner
from jsonschema.exceptions import ValidationError
from jsonschema.validators import validator_for

import commands
from proof.payload_roundtrip import Json

MANIFEST: Json = yaml.safe_load((Path(__file__).parents[1] / "manifest.yml").read_text())
SCHEMA = "https://raw.githubusercontent.com/slackapi/manifest-schema/main/manifest.schema.json"
HOW = "name a copy of it with SLACK_MANIFEST_SCHEMA=<path>"


@pytest.fixture(scope="module")
def schema() -> Json:
    """Return the schema from SLACK_MANIFEST_SCHEMA's path, or else from Slack."""
    if given := os.environ.get("SLACK_MANIFEST_SCHEMA"):
        read: Json = json.loads(Path(given).read_text())
        return read
    try:
        answer = httpx.get(SCHEMA, timeout=5, follow_redirects=True)
        answer.raise_for_status()
        fetched: Json = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        pytest.skip(f"the schema cannot be had here ({type(error).__name__}); {HOW}")
    return fetched


def objections(manifest: Json, schema: Json) -> list[ValidationError]:
    return list(validator_for(schema)(schema).iter_errors(manifest))


@pytest.mark.parametrize("options", [[], ["--socket-mode"], ["--request-url", "https://bot.example.com"]])
def test_manifest_matches_schema(schema: Json, options: list[str]) -> None:
    printed = CliRunner().invoke(commands.run, ["manifest", *options])
    assert not objections(json.loads(printed.output), schema)


def test_schema_rejects_wrong_manifest(schema: Json) -> None:
    wrong = deepcopy(MANIFEST)
    wrong["display_information"]["name"] = "x" * 36
    assert objections(wrong, schema)
