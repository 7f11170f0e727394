"""Check the certificate authorities that the environment names, before a connection fails by them."""

import ssl
from collections.abc import Mapping
from pathlib import Path

from settings.environment import SettingsError


def check_certificates(environ: Mapping[str, str]) -> None:
    """Raise SettingsError if ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` cannot be used."""
    if file := environ.get("SSL_CERT_FILE"):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
        except OSError:  # SSLError is one
            raise SettingsError(
                "SSL_CERT_FILE: expected the path of a file with certificates that this process may read"
            ) from None
    if (folder := environ.get("SSL_CERT_DIR")) and not _is_folder(Path(folder)):
        raise SettingsError("SSL_CERT_DIR: expected the path of a folder with certificates")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # Python 3.11 raises it where a folder above may not be entered
        return False
