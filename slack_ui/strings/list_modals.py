"""The text of the forms of a list: its picker, its confirmation, its approval and its rejection."""

from deletion.domain.approvals.approval import Objection

TITLE = "Delete campaigns"
PICKER_LABEL = "Which campaigns do you want to delete?"
PICKER_HINT = "Type to search, and choose up to {most}. You'll see the details before you confirm anything."
PICKED = {
    0: "None of the campaigns that match {query} can be deleted as it is. Type something else.",
    1: "One campaign that matches {query} can be deleted, and is chosen. Remove it, or add others.",
}
PICKED_SEVERAL = "{count} campaigns that match {query} can be deleted, and are chosen. Remove some, or add others."
PICKED_MOST = (
    "The first {count} campaigns that match {query} and can be deleted are chosen. Remove some, or add others."
)
TYPED = {1: "You typed one ID. It is chosen, with no other campaign."}
TYPED_SEVERAL = "You typed {count} IDs. All are chosen; the next form says which can't be deleted, and why."
TYPED_TOO_MANY = "You typed {count} IDs. Only the first {most} are chosen."
UNLISTED = "Not in the list that I have"
PICKER_SUBMIT = "Show campaigns"
TOO_MANY = "Choose at most {most} campaigns."
NONE_CHOSEN = "Choose at least one campaign."
LOADING = "Reading the campaigns from Kore.ai …"

NONE_LEFT = ("None of these campaigns can be deleted", "No request was made.")
LEFT_OUT = "Left out of the list"
LEFT_OUT_BECAUSE = "{name} ({id}): {why}"
UNREAD_NAME = "A campaign that I couldn't read"
CLOSE = "Keep campaigns"
REASON_LABEL = "Why should these campaigns be deleted?"
COUNT_LABEL = "To confirm, type the number of campaigns"
COUNT_HINT = "The list has {count}."
COUNT_WRONG = "The list has {count}. Check it before you continue."
PHRASE_LABEL = "And type {what}"
PHRASE_BY_WORD = "the last word of the first campaign's name"
PHRASE_BY_ID = "the last 4 characters of the first campaign's ID"
ID_ENDS_LABEL = "Type the last 4 characters of the ID of each of these campaigns: {numbers}"
ID_ENDS_HINT = (
    "Campaigns outside the list have, or may have, nearly the same names. In this order, with spaces between them."
)
ID_ENDS_WRONG = (
    "This doesn't match. Type the last 4 characters of the ID of each of these campaigns, in this order: {numbers}."
)
IN_ITS_WAY = "{name}: {why}"
OVER_BUDGET = (
    "So many deletions exceed the hourly limit, and approvals aren't set up here. Nothing was recorded. Choose fewer "
    "campaigns."
)
WARNING = (
    ":warning: *Before you continue*\n"
    "•  You can't undo this: Kore.ai documents no undo.\n"
    "•  Messages already sent are not recalled. Queued messages may still go out.\n"
    "•  Kore.ai doesn't document what happens to reports and history. Export them first if you need them."
)
NEXT_WITH_APPROVAL = (
    "Next: {count} in {approvals} must approve the list. Nothing is deleted before that. Then I delete the campaigns "
    "one after the other, and pause if one fails or its result is unknown. I'll post the result in {channel}."
)
NEXT_WITHOUT_APPROVAL = (
    "Next: {undo_phrase}, I re-check and delete the campaigns one after the other, and pause if one fails or its "
    "result is unknown. I'll post the result in {channel}."
)
OVER_BUDGET_APPROVAL = ":warning: One extra approval is required: so many deletions exceed the hourly limit."

APPROVE_TITLE = "Approve deletions"
CHECKING = "Re-checking the campaigns …"
ASKED = "{requester} requested that these campaigns be deleted. Contacts and messages sent are as of the request."
STRUCK_LABEL = "Strike campaigns that should be kept"
STRUCK_HINT = "They are closed at once and not deleted."
STRUCK_PLACEHOLDER = "None"
APPROVE_COUNT = "the number of campaigns to delete"
APPROVE_COUNT_HINT = "{count}, less the struck ones."
APPROVE_COUNT_WRONG = "{count} would be deleted. Check the list, and type this number."
STRUCK_ALL = "To keep all of them, reject the request instead."
NOT_READ = "Left out: Kore.ai didn't show these now. They wait for another approval"
ALREADY_APPROVED = "Left out: you have approved these already"
BARRED = "Left out: so far these wait for other approvers alone"
CLOSED_SINCE = "Closed since the request"
APPROVE_NEXT = (
    "Next: {undo_phrase}, I re-check and delete the campaigns one after the other, and pause if one fails or its "
    "result is unknown. You, the requester and every approver can stop the rest at any time."
)
APPROVE_NEXT_MORE = "Next: after yours, {missing} more must approve. Nothing is deleted before that."
LAST_IF_STRUCK = "If you strike so many campaigns that the hourly limit is kept, your approval is the last one."
LAST_FOR_SOME = "Your approval is the last one for {count}; the others need more."
APPROVE_NEXT_PAUSED = (
    "Next: the list is paused after a campaign that was not deleted, or may not have been. Approved campaigns wait "
    "until the requester or an approver presses Continue."
)
NOTHING_LEFT = (
    "Nothing is left to approve",
    "None of these campaigns waits for approval now. The card in the channel shows what happened to each.",
)
NOTHING_READ = (
    "I can't read the campaigns right now",
    (
        "I can't confirm that they are still the same, so nothing was approved. The request stays open; press Approve "
        "again in a minute."
    ),
)
NOTHING_FOR_READER = (
    "You have approved all of it",
    "You have already approved every campaign of this list that you may decide now. Nothing was done.",
)
REJECT_TITLE = "Reject deletions"
REJECT_LABEL = "Why should these campaigns be kept?"

OBJECTIONS = {
    Objection.ENDED: "The list has changed since this was shown, so nothing was done. Look at the card, and try again.",
    Objection.ALREADY: "You have already approved campaigns that this form shows, so it approved nothing. Press "
    "Approve again to see the campaigns that still wait for you.",
    Objection.EXPIRED: "The campaigns that were not decided in time have expired, so nothing was done. The card shows "
    "the others.",
    Objection.REMINDED: "The list began to wait, or was last reminded, only a few minutes ago. Try again later.",
    Objection.APPROVED_SINCE: "You approved this after the button was shown, so your approval stays. To withdraw it, "
    "press the button on the updated message.",
    Objection.OUTDATED: "This form is outdated, because my settings, the hourly limit or my version have changed since "
    "it was opened. It may have named more approvals, or a longer time to stop the deletions. Nothing was approved. "
    "Press Approve again to see what follows now.",
    Objection.FROZEN: "{frozen} The request stays open.",
    Objection.HELD: "A campaign of the list was put on hold, so nothing was approved. Press Approve again: the list is "
    "then shown without it.",
}
