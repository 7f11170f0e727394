"""``python -m tests.torture``: kill the bot at random moments and judge the result. Exit code 1: something is wrong."""

import argparse
import asyncio
import sys

from tests.torture import crowd, idle_cost, refusals, report
from tests.torture.judge import judge
from tests.torture.run import Plan, torture

DATABASES = ("sqlite", "postgresql")


def main() -> int:
    given = _arguments()
    if given.what == "rest":
        return asyncio.run(idle_cost.measure(given.database or DATABASES))
    if given.what == "refuse":
        return max([asyncio.run(refusals.refuse(each, given.minutes)) for each in given.database or DATABASES])
    if given.what == "crowd":
        return asyncio.run(crowd.rounds(given.rounds, given.clicks, given.replicas))
    return max([_kill(database, given) for database in given.database or DATABASES])


def _kill(database: str, given: argparse.Namespace) -> int:
    replicas = given.replicas if database == "postgresql" else 1
    plan = Plan(
        database=database,
        kills=given.kills,
        replicas=replicas,
        requests=given.requests,
        minutes=given.minutes,
        undo_seconds=given.undo,
        one_for_good=replicas > 1,
        lists=given.what == "lists",
    )
    world, course, cases = asyncio.run(torture(plan))
    verdicts = judge(world, course.ledger, cases)
    report.show(world, course, verdicts)
    return 0 if verdicts.is_clean else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("kill", "lists", "crowd", "rest", "refuse"), default="kill")
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: one after the other")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--replicas", type=int, default=3, help="PostgreSQL only; SQLite has one")
    parser.add_argument("--requests", type=int, help="default: as many as people manage until the last kill")
    parser.add_argument("--minutes", type=float, default=20, help="for each database, settling not counted")
    parser.add_argument("--undo", type=int, default=0, help="UNDO_WINDOW in seconds")
    parser.add_argument("--clicks", type=int, default=200, help="crowd: in each round")
    parser.add_argument("--rounds", type=int, default=3, help="crowd: on a fresh request each")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
