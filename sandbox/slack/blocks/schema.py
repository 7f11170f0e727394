"""The kinds of limits in Block Kit, each with a check and its error sentence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


def problem(message: str, path: str) -> str:
    """Return a sentence in Slack's form, ending in the JSON pointer of the wrong value."""
    return f"[ERROR] {message} [json-pointer:{path}]"


class Limit(Protocol):
    """Check a value at a JSON pointer, and yield Slack's complaints."""

    def problems(self, value: Any, path: str, /) -> Iterator[str]: ...


@dataclass(frozen=True)
class Anything:
    """Accept any value: Slack's rule is not modelled."""

    def problems(self, _value: Any, _path: str, /) -> Iterator[str]:
        yield from ()


@dataclass(frozen=True)
class Str:
    """A string of limited length, one of ``choices`` if given.

    Slack does not document how it counts. Here an emoji counts twice, as in JavaScript, which is the stricter way.
    """

    longest: int
    shortest: int = 1
    choices: tuple[str, ...] = ()

    def problems(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", path)
        elif len(value.encode("utf-16-le", "surrogatepass")) // 2 > self.longest:
            yield problem(f"must be less than {self.longest + 1} characters", path)
        elif len(value) < self.shortest:
            yield problem(f"must be more than {self.shortest - 1} characters", path)
        elif self.choices and value not in self.choices:
            yield problem(f"must be a valid enum value: {', '.join(self.choices)}", path)


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def problems(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, bool):
            yield problem("must provide a boolean", path)


@dataclass(frozen=True)
class Number:
    """A whole number from ``least`` to ``most``."""

    least: int
    most: int

    def problems(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must provide an integer", path)
        elif not self.least <= value <= self.most:
            yield problem(f"must be between {self.least} and {self.most}", path)


@dataclass(frozen=True)
class Text:
    """A text object. docs.slack.dev/reference/block-kit/composition-objects/text-object."""

    longest: int
    kinds: tuple[str, ...] = PLAIN

    def problems(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield problem("must provide an object", path)
        elif value.get("type") not in self.kinds:
            yield problem(f"must be a valid enum value: {', '.join(self.kinds)}", f"{path}/type")
        else:
            extra = "emoji" if value["type"] == "plain_text" else "verbatim"
            for name in value.keys() - {"type", "text", extra}:
                yield problem(f"invalid additional property: {name}", path)
            yield from Str(self.longest).problems(value.get("text"), f"{path}/text")


@dataclass(frozen=True)
class Items:
    """An array of ``least`` to ``most`` values of one kind."""

    most: int
    each: Limit
    least: int = 1

    def problems(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", path)
            return
        if len(value) > self.most:
            yield problem(f"no more than {self.most} items allowed", path)
        if len(value) < self.least:
            yield problem(f"no less than {self.least} items allowed", path)
        for index, item in enumerate(value[: self.most]):
            yield from self.each.problems(item, f"{path}/{index}")


@dataclass(frozen=True)
class Shape:
    """An object with only these fields, and at least one of each group in ``one_of``."""

    fields: Mapping[str, Limit]
    required: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()

    def problems(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield problem("must provide an object", path)
            return
        for name in self.required:
            if value.get(name) is None:
                yield problem(f"missing required field: {name}", path)
        for group in self.one_of:
            if not any(value.get(name) for name in group):
                yield problem(f"must define either `{'` or `'.join(group)}`", path)
        for name, item in value.items():
            if name not in self.fields:
                yield problem(f"invalid additional property: {name}", path)
            elif item is not None:
                yield from self.fields[name].problems(item, f"{path}/{name}")


@dataclass(frozen=True)
class OneOf:
    """An object whose ``type`` selects one of these. ``known`` is a function so that tables can nest."""

    known: Callable[[], Mapping[str, Limit]]

    def problems(self, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield problem("must provide an object", path)
        elif value.get("type") not in (known := self.known()):
            yield problem(f"unsupported type: {value.get('type')}", f"{path}/type")
        else:
            yield from known[value["type"]].problems(value, path)
