"""Why a channel does not get a message, and who can change that; by Slack's error code."""

_ASK_OPERATOR = "Ask the people who run this bot"
_INVITE = "I'm not in it, so invite me there with `/invite`."
_ARCHIVED = "It is archived. Unarchive it, or ask the people who run this bot to use another channel."
_POSTING = "Its settings don't let me post. Ask a workspace admin to allow apps to post there."
_SCOPE = f"The app lacks a Slack permission ({{code}}). {_ASK_OPERATOR} to install it again with its manifest."
_TOKEN = f"Slack no longer accepts the app's token ({{code}}). {_ASK_OPERATOR} to renew it."
_TOO_LONG = (
    f"Slack finds the message too long ({{code}}). {_ASK_OPERATOR}, and use `/campaign-delete status` meanwhile."
)
_NO_ACCOUNT = "The account is deactivated, or doesn't exist."
SLACK_IS_DOWN = "Slack has a problem ({code})."
CURES = {
    "not_in_channel": _INVITE,
    "channel_not_found": "It doesn't exist, or it is private and I'm not in it. Invite me there with `/invite`.",
    "is_archived": _ARCHIVED,
    "is_inactive": _ARCHIVED,
    "restricted_action": _POSTING,
    "restricted_action_read_only_channel": _POSTING,
    "no_permission": _POSTING,
    "restricted_action_thread_only_channel": "It takes only replies. Ask a workspace admin to allow messages there.",
    "restricted_action_non_threadable_channel": "It takes no replies. Ask a workspace admin to allow threads there.",
    "restricted_action_thread_locked": "The thread is locked. Ask a workspace admin to unlock it.",
    "ekm_access_denied": "Your organization has revoked Slack's encryption key for it. Ask a workspace admin.",
    "team_access_not_granted": "The app has no access to its workspace. Ask an organization admin to grant it.",
    "org_login_required": "The workspace is moving to an organization. Ask a workspace admin when that ends.",
    "channel_unreadable": "Slack doesn't say whether it is shared with another organization.",
    "shared_channel": "It is shared with another organization, so I show no names there.",
    "missing_scope": _SCOPE,
    "invalid_auth": _TOKEN,
    "not_authed": _TOKEN,
    "token_revoked": _TOKEN,
    "token_expired": _TOKEN,
    "account_inactive": _TOKEN,
    "msg_too_long": _TOO_LONG,
    "msg_blocks_too_long": _TOO_LONG,
    "user_not_found": _NO_ACCOUNT,
    "user_disabled": _NO_ACCOUNT,
    "cannot_dm_bot": "It is a bot.",
    "messages_tab_disabled": f"The app's Messages tab is off. {_ASK_OPERATOR} to turn it on.",
}
OTHERWISE = f"Slack refuses it ({{code}}). {_ASK_OPERATOR}."

APPROVERS_UNREACHED = (
    "The approvers may not have seen this: I can't post in {channel}. {cure} I try again every minute."
)
UNREACHED = "I couldn't post this in {channels}. {cure} I try again every minute; please tell people there yourself."
UNREACHED_AT_END = (
    "I couldn't post this in {channels}. {cure} I try again for an hour after the end of the request; "
    "please tell people there yourself."
)
ORIGIN_UNREACHED = "I couldn't post this in {channel}, where you typed the command, so I'm telling you here. {cure}"
THREAD_UNREACHED = "I can't post in this message's thread. {cure}"
MORE_UNREACHED = "I couldn't post this in {channels} either."
