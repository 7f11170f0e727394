"""Decide by the environment whether the bot traces, and import OpenTelemetry only then."""

import importlib
from collections.abc import Mapping
from types import ModuleType

from deletion.domain.errors import StartError

RECEIVERS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NO_PACKAGES = f"{RECEIVERS[0]}: traces need pip install -r requirements/otel.txt; unset it to start without them."


def is_traced(environ: Mapping[str, str]) -> bool:
    is_off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not is_off and any(environ.get(name) for name in RECEIVERS)


def import_tracing() -> ModuleType:
    """Import OpenTelemetry, which a bot without traces need not have. Raises StartError."""
    try:
        return importlib.import_module("tracing")
    except ImportError:
        raise StartError(NO_PACKAGES) from None
