"""Every id that Slack sends back. They are a contract: messages already posted still carry them."""

COMMAND = "/campaign-delete"

LOADING_VIEW = "campaign_delete.loading"
PICKER_VIEW = "campaign_delete.picker"
CONFIRM_VIEW = "campaign_delete.confirm"
NOTICE_VIEW = "campaign_delete.notice"

HOME_VIEW = "campaign_delete.home"
HOME_SHOW_BUTTON = "campaign_delete.home_show"
HOME_BACK_BUTTON = "campaign_delete.home_back"
HOME_ON_BUTTON = "campaign_delete.home_on"
HOME_FIND_BUTTON = "campaign_delete.home_find"

APPROVE_VIEW = "campaign_delete.approve_form"
REJECT_VIEW = "campaign_delete.reject_form"
REBUILD_VIEW = "campaign_delete.rebuild_form"
STOP_VIEW = "campaign_delete.stop_form"

LIST_PICKER_VIEW = "campaign_delete.list_picker"
LIST_CONFIRM_VIEW = "campaign_delete.list_confirm"
LIST_APPROVE_VIEW = "campaign_delete.list_approve_form"
LIST_REJECT_VIEW = "campaign_delete.list_reject_form"

LIST_APPROVE_BUTTON = "campaign_delete.list_approve"
LIST_REJECT_BUTTON = "campaign_delete.list_reject"
LIST_CANCEL_BUTTON = "campaign_delete.list_cancel"
LIST_STOP_BUTTON = "campaign_delete.list_stop"
LIST_WITHDRAW_APPROVAL_BUTTON = "campaign_delete.list_withdraw_approval"
LIST_REMIND_BUTTON = "campaign_delete.list_remind"
LIST_CONTINUE_BUTTON = "campaign_delete.list_continue"

APPROVE_BUTTON = "campaign_delete.approve"
REJECT_BUTTON = "campaign_delete.reject"
CANCEL_BUTTON = "campaign_delete.cancel"
STOP_BUTTON = "campaign_delete.stop"
WITHDRAW_APPROVAL_BUTTON = "campaign_delete.withdraw_approval"
REMIND_BUTTON = "campaign_delete.remind"
REBUILD_BUTTON = "campaign_delete.rebuild"
REQUEST_BUTTONS = (  # of every message about a request or a list
    APPROVE_BUTTON, REJECT_BUTTON, CANCEL_BUTTON, STOP_BUTTON, WITHDRAW_APPROVAL_BUTTON, REMIND_BUTTON, REBUILD_BUTTON,
    LIST_APPROVE_BUTTON, LIST_REJECT_BUTTON, LIST_CANCEL_BUTTON, LIST_STOP_BUTTON, LIST_WITHDRAW_APPROVAL_BUTTON,
    LIST_REMIND_BUTTON, LIST_CONTINUE_BUTTON,
)  # fmt: skip
ONLY_STOP_BUTTON = "campaign_delete.only_stop"
BUTTONS_BLOCK = "buttons"

PAGER_BLOCK = "turns"
OLDER_BUTTON = "campaign_delete.older"
NEWER_BUTTON = "campaign_delete.newer"

SEARCH_BUTTON = "campaign_delete.search"
SEARCH_WORDS_BUTTON = "campaign_delete.search_words"
FREEZE_BUTTON = "campaign_delete.freeze"

FIND_SHORTCUT = "campaign_delete.find"
CAMPAIGN_BLOCK = "campaign"
CAMPAIGN_SELECT = "campaign_delete.campaign"
CAMPAIGNS_BLOCK = "campaigns"
CAMPAIGNS_SELECT = "campaign_delete.campaigns"
STRUCK_BLOCK = "struck"
STRUCK_SELECT = "campaign_delete.struck"
COUNT_BLOCK = "count"
COUNT_INPUT = "campaign_delete.count"
ROOM_BLOCK = "room"
ROOM_SELECT = "campaign_delete.room"

REASON_BLOCK = "reason"
REASON_INPUT = "campaign_delete.reason"
TICKET_BLOCK = "ticket"
TICKET_INPUT = "campaign_delete.ticket"
COMMENT_BLOCK = "comment"
COMMENT_INPUT = "campaign_delete.comment"
PHRASE_BLOCK = "phrase"
PHRASE_INPUT = "campaign_delete.phrase"
FLOW_BLOCK = "flow"
FLOW_INPUT = "campaign_delete.flow"
ID_END_BLOCK = "id_end"
ID_END_INPUT = "campaign_delete.id_end"
