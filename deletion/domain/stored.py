"""The base of every stored value."""

from pydantic import BaseModel, ConfigDict


class Stored(BaseModel):
    """Base of every stored value: frozen, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
