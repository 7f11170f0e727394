"""The text of help, and of a command that could mean something else."""

HELP = (
    "*Delete a Kore.ai SMS campaign, safely*\n"
    "`/campaign-delete`  Search all campaigns.\n"
    "`/campaign-delete spring sale`  Search for these words in campaign names.\n"
    "`/campaign-delete &lt;campaign ID&gt;`  Show this campaign and ask you to confirm. For example:\n"
    "`/campaign-delete cd-3aefda80-f98e-5f4f-ad41-92803abb0001`\n"
    "`/campaign-delete many spring sale`  Choose up to 20 campaigns, and request them as one list.\n"
    "`/campaign-delete status`  Show what is in progress. Add a campaign ID, {ticket}a message link or words from a "
    "name to see one request.\n"
    "`/campaign-delete history`  List all requests. Add `me`, `@name`, a campaign ID or `7d` to filter the list.\n"
    "`/campaign-delete report 30d`  Show what became of the requests of the last 30 days.\n"
    "`/campaign-delete stop &lt;campaign ID&gt;`  Stop a running campaign without deleting it, also during a freeze.\n"
    "`/campaign-delete hold &lt;campaign ID&gt; &lt;reason&gt;`  Keep a campaign from being deleted, until an approver "
    "other than you types `/campaign-delete release &lt;campaign ID&gt;`. `/campaign-delete hold` alone lists the "
    "holds.\n"
    "`/campaign-delete freeze &lt;reason&gt;`  Stop all deletions and rebuilds at once. Approvers only; the reason can "
    "follow later, and is posted in {channels}.\n"
    "`/campaign-delete unfreeze`  Allow them again. Approvers only.\n"
    "`/campaign-delete whoami`  Show what you may do here, and what is missing.\n"
    "`/campaign-delete help`  Show this text.\n"
    "Nothing is deleted until you have reviewed the campaign, given a reason and typed its name or ID. {approvals}"
)
HELP_TICKET = "a ticket, "
HELP_FROM = "the channel of the command"
HELP_ALONE = "Here no approval is needed: I delete it {undo_phrase}."
HELP_APPROVALS = "Here {count} must approve it first, in {channel}. {rule} After that I delete it {undo_phrase}."

DID_YOU_MEAN = "There is no command {typed}. Did you mean {commands}? Nothing was searched or deleted."
DID_YOU_MEAN_TO_SEARCH = (
    "Did you mean {commands}? It finds campaigns by name, and nothing is deleted before you confirm. "
    "Nothing was searched yet."
)
OR = " or "
SEARCH_FOR = "Search for “{words}”"
SEVERAL_IDS = (
    "One campaign at a time",
    "You typed more than one campaign ID, so nothing was done. Type the command again with one ID.",
)
