"""Decide by the environment whether the bot traces, and import OpenTelemetry only then."""

import importlib
from collections.abc import Mapping
from types import ModuleType

from deletion.domain.errors import StartError
from settings.environment import split_url

RECEIVERS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
USUAL = "http://collector:4318"
NO_PACKAGES = f"{RECEIVERS[0]}: traces need pip install -r requirements/otel.txt; unset it to start without them."


def is_traced(environ: Mapping[str, str]) -> bool:
    is_off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not is_off and any(environ.get(name) for name in RECEIVERS)


def import_tracing(environ: Mapping[str, str]) -> ModuleType:
    """Import OpenTelemetry, which a bot without traces need not have. Raises StartError, also for a wrong receiver."""
    for name in RECEIVERS:
        url = split_url(environ.get(name) or USUAL)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise StartError(f"{name}: expected an http(s) address such as {USUAL}")
    try:
        return importlib.import_module("tracing")
    except ImportError:
        raise StartError(NO_PACKAGES) from None
