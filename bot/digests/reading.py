"""Which command about digests do some words mean, or are they a question to the memos?

A question that merely begins with "digest" is left alone: a command names what to do, or when.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.digest import Part, Quiet
from bot.digests import wording

_VERBS = (
    "list",
    "status",
    "preview",
    "now",
    "pause",
    "resume",
    "remove",
    "change",
    "show",
    "quiet",
    "why",
    "help",
)
_DIGEST = re.compile(
    rf"\s*digests?(?:\s+(?P<verb>{'|'.join(_VERBS)})\b(?P<rest>.*)|\s+(?P<words>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_WATCH = re.compile(r"\s*(?P<verb>watch|unwatch|topics)\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_NAMES_A_TIME = re.compile(r"\d|\bnoon\b|\bmidnight\b|\bat\b", re.IGNORECASE)
ID = re.compile(r"[0-9a-f]{6}")
"""Of a schedule or a topic."""


class Refusal(Exception):
    """What was asked for is not done; `said` says why."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


def is_command(text: str) -> bool:
    """Whether `text` is about digests, and no question to the memos."""
    return parted(text) is not None


def parted(text: str) -> tuple[str, str] | None:
    """The verb and the rest of a command; None for a question."""
    watch = _WATCH.fullmatch(text)
    if watch:
        return watch["verb"].lower(), watch["rest"].strip()
    digest = _DIGEST.fullmatch(text)
    if digest is None:
        return None
    if digest["verb"]:
        return digest["verb"].lower(), digest["rest"].strip()
    words = (digest["words"] or "").strip()
    if not words:
        return "list", ""
    return ("make", words) if _NAMES_A_TIME.search(words) and not words.endswith("?") else None


def without_id(rest: str) -> str:
    """What is said after a schedule's id, if one stands there."""
    return ID.sub("", rest.strip(), count=1).strip() if ID.match(rest.strip()) else rest.strip()


class Wanted(NamedTuple):
    """What a schedule is to be: its times in words, its parts (none: all), and its quiet days (None: as usual)."""

    words: str
    parts: Sequence[Part] = ()
    quiet: Quiet | None = None


def wanted(written: str) -> Wanted:
    """What a schedule is to be: "weekdays at 9 in Europe/Berlin; show new, changed; quiet silent"."""
    words, *options = (each.strip() for each in written.split(";"))
    found = Wanted(words)
    for option in filter(None, options):
        name, _, value = option.partition(" ")
        match name.casefold():
            case "show":
                found = found._replace(parts=parts(value))
            case "quiet":
                found = found._replace(quiet=quiet_days(value))
            case _:
                raise Refusal(wording.no_option(option))
    return found


def quiet_days(written: str) -> Quiet:
    """What happens when there is nothing new."""
    named = written.strip().casefold()
    if named not in set(Quiet):
        raise Refusal(wording.QUIET_FORM)
    return Quiet(named)


def parts(written: str) -> Sequence[Part]:
    """The parts that are named, `all` for every one; none where nothing is named."""
    names = [name.strip().casefold().replace(" ", "_").replace("-", "_") for name in written.split(",")]
    if names == [""]:
        return ()
    if names == ["all"]:
        return tuple(Part)
    wrong = [name for name in names if name not in set(Part)]
    if wrong:
        raise Refusal(wording.no_part(wrong[0]))
    return tuple(Part(name) for name in names)
