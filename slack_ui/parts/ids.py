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

APPROVE_BUTTON = "campaign_delete.approve"
REJECT_BUTTON = "campaign_delete.reject"
CANCEL_BUTTON = "campaign_delete.cancel"
STOP_BUTTON = "campaign_delete.stop"
REBUILD_BUTTON = "campaign_delete.rebuild"
BUTTONS_BLOCK = "buttons"

PAGER_BLOCK = "turns"
OLDER_BUTTON = "campaign_delete.older"
NEWER_BUTTON = "campaign_delete.newer"

FIND_SHORTCUT = "campaign_delete.find"
CAMPAIGN_BLOCK = "campaign"
CAMPAIGN_SELECT = "campaign_delete.campaign"
ROOM_BLOCK = "room"
ROOM_SELECT = "campaign_delete.room"

REASON_BLOCK = "reason"
REASON_INPUT = "campaign_delete.reason"
PHRASE_BLOCK = "phrase"
PHRASE_INPUT = "campaign_delete.phrase"
FLOW_BLOCK = "flow"
FLOW_INPUT = "campaign_delete.flow"
ID_END_BLOCK = "id_end"
ID_END_INPUT = "campaign_delete.id_end"
