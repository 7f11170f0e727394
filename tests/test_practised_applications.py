"""Practice gives each application a name, an account and channels of its own."""

from pathlib import Path

import pytest

from deletion.domain.policies import Policies
from settings.applications import read_applications
from settings.environment import SettingsError
from tests.application_tables import CANARY, PRODUCTION, SHARED, STAGING, read, wrong
from tests.deletion.values import request
from tests.good_settings import GOOD


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "secret").write_text(f"{CANARY}\n")
    return {**SHARED, "OPS_ROOMS": "C0SHARED", "UNDO_WINDOW": "5m", "PRODUCTION_SECRET": CANARY}


def test_practice_gives_each_application_another_name_and_account(environ: dict[str, str], tmp_path: Path) -> None:
    real = read(environ, tmp_path, PRODUCTION + STAGING)
    practising = read({**environ, "PRACTICE": "on"}, tmp_path, PRODUCTION + STAGING)

    assert [each.name for each in practising] == ["practice-production", "practice-staging"]
    for each, other in zip(practising, real, strict=True):
        policy = each.policy()
        assert policy.practice
        assert policy.application == each.name
        assert policy.channels == other.channels
        assert policy.kore_account != other.policy().kore_account
        assert each.settings.kore_account().is_practice


def test_environment_alone_practises_under_one_name_in_every_channel() -> None:
    (only,) = read_applications({**GOOD, "PRACTICE": "1"})
    assert (only.name, only.channels) == ("practice", ())
    policies = Policies([only.policy()])
    assert policies.shared == only.policy()


@pytest.mark.parametrize("name", ["PRACTISE", "practice", "Practise"])
def test_misspelt_practice_stops_the_start_because_a_bot_without_it_deletes(
    environ: dict[str, str], tmp_path: Path, name: str
) -> None:
    line = f"{name}: expected PRACTICE, which is the name of this setting"
    with pytest.raises(SettingsError) as caught:
        read_applications({**GOOD, name: "on"})
    assert str(caught.value) == line
    with pytest.raises(SettingsError) as caught:
        read({**environ, name: "on"}, tmp_path, STAGING)
    assert str(caught.value) == line
    assert read_applications({**GOOD, name: " "})


@pytest.mark.parametrize("name", ["practice", "practice-staging"])
@pytest.mark.parametrize("practice", ["on", "off"])
def test_no_application_of_the_file_has_a_name_of_practice(
    environ: dict[str, str], tmp_path: Path, name: str, practice: str
) -> None:
    found = wrong({**environ, "PRACTICE": practice}, tmp_path, STAGING.replace("[staging]", f"[{name}]"))
    assert found == [f"[{name}]: expected another name, because this one is of practice (PRACTICE)"]


def test_name_that_is_too_long_to_practise_stops_the_start(environ: dict[str, str], tmp_path: Path) -> None:
    text = STAGING.replace("[staging]", f"[{'s' * 24}]")
    assert read(environ, tmp_path, text)
    (line,) = wrong({**environ, "PRACTICE": "on"}, tmp_path, text)
    assert line.startswith(f"PRACTICE: [{'s' * 24}] in KORE_APPS_FILE is too long a name to practise")
    assert read({**environ, "PRACTICE": "on"}, tmp_path, text.replace("s" * 24, "s" * 23))


@pytest.mark.parametrize("practice", ["on", "off"])
def test_messages_name_the_channels_of_their_application_in_and_out_of_practice(
    environ: dict[str, str], tmp_path: Path, practice: str
) -> None:
    found = read({**environ, "PRACTICE": practice}, tmp_path, PRODUCTION + STAGING)
    policies = Policies([each.policy() for each in found])
    for name in ("production", "practice-production"):
        policy = policies.of(request(application=name))
        assert policy.channels == ("C0PROD",)
        assert policy.serves(request(application=name, kore_account=policy.kore_account)) is (name == found[0].name)
    assert policies.of(request(application="practice-gone")) == policies.shared
