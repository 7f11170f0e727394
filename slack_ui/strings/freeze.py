"""The text of a freeze: private replies, channel messages, cards and forms."""

from deletion.domain.freeze_and_budget import FreezeEvent
from deletion.domain.policy import REASON_MAX

FROZEN_NOW = "All requests are frozen."
FROZEN_BY = "Frozen by {freezer} {frozen_at}: {reason}."
JUST_LIFTED = "All requests were frozen when you tried this. They no longer are, so you can try again."
ON_CARD = ":snowflake: *All requests are frozen.* Frozen by {freezer} {frozen_at}."
WHY_FROZEN = "Reason for the freeze"
WHY_UNFROZEN = "Reason for unfreezing"
ROOM_LINES = {
    FreezeEvent.FROZEN: (
        ":snowflake: *{freezer} froze all requests* {frozen_at}.",
        (
            "Until an approver types `/campaign-delete unfreeze`, no deletion or rebuild can be requested, approved or "
            "started. One that had already started can't be recalled; its message shows the result. A running campaign "
            "can be stopped with `/campaign-delete stop` and its ID. I'll post here when the freeze ends."
        ),
    ),
    FreezeEvent.UNFROZEN: (
        ":sunny: *{lifter} unfroze all requests* {lifted_at}. {freezer} froze them {frozen_at}.",
        (
            "Next: requests can be made and approved again. Approved requests continue now: I re-check each campaign "
            "before I delete it. An approval that has expired no longer counts."
        ),
    ),
}
UNREACHED = {
    FreezeEvent.FROZEN: "I couldn't tell {channels} that you froze all requests. {cure} The freeze is in effect "
    "anyway. I retry for an hour; please tell people there yourself.",
    FreezeEvent.UNFROZEN: "I couldn't tell {channels} that you unfroze all requests. {cure} "
    "I retry for an hour; please tell people there yourself.",
}
NO_REASON = "no reason given"
ASK_REASON = (
    "*Please say why:* `/campaign-delete freeze &lt;reason&gt;`. I'll add the reason to the messages about the freeze."
)
REASON_GIVEN = "All requests stay frozen. I'm adding your reason to the messages about the freeze."
REASON_CUT = f"Your reason is longer than {REASON_MAX} characters, so I recorded its beginning."
QUESTION = "Freeze all requests?"
QUESTION_MEANS = (
    "Then no deletion or rebuild can be requested, approved or started until an approver types "
    "`/campaign-delete unfreeze`."
)
STOP_ONE = (
    "To stop a single deletion, press Stop deletion on its message. To stop a running campaign, type "
    "`/campaign-delete stop` and its ID."
)
QUESTION_BUTTON = "Freeze all requests"
NOT_SEARCHED = "No campaign was searched for. To search for this word, type `/campaign-delete` alone."
REASON_TOO_LONG = f"Nothing was done. Shorten the reason to at most {REASON_MAX} characters."
POSTED = "I'm posting this in {channels}, and I'll tell you if I can't."
NOT_POSTED = "My settings name no channel to post this in, so please tell people yourself."
HOW_TO_END = "`/campaign-delete unfreeze` ends the freeze."
FROZEN = "All requests are frozen, and nothing is in progress."
FROZEN_UNANSWERED = (
    "All requests are frozen, and I send nothing more. I have no answer from Kore.ai for these, and they may still "
    "take effect: {names}. Their messages will show the result."
)
ENDED_MEANWHILE = "Requests are no longer frozen: {lifter} unfroze all requests {lifted_at}."
UNDER_WAY = (
    "All requests are frozen, but these had already started and can't be recalled: {names}. "
    "I'll tell you when they have ended."
)
FROZEN_BEFORE = "Nothing was done: all requests are already frozen. {frozen}"
UNFROZEN = "Requests are no longer frozen, and approved requests continue now."
NOT_FROZEN = "Nothing was done: requests are not frozen."
MEANWHILE = (
    "All requests were frozen before you sent this: “{reason}”. Nothing was recorded. Try again after the freeze ends."
)
WITHHELD = {
    FreezeEvent.FROZEN: "An approver froze all requests. I don't show names here, because this channel is "
    "shared with another organization.",
    FreezeEvent.UNFROZEN: "An approver unfroze all requests. I don't show names here, because this channel is "
    "shared with another organization.",
}
