"""Check the way to Kore.ai, the credentials and their scope, both generations of the API, and the calls left."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from deletion.domain.check import CheckResult, Outcome, clock_result, failed, not_checked, passed, warned
from deletion.domain.clock import now
from kore_api.account import KoreAccount
from kore_api.auth import CLOCK_SLACK_SECONDS
from kore_api.causes import Cause
from kore_api.client import KoreClient
from kore_api.errors import KoreError, KoreRateLimitError
from kore_api.probe import Generation, Probe, Reached

Errors = Mapping[str, KoreError | None]
EXPIRES_SOON = timedelta(days=14)
FEW_CALLS = 10
# The steps that are known to be right once Kore.ai objects to something later in this list.
STEPS = {
    "Credentials": (Cause.CREDENTIALS, Cause.TOKEN_TIME),
    "Application": (Cause.APP,),
    "Scope": (Cause.SCOPE,),
}


async def check_host(probe: Probe) -> list[CheckResult]:
    """Check DNS, connection, TLS and the clock."""
    addresses, reached = await asyncio.gather(probe.resolve(), probe.reach())
    if isinstance(reached, KoreError):
        if addresses is None and reached.cause is not Cause.PROXY:
            return [failed("Host", f"the name {probe.host} does not resolve (DNS)", "Check KORE_BASE_URL and DNS.")]
        name = "TLS" if reached.cause is Cause.TLS else "Host"
        return [failed(name, f"{probe.host}: {_brief(reached)}", _cure(reached))]
    through = ", ".join(addresses) if addresses else "through a proxy: the name does not resolve here"
    results = [passed("Host", f"{probe.host} answers ({through})"), _tls(probe.account, reached)]
    if reached.clock_ahead_seconds is not None:
        clock = clock_result("Clock", "Kore.ai's", reached.clock_ahead_seconds, limit_seconds=CLOCK_SLACK_SECONDS)
        results.append(clock)
    return results


def _tls(account: KoreAccount, reached: Reached) -> CheckResult:
    if reached.tls is None:
        return passed("TLS", "none: a loopback address") if account.is_local else not_checked("TLS", "no certificate")
    if reached.expires_at is None:
        return passed("TLS", reached.tls)
    text = f"{reached.tls}, certificate valid until {reached.expires_at:%Y-%m-%d}"
    is_soon = reached.expires_at - now() < EXPIRES_SOON
    return warned("TLS", text, "Tell Kore.ai, or the owner of the proxy.") if is_soon else passed("TLS", text)


async def check_access(probe: Probe) -> list[CheckResult]:
    """List one campaign in each generation of the API, and judge credentials, app and scope by the answers."""
    generations = get_args(Generation)
    found = await asyncio.gather(*map(probe.list_campaigns, generations))
    return access_results(probe.account, dict(zip(generations, found, strict=True)))


async def check_kore(kore: KoreClient) -> CheckResult:
    """Make one call as the bot does, for the log at the start."""
    try:
        await kore.list_page("sms", skip=0, page_size=1)
    except KoreError as error:
        text, _, cure = _advice(error).partition(". ")
        return failed("Kore.ai", text, cure)
    return passed("Kore.ai", "a call succeeds")


async def check_each(clients: Mapping[str, KoreClient]) -> list[CheckResult]:
    """Check every application's client, and name each result by its application."""
    results = await asyncio.gather(*map(check_kore, clients.values()))
    return [
        replace(result, name=f"{result.name} {name}".rstrip()) for name, result in zip(clients, results, strict=True)
    ]


def access_results(account: KoreAccount, errors: Errors) -> list[CheckResult]:
    """Return one result for each step of a call, and one for each generation."""
    decisive = None if None in errors.values() else errors[account.api_version]
    steps = _steps(account, decisive)
    first = next((result.name for result in steps if result.outcome is Outcome.FAILED), "")
    return [*steps, *_generations(account.api_version, errors, first)]


def _steps(account: KoreAccount, error: KoreError | None) -> list[CheckResult]:
    good = {
        "Credentials": "the token (JWT) is accepted",
        "Application": f"{account.app_id} of account {account.account_id}",
        "Scope": "Campaign Management is granted",
    }
    if error is None:
        return [passed(name, text) for name, text in good.items()]
    wrong = next((name for name, causes in STEPS.items() if error.cause in causes), None)
    results: list[CheckResult] = []
    for name in STEPS:
        if wrong is None:
            results.append(not_checked(name, _brief(error) if not results else "for the same reason"))
        elif name == wrong:
            text, _, cure = _advice(error).partition(". ")
            results.append(failed(name, text, cure))
        elif name == "Credentials":  # Kore.ai objects to app and scope only with an accepted token
            results.append(passed(name, good[name]))
        else:
            results.append(not_checked(name, f"first correct {wrong}"))
    return results


def _generations(chosen: str, errors: Errors, first: str) -> list[CheckResult]:
    """``first`` is the step that fails in each generation."""
    results = []
    for generation, error in errors.items():
        name = f"API {generation}"
        other = next(each for each in errors if each != generation)
        if error is None:
            results.append(passed(name, "in use" if generation == chosen else "not in use; it answers too"))
        elif generation != chosen:
            results.append(passed(name, "not in use" if first else f"not in use; it does not work: {_brief(error)}"))
        elif first:
            results.append(not_checked(name, f"in use; first correct {first}"))
        elif isinstance(error, KoreRateLimitError):
            results.append(not_checked(name, "the rate limit has been reached", "Run again in a minute."))
        else:
            cure = f"Set KORE_API_VERSION={other}." if errors[other] is None else _cure(error)
            results.append(failed(name, f"in use, but {_brief(error)}", cure))
    return results


def check_calls(used: int, allowed: int) -> CheckResult:
    """Judge how many calls the replicas made within the last minute."""
    left = max(0, allowed - used)
    text = f"{left} of {allowed} a minute, as this bot's replicas count them"
    return warned("Calls left", text, "Run again in a minute.") if left < FEW_CALLS else passed("Calls left", text)


def _advice(error: KoreError) -> str:
    return error.cause.advice if error.cause else str(error)


def _cure(error: KoreError) -> str:
    """Return the sentences after the first, or what may help where there are none."""
    return _advice(error).partition(". ")[2] or "Run again; if it stays so, ask Kore.ai's support."


def _brief(error: KoreError) -> str:
    """Return the first sentence, to follow other words."""
    text = _advice(error).partition(". ")[0].rstrip(".")
    return text if text.startswith("Kore.ai") else text[0].lower() + text[1:]
