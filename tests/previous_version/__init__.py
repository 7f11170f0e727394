"""Databases of the bot of commit 30f8891, killed at work, and the messages in its Slack channels.

``make_fixture`` made them, ``restore`` restores them, and ``tests/stories/test_previous_version.py`` continues them.
For each database there is a dump from the moment of the kill, and ``….slack.json.gz`` with every message that the bot
had posted, by channel.
"""
