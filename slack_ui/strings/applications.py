"""Sentences about the Kore.ai applications of the settings, where there are several."""

FIRST = "{application} · "
TYPED = "{application} and {what}"
NAME_MISSING = "This is {application}. Type {application} first, then {what}."
NO_APPLICATION = "No Kore.ai application is set for this channel, so I looked nothing up. Use the command here:"
CHANNELS = "*{application}*: {channels}"
NOT_SERVED = (
    "Not a request of my applications",
    "I don't find this among the requests of the Kore.ai applications in my settings, so nothing was done.",
)
