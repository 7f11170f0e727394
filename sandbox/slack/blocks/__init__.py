"""Block Kit: which blocks Slack accepts, and how it returns them."""
