"""Field types and bases that read whatever Kore.ai sends: a value of a strange type counts as missing."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel

T = TypeVar("T")


def otherwise(default: Any) -> WrapValidator:
    """Read a value that does not fit as ``default``."""

    def read(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError:
            return default

    return WrapValidator(read)


def _names(value: Any) -> Any:
    """A list of names is documented; an object in it is read by its name or id, and nothing is dropped."""
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [str(item.get("name") or item.get("id") or item) if isinstance(item, dict) else str(item) for item in items]


EITHER_ID = AliasChoices("_id", "id")
Maybe = Annotated[T | None, otherwise(None)]
Text = Annotated[str, otherwise("")]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Id = Annotated[str, Field(validation_alias=EITHER_ID, min_length=1)]


def is_given(*values: Any) -> bool:
    """Whether one of them holds anything, of whatever type."""
    return any(value not in (None, "") for value in values)


class LenientModel(BaseModel):
    """Printed, it shows its id and no other value: what is in a campaign may be personal."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        yield from ((name, value) for name, value in super().__repr_args__() if name == "id")


class RawModel(LenientModel):
    """Keeps what it was read from in ``raw``; ``model_dump`` gives that back, whatever its options."""

    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def raw(self) -> dict[str, Any]:
        return self._raw

    @model_validator(mode="wrap")
    @classmethod
    def _keep_raw(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        read = handler(data)
        if isinstance(data, dict):
            read._raw = deepcopy(data)  # noqa: SLF001 - our own, on the object just made
        return read

    @model_serializer(mode="plain")
    def _as_sent(self) -> dict[str, Any]:
        return self._raw
