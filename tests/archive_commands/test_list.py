"""``archive list`` names every copy of a campaign, one a line."""

from tests.archive_commands.archive_steps import NAME, archived, run


async def test_list_names_every_archived_campaign(url: str) -> None:
    first, second = await archived(url), await archived(url, key=None)
    listed = run("list")
    assert listed.exit_code == 0
    lines = listed.output.splitlines()
    assert [first.id in lines[0], "encrypted" in lines[0], second.id in lines[1], "hash only" in lines[1]] == [True] * 4
    assert NAME in lines[0]
    assert lines[2] == "2 copies of campaigns: 1 encrypted, 1 with only a hash."


async def test_name_cannot_pretend_to_be_a_line_of_the_list(url: str) -> None:
    await archived(url, name="Spring\n2026-01-01T00:00+00:00  0  before    encrypted  cd-9  Forged\x1b[2J\u202e")
    lines = run("list").output.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("Spring 2026-01-01T00:00+00:00  0  before    encrypted  cd-9  Forged[2J")


async def test_two_copies_of_one_campaign_are_not_called_two_campaigns(url: str) -> None:
    """One is from before the DELETE, and one is what Kore.ai returned."""
    await archived(url, days_ago=2, returned=True)
    assert run("list").output.splitlines()[-1] == "2 copies of campaigns: 2 encrypted, 0 with only a hash."
    assert run("purge", "--older-than", "1d").output.startswith("Would remove 2 copies of campaigns from before")
