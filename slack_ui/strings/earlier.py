"""The sentence about the campaign's request before this one."""

from deletion.domain.attempt import AttemptKind
from deletion.domain.states import State

SECOND = ":repeat: *Second request for this campaign.* The first {ended}"
LATER = ":repeat: *Request number {number} for this campaign.* The last one {ended}"
LINK = "See that request"
SOMEONE = "an approver"
ENDED = {
    State.DELETED: "ended {when}: the campaign was deleted, and after that it was there again.",
    State.GONE: "ended {when}: the campaign was gone, and after that it was there again.",
    State.CHANGED: "ended {when}: the campaign had changed, and it was not deleted.",
    State.FAILED: "failed {when}: {why}.",
    State.UNKNOWN: "had no known result when I last checked, {when}.",
    State.REJECTED: "was rejected by {person} {when}.",
    State.CANCELLED: "was withdrawn by {person} {when}.",
    State.EXPIRED: "expired {when}.",
    State.STOPPED: "was stopped by {person} {when}.",
    State.PRACTISED: "was practice, and ended {when}.",
    State.CAMPAIGN_STOPPED: "ended {when}: the campaign was stopped, and not deleted.",
}
FAILED = {
    AttemptKind.CONFIRMED: "Kore.ai confirmed it, but the campaign was still there",
    AttemptKind.REFUSED: "Kore.ai refused",
    AttemptKind.NO_ANSWER: "Kore.ai gave no clear answer, and the campaign was still there",
    AttemptKind.NOT_SENT: "no delete was sent",
    AttemptKind.PRACTISED: "it was practice",
}
