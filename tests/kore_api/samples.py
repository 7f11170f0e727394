"""The documented samples that tests use by name, and sentences from other pages of docs.kore.ai."""

from tests.kore_api.documented import SAMPLES, Json

APP_ID = "st-0603182c-7ffb-53c3-b307-47ca14b90001"
ACCOUNT_ID = "67777ce93e25326494e90001"
SEEDED_ID = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
SAMPLE_ID = "cd-3aefda80-f98e-5f4f-ad41-92803abbxxxx"

DELETE_SMS_CAMPAIGN = SAMPLES["delete-sms-campaign"].response
DELETE_SMS_CAMPAIGN_V2: Json = SAMPLES["delete-sms-campaign-v2"].response["data"]
LISTED_SMS: Json = SAMPLES["get-all-campaigns-v2-sms"].response["data"]["results"][4]
LISTED_VOICE: Json = SAMPLES["get-all-campaigns-v2-voice"].response["data"]["results"][3]
CONTACT_LISTS = SAMPLES["get-all-contact-lists"].response

# create-sms-campaign-without-template: one text encoded, one plain
ENCODED_TEXT = "TWVzc2FnZSBmb3IgeW91ciB0YXJnZXRlZCBjdXN0b21lcg%3D%3D"
DECODED_TEXT = "Message for your targeted customer"
PLAIN_TEXT = "Hi, This is just reminder for upcoming event"

# rate-limit-ccai, and sdk-security of the SDK pages
RATE_LIMIT = "You've exceeded the per-minute rate limit. Please wait for sometime before retrying."
REPLAY = {"errors": [{"msg": "error verifying the jwt: possibly a replay", "code": 401}]}
