"""The alerts and the dashboard name metrics that the bot has, and each alert says what to do."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

import deletion
import handlers
import kore_api
from deletion.domain.states import State
from deletion.stores.request_metrics import AGES
from kore_api import errors
from kore_api.errors import KoreError

ROOT = Path(__file__).parent.parent
ALERTS, DASHBOARD = ROOT / "deploy/prometheus/alerts.yml", ROOT / "deploy/grafana/dashboard.json"
METRIC = re.compile(r"campaign_delete_\w+")


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return found


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


@pytest.fixture(scope="module")
def exposed() -> set[str]:
    """The names of all samples that the bot exposes, with those of labelled metrics without a sample yet."""
    for package in (deletion, handlers, kore_api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    importlib.import_module("app")
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "info": ("_info",), "gauge": ("",)}
    families = [family for family in REGISTRY.collect() if family.name.startswith("campaign_delete_")]
    return {f"{family.name}{suffix}" for family in families for suffix in suffixes[family.type]}


def test_alerts_and_dashboard_name_metrics_that_exist(exposed: set[str]) -> None:
    named = {name for expression in expressions() for name in METRIC.findall(expression)}
    assert named - exposed == set()


def test_dashboard_or_alerts_use_every_metric(exposed: set[str]) -> None:
    used = {name for expression in expressions() for name in METRIC.findall(expression)}
    unused = {name for name in exposed if not name.endswith(("_bucket", "_count", "_sum"))} - used
    assert unused == set()


def test_every_alert_has_a_severity_and_a_runbook_that_exists() -> None:
    headings = set(re.findall(r"^### (\w+)$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE))
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"]["runbook_url"] == f"docs/operations.md#{rule['alert'].lower()}"
    assert {rule["alert"] for rule in rules()} == headings


def test_every_metric_is_documented(exposed: set[str]) -> None:
    told = set(re.findall(r"`(\w+)(?:{|`)", (ROOT / "docs/operations.md").read_text()))
    short = {re.sub("_(bucket|count|sum)$", "", name).removeprefix("campaign_delete_") for name in exposed}
    assert short - told == set()


def test_labels_of_every_metric_are_documented(exposed: set[str]) -> None:
    assert exposed
    section = (ROOT / "docs/operations.md").read_text().split("\n## Metrics\n")[1].split("\n## ")[0]
    told = dict(re.findall(r"`(\w+)(?:\{([\w,]+)\})?`", section))
    collectors: dict[str, Any] = vars(REGISTRY)["_names_to_collectors"]
    for name in {re.sub("_(bucket|count|sum)$", "", each) for each in exposed}:
        labels = ("version",) if name.endswith("_info") else vars(collectors[name])["_labelnames"]
        assert told[name.removeprefix("campaign_delete_")] == ",".join(labels), name


def test_ages_of_waiting_requests_are_documented() -> None:
    (row,) = re.findall(
        r"^\| `waiting_requests\{age\}` \| (.+) \|$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE
    )
    assert re.findall(r"`(\w+)`", row) == list(AGES)


def test_alert_of_failed_calls_leaves_out_what_is_no_fault_and_names_results_that_exist() -> None:
    named = {rule["alert"]: set(re.findall(r'result[=!]~"(.+?)"', rule["expr"])) for rule in rules()}
    (left_out,), (limited,) = named["CampaignDeleteKoreErrors"], named["CampaignDeleteKoreLimitReached"]
    assert {"success", "CampaignNotFoundError", "KorePracticeError", *limited.split("|")} == set(left_out.split("|"))
    page = (ROOT / "docs/operations.md").read_text()
    results = {*left_out.split("|"), *re.findall(r"`(Kore\w+Error)`", page)} - {"success"}
    assert all(issubclass(getattr(errors, result), KoreError) for result in results)


def test_states_that_the_dashboard_names_exist() -> None:
    named = {state for expression in expressions() for state in re.findall(r'state="(\w+)"', expression)}
    assert named
    assert named <= {str(state) for state in State}
