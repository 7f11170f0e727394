"""Build Homes and replies to look-ups with the same external text in every place that takes one."""

from dataclasses import replace
from functools import cache

from deletion.domain.approvals.approval import OFFERED
from deletion.domain.approvals.denial import Denial
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.policies import Policies
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.kore.health import Health, Trouble
from deletion.messages.projection import RequestView
from deletion.stores.overview import COUNTED, PAGE, Overview, Section
from deletion.stores.request_queries import Cursor, Page, RequestFilter
from slack_ui import strings
from slack_ui.messages import freeze_notice, lookup_answer, suggestion
from slack_ui.parts.text import code
from slack_ui.views import home, refusals
from tests.deletion.values import freeze
from tests.slack_ui.hostile_values import CARD, LINKS, POLICY, REFUSED, Surface, hostile_list, hostile_request


@cache
def homes(text: str) -> dict[str, Surface]:
    """Return Homes: full lists with every warning, empty, denied, unlisted and paused."""
    cursor = Cursor(at=now(), id="f" * 32)
    asked = tuple(hostile_request(text, State.AWAITING_APPROVAL, id=f"{n:032}") for n in range(PAGE))
    full = {section: Page(asked, before=cursor, after=cursor) for section in Section}
    told = {each.id: [Message(request_id=each.id, key="k", kind=MessageKind.CARD, target_id="C0")] for each in asked}
    used_up = DeleteLimits(at=now(), freeze=freeze(reason=text), approved=(now(),) * 10)
    worst = home.Home(
        Overview(full, COUNTED + 1, told, used_up),
        dict.fromkeys((each.id for each in asked), OFFERED),
        (home.Served(POLICY, used_up, Health(trouble=Trouble.DENIED, since=now())),),
        may_ask=True,
    )
    many = [hostile_list(text, *states) for states in ((State.AWAITING_APPROVAL,), (State.UNKNOWN, State.APPROVED))]
    of_lists = home.Home(
        Overview(
            {section: Page(tuple(each.requests[0] for each in many)) for section in Section},
            1,
            {each.id: [CARD] for each in many},
            DeleteLimits(at=now()),
            {each.id: each for each in many},
        ),
        {},
        (),
        may_ask=True,
    )
    quiet = home.Home(
        Overview({}, 0, {}, DeleteLimits(at=now())),
        {},
        (home.Served(POLICY, DeleteLimits(at=now()), Health(answered_at=now(), calls=3)),),
        may_ask=False,
    )
    return {
        **{
            name: home.view(home.blocks(shown, LINKS, Policies([POLICY])), now(), shown).to_dict()
            for name, shown in (("worst", worst), ("lists", of_lists), ("quiet", quiet))
        },
        "on no list": home.not_listed(POLICY).to_dict(),
        **{f"denied: {why}": home.denied(refusals.denial_text(why, POLICY)).to_dict() for why in Denial},
        "resting": home.paused(now()).to_dict(),
    }


@cache
def answers(text: str) -> dict[str, Surface]:
    """Return the replies to ``status`` and ``history``."""
    asked, cursor = hostile_request(text), Cursor(at=now(), id="f" * 32)
    told = [
        Message(request_id=asked.id, key=f"{n}", kind=MessageKind.CARD, target_id="C0", channel_id="C0", ts="1.2")
        for n in range(3)
    ]
    of = {asked.id: told}
    paused = replace(hostile_list(text, State.UNKNOWN, State.APPROVED), paused_on=f"{1:032}")
    seen = RequestView(paused.overall, REFUSED, freeze(reason=text), listed=paused)
    built = {
        "list": lookup_answer.of_list(seen, paused, told, LINKS, POLICY),
        "one": lookup_answer.one(RequestView(asked), told, LINKS, POLICY, is_asked_again=True),
        "several": lookup_answer.several("Several requests", [asked] * 10, of, LINKS),
        "page": lookup_answer.page(
            Page((asked,) * 10, before=cursor, after=cursor), RequestFilter(since=now()), of, LINKS
        ),
        "nothing": lookup_answer.text_only("There is none."),
        "did you mean": suggestion.build(("history",), "", text),
        "did you mean to search": suggestion.build((), text, text),
        "freeze all?": freeze_notice.question(),
        "a word": lookup_answer.text_only(strings.lookup_and_home.NOT_A_FILTER.format(word=code(text))),
    }
    return {name: {"text": said, "blocks": [each.to_dict() for each in shown]} for name, (said, shown) in built.items()}
