"""A moment on the command line."""

from datetime import UTC, datetime
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError

from deletion.domain.clock import now
from settings.environment import Duration


class Moment(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except ValueError:
            pass
        try:
            return now() - TypeAdapter(Duration).validate_python(value)
        except (ValidationError, OverflowError):
            self.fail("expected a day or a time, such as 2026-01-01, or how long ago, such as 7d.", param, ctx)
