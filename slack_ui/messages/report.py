"""The reply to ``report``: what became of the requests of a period."""

from datetime import timedelta

from deletion.domain.report import Report, median
from deletion.domain.text.durations import in_words
from slack_ui.parts.text import code, date, mention
from slack_ui.strings import report as strings

MOST_LINES = 10
CAUSE_LIMIT = 120


def text(report: Report) -> str:
    """Return complete sentences in mrkdwn."""
    practised = [strings.PRACTISED.format(count=report.practised)] if report.practised else []
    if not report.requests:
        return "\n".join([strings.NOTHING.format(since=date(report.since)), *practised])
    states = [strings.STATE.format(state=state, count=count) for state, count in report.states.most_common()]
    lines = [
        strings.HEADING.format(since=date(report.since), until=date(report.until), count=report.requests),
        ", ".join(states).capitalize() + ".",
        *_waited(strings.APPROVED_AFTER, report.approved_after),
        *_waited(strings.ENDED_AFTER, report.ended_after),
    ]
    if report.deleted:
        lines.append(strings.ALONE.format(count=f"{report.deleted_alone:,}", deleted=f"{report.deleted:,}"))
    approvals = [
        strings.APPROVED.format(approver=mention(approver), requester=mention(requester), count=count)
        for (requester, approver), count in report.approvals.most_common()
    ]
    failures = [
        strings.FAILED.format(cause=code(cause, CAUSE_LIMIT), count=count)
        for cause, count in report.failures.most_common()
    ]
    listed = [*_listed(strings.APPROVALS, approvals), *_listed(strings.FAILURES, failures)]
    return "\n".join([*lines, *listed, *practised])


def _listed(title: str, lines: list[str]) -> list[str]:
    shown = lines[:MOST_LINES]
    more = [strings.MORE.format(count=len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else []
    return [title, *(f"• {line}" for line in (*shown, *more))] if lines else []


def _waited(sentence: str, durations: list[timedelta]) -> list[str]:
    middle = median(durations)
    return [] if middle is None else [sentence.format(time=in_words(middle))]
