"""Factories of stored campaigns, with every field of the documentation's samples."""

import base64
from typing import Any
from urllib.parse import quote

Raw = dict[str, Any]
LIST_NAME = "Renewal Due - May/June 2025"
HOURS = {"start": "9:00 AM", "end": "6:00 PM"}
VOICE_DIALING = {
    "dialingOrder": "FIFO",
    "maxAttemptsPerRecord": 3,
    "defaultRetryPeriod": 10,
    "maxRingTime": 30,
    "useSystemMappings": False,
}


def simple(n: int, name: str, status: str, text: str, **fields: Any) -> Raw:
    """Return a campaign with a text, Base64 and URL-encoded: docs.kore.ai/…/create-sms-campaign-without-template."""
    own = {"format": "simple", "message": {"message": _encoded(text)}, "dncLists": {"name": "Do Not Contact"}}
    return _sms(n, name, status) | own | fields


def template(n: int, name: str, status: str, text: str, **fields: Any) -> Raw:
    """docs.kore.ai/…/create-sms-campaign-using-template spells ``template_name`` so."""
    message = {
        "template_name": "Welcome",
        "message": _encoded(text),
        "templateId": f"cmt-88fcd16f-bdb2-4d4d-8a2c-0324c7f{n:05d}",
    }
    return _sms(n, name, status) | {"format": "simple", "message": message} | fields


def advanced(n: int, name: str, status: str, **fields: Any) -> Raw:
    """Return a campaign with an experience flow, no text: docs.kore.ai/…/create-sms-campaign-advanced-format."""
    own = {"format": "advanced", "experienceFlow": f"cf-67447605-115e-5dd2-a676-e158cf3b{n:04d}"}
    return _sms(n, name, status) | own | fields


def voice(n: int, name: str, status: str, dialing_mode: str, **fields: Any) -> Raw:
    """docs.kore.ai/…/get-voice-campaign-by-id-v2: no format; 7 hex digits begin the id."""
    own = {
        "_id": f"cd-{0x9E14000 + n:07x}-88cc-4544-9a98-7aee9b7{n:05d}",
        "campaignType": "voice",
        "dialingMode": dialing_mode,
        "connection": "Default Queue",
        "isFiltersEnabled": False,
        "dncLists": {"id": f"cl-68b802a-2b99-4245-8eea-6d322a8{n:05d}", "name": "Do Not Contact"},
        "campaignInstanceUpdatedAt": f"2025-06-27T{n % 24:02d}:31:56.947Z",
    }
    base = _base(n, name, status)
    return base | own | {"dialingStrategy": base["dialingStrategy"] | VOICE_DIALING} | fields


def bare(n: int) -> Raw:
    """Return a campaign with as few fields as possible: no status either."""
    return {"_id": sms_id(n), "campaignType": "sms", "deleted": False, "name": "Untitled", "format": "simple"}


def contact_list(n: int, name: str, size: int) -> Raw:
    """docs.kore.ai/…/get-all-contact-lists: ``listType`` is "call" for SMS campaigns too."""
    return {
        "_id": f"cl-60bac2e-b440-439a-931e-2d9b2a17{n:04d}",
        "name": name,
        "description": f"{name}, as imported.",
        "totalRecordCount": size,
        "status": "Validated",
        "mapping": {column: column for column in ("firstName", "lastName", "phoneNumber", "timeZone", "uniqueId")},
        "isListInUse": False,
        "listType": "call",
        "campaignInUse": [],
        "source": "localDrive",
        "columns": [],
        "files": [],
        "updatedAt": f"2025-06-{n:02d}T12:41:15.716Z",
    }


def sms_id(n: int) -> str:
    """Return the id of the n-th SMS campaign: 8 hex digits first, unique for each n."""
    return f"cd-{(0x3AEFDA80 + (n - 1) * 0x01070A03) % 2**32:08x}-f98e-5f4f-ad41-92803abb{n % 10_000:04d}"


def _sms(n: int, name: str, status: str) -> Raw:
    own = {"_id": sms_id(n), "campaignType": "sms", "isImported": False, "isFiltersEnabled": False}
    sent = 0 if status in ("Ready", "Preparing") else 137 * n
    listed = {"totalMessagesSent": sent, "campaignExecutionType": "NORMAL"}
    updated = {"campaignInstanceUpdatedAt": f"2025-06-27T{n % 24:02d}:31:56.947Z"}
    return _base(n, name, status) | own | listed | updated


def _base(n: int, name: str, status: str) -> Raw:
    return {
        "deleted": False,
        "name": name,
        "lname": name.lower(),
        "description": f"{name}, for customers who agreed to be contacted.",
        "status": status,
        "priority": str(1 + n % 5),
        "dialingStrategy": {
            "callerId": {"phoneNumber": f"+91987654{n:03d}"},
            "callingHours": {
                "frequency": "WEEKLY",
                "timezone": "Asia/Kolkata",
                "days": [{"day": day} | HOURS for day in ("MO", "TU", "WE", "TH", "FR")],
            },
        },
        "createdAt": f"2025-06-{n:02d}T09:25:53.320Z",
        "updatedAt": f"2025-06-27T{n % 24:02d}:31:56.940Z",
        "schedule": {"isSchedulingEnabled": False, "isRecurrenceEnabled": False},
        "contactLists": [LIST_NAME],
    }


def _encoded(text: str) -> str:
    return quote(base64.b64encode(text.encode()).decode(), safe="")
