"""Field types and base models that accept what Kore.ai sends: a value of an unexpected type counts as missing."""

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
    """Replace a value that does not validate by ``default``."""

    def read(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError:
            return default

    return WrapValidator(read)


def _names(value: Any) -> Any:
    """Return the documented list of names; an object in it becomes its name or id, and no item is dropped."""
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [str(item.get("name") or item.get("id") or item) if isinstance(item, dict) else str(item) for item in items]


EITHER_ID = AliasChoices("_id", "id")
Maybe = Annotated[T | None, otherwise(None)]
Text = Annotated[str, otherwise("")]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Id = Annotated[str, Field(validation_alias=EITHER_ID, min_length=1)]


def is_given(*values: Any) -> bool:
    """Return whether one of the values is neither None nor empty text."""
    return any(value not in (None, "") for value in values)


class LenientModel(BaseModel):
    """Its repr shows the id and no other value, because a campaign may contain personal data."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        yield from ((name, value) for name, value in super().__repr_args__() if name == "id")


class RawModel(LenientModel):
    """Keeps its input in ``raw``, which ``model_dump`` returns."""

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
