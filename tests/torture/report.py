"""Print the result of a run."""

import sys

from tests.torture.judge import Verdicts
from tests.torture.run import Course
from tests.torture.world import World

MOST_EXAMPLES = 5


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(title: str, rows: dict[str, object]) -> None:
    say(f"\n{title}")
    for name, value in rows.items():
        say(f"  {name:<45} {value!s:>10}")


def show(world: World, course: Course, verdicts: Verdicts) -> None:
    """Print the table of a run, then all violations with examples, then the errors in the bots' logs."""
    plan = course.plan
    replicas = f"{plan.replicas} replica{'s' * (plan.replicas > 1)}"
    rows: dict[str, object] = {
        "kill -9": f"{course.kills}",
        "suspensions": f"{course.suspensions}",
        "seconds of work": f"{course.seconds:.0f}",
        "seconds to settle": f"{course.settle_seconds:.0f}",
        **verdicts.counts,
        **{name: len(found) for name, found in verdicts.wrong.items()},
        "starts that failed": sum(len(replica.failed_starts) for replica in world.bots.all),
    }
    table(f"{plan.database}, {replicas}, undo window {plan.undo_seconds} s", rows)
    for name, found in verdicts.wrong.items():
        for example in found[:MOST_EXAMPLES]:
            say(f"  ! {name}: {example}")
    for replica in world.bots.all:
        for failed in replica.failed_starts[:MOST_EXAMPLES]:
            say(f"  ! a start failed: {failed}")
    for complaint, count in course.complaints.most_common(MOST_EXAMPLES):
        say(f"  log, {count} times: {complaint}")
