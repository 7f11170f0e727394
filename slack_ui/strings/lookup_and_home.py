"""Every sentence of what people look up. With the other files of words, all that people read."""

from deletion.domain.models import MessageKind
from deletion.kore.health import Trouble

NOTHING_OPEN = "Nothing is under way: no request waits, and nothing is being deleted."
OPEN_NOW = "*Under way now*, the newest request first."
FOUND_BY_NAME = (
    "*Requests with this in the campaign's name*, the newest first. I look through the names of the newest {most} "
    "requests; for an older one, give the campaign's id."
)
FOUND_BY_ID = "*Requests whose id begins like this*. Give more of it to see one alone."
NOTHING_FOUND = (
    "I know no request like that. Give a campaign's id, a link to a request's message (its menu has "
    '"CachedList link"), or words of a name: I look through the names of the newest {most} requests. '
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
ASKED_BY = "{campaign}. {requester} asked, {when}. {more}"
ENDED = "Ended {when}."
LOOKED = "Last looked at {when}."

HOME_AS_OF = "As of {when}. While this is open it follows what happens, within seconds."
HOME_WAITING = "Waits for your decision"
HOME_WAITING_COUNTED = "Waits for your decision: {count}"
HOME_MORE_THAN = "more than {count}"
HOME_MINE = "Your requests"
HOME_OTHERS = "Also under way"
HOME_ENDED = "Recent outcomes"
HOME_EMPTY_WAITING = "Nothing waits for you."
HOME_EMPTY_MINE = "You have not asked for anything yet."
HOME_EMPTY_ENDED = "No request has ended yet."
HOME_NOT_FROZEN = "Requests are not frozen."
HOME_BUDGET = (
    "Approved within the last hour: {approved} of {limit} deletes, {yours} of {limit_for_one} that you asked for. "
    "Beyond that, one approval more is needed."
)
HOME_KORE = "Kore.ai's account"
KORE_NEVER_HEARD = "Kore.ai has not answered anything yet."
KORE_ANSWERED = "Kore.ai answered last {when}."
KORE_CALLS = "{count} of this minute's calls are taken; what has no room waits and goes on by itself."
KORE_TROUBLE = {
    Trouble.SLACK_ERRORS: "*Kore.ai does not answer*, since {since}. Until it does, nothing can be read or deleted.",
    Trouble.DENIED: "*Kore.ai refuses my credentials*, since {since}. Ask the people who run this bot to check the JWT "
    'app, its scope "Campaign Management", and that the app is published.',
}
HOME_BACK = "Back"
HOME_ON = "More"
HOME_UNTIL = "It can be decided until {until}; then it expires."
HOME_FIND = "Delete a campaign …"
HOME_HELP = "`/campaign-delete help` says what else can be typed."
HOME_TITLE = "Delete Kore.ai SMS campaigns, safely"
HOME_NOT_LISTED = (
    "This bot deletes campaigns for a team, with the approval of others. You are not on its lists, so there is nothing "
    "for you here.\n*Who may ask for a deletion:* {requesters}\n*Who may approve one:* {approvers}\n"
    "To be put on a list, ask the people who run this bot."
)
HOME_NOBODY = "nobody"
HOME_RESTS = (
    "This page has rested since {when}: it no longer follows what happens. Press the button to see where everything "
    "stands now."
)
HOME_SHOW = "Show it"
