"""What users do in the workspace, and the payloads that Slack sends for it."""
