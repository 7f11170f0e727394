"""The text of hold and release."""

HELD = (
    "{person} put it on hold {held_at}: {reason}. Any approver except {person} can release it: "
    "`/campaign-delete release {campaign}`."
)
MEANWHILE = (
    "This campaign was put on hold before you sent this: “{reason}”. Nothing was requested. Try again after it is "
    "released."
)
DONE = (
    "{campaign} is on hold. I won't delete it until an approver other than you types "
    "`/campaign-delete release {id}`. Any open request to delete it is closed."
)
DONE_LATE = (
    "{campaign} is on hold, but I had already started to delete it and may not be able to stop that. The message of "
    "its request will show the result. An approver other than you ends the hold with `/campaign-delete release {id}`."
)
DONE_WHILE_STOPPING = (
    "{campaign} is on hold. I won't delete it until an approver other than you types "
    "`/campaign-delete release {id}`. It is being stopped now, which I may not be able to prevent. The request to "
    "delete it ends after that."
)
NOT_OF_THE_LIST = "The other campaigns of its list are not part of the hold."
NOT_LISTED = (
    "The ID is not in Kore.ai's list as I have it. If it isn't exactly the campaign's ID, the campaign is not on hold."
)
HELD_BEFORE = "Nothing was done: {campaign} is already on hold. {held}"
RELEASED = (
    "{campaign} is released, so the hold no longer prevents its deletion. It was put on hold {held_at}: {reason}."
)
NOT_HELD = "Nothing was done: {campaign} isn't on hold."
REAL = "Nothing was done: {campaign} is really on hold, and I don't release it in practice."
OWN = "Nothing was done: you put {campaign} on hold, so another approver must release it."
UNKNOWN_HOLDER = (
    "Nothing was done: Slack doesn't say whether you and the person who put it on hold are different people. "
    "Try again in a moment."
)
UNVERIFIED = (
    "Nothing was done: Slack shows no confirmed email address for you or for the person who put it on hold, so I can't "
    "tell whether you are different people. Ask the people who run this bot to check both addresses in Slack and the "
    "scope `users:read.email`."
)
LIST = "*Campaigns on hold*, newest first:"
LINE = "{campaign} `{id}`: {person} {held_at}, {reason}"
MORE = "There are more, which were put on hold before these."
NOTHING_HELD = "No campaign is on hold."
NO_ID = (
    "Nothing was done: I need the campaign's ID and a reason. Type `/campaign-delete hold cd-… Legal asked to keep it`."
)
SEVERAL_IDS = (
    "Nothing was done: you typed more than one campaign ID. Hold one campaign at a time, and give a reason without the "
    "ID of another."
)
SEVERAL_IDS_TO_RELEASE = (
    "Nothing was done: you typed more than one campaign ID. Release one campaign at a time, and give a reason without "
    "the ID of another."
)
NO_ID_TO_RELEASE = "Nothing was done: I need the campaign's ID. Type `/campaign-delete release cd-…`."
LONG_REASON = "Nothing was done: the reason has more than {most} characters. Type a shorter one, or none."
NO_REASON = "Nothing was done: I need a reason of {least} to {most} characters. Type it after the ID."
