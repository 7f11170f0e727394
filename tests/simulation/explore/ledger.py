"""What really happened, recorded outside the bot: the invariants compare it with what the bot did and said."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

HUNG_SECONDS = 60


@dataclass
class Sent:
    """A DELETE, a stop or a create that left the bot. ``status`` is that of the answer, if the bot got one."""

    at: float
    campaign_id: str
    replica: str
    method: str = "DELETE"
    request_id: str = ""
    status: int | None = None


@dataclass
class Shown:
    """A confirm form that its user saw: ``versions`` are all that Kore.ai served while it was filled."""

    user: str
    campaign_id: str
    versions: frozenset[str]


@dataclass
class Approval:
    """An approve form that was submitted, whether or not the bot accepted it."""

    user: str
    campaign_id: str
    at: float


@dataclass
class Ledger:
    """The record of one schedule. Times are those of the simulation."""

    story: list[str] = field(default_factory=list)
    reads: dict[str, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))  # GETs, at arrival
    looks: dict[str, list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )  # answered GETs and lists, at start
    sent: list[Sent] = field(default_factory=list)
    stops: list[Sent] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    requested: list[tuple[str, str]] = field(default_factory=list)  # accepted forms: user and campaign id
    decided: set[tuple[str, str, str]] = field(default_factory=set)  # accepted forms: verdict, user and view
    approvals: list[Approval] = field(default_factory=list)
    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by user id, at the start
    lost_rights_at: dict[str, float] = field(default_factory=dict)
    replaced_at: dict[str, float] = field(default_factory=dict)  # approvers that the settings no longer name
    first_ids: dict[str, str] = field(default_factory=dict)  # of the campaigns that exist at the start, by name
    been_gone: set[str] = field(default_factory=set)  # campaign ids that did not exist at some time
    recreated: set[str] = field(default_factory=set)
    landed: set[str] = field(default_factory=set)  # campaigns that a DELETE of the bot removed
    suspended: list[tuple[str, float, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)  # (state of a request, fault)
    states: Callable[[], Iterable[str]] = tuple  # of the requests at this moment

    def struck(self, fault: str) -> None:
        """Count a fault that takes effect now, once for each state that a request is in."""
        self.pairs.update((state, fault) for state in self.states())

    def hung_lately(self, sent: Sent) -> bool:
        """Return whether the replica was suspended lately, so that what it had checked may be old."""
        return any(name == sent.replica and end > sent.at - HUNG_SECONDS for name, _, end in self.suspended)

    def tell(self, at: float, who: str, what: str) -> None:
        self.story.append(f"{at:8.2f} s  {who:<12} {what}")

    def fail(self, at: float, what: str) -> None:
        self.wrong.append(what)
        self.tell(at, "INVARIANT", what)


def version_of(campaign: dict[str, Any]) -> str:
    """Return a campaign as text, field by field: two are the same version only if nothing differs."""
    return json.dumps(campaign, sort_keys=True)
