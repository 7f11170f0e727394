"""Write durations for people."""

from datetime import timedelta

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def in_words(duration: timedelta) -> str:
    """Return the two largest units, such as ``2 h 5 min``; ``0 s`` for less than a second."""
    left, parts = int(duration.total_seconds()), []
    for unit, seconds in UNITS:
        count, left = divmod(left, seconds)
        parts.append((count, unit))
    first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
    largest, *smaller = parts[first : first + 2]
    return " ".join(f"{count} {unit}" for count, unit in (largest, *(part for part in smaller if part[0])))
