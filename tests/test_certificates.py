"""Certificate authorities that cannot be used are one line that names the variable."""

from pathlib import Path

import certifi
import pytest

from settings.certificates import check_certificates
from settings.environment import SettingsError


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_unusable_file_is_one_line(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SettingsError, match=r"^SSL_CERT_FILE: expected the path of a file with certificates"):
        check_certificates({"SSL_CERT_FILE": str(file)})


@pytest.mark.parametrize("name", ["nowhere", "x" * 300])
def test_folder_that_is_missing_or_that_the_system_refuses_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r"^SSL_CERT_DIR: expected the path of a folder"):
        check_certificates({"SSL_CERT_DIR": str(tmp_path / name)})


def test_usable_authorities_pass(tmp_path: Path) -> None:
    check_certificates({"SSL_CERT_FILE": certifi.where(), "SSL_CERT_DIR": str(tmp_path)})
    check_certificates({"SSL_CERT_FILE": "", "SSL_CERT_DIR": ""})
