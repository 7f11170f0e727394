"""The policies of all Kore.ai applications, by name. No I/O."""

from collections.abc import Sequence

from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.text.application_name import real_name


class Policies:
    """``shared`` is for what belongs to no application, and for requests of an application that has left the settings.

    It has the people, who are the same for all, and no channel of its own. A single application, which is used in every
    channel, has one policy for everything.
    """

    def __init__(self, policies: Sequence[Policy]) -> None:
        self.all = tuple(policies)
        self.shared = _shared(self.all)
        self._named = {real_name(policy.application): policy for policy in self.all}

    def of(self, request: Request) -> Policy:
        """Return the policy of the request's application, for its messages in and out of practice alike.

        Whether the application acts on the request, ``Policy.serves`` says.
        """
        return self._named.get(real_name(request.application), self.shared)

    @property
    def everywhere(self) -> Policy:
        """The shared policy with the channels of all applications, for what concerns each of them."""
        cards = [policy.approvals_channel for policy in self.all if policy.approvals_channel]
        rooms = [room for policy in self.all for room in policy.ops_rooms]
        return self.shared.model_copy(update={"ops_rooms": tuple(dict.fromkeys([*cards, *rooms]))})


def _shared(policies: tuple[Policy, ...]) -> Policy:
    first = policies[0]
    if not first.channels:
        return first
    nothing_of_its_own = {
        "application": "",
        "channels": (),
        "confirm_with_name": False,
        "kore_account": "",
        "approvals_channel": None,
        "ops_rooms": (),
        "archives": False,
        "approvals_required": max(policy.approvals_required for policy in policies),
        "approval_quotas": (),
        "stop_approvals_required": max(policy.stop_approvals_required for policy in policies),
    }
    return first.model_copy(update=nothing_of_its_own)
