"""The text of status, history and the Home tab."""

from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.kore.health import Trouble

NOTHING_OPEN = "There are no open requests: nothing is waiting for approval, and nothing is in progress."
OPEN_NOW = "*Open requests*, newest first."
FOUND_BY_NAME = (
    "*Requests whose campaign name matches*, newest first. I searched the newest {most} requests; "
    "for an older one, use the campaign's ID."
)
FOUND_BY_ID = "*Requests whose ID starts with this.* Type more of the ID to see only one."
OF_SEVERAL_ACCOUNTS = (
    "*Different campaigns have this ID*, in different Kore.ai accounts. This is the newest request for each."
)
MORE_FOUND = "There are more than I show here: type more of it, or see `/campaign-delete history`."
NOTHING_FOUND = (
    'I found no matching request. Use a campaign ID, a link to a request\'s message ("Copy link" in its menu), '
    "or words from the campaign's name. I search the names of the newest {most} requests. "
    "`/campaign-delete history` lists all of them."
)
SEVERAL_IDS = "Nothing was searched, because this contains more than one campaign ID. Type one at a time."
NO_REQUEST_THERE = "That message doesn't belong to a request. Use a link to one of my request messages."
NO_REQUEST_FOR_CAMPAIGN = (
    "There is no request for `{campaign}`. Type `/campaign-delete {campaign}` to see the campaign and request one."
)
ASKED_BEFORE = "There are earlier requests for this campaign: `/campaign-delete history {campaign}`."
ELSEWHERE = "its message in the channel"
UNREACHED = "I couldn't post this in {channels}. {cure}"
MESSAGES = "Messages: {links}."
REQUEST_ID = "Request `{id}`, as of {when}."
LIST_ID = "List `{id}`, as of {when}."
LINKS = {MessageKind.CARD: "approval card", MessageKind.ORIGIN: "original message"}

HISTORY = "*Requests{filters}*, newest first."
HISTORY_EMPTY = "There are no requests{filters}."
BY = " by {person}"
OF = " for `{campaign}`"
SINCE = " since {when}"
UNDER = " under ticket {ticket}"
NOT_A_FILTER = (
    "I don't understand {word}. Type `/campaign-delete history` alone, or add a person (`@name`, `me`), a campaign ID, "
    "a time such as `24h` or `7d`, or several of these. For words of a campaign's name, use `/campaign-delete status`."
)
OLDER = "Older"
NEWER = "Newer"
PAGE_LOST = "This button no longer works. Please type the command again."
ASKED_BY = "{campaign}. Requested by {requester} {when}. {more}"
ENDED = "Closed {when}."
REBUILT_AS = "New campaign: {id}."
LOOKED = "Last checked {when}."

HOME_AS_OF = "As of {when}. While this tab is open, it updates within seconds."
HOME_WAITING = "Waiting for your decision"
HOME_WAITING_COUNTED = "Waiting for your decision: {count}"
HOME_MORE_THAN = "more than {count}"
HOME_LOOK = "Needs a look"
HOME_LOOK_HINT = (
    "Look at these campaigns in Kore.ai's console. The linked message says what is known and what happens next."
)
HOME_MINE = "Your open requests"
HOME_OTHERS = "Other open requests"
HOME_ENDED = "Recent results"
HOME_EMPTY_WAITING = "Nothing is waiting for your decision."
HOME_EMPTY_MINE = "You have no open requests."
HOME_EMPTY_ENDED = "There are no closed requests to show."
HOME_NOT_FROZEN = "Requests are not frozen."
HOME_BUDGET = (
    "Deletions approved in the last hour: {approved} (limit {limit}), including {yours} requested by you "
    "(limit {limit_for_one}). When a limit is reached, one extra approval is required."
)
HOME_KORE = "Kore.ai connection"
KORE_NOT_ANSWERED_YET = "Kore.ai hasn't answered a call yet."
KORE_ANSWERED = "Kore.ai last answered {when}."
KORE_TROUBLE = {
    Trouble.UNANSWERED: "*Kore.ai has given no usable answer* since {since}. Until it does, I can't read or delete "
    "campaigns.",
    Trouble.DENIED: "*Kore.ai has rejected my credentials* since {since}. Ask the people who run this bot to check the "
    'JWT app, its scope "Campaign Management", and that the app is published.',
}
# A line of the Home is short, so that it is one line: what is asked for or came of it, by state.
ROW_OF_A_DELETION = {
    State.AWAITING_APPROVAL: "",
    State.APPROVED: "will be deleted",
    State.DELETING: "is being deleted",
    State.DELETED: "deleted",
    State.GONE: "gone",
    State.CHANGED: "not deleted, it changed",
    State.FAILED: "not deleted",
    State.UNKNOWN: "outcome unknown",
    State.REJECTED: "deletion rejected",
    State.CANCELLED: "deletion withdrawn",
    State.EXPIRED: "deletion expired",
    State.STOPPED: "deletion stopped",
    State.PRACTISED: "would have been deleted",
    State.STOPPING: "is being stopped",
    State.CAMPAIGN_STOPPED: "stopped, not deleted",
}
ROW_LACKING = "lacks approvals"
ROW_OF_A_REBUILD = {
    State.AWAITING_APPROVAL: "rebuild",
    State.APPROVED: "will be rebuilt",
    State.REBUILDING: "is being rebuilt",
    State.REBUILT: "rebuilt",
    State.FAILED: "not rebuilt",
    State.UNKNOWN: "outcome unknown",
    State.REJECTED: "rebuild rejected",
    State.CANCELLED: "rebuild withdrawn",
    State.EXPIRED: "rebuild expired",
    State.STOPPED: "rebuild stopped",
}
ROW_OF_A_STOP = {
    State.AWAITING_APPROVAL: "stop",
    State.APPROVED: "will be stopped",
    State.STOPPING: "is being stopped",
    State.CAMPAIGN_STOPPED: "stopped",
    State.GONE: "gone",
    State.FAILED: "not stopped",
    State.UNKNOWN: "outcome unknown",
    State.REJECTED: "stop rejected",
    State.CANCELLED: "stop withdrawn",
    State.EXPIRED: "stop expired",
    State.STOPPED: "stop taken back",
}
ROW_OF_A_STOP_AND_DELETE = {
    **ROW_OF_A_DELETION,
    State.AWAITING_APPROVAL: "stop and delete",
    State.UNKNOWN: "outcome unknown",
}
LIST_PAUSED = "paused"
LIST_FROZEN = "frozen"
ROW_FROZEN = "approved, but frozen"
ROW_THERE_AGAIN = "there again"
ROW_APPROVALS = "{count}/{required} approvals"
ROW_UNTIL = "until "
ROW_AFTER = "not before "
ROW_LOOKED = "checked "
ROW_NEW_ID = "new ID "
HOME_BACK = "Back"
HOME_MORE = "More"
HOME_FIND = "Delete a campaign …"
HOME_HELP = "For all commands, type `/campaign-delete help`."
HOME_TITLE = "Delete Kore.ai SMS campaigns, safely"
HOME_NOT_LISTED = (
    "This bot deletes Kore.ai SMS campaigns. You're neither a requester nor an approver, so you can't use it.\n"
    "*Requesters:* {requesters}\n*Approvers:* {approvers}\n"
    "To be added, ask the people who run this bot."
)
HOME_NOBODY = "none"
HOME_PAUSED = "This tab stopped updating {when}. Press the button to see the current state."
HOME_SHOW = "Refresh"
