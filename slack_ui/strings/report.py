"""The text of report."""

HEADING = "*Requests from {since} to {until}*: {count}"
NOTHING = "There were no requests since {since}."
STATE = "{state}: {count}"
APPROVED_AFTER = "Median time to approval: {time}."
ENDED_AFTER = "Median time to the end: {time}."
ALONE = "{count} of {deleted} deleted campaigns needed no approval by another person."
APPROVALS = "*Who approved for whom*"
APPROVED = "{approver} for {requester}: {count}"
PRACTISED = "Practice requests, which nothing above counts: {count}."
FAILURES = "*Failures and unknown outcomes*"
FAILED = "{cause}: {count}"
MORE = "and {count} more"
NOT_A_PERIOD = (
    "I don't understand {typed}. Type how far to look back, such as `/campaign-delete report 30d`, `2w` or `12h`."
)
TOO_LONG = (
    "That is too far back: I report on at most {most} days. For a longer period, ask the people who run this bot; "
    "`python app.py report` has no limit."
)
