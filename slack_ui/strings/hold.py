"""The text of hold and release."""

HELD = (
    "{person} put it on hold {held_at}: {reason}. Another approver can release it: "
    "`/campaign-delete release {campaign}`."
)
MEANWHILE = "This campaign was put on hold meanwhile: {reason}. Nothing was requested."
DONE = (
    "{campaign} is on hold. It can't be deleted until another approver types `/campaign-delete release {id}`. "
    "An open request for it can't be approved, and an approved one isn't executed."
)
DONE_LATE = (
    "{campaign} is on hold, but I had already started to delete it and may not be able to stop that. The message of "
    "its request will show the result. Another approver ends the hold with `/campaign-delete release {id}`."
)
HELD_BEFORE = "Nothing was done: {campaign} is already on hold. {held}"
RELEASED = "{campaign} is released, and can be deleted again. It had been on hold since {held_at}: {reason}."
NOT_HELD = "Nothing was done: {campaign} isn't on hold."
OWN = "Nothing was done: you put {campaign} on hold, so another approver must release it."
UNKNOWN_HOLDER = (
    "Nothing was done: Slack doesn't say whether you and the person who put it on hold are different people. "
    "Try again in a moment."
)
UNVERIFIED = (
    "Nothing was done: your Slack account or that of the person who put it on hold has no verified email address, so I "
    "can't tell whether you are different people."
)
LIST = "*Campaigns on hold*, newest first:"
LINE = "{campaign} `{id}`: {person} {held_at}, {reason}"
MORE = "There are more, which were put on hold before these."
NOTHING_HELD = "No campaign is on hold."
NO_ID = "Type the campaign's ID and a reason: `/campaign-delete hold cd-… Legal asked to keep it`. Nothing was done."
NO_ID_TO_RELEASE = "Type the campaign's ID: `/campaign-delete release cd-…`. Nothing was done."
NO_REASON = "Type a reason of {least} to {most} characters after the ID. Nothing was done."
