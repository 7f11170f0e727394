"""The text for the operator whose settings name channels or user groups that cannot work: what is wrong, and the cure.

What is wrong follows the id.
"""

from deletion.domain.approvals.authorization import ChannelKind

WRONG_CHANNEL = {
    ChannelKind.WITHOUT_BOT: (
        "is no channel that the bot is in",
        "Check the id, or type /invite @Campaign Delete there.",
    ),
    ChannelKind.ARCHIVED: ("is archived", "Unarchive it, or name another channel."),
    ChannelKind.SHARED: ("is shared with another organization", "Name a channel that belongs to this workspace alone."),
}
NO_SUCH_GROUP = ("is no user group of this workspace", "Check the id, which usergroups.list returns, or remove it.")
TEST_MESSAGE = "Test message of Campaign Delete. I delete it at once; nothing else was done."
