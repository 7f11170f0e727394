"""Every sentence about a rebuild. With words and card_words, all that people read; laid over card_words by name."""

from deletion.domain.models import AttemptKind, Observation, State
from deletion.lifecycle.archive import Unopened

HEADLINES = {
    State.AWAITING_APPROVAL: "waits for approval to be rebuilt.",
    State.APPROVED: "will be rebuilt unless somebody stops it.",
    State.FAILED: "was not rebuilt.",
    State.UNKNOWN: "may or may not be rebuilt.",
    State.REJECTED: "was not rebuilt: the request was rejected.",
    State.CANCELLED: "was not rebuilt: the request was withdrawn.",
    State.EXPIRED: "was not rebuilt: nobody decided in time.",
    State.STOPPED: "was not rebuilt: it was stopped in time.",
}
NEXT = {
    State.APPROVED: "Next: a new campaign is made from the archive, not before {after}. Until then it can be stopped.",
    State.FAILED: "Nothing more happens. To try again, press Rebuild again at the deleted campaign's card.",
    State.UNKNOWN: "Next: I look again now and then until {watched}, and this message says what I see. "
    "Look for a new campaign of this name in Kore.ai's console before anybody rebuilds it again.",
    State.EXPIRED: "Nothing more happens. To ask again, press Rebuild again at the deleted campaign's card.",
    State.STOPPED: "Nothing more happens. To rebuild it after all, press Rebuild again at the deleted campaign's card.",
}
NEXT_WHILE_WAITING = {
    State.APPROVED: "Kore.ai's limit of calls a minute is used up. Next: it goes on by itself, not before {after}. "
    "Then a new campaign is made from the archive. Until then it can be stopped.",
    State.REBUILDING: "Kore.ai's limit of calls a minute is used up. Next: I look whether it is there, "
    "not before {after}, and {here} will say how it ended.",
}
EXPIRED_UNUSED = "was not rebuilt: it was approved, and could not be made in time."
FROZEN_NEXT = {
    State.APPROVED: "Next: a new campaign is made from the archive, as soon as an approver has typed "
    "`/campaign-delete unfreeze`, and not before {after}. Until then it can be stopped. If nobody has by {until}, "
    "nothing is made.",
}
ATTEMPTS = {
    AttemptKind.NO_ANSWER: "None to our create, so it may or may not have happened",
    AttemptKind.NOT_SENT: "Nothing was sent",
}
NO_ATTEMPT = {State.REBUILDING: "Not here yet"}
OBSERVATIONS = {
    Observation.ABSENT: "No new campaign: Kore.ai does not list one",
    Observation.PRESENT: "A new campaign is there",
}
STORY = {
    "expired, unused": "It was approved, and could not be made in time. The approval no longer counts.",
    "stopped": "{actor} stopped the rebuild in time. Nothing was sent to Kore.ai.",
    "failed": "It was not rebuilt. The card says why.",
    "unknown": "Nobody knows yet whether it was rebuilt. I look again now and then.",
}

BUTTON = "Rebuild …"
STOP = "Stop the rebuild"
CANCEL_TEXT = "Nothing is rebuilt then. Only the person who asked can withdraw."
NEW_CAMPAIGN = "New campaign"
REASON_GIVEN = "Why rebuild it"
REJECTED_BECAUSE = "Why not"

TITLE = "Rebuild campaign"
SUBMIT = "Rebuild"
SUBMIT_ASK = "Ask for approval"
CLOSE = "Not now"
WHAT_COMES_BACK = (
    ":recycle: *What a rebuild is*\n"
    "•  A new campaign with the same name, texts, contact lists and calling hours. It is *not started* and has no "
    "schedule; somebody has to start it in Kore.ai's console.\n"
    "•  It gets a new id. What points to the old id does not find it.\n"
    "•  History, reports and delivery statistics do not come back."
)
FLOW_LABEL = "The name of its experience flow"
FLOW_HINT = "Kore.ai does not tell the name of a deleted campaign's flow. Look it up in Kore.ai's console."
FLOW_MISSING = "Please type the experience flow's name, as Kore.ai's console shows it."
REASON_LABEL = "Why should it be rebuilt?"
NEXT_WITH_APPROVAL = "Next: {count} in {approvals} must agree before anything is made. The result comes to {channel}."
NEXT_WITHOUT_APPROVAL = "Next: I make it {undo_phrase}, and look whether it is there. The result comes to {channel}."
ALREADY = (
    "It was asked for already",
    "{name}: its rebuild was asked for before and is *{state}*. Nothing new was done.",
)
NOT_NOW = ("Nothing to rebuild", "{name}: only a campaign that was deleted here can be rebuilt.")
UNOPENED = {
    Unopened.NOT_THERE: "Nothing was archived before it was deleted, so there is nothing to rebuild it from.",
    Unopened.NO_KEY: "It was archived without a key: only its hash was kept, so there is nothing to rebuild it from.",
    Unopened.KEY_GONE: "No key that I was given opens its archive. Ask who runs this bot to list the old one.",
    Unopened.ALTERED: "What is in the archive is not what was put there, so I leave it. Tell who runs this bot.",
}

APPROVE_TITLE = "Approve rebuild"
APPROVE_ASKED = "{requester} asks to make this deleted campaign again."
APPROVE_NEXT_MORE = "Next: {missing} more must agree. Nothing is made before that."
APPROVE_NEXT_LAST = "Next: it is made {undo_phrase}. Until then you, the requester and every approver can stop it."
APPROVE_NEXT_AT_ONCE = "Next: it is made at once, and nobody can stop it."
REJECT_TITLE = "Reject rebuild"
REJECT_LABEL = "Why should it not be rebuilt?"
