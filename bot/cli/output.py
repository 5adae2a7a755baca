"""How does a command print: a JSON document, a line for people, a notice, progress?"""

import json
import os
import re
import shutil
import sys
from typing import Any

import typer

DECIMALS = {"score": 4, "confidence": 4, "mrr": 4, "took_ms": 3}
"""How many decimals a number keeps in JSON, by the name of its field: the one place where numbers are rounded."""


_NUMBERS = re.compile(r"\[\n\s+([^][{}\"]+?)\n\s+\]")
"""A list of numbers or truth values that `json.dumps` spread over lines. (No string spans lines in JSON.)"""


def print_json(document: Any) -> None:
    """Print `document` as the one JSON document of this command, in UTF-8 whatever the locale is."""
    spread = json.dumps(rounded(document), indent=2, ensure_ascii=False)
    exact(_NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", spread) + "\n")


def exact(text: str) -> None:
    """Print `text` as it is, character for character, in UTF-8, with nothing added."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def rounded(value: Any, name: str | None = None) -> Any:
    """`value` with every float that `DECIMALS` names rounded; all else untouched."""
    if isinstance(value, dict):
        return {key: rounded(inner, key) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner, name) for inner in value]
    if isinstance(value, float) and name in DECIMALS:
        return round(value, DECIMALS[name])
    return value


def notice(line: str) -> None:
    """Tell a person something that is no part of the result: standard error, one line, control characters shown."""
    from retrieval import printable

    typer.echo(printable(line), err=True)


def colour() -> bool:
    """Whether standard output may be coloured (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def width() -> int:
    """Columns to fill: the terminal's, at most 100 for the eye's sake; 80 where there is none."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100)
