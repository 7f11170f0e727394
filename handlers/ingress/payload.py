"""Validate Slack's payloads before Bolt and the listeners.

A signature does not guarantee the shape: Bolt 1.30 answers a field of an unexpected type with a traceback. Listeners
get only the fields that are named here, each of its type. Null counts as missing.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

Id = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,32}$")]
Short = Annotated[str, StringConstraints(max_length=255)]


class UnexpectedPayloadError(Exception):
    """Slack sends no such payload. ``str()`` names fields of the models below, and no values."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, hide_input_in_errors=True)


class _Named(_Part):
    id: Id


class _User(_Named):
    team_id: Id | None = None


class _State(_Part):
    """The entered values by block id and action id. Each view's ``parse`` reads its own elements."""

    values: dict[str, dict[str, dict[str, Any]]] = {}


class _Text(_Part):
    """docs.slack.dev/reference/block-kit/composition-objects/text-object."""

    text: Short


class _View(_Part):
    """docs.slack.dev/reference/views; 3,000 is Slack's limit for metadata."""

    type: Literal["modal", "home"]
    id: Short
    hash: Short | None = None
    callback_id: Short
    title: _Text | None = None
    private_metadata: Annotated[str, StringConstraints(max_length=3_000)] = ""
    app_installed_team_id: Id | None = None
    state: _State = _State()
    submit: _Text | None = None


class _Action(_Part):
    """docs.slack.dev/reference/interaction-payloads/block_actions-payload. Other fields are kept."""

    model_config = ConfigDict(extra="allow")

    action_id: Short
    block_id: Short | None = None
    value: Annotated[str, StringConstraints(max_length=2_000)] = ""


class _Interaction(_Part):
    """docs.slack.dev/reference/interaction-payloads. In an organisation ``team`` may be null, in a view ``channel``."""

    api_app_id: Id | None = None
    user: _User
    team: _Named | None = None
    enterprise: _Named | None = None
    channel: _Named | None = None
    trigger_id: Short | None = None
    view: _View | None = None
    response_url: str | None = None


class _Container(_Part):
    """Where the element is: in a message, or in a view."""

    type: Short
    channel_id: Id | None = None
    message_ts: Short | None = None
    is_ephemeral: bool = False


class _BlockActions(_Interaction):
    type: Literal["block_actions"]
    container: _Container | None = None
    trigger_id: Short
    actions: Annotated[list[_Action], Field(min_length=1)]


class _OfView(_Interaction):
    type: Literal["view_submission", "view_closed"]
    view: _View


class _Suggestion(_Interaction):
    type: Literal["block_suggestion"]
    action_id: Short
    block_id: Short | None = None
    value: str = ""


class _Shortcut(_Interaction):
    type: Literal["shortcut", "message_action"]
    callback_id: Short


class _Event(_Part):
    """docs.slack.dev/reference/events/app_home_opened, the only subscribed event."""

    type: Short
    user: Id | None = None
    tab: Short | None = None


class _EventCallback(_Part):
    type: Literal["event_callback"]
    team_id: Id | None = None
    event: _Event


class _UrlVerification(_Part):
    """docs.slack.dev/reference/events/url_verification."""

    type: Literal["url_verification"]
    challenge: str


class _Command(_Part):
    """docs.slack.dev/interactivity/implementing-slash-commands."""

    api_app_id: Id | None = None
    command: Short
    text: str = ""
    team_id: Id
    enterprise_id: Id | None = None
    channel_id: Id
    user_id: Id
    trigger_id: Short
    response_url: str | None = None


class _SslCheck(_Part):
    """The same page: Slack checks the certificate of the address from time to time."""

    ssl_check: Literal["1"]


_Typed = Annotated[
    _BlockActions | _OfView | _Suggestion | _Shortcut | _EventCallback | _UrlVerification, Field(discriminator="type")
]
_TYPED: TypeAdapter[BaseModel] = TypeAdapter(_Typed)
_UNTYPED: TypeAdapter[BaseModel] = TypeAdapter(_Command | _SslCheck)


def read(payload: Any) -> dict[str, Any]:
    """Return the validated payload, with every text storable. Raises UnexpectedPayloadError."""
    if not isinstance(payload, Mapping):
        raise UnexpectedPayloadError("not an object")
    try:
        shape = _TYPED if "type" in payload else _UNTYPED
        return shape.validate_python(_storable(payload)).model_dump(exclude_none=True)
    except RecursionError:
        raise UnexpectedPayloadError("nested too deeply") from None
    except ValidationError as error:
        raise UnexpectedPayloadError(_fields(error)) from None


def _storable(value: Any) -> Any:
    """Remove null values, NUL characters (PostgreSQL stores none) and lone surrogates (UTF-8 has none)."""
    match value:
        case str():
            return value.replace("\0", "").encode("utf-8", "replace").decode()
        case Mapping():
            return {_storable(name): _storable(item) for name, item in value.items() if item is not None}
        case list():
            return [_storable(item) for item in value]
        case _:
            return value


def _fields(error: ValidationError) -> str:
    """Return the invalid fields. Only three levels: deeper keys, of ``state.values``, come from outside."""
    found = {".".join(str(part) for part in problem["loc"][:3]) for problem in error.errors()}
    return ", ".join(sorted(found)) or "no known type"
