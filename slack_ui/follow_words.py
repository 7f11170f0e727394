"""Every sentence of what people look up. With the other files of words, all that people read."""

from deletion.models import MessageKind

NOTHING_OPEN = "Nothing is under way: no request waits, and nothing is being deleted."
OPEN_NOW = "*Under way now*, the newest request first."
FOUND_BY_NAME = (
    "*Requests with this in the campaign's name*, the newest first. I look through the names of the newest {most} "
    "requests; for an older one, give the campaign's id."
)
FOUND_BY_ID = "*Requests whose id begins like this*. Give more of it to see one alone."
NOTHING_FOUND = (
    "I know no request like that. Give a campaign's id, a link to a request's message (its menu has "
    '"Copy link"), or words of a name: I look through the names of the newest {most} requests. '
    "`/campaign-delete history` shows all."
)
NO_REQUEST_THERE = "I know no request that this message tells of. Give the link of one of my cards."
NO_REQUEST_FOR_CAMPAIGN = (
    "Nobody has asked to delete `{campaign}`. `/campaign-delete {campaign}` shows the campaign and lets you ask."
)
ASKED_BEFORE = "It was asked for before, too: `/campaign-delete history {campaign}`."
ELSEWHERE = "its message in the channel"
MESSAGES = "Messages: {links}."
REQUEST_ID = "Request `{id}`, as it is {when}."
LINKS = {MessageKind.CARD: "approval card", MessageKind.ORIGIN: "where it was asked"}

HISTORY = "*Requests{filters}*, the newest first."
HISTORY_EMPTY = "There are no requests{filters}."
BY = " by {person}"
OF = " for `{campaign}`"
SINCE = " since {when}"
NOT_A_FILTER = (
    "I do not understand {word}. Type `/campaign-delete history` alone, or after it a person (`@name`, `me`), a "
    "campaign's id, a time such as `24h` or `7d`, or several of these."
)
OLDER = "Older"
NEWER = "Newer"
PAGE_LOST = "I cannot read that button any more. Please type the command again."
ASKED_BY = "{campaign}. {requester} asked, {when}. {decisions}"
