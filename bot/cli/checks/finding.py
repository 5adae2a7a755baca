"""What does a check report?"""

from typing import NamedTuple


class Finding(NamedTuple):
    """One line of `quoth doctor`: a thing, whether it is in order, and what stands or what to do."""

    ok: bool
    thing: str
    said: str


def fine(thing: str, said: str) -> Finding:
    """`thing` is in order; `said` is what stands."""
    return Finding(ok=True, thing=thing, said=said)


def problem(thing: str, said: str) -> Finding:
    """`thing` is not in order; `said` is what to do."""
    return Finding(ok=False, thing=thing, said=said)
