"""Escaping of a command's text: users, channels and links become markup."""

import pytest

from sandbox.slack.escaping import escaped
from sandbox.slack.workspace import Workspace


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("history @bob 7d", "history <@U0BOB|bob> 7d"),
        ("@bob.", "@bob."),
        ("bob@sandbox.example", "bob@sandbox.example"),
        ("#campaigns and #nowhere", "<#C0CAMPAIGNS|campaigns> and #nowhere"),
        ("@campaign-approvers", "<!subteam^S0APPROVE|@campaign-approvers>"),
        ("https://sandbox.slack.com/archives/C0/p1?a=1&b=2", "<https://sandbox.slack.com/archives/C0/p1?a=1&amp;b=2>"),
        ("status acme.com launch", "status <http://acme.com|acme.com> launch"),
        ("Promo 2.1 bob@acme.com a.b", "Promo 2.1 bob@acme.com a.b"),
        ("a < b & <@U0BOB>", "a &lt; b &amp; &lt;@U0BOB&gt;"),
    ],
)
def test_escaped(typed: str, sent: str) -> None:
    assert escaped(typed, Workspace()) == sent
