"""The kinds of faults that Kore.ai and Slack have, and the codes of Slack's refusals."""

KORE_KINDS = ("status", "rate_limit", "error", "html", "reset", "lost_answer", "still_there", "delay")
SLACK_KINDS = ("error", "rate_limit", "lost_answer", "html", "delay", "reset")
SLACK_CODES = (
    "internal_error", "fatal_error", "channel_not_found", "not_in_channel", "is_archived", "user_not_found",
    "message_not_found", "msg_too_long", "token_revoked", "missing_scope", "expired_trigger_id", "hash_conflict",
    "restricted_action", "cant_update_message", "no_such_subteam", "a_code_of_tomorrow",
)  # fmt: skip
