"""The text that says which campaigns have nearly the same name as the one shown, or as those of a list."""

CHECKING = "Checking for similar names …"
NONE = "No other campaign has nearly the same name."
ONE = ":mag: *Another campaign has nearly the same name* (in Kore.ai's list as of {when}):"
SEVERAL = ":mag: *{count} other campaigns have nearly the same name* (in Kore.ai's list as of {when}):"
KNOWN = (
    ":mag: *Other campaigns may have nearly the same name.* I don't have Kore.ai's complete list right now. So far I "
    "found:"
)
UNCHECKED = (
    ":mag: *Other campaigns may have nearly the same name.* I couldn't check, because I don't have Kore.ai's complete "
    "list right now."
)
MEANWHILE = (
    "Another campaign has nearly the same name: “{name}”, with an ID that ends in {end}. To delete the one shown here, "
    "type its ID."
)
UNCHECKED_MEANWHILE = (
    "I couldn't check just now whether another campaign has nearly the same name. To go on, type the ID of the one "
    "shown here."
)
SAME_END = (
    "A campaign with nearly the same name has an ID with the same end. Compare both IDs, and type the whole ID of the "
    "one shown here."
)
LINE = "•  {name}, {status}, {id}, {updated}"
UPDATED = "updated {when}"
NOT_DATED = "last update unknown"
MORE = "•  and {count} more"

LIST_NONE = "No campaign outside this list has nearly the same name as one of these."
LIST_ONE = (
    ":mag: *1 campaign has nearly the same name as another outside this list* (in Kore.ai's list as of {when}). Check "
    "that it is the right one:"
)
LIST_SEVERAL = (
    ":mag: *{count} campaigns have nearly the same names as others outside this list* (in Kore.ai's list as of "
    "{when}). Check that they are the right ones:"
)
LIST_KNOWN = (
    ":mag: *Others outside this list may have nearly the same names.* I don't have Kore.ai's complete list right now. "
    "So far I found:"
)
LIST_UNCHECKED = (
    ":mag: *These names are not checked.* Campaigns outside this list may have nearly the same ones; I don't have "
    "Kore.ai's complete list right now."
)
LIST_MEANWHILE = (
    "By now, other campaigns have, or may have, nearly the same names as these of the list: {numbers}. Nothing was "
    "recorded. Close this window and start again."
)
LIST_SAME_END = (
    "Nothing was recorded. Another campaign outside the list has nearly the same name, and an ID with the same end, as "
    "each of these: {numbers}. Request each of these by itself."
)
LIKE = "like {other}"
LIKE_AND_MORE = "like {other}, and {count} more"
