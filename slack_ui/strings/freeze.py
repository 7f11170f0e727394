"""Every sentence of a freeze, wherever it is read. With the other files of words, all that people read."""

from deletion.domain.freeze_and_budget import FreezeEvent
from deletion.domain.policy import REASON_MAX, REASON_MIN

FROZEN_BY = "{freezer} froze them {frozen_at}: {reason}."
A_MOMENT_AGO = "They were frozen a moment ago, and no longer are."
ON_CARD = ":snowflake: *All requests are frozen.* {freezer} froze them {frozen_at}."
WHY_FROZEN = "Why they are frozen"
WHY = "Why"
WHY_THEY_WERE = "Why they were frozen"
WHY_UNFROZEN = "Why they go on"
ROOM_LINES = {
    FreezeEvent.FROZEN: (
        ":snowflake: *{freezer} froze all requests* {frozen_at}.",
        (
            "From then on nothing is asked for, approved, deleted or rebuilt, until an approver types "
            "`/campaign-delete unfreeze`. I say so here then. What had begun before still ends; its message says how."
        ),
    ),
    FreezeEvent.UNFROZEN: (
        ":sunny: *{lifter} unfroze all requests* {lifted_at}. {freezer} had frozen them {frozen_at}.",
        (
            "Next: deletes can be asked for and approved again. Those that were approved before go on by themselves, "
            "each after one more look at its campaign, unless the approval has expired meanwhile."
        ),
    ),
}
UNREACHED = {
    FreezeEvent.FROZEN: "I could not tell {channels} that you froze all requests. The freeze holds all the same. "
    "I try again for an hour; please tell them.",
    FreezeEvent.UNFROZEN: "I could not tell {channels} that you unfroze all requests. I try again for an hour; "
    "please tell them.",
}
NEEDS_A_REASON = (
    f"Nothing was frozen. Say why, in {REASON_MIN} to {REASON_MAX} characters, because every room reads it: "
    "`/campaign-delete freeze &lt;reason&gt;`"
)
FROZEN = (
    "All requests are frozen, and nothing is under way. I tell the rooms, and you if one cannot be told. "
    "`/campaign-delete unfreeze` lets them go on."
)
UNDER_WAY = (
    "All requests are frozen, but this had begun before and cannot be called back: {names}. "
    "I tell you when nothing is under way any more."
)
FROZEN_BEFORE = "Nothing was done: all requests are frozen already. {frozen}"
UNFROZEN = (
    "Requests are no longer frozen. What was approved before goes on by itself. "
    "I tell the rooms, and you if one cannot be told."
)
NOT_FROZEN = "Nothing was done: requests are not frozen."
MEANWHILE = (
    "All requests were frozen meanwhile: “{reason}”. Nothing was recorded. "
    "Send it again when requests are no longer frozen."
)
