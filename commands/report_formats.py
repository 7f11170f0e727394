"""Write a report as Markdown, CSV or one HTML file without external resources."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from html import escape
from typing import NamedTuple

from deletion.domain.report import Report, median
from deletion.domain.text.durations import in_words
from deletion.domain.text.visible_text import visible_text
from deletion.journal.export_file import harmless

BAR_PIXELS, ROW_PIXELS, LABEL_PIXELS = 360, 22, 150
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1d1c1d}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}"
    "td:last-child,th:last-child{text-align:right}svg{max-width:100%}"
)


class Table(NamedTuple):
    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def tables(report: Report) -> list[Table]:
    alone = f"{report.deleted_alone:,} of {report.deleted:,}" if report.deleted else ""  # a share would be rounded
    figures = [
        ("Requests", f"{report.requests:,}"),
        ("Median time to approval", _words(median(report.approved_after))),
        ("Median time to the end", _words(median(report.ended_after))),
        ("Deleted without another person's approval", alone),
        ("Practice requests, which nothing else counts", f"{report.practised:,}"),
    ]
    return [
        Table("Figures", ("Figure", "Value"), figures),
        Table("States", ("State", "Requests"), _counted(report.states.most_common())),
        Table(
            "Who approved for whom",
            ("Requester", "Approver", "Approvals"),
            [(asked, approved, f"{count:,}") for (asked, approved), count in report.approvals.most_common()],
        ),
        Table("Failures and unknown outcomes", ("Cause", "Requests"), _counted(report.failures.most_common())),
        Table("Days", ("Day (UTC)", "Requests"), _counted(sorted(report.days.items()))),
    ]


def markdown(report: Report) -> str:
    lines = [f"# {_title(report)}"]
    for table in tables(report):
        lines += ["", f"## {table.title}", ""]
        rows = [table.head, tuple("---" for _ in table.head), *table.rows]
        lines += ["| " + " | ".join(map(_markdown_cell, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _markdown_cell(text: str) -> str:
    """Return the visible text on one line, which neither ends a cell nor begins an HTML tag."""
    return escape(visible_text(text), quote=False).replace("\\", "\\\\").replace("|", "\\|")


def as_csv(report: Report) -> str:
    """One line per figure: the table's title, then its cells."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    for table in tables(report):
        writer.writerows([harmless(cell) for cell in (table.title, *row)] for row in (table.head, *table.rows))
    return stream.getvalue()


def html(report: Report) -> str:
    title = escape(_title(report))
    parts = [f"<h1>{title}</h1>", _bars([(str(state), count) for state, count in report.states.most_common()])]
    for table in tables(report):
        head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
        parts.append(f"<h2>{escape(table.title)}</h2><table><tr>{head}</tr>{rows}</table>")
    viewport = '<meta name="viewport" content="width=device-width,initial-scale=1">'
    head = f'<meta charset="utf-8">{viewport}<title>{title}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


FORMATS: dict[str, Callable[[Report], str]] = {"md": markdown, "csv": as_csv, "html": html}


def _bars(counts: Sequence[tuple[str, int]]) -> str:
    """Return a bar chart as SVG."""
    most = max((count for _, count in counts), default=1)
    bars = []
    for place, (label, count) in enumerate(counts):
        y, width = place * ROW_PIXELS, max(1, round(BAR_PIXELS * count / most))
        bars.append(
            f'<text x="0" y="{y + 15}">{escape(label)}</text>'
            f'<rect x="{LABEL_PIXELS}" y="{y + 3}" width="{width}" height="{ROW_PIXELS - 6}" fill="#4a7aab"/>'
            f'<text x="{LABEL_PIXELS + width + 6}" y="{y + 15}">{count:,}</text>'
        )
    width, height = LABEL_PIXELS + BAR_PIXELS + 80, ROW_PIXELS * len(counts)
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" font-size="14" role="img" '
        f'aria-label="Requests by state">{"".join(bars)}</svg>'
    )


def _title(report: Report) -> str:
    since, until = (moment.strftime("%Y-%m-%d %H:%M") for moment in (report.since, report.until))
    return f"Campaign deletes, {since} to {until} UTC"


def _counted(counts: Iterable[tuple[object, int]]) -> list[tuple[str, ...]]:
    return [(str(name), f"{count:,}") for name, count in counts]


def _words(duration: timedelta | None) -> str:
    return in_words(duration) if duration is not None else ""
