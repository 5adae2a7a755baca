"""Which settings were written under a name that Quoth does not read?"""

import os
from collections.abc import Iterator

from bot.cli.checks.finding import Finding, problem
from bot.settings import given_names, setting_names


def misspelt() -> Iterator[Finding]:
    """A problem for each name in the environment or `.env` that looks like one of Quoth's and is none."""
    yield from judged(given_names(os.environ))


def judged(given: frozenset[str]) -> Iterator[Finding]:
    """The same for the names `given`, in capitals. A name with one underscore is the usual mistake.

    Other programs have settings too: with one underscore only a chat service's are spoken of, and only where
    the right name is absent.
    """
    known = setting_names()
    groups = {name.partition("__")[0] for name in known if "__" in name}
    for name in sorted(given - known):
        group, two, _ = name.partition("__")
        if two and group in groups:
            yield problem("settings", f"{name} is no setting. The README lists those that are.")
    for name in sorted(known - given):
        single = name.replace("__", "_")
        if single != name and single in given and name.startswith(("SLACK__", "DISCORD__")):
            yield problem(
                "settings", f"{single} is set, and Quoth reads {name} (two underscores): rename it."
            )
