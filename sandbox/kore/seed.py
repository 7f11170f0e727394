"""The campaigns and contact lists of a fresh sandbox account. Dates are fixed; Kore.ai's sample comes first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.kore.factories import LIST_NAME, advanced, bare, contact_list, simple, sms_id, template, voice

Raw = dict[str, Any]
SALE = "Spring sale: 20% off until Sunday. Show this message at the till. Reply STOP to opt out."
BILL = "Greetings, <First Name>! Your bill of <Amount> is due on <Date>."
BULK_FROM, BULK_BEGINS, BULK_EVERY = 1_000, datetime(2019, 1, 1, tzinfo=UTC), timedelta(minutes=30)
RIGHT_TO_LEFT, ZERO_WIDTH = "\u202e", "\u200b"


def campaigns() -> list[Raw]:
    """Return fresh copies with all stored fields: those of GET, those of the list, ``campaignType``, ``deleted``."""
    return [_documented(), *_everyday(), *_similar_names(), *_hostile(), *_voice(), bare(31)]


def bulk_campaigns(count: int) -> Iterator[Raw]:
    """Yield numbered campaigns, oldest first, all created and last updated before the seeded ones."""
    pattern = simple(BULK_FROM, "", "Completed", BILL)
    for n in range(count):
        created, name = BULK_BEGINS + n * BULK_EVERY, f"Archive Notice {n:06d}"
        own = {"_id": sms_id(BULK_FROM + n), "name": name, "lname": name.lower(), "totalMessagesSent": n}
        yield {**pattern, **own, "createdAt": _iso(created), "updatedAt": _iso(created + BULK_EVERY)}


def contact_lists() -> list[Raw]:
    """Return fresh copies. One campaign uses "Archived Leads 2023", which is missing here: its size is unknown."""
    sizes = {
        LIST_NAME: 1204,
        "Renewal Due - July 2025": 0,
        "Loyalty Members EMEA": 48211,
        "Loyalty Members Americas": 112_874,
        "Outage Zone 4": 356,
        "Winback Q2": 9043,
    }
    return [contact_list(n, name, size) for n, (name, size) in enumerate(sizes.items(), start=1)]


def _documented() -> Raw:
    """docs.kore.ai/…/delete-sms-campaign, the masked digits filled in."""
    return advanced(
        1,
        "Interactive Support SMS Campaign",
        "Stopped",
        description="This campaign sends an SMS with a link or instructions to interact with a Kore.ai bot. "
        "Customers can check order status, raise tickets, or get help—all via chat-enabled SMS.",
        priority="5",
        createdAt="2025-06-27T09:25:53.320Z",
        updatedAt="2025-06-27T09:31:56.940Z",
        campaignInstanceId="cid-c4ad0662-6c2e-58f7-9a2c-9da337d00001",
    )


def _everyday() -> list[Raw]:
    window = {
        "isSchedulingEnabled": True,
        "isRecurrenceEnabled": True,
        "startDateTime": "2026-03-02 09:00:00",
        "endDateTime": "2026-03-27 18:00:00",
    }
    loyal = ["Loyalty Members EMEA", "Loyalty Members Americas"]
    return [
        simple(2, "Appointment Reminder EMEA", "Ready", "Your appointment is tomorrow. Reply C to cancel."),
        simple(3, "Loyalty Points Expiring", "Completed", "Your points expire soon.", contactLists=loyal),
        template(4, "Billing Alert Template", "Active", BILL),
        template(5, "Payment Failed Notice", "Paused", BILL, contactLists=["Winback Q2"]),
        advanced(6, "Order Status Self-Service", "Preparing"),
        simple(7, "Holiday Hours Notice", "Scheduled", "We are closed on Monday.", schedule=window),
        simple(8, "Outage Update Zone 4", "Rescheduled", "Power is back at 6 PM.", contactLists=["Outage Zone 4"]),
        advanced(9, "Delivery Feedback Survey", "Rerun"),
        simple(10, "Fraud Alert Broadcast", "Run as Emergency", "Please verify a recent payment."),
        simple(11, "Retired Greeting", "Hibernating", "Hello again."),
        simple(12, "Lead Winback 2023", "Stopped", "We miss you.", contactLists=["Archived Leads 2023"]),
        template(13, "Rate Limit Change Notice", "Ready", BILL),
        simple(14, "Store Opening Invite", "Ready", "", message={"message": "Join us on Friday at 5 PM!"}),
    ]


def _similar_names() -> list[Raw]:
    return [
        simple(15, "Spring Sale Reminder", "Ready", SALE, contactLists=["Loyalty Members EMEA"]),
        simple(16, "Spring Sale Reminder ", "Ready", SALE, contactLists=["Loyalty Members Americas"]),
        simple(17, "Spring Sale Remlnder", "Stopped", SALE),
        template(18, "Service Renewal Outreach Campaign6", "Stopped", BILL),
        template(19, "Service Renewal Outreach Campaign61", "Ready", BILL),
        template(20, "Billing Alert Template Campaign-212", "Ready", BILL),
        template(21, "Billing Alert Template Campaign-21212", "Ready", BILL),
        simple(22, "Customer Welcome", "Ready", "Welcome! Reply HELP for help."),
        simple(23, "Customer Welcome", "Stopped", "Welcome aboard!", contactLists=["Winback Q2"]),
    ]


def _hostile() -> list[Raw]:
    return [
        simple(24, "<!channel> Free Money", "Ready", "<!here> <@U0ALICE> Free money!"),
        simple(25, "*bold* _x_ & <https://evil.example|click>", "Ready", "`code` > quote"),
        simple(26, f"Summer {RIGHT_TO_LEFT}gnp.elas{RIGHT_TO_LEFT} Offer", "Ready", SALE),
        simple(27, f"Autumn{ZERO_WIDTH} Sale{ZERO_WIDTH}", "Ready", SALE),
        simple(28, "\N{FIRE}" * 48, "Ready", "\N{FIRE}\N{PARTY POPPER}"),
        simple(29, "Two\nLines", "Ready", "First line\nSecond line"),
    ]


def _voice() -> list[Raw]:
    return [
        voice(1, "Product Feedback Voice Campaign", "Ready", "Agentless"),
        voice(2, "Service Renewal Outreach Campaign61", "Ready", "Progressive"),
        voice(3, "Billing Reminder Voice Campaign", "Stopped", "Preview"),
    ]


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
