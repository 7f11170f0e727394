"""Ids, first words and names as people type them and as Slack sends them."""

import dataclasses

import pytest

from deletion.catalogue.search import rank
from deletion.domain.text.name_query import NameQuery, search_key
from deletion.domain.text.typed_text import campaign_ids, first_word, ids_as_typed, unfold, without_marks
from kore_api.campaign_id import parse_campaign_id
from tests.deletion.values import listed

ID = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
OTHER = ID[:-1] + "2"
ID_AS_TYPED = [
    ID, f" {ID} ", f"`{ID}`", f'"{ID}"', f"\u201c{ID}\u201d", f"\u00a0{ID}", f"\n{ID}\t", f"<{ID}>", f"&lt;{ID}&gt;",
    f"*{ID}*", f"_{ID}_", f"*_{ID}_*", f"~{ID}~", f"({ID})", f"[{ID}]", f"{ID}.", f"{ID},", f"{ID}?", f"{ID} \u2026",
    f"id: {ID}", f"id:{ID}", f"ID={ID}", f"delete {ID}", f"please delete {ID}!", f"\u200b{ID}", f"{ID}\u200b",
    f"\ufeff{ID}\u2060", ID.replace("-", "\u2011"), ID.replace("-", "\u2013"), ID.replace("-", "\u2010"), ID.upper(),
    f"Cd{ID[2:]}", ID.replace("3aefda80", "\uff13aefda80"), f"{ID} {ID}", f"{ID}\n{ID.upper()}",
    f"<https://platform.kore.ai/campaigns/{ID}>", f"<https://platform.kore.ai/campaigns/{ID}/edit?a=1&amp;b=2>",
    f"<https://platform.kore.ai/c/{ID}|platform.kore.ai/c/{ID}>", f"https://kore.ai/?next=%2Fcampaign%2F{ID}%2Fedit",
]  # fmt: skip
NO_ID = [
    "", "spring", ID[:-1], f"{ID}0", f"x{ID}", f"{ID}-1", f"1-{ID}", f"a{ID}", ID.replace("cd-", "\u0441d-"),
    ID.replace("f98e", "xxxx"), ID.replace("0001", "\u0430001"), ID.replace("-", " "), ID.replace("cd-", "cl-"),
]  # fmt: skip


@pytest.mark.parametrize("typed", ID_AS_TYPED)
def test_decorated_id_is_found(typed: str) -> None:
    assert campaign_ids(typed) == (ID,)


@pytest.mark.parametrize("typed", NO_ID)
def test_other_text_has_no_id(typed: str) -> None:
    assert campaign_ids(typed) == ()


def test_each_of_several_ids_is_found() -> None:
    assert campaign_ids(f"{OTHER}, {ID.upper()} and {OTHER}") == (OTHER, ID)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (ID.upper(), ("cd-3AEFDA80-F98E-5F4F-AD41-92803ABB0001",)),
        (f"{ID} {ID.upper()} {ID}", (ID, "cd-3AEFDA80-F98E-5F4F-AD41-92803ABB0001")),
        ("CD-3aefda80-f98e-5f4f-ad41-92803abbXXXX", ("cd-3aefda80-f98e-5f4f-ad41-92803abbxxxx",)),
    ],
)
def test_capitals_of_an_id_are_kept_where_ids_may_differ_in_them(typed: str, found: tuple[str, ...]) -> None:
    assert ids_as_typed(typed) == found
    assert [parse_campaign_id(each) for each in found] == [*found]


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("<@U0BOB|bob> said so", "@bob said so"),
        ("<@U0BOB>", "@U0BOB"),
        ("<#C0RANDOM|random>", "#random"),
        ("<#C0RANDOM|>", "#C0RANDOM"),
        ("<!subteam^S0APPROVE|@approvers>", "@approvers"),
        ("<!here>", "@here"),
        ("<http://acme.com|acme.com> launch", "acme.com launch"),
        ("<https://acme.com/a?b=1&amp;c=2>", "https://acme.com/a?b=1&c=2"),
        ("<mailto:a@acme.com|a@acme.com>", "a@acme.com"),
        ("R&amp;D &lt;b&gt;", "R&D <b>"),
        ("R&amp;amp;D", "R&amp;D"),
        ("&lt;@U0BOB&gt;", "<@U0BOB>"),
        ("R&D <b> &copy;", "R&D <b> &copy;"),
    ],
)
def test_references_and_escapes_are_unfolded(sent: str, typed: str) -> None:
    assert unfold(sent) == typed


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("", "", ""),
        ("\u200b \u00a0", "", ""),
        ("freeze", "freeze", ""),
        ("  FREEZE  wrong list ", "freeze", "wrong list"),
        ("freeze: wrong list", "freeze", "wrong list"),
        ("freeze:wrong list", "freeze", "wrong list"),
        ("freeze, wrong list", "freeze", "wrong list"),
        ("freeze!!! wrong list", "freeze", "wrong list"),
        ("freeze\u2014wrong list", "freeze", "wrong list"),
        ("freeze--wrong list", "freeze", "wrong list"),
        ("freeze \u2013 wrong list", "freeze", "\u2013 wrong list"),
        ("*freeze* wrong list", "freeze", "wrong list"),
        ("_freeze_", "freeze", ""),
        ('"freeze wrong list"', "freeze", "wrong list"),
        ("\u201cfreeze wrong list\u201d", "freeze", "wrong list"),
        ('"freeze" the "wrong" list', "freeze", 'the "wrong" list'),
        ('freeze "wrong"', "freeze", '"wrong"'),
        ("\u200bfreeze\u200b wrong list", "freeze", "wrong list"),
        ("\ufefffreeze", "freeze", ""),
        ("freeze\u00a0wrong list", "freeze", "wrong list"),
        ("freeze\nwrong\nlist", "freeze", "wrong\nlist"),
        ("\uff46\uff52\uff45\uff45\uff5a\uff45 now", "freeze", "now"),
        ("&lt;status&gt; x", "status", "x"),
        ("history <@U0BOB|bob> &amp; co", "history", "<@U0BOB|bob> &amp; co"),
        ("freeze-dried offers", "freeze-dried", "offers"),
        ("freeze/now", "freeze/now", ""),
        ("\N{FIRE} sale", "\N{FIRE}", "sale"),
        ("***", "***", ""),
    ],
)
def test_first_word_has_no_decoration(text: str, word: str, rest: str) -> None:
    assert first_word(text) == (word, rest)


@pytest.mark.parametrize(
    "typed", ["7d", "7D", "*7d*", "7d.", "\u201c7d\u201d", "\u200b7d", "(7d)", "&lt;7d&gt;", "_7d_"]
)
def test_marks_around_a_word_are_dropped(typed: str) -> None:
    assert without_marks(typed) == "7d"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Valentine's Day", "valentine\u2019s day"),
        ("Valentine\u2019s Day", "*Valentine's Day*."),
        ("Acme.com Launch", "<http://acme.com|acme.com> launch"),
        ("Spring", "<#C0SPRING|spring>"),
        ("R&D Offers", "R&amp;D offers"),
        ("\N{PARTY POPPER} Party", ":tada: party"),
        ("\N{PARTY POPPER} Party", "\N{PARTY POPPER} party"),
        ("\N{PARTY POPPER}\N{PARTY POPPER}", ":tada:"),
        ("Say :tada: now", "say :tada: now"),
        ("2024\u20132025 Renewals", "2024-2025 renewals"),
        ("Wait\u2026 what", "wait... what"),
        ("\uff33\uff41\uff4c\uff45", "sale"),
        ("Promo 10:30:45", "promo 10:30:45"),
        ("100%", "%"),
    ],
)
def test_query_finds_the_name_in_search_and_status_alike(name: str, typed: str) -> None:
    assert NameQuery.of(typed).finds(name, search_key(name))
    assert [hit.campaign.name for hit in rank(typed, [listed(1, name), listed(2, "Zzz Qqq")])] == [name]


def test_search_key_has_words_with_one_space_between_them() -> None:
    assert search_key(" Spring -- S\u00e4le! ") == "spring sale"


@pytest.mark.parametrize("typed", [":tada:", "%", "autumn", "spring autumn"])
def test_query_finds_no_other_name(typed: str) -> None:
    assert not NameQuery.of(typed).finds("Spring Sale", search_key("Spring Sale"))


@pytest.mark.parametrize("typed", ["\u20260002", "`0002`", "cd\u20133aefda80\u2013f98e", "*92803abb0002*"])
def test_part_of_an_id_is_found_with_marks_around_it(typed: str) -> None:
    wanted, other = dataclasses.replace(listed(2, "Autumn"), id=OTHER), listed(1, "Winter")
    assert [hit.campaign for hit in rank(typed, [other, wanted])] == [wanted]
