"""Every name that Slack sends back to us, once. They are API: messages already posted still hold them."""

COMMAND = "/campaign-delete"

LOADING_VIEW = "campaign_delete.loading"
CONFIRM_VIEW = "campaign_delete.confirm"
NOTICE_VIEW = "campaign_delete.notice"

REASON_BLOCK = "reason"
REASON_INPUT = "campaign_delete.reason"
PHRASE_BLOCK = "phrase"
PHRASE_INPUT = "campaign_delete.phrase"
