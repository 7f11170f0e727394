"""The actions of users in the workspace, and the payloads that Slack sends for it."""
