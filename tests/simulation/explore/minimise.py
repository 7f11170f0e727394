"""Remove the events that a failure does not need: delta debugging (Zeller, "Simplifying failure-inducing input")."""

from collections.abc import Callable

from tests.simulation.explore.plan import Plan
from tests.simulation.explore.run import Result

MOST_RUNS = 150
Play = Callable[[Plan], Result]


def minimise(plan: Plan, failure: Result, play: Play) -> tuple[Plan, Result]:
    """Return a smaller plan that fails in the same way, and its result."""
    kind, best, result, runs = kind_of(failure), plan, failure, 0
    size = max(1, len(best.events) // 2)
    while runs < MOST_RUNS:
        for start in range(0, len(best.events), size):
            kept = (*best.events[:start], *best.events[start + size :])
            runs += 1
            tried = play(best.keeping(kept))
            if tried.wrong and kind_of(tried) == kind:
                best, result = best.keeping(kept), tried
                break
        else:
            if size == 1:
                break
            size = max(1, size // 2)
    return best, result


def kind_of(failure: Result) -> str:
    """Return the first broken invariant without the ids, times and names in it."""
    words = failure.wrong[0].split()
    return " ".join(word for word in words if word.isalpha())
