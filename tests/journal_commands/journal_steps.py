"""Run a command of the journal."""

from click.testing import CliRunner, Result

import commands

SAID = ("=1+1", "+1", "@SUM(A1)", "'quoted'", 'He said: "no"; then\nnothing', "Ärger 🔥", "-2")


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(commands.run, ["journal", *map(str, arguments)], input=given)


def lines(result: Result) -> list[str]:
    return result.output.splitlines()
