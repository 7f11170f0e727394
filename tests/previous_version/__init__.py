"""Databases that the bot of commit 30f8891 has written, and what its channels in Slack showed.

``make_fixture`` has made them, ``restore`` brings them back, ``tests/stories/test_previous_version.py`` goes on with
them. For each database there is what it held when the bot was killed, and ``….slack.json.gz``: every message that the
bot had posted, by channel.
"""
