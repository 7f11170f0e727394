"""Third-party linters and schemas agree with Dockerfile, compose.yaml and deploy/, and object to broken copies."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
KUBERNETES = sorted(set((ROOT / "deploy" / "kubernetes").glob("*.yaml")) - set(ROOT.rglob("kustomization.yaml")))
UNIT = ROOT / "deploy" / "systemd" / "campaign-delete.service"
HADOLINT = (str(BIN / "hadolint"),)
COMPOSE = (str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec")
KUBERNETES_SCHEMAS = (str(BIN / "kubernetes-validate"), "--strict")


def accepts(judge: tuple[str, ...], file: Path) -> bool:
    judged = subprocess.run([*judge, str(file)], capture_output=True, text=True, check=False)
    sys.stdout.write(judged.stdout + judged.stderr)
    return judged.returncode == 0


def broken(file: Path, old: str, new: str, folder: Path) -> Path:
    text = file.read_text()
    assert old in text
    copy = folder / file.name
    copy.write_text(text.replace(old, new, 1))
    return copy


def test_hadolint_accepts_the_dockerfile(tmp_path: Path) -> None:
    assert not accepts(
        HADOLINT, broken(ROOT / "Dockerfile", "FROM ${PYTHON_IMAGE}\n", "FROM python:latest\n", tmp_path)
    )
    assert accepts(HADOLINT, ROOT / "Dockerfile")


def test_compose_file_matches_the_specification(tmp_path: Path) -> None:
    assert not accepts(COMPOSE, broken(ROOT / "compose.yaml", "read_only:", "readonly:", tmp_path))
    assert accepts(COMPOSE, ROOT / "compose.yaml")


@pytest.mark.parametrize("file", KUBERNETES, ids=lambda file: file.stem)
def test_kubernetes_accepts_each_object(file: Path, tmp_path: Path) -> None:
    assert not accepts(KUBERNETES_SCHEMAS, broken(file, "spec:\n", "spec:\n  unheardOf: 1\n", tmp_path))
    assert accepts(KUBERNETES_SCHEMAS, file)


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if not (program := shutil.which("systemd-analyze")):
        pytest.skip("systemd-analyze is not on this machine")
    started = "/opt/campaign-delete/.venv/bin/python"
    unit = broken(UNIT, started, sys.executable, tmp_path)
    assert accepts((program, "verify"), unit)
    assert not accepts((program, "verify"), broken(UNIT, started, "/nowhere/python", tmp_path))
