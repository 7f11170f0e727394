"""Sample answers of the documentation, by the page they stand on (docs.kore.ai/ai-for-service/apis/contact-center)."""

from typing import Any

APP_ID = "st-0603182c-7ffb-53c3-b307-47ca14b90001"
ACCOUNT_ID = "67777ce93e25326494e90001"
SEEDED_ID = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
SAMPLE_ID = "cd-3aefda80-f98e-5f4f-ad41-92803abbxxxx"
WEEK = [
    {"day": "MO", "start": "9:00 AM", "end": "6:00 PM"},
    {"day": "TU", "start": "9:00 AM", "end": "6:00 PM"},
    {"day": "WE", "start": "9:00 AM", "end": "6:00 PM"},
    {"day": "TH", "start": "9:00 AM", "end": "6:00 PM"},
    {"day": "FR", "start": "9:00 AM", "end": "6:00 PM"},
]

# delete-sms-campaign, whole
DELETE_SMS_CAMPAIGN: dict[str, Any] = {
    "status": "success",
    "message": "Campaign Interactive Support SMS Campaign deleted successfully",
    "data": {
        "_id": SAMPLE_ID,
        "name": "Interactive Support SMS Campaign",
        "lname": "interactive support sms campaign",
        "description": "This campaign sends an SMS with a link or instructions to interact with a Kore.ai bot. "
        "Customers can check order status, raise tickets, or get help—all via chat-enabled SMS.",
        "priority": "5",
        "format": "advanced",
        "dialingStrategy": {
            "callerId": {"phoneNumber": "+91987654321"},
            "callingHours": {"frequency": "WEEKLY", "timezone": "Asia/Kolkata", "days": WEEK},
        },
        "experienceFlow": "cf-67447605-115e-5dd2-a676-e158cf3bxxxx",
        "status": "Stopped",
        "createdAt": "2025-06-27T09:25:53.320Z",
        "updatedAt": "2025-06-27T09:31:56.940Z",
        "schedule": {"isSchedulingEnabled": False, "isRecurrenceEnabled": False},
        "campaignInstanceId": "cid-xxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "contactLists": ["Renewal Due - May/June 2025"],
    },
}

# delete-sms-campaign-v2, its text shortened to whole Base64
DELETE_SMS_CAMPAIGN_V2: dict[str, Any] = {
    "_id": "cd-213cc43a-a340-5b89-a256-ff8da28xxxxx",
    "name": "Billing Alert Template Campaign-21212",
    "lname": "billing alert template campaign-21212",
    "status": "Ready",
    "dncLists": {"name": "testdnc"},
    "priority": "5",
    "message": {
        "template_name": "Welcome",
        "message": "R3JlZXRpbmdzLCA8Rmlyc3QgTmFtZT4h",
        "templateId": "cmt-88fcd16f-bdb2-4d4d-8a2c-0324c7fxxxxx",
    },
    "isImported": False,
    "isFiltersEnabled": False,
    "createdAt": "2025-12-08T07:09:14.523Z",
    "updatedAt": "2025-12-08T07:09:31.423Z",
    "schedule": {"isSchedulingEnabled": False, "isRecurrenceEnabled": False},
    "contactLists": ["CL Only 2020 Dec 4"],
    "format": "simple",
}

# get-all-campaigns-v2: an item of the SMS list, and one of the voice list
LISTED_SMS: dict[str, Any] = {
    "name": "Interactive Support SMS Campaign-updated11",
    "status": "Stopped",
    "dncLists": {"name": "DNC CL Dec 4"},
    "priority": "5",
    "experienceFlow": "cf-67447605-115e-5dd2-a676-e158cf3xxxxx",
    "createdAt": "2025-12-04T09:45:52.303Z",
    "updatedAt": "2025-12-05T12:07:54.196Z",
    "schedule": {"isSchedulingEnabled": False},
    "campaignInstanceId": "cid-c4ad0662-6c2e-58f7-9a2c-9da337dxxxxx",
    "id": "cd-e35c04a1-52f7-5a7e-86ba-c4a6101xxxxx",
    "totalMessagesSent": 0,
    "campaignInstanceUpdatedAt": "2025-12-05T12:07:54.203Z",
    "campaignExecutionType": "NORMAL",
    "contactLists": ["CL Only 2020 Dec 4"],
    "format": "advanced",
}
LISTED_VOICE: dict[str, Any] = {
    "_id": "cd-b2c1690-0a1b-497c-9326-1bdd229xxxxx",
    "name": "Billing Reminder Voice Campaign1",
    "dncLists": {"id": "cl-68b802a-2b99-4245-8eea-6d322a8xxxxx", "name": "DNC CL Dec 4"},
    "priority": "5",
    "dialingMode": "Preview",
    "status": "Ready",
    "isFiltersEnabled": False,
    "createdAt": "2025-12-04T11:05:52.809Z",
    "updatedAt": "2025-12-04T11:05:52.911Z",
    "campaignInstanceUpdatedAt": "2025-12-04T11:05:52.911Z",
    "schedule": {"isSchedulingEnabled": False},
    "connection": "Default Queue",
    "contactLists": ["CL Only 2020 Dec 4"],
}

# get-all-contact-lists: data is an array and has no pages
CONTACT_LISTS: dict[str, Any] = {
    "status": "success",
    "message": "",
    "data": [
        {
            "_id": "cl-60bac2e-b440-439a-931e-2d9b2a17xxxx",
            "name": "Renewal Due - July 2025",
            "totalRecordCount": 2,
            "status": "Ready",
            "mapping": {"firstName": "firstName", "phoneNumber": "phoneNumber"},
            "isListInUse": False,
            "listType": "call",
            "campaignInUse": [],
            "source": "passiveApiIntegration",
            "updatedAt": "2025-06-26T12:41:15.716Z",
        }
    ],
}

# create-sms-campaign-without-template: one text encoded, one plain
ENCODED_TEXT = "TWVzc2FnZSBmb3IgeW91ciB0YXJnZXRlZCBjdXN0b21lcg%3D%3D"
DECODED_TEXT = "Message for your targeted customer"
PLAIN_TEXT = "Hi, This is just reminder for upcoming event"

# rate-limit-ccai, and sdk-security of the SDK pages
RATE_LIMIT = "You've exceeded the per-minute rate limit. Please wait for sometime before retrying."
REPLAY = {"errors": [{"msg": "error verifying the jwt: possibly a replay", "code": 401}]}
