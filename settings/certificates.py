"""Check the certificate authorities that the environment names, before a connection fails by them."""

import os
import ssl
from collections.abc import Mapping

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
    # Path.is_dir raises in Python 3.11 where a folder above may not be entered.
    if (folder := environ.get("SSL_CERT_DIR")) and not os.path.isdir(folder):  # noqa: PTH112
        raise SettingsError("SSL_CERT_DIR: expected the path of a folder with certificates")
