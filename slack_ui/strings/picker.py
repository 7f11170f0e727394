"""The text of the picker: the search for a campaign, the state of the list, and the channel for the result."""

from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Refusal

LABEL = "Which campaign do you want to delete?"
PLACEHOLDER = "Part of its name, or the end of its ID"
HINT = "Type to search. Up to {most} campaigns are listed. You'll see the details before you confirm anything."
SUBMIT = "Show campaign"
ROOM_LABEL = "Where should I post the result?"
ROOM_PLACEHOLDER = "Choose a channel"
ROOM_HINT = "A channel that I'm a member of."
MAY_BE_DELETED = "Can be deleted"
MAY_BE_STOPPED = "Can be stopped and deleted"
MAY_NOT_BE_DELETED = "Can't be deleted now"
UPDATED = " · updated {day}"
NOT_DATED = " · last update unknown"
STOP_FIRST = "stop first"
WHY_NOT: dict[str, str] = {
    STOP_FIRST: "{status}, is stopped first",
    Refusal.STATUS: "{status}, can't be deleted now",
    Refusal.PROTECTED: "Protected by its name",
    Refusal.VOICE: "Voice campaign, can't be deleted here",
    Refusal.NOT_SMS: "Not confirmed to be an SMS campaign",
}
FOUND_NONE = "*No campaign matches* {query}."
FOUND_NONE_YET = "*None of the campaigns loaded so far matches* {query}."
FOUND_LIKE = "Open the list to see similar ones, or type something else."
FOUND_NOTHING = "Type another part of its name, or the end of its ID."
FOUND_ONE = "*One campaign matches* {query}. Open the list to see it, or type something else."
FOUND_SEVERAL = "*{count} campaigns match* {query}. Open the list to choose one, or type something else."
FOUND_MANY = (
    "*At least {count} campaigns match* {query}. Open the list to see {count} of them, or type more of the name."
)
LIST_AS_OF = "{campaigns} in Kore.ai's list, as of {when}. I re-read what you choose."
LIST_READING = (
    ":hourglass_flowing_sand: {campaigns} loaded so far. I can't find the others yet. This line updates by itself."
)
LIST_OF_TOTAL = "{count} of about {total} campaigns"
LIST_PART = "I have {campaigns}, and others may be missing. I keep trying while this window is open."
LIST_TROUBLES = {
    Refusal.KORE_SILENT: ":warning: I can't read Kore.ai's campaign list right now.",
    Refusal.KORE_LIMIT: ":warning: Kore.ai's rate limit has been reached.",
    Refusal.KORE_DENIES: ":warning: Kore.ai rejects my credentials. Tell the people who run this bot.",
}
ROOM_WRONG = {
    Denial.BOT_NOT_IN_CHANNEL: "I'm not in that channel. Choose another one, or type /invite @Campaign Delete there.",
    Denial.SHARED_CHANNEL: "That channel is shared with another organization. Choose another one.",
    Denial.OTHER_APPLICATION: "That isn't a channel of this application. Choose one of its channels.",
    Denial.CHANNEL_UNREADABLE: "Slack didn't return that channel's details. Choose another one, or try again.",
}
