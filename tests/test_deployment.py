"""Dockerfile, compose.yaml and deploy/ agree with the code: settings, ports, probes, secrets, files."""

import json
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from config import Settings, version
from handlers.connection.health import Health
from handlers.ingress.http import health_routes
from settings.environment import SECRETS

ROOT = Path(__file__).parents[1]
KUBERNETES = ROOT / "deploy" / "kubernetes"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
UNIT = (ROOT / "deploy" / "systemd" / "campaign-delete.service").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
BOTS = {name: service for name, service in COMPOSE["services"].items() if name.startswith("bot")}
DEPLOYMENT = yaml.safe_load((KUBERNETES / "deployment.yaml").read_text())["spec"]["template"]["spec"]
(CONTAINER,) = DEPLOYMENT["containers"]
VARIABLES = Settings.model_fields.keys() | {f"{name}_FILE" for name in SECRETS} | {"PYTHONDONTWRITEBYTECODE", "PATH"}
UNPRIVILEGED = "10001"
SECRET_VALUES = {
    "DATABASE_URL_FILE": "postgresql://bot@database/bot",
    "SLACK_BOT_TOKEN_FILE": "xoxb-1",
    "SLACK_APP_TOKEN_FILE": "xapp-1",
    "KORE_CLIENT_SECRET_FILE": "secret",
    "ARCHIVE_KEY_FILE": 43 * "A" + "=",
}


def settings_env() -> dict[str, str]:
    lines = (KUBERNETES / "settings.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def images_variables() -> set[str]:
    (line,) = re.findall(r"^ENV (.+)$", DOCKERFILE, re.MULTILINE)
    return set(re.findall(r"(\w+)=", line))


def units_variables() -> set[str]:
    return set(re.findall(r"^Environment=(\w+)=", UNIT, re.MULTILINE))


def pods_variables() -> set[str]:
    return {variable["name"] for variable in CONTAINER["env"]} | settings_env().keys()


def composes_variables() -> set[str]:
    return {name for bot in BOTS.values() for name in bot["environment"]}


@pytest.mark.parametrize("named", [images_variables, units_variables, pods_variables, composes_variables])
def test_every_variable_is_a_setting(named: Any) -> None:
    assert named()
    assert named() <= VARIABLES


def test_settings_and_secrets_of_the_pods_are_complete(tmp_path: Path) -> None:
    files = {name: str(tmp_path / name) for name in SECRET_VALUES}
    for name, value in SECRET_VALUES.items():
        (tmp_path / name).write_text(f"{value}\n")
    assert secrets(pods_variables()) == secrets(composes_variables()) == SECRET_VALUES.keys()
    assert Settings.from_env({**settings_env(), **files}).DATABASE_URL


def secrets(variables: set[str]) -> set[str]:
    return {name for name in variables if name.endswith("_FILE")}


def test_every_secret_file_is_mounted_where_its_variable_says() -> None:
    for bot in BOTS.values():
        paths = [value for name, value in bot["environment"].items() if name.endswith("_FILE")]
        assert sorted(paths) == sorted(f"/run/secrets/{secret}" for secret in bot["secrets"])
        assert set(bot["secrets"]) <= COMPOSE["secrets"].keys()
    (mounted,) = CONTAINER["volumeMounts"]
    assert all(each["value"].startswith(f"{mounted['mountPath']}/") for each in CONTAINER["env"])
    loaded = set(re.findall(r"^LoadCredential=(\w+):", UNIT, re.MULTILINE))
    assert loaded == set(re.findall(r"^Environment=\w+_FILE=%d/(\w+)$", UNIT, re.MULTILINE))


def test_probes_and_ports_are_those_of_the_bot() -> None:
    paths = {route.path for route in health_routes(Health())}
    probes = {CONTAINER[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert probes == {"/healthz", "/readyz"} <= paths
    assert "'/healthz'" in DOCKERFILE
    policy = yaml.safe_load((KUBERNETES / "networkpolicy.yaml").read_text())["spec"]
    in_image = {int(port) for port in re.findall(r"(?:EXPOSE |PORT=)(\d+)", DOCKERFILE)}
    in_pod = {CONTAINER["ports"][0]["containerPort"], policy["ingress"][0]["ports"][0]["port"]}
    assert in_image == in_pod == {Settings.model_fields["PORT"].default}


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1)])
def test_health_check_of_the_image_asks_healthz(status: int, exit_code: int) -> None:
    joined = DOCKERFILE.replace("\\\n", "")
    (arguments,) = re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", joined, re.MULTILINE)

    class Bot(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Bot) as server:
        answering = Thread(target=server.handle_request)
        answering.start()
        command = [sys.executable, *json.loads(arguments)[1:]]
        checked = subprocess.run(command, env={"PORT": str(server.server_port)}, check=False)  # noqa: S603 - our own
        answering.join()
    assert checked.returncode == exit_code


def test_the_bot_runs_without_privileges_on_a_read_only_file_system() -> None:
    assert re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE) == [(UNPRIVILEGED, UNPRIVILEGED)]
    for bot in BOTS.values():
        assert (bot["read_only"], bot["cap_drop"], bot["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    security = CONTAINER["securityContext"]
    assert security["readOnlyRootFilesystem"]
    assert not security["allowPrivilegeEscalation"]
    assert DEPLOYMENT["securityContext"]["runAsUser"] == DEPLOYMENT["securityContext"]["fsGroup"] == int(UNPRIVILEGED)
    assert {"DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes"} <= set(UNIT.splitlines())


def test_names_that_must_agree_agree() -> None:
    kustomization = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    files = {file.name for file in KUBERNETES.iterdir()} - {"kustomization.yaml", "settings.env"}
    assert set(kustomization["resources"]) == files
    (image,) = kustomization["images"]
    assert (image["name"], image["newTag"]) == (CONTAINER["image"], version())
    assert CONTAINER["envFrom"] == [{"configMapRef": {"name": kustomization["configMapGenerator"][0]["name"]}}]
    documents = {file.stem: yaml.safe_load(file.read_text()) for file in KUBERNETES.glob("*.yaml")}
    labels = documents["deployment"]["spec"]["template"]["metadata"]["labels"]
    assert documents["deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert documents["service"]["spec"]["selector"] == labels
    assert documents["poddisruptionbudget"]["spec"]["selector"]["matchLabels"] == labels
    assert documents["networkpolicy"]["spec"]["podSelector"]["matchLabels"] == labels


def test_page_names_arguments_secrets_and_the_label_as_the_files_have_them() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text()
    assert set(re.findall(r"--build-arg (\w+)=", page)) == set(re.findall(r"^ARG (\w+)", DOCKERFILE, re.MULTILINE))
    files = {Path(each["value"]).name for each in CONTAINER["env"] if each["name"].endswith("_FILE")}
    assert set(re.findall(r"--from-file=([\w-]+)", page)) == files
    policy = (KUBERNETES / "networkpolicy.yaml").read_text()
    labels = re.findall(r'`(campaign-delete/[\w-]+: "true")`', page)
    assert labels
    assert all(label in policy for label in labels)
    assert set(re.findall(r"compose exec (\S+)", page)) <= COMPOSE["services"].keys()
    secrets = {*re.findall(r"secrets/(\w+)", page.split("## Docker Compose")[1].split("## Kubernetes")[0])}
    assert secrets == COMPOSE["secrets"].keys()


def test_image_has_what_the_bot_imports_and_nothing_else(tmp_path: Path) -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for pattern in allowed:
        for found in ROOT.glob(pattern):
            copy = shutil.copytree if found.is_dir() else shutil.copyfile
            target = tmp_path / found.relative_to(ROOT)
            target.parent.mkdir(exist_ok=True)
            copy(found, target)
    assert not {"tests", "sandbox", "docs", ".git", "bench"} & {found.name for found in tmp_path.iterdir()}
    command = [sys.executable, "-B", str(tmp_path / "app.py"), "--version"]
    told = subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert (told.returncode, told.stdout, told.stderr) == (0, f"campaign-delete {version()}\n", "")
