"""How are collections, channels, people and groups written down?

A collection is a word in lower case, `policy`, or words below one another, `policy/hr`: who may see `policy` may see
what lies below it. A channel is `slack:T0123/C0123` or `discord:GUILD/CHANNEL`, a person `slack:U0123`, a group of
people `slack:T0123/S0123` or `discord:GUILD/ROLE`.
"""

import re
import unicodedata
from collections.abc import Iterable

from bot.models import Conversation, IncomingQuestion, PlatformName

EVERYTHING, NOTHING, AUTO = "everything", "nothing", "auto"
STAR = "*"
RESERVED = frozenset({EVERYTHING, NOTHING, AUTO, STAR})
"""Words that say how much is seen; no collection is called so."""

LONGEST = 200
"""Characters of a collection's name."""

_STEPS = frozenset({".", ".."})  # no folder is called so
_GAPS = re.compile(r"[\s,]+")
_KEY = re.compile(rf"(?:{'|'.join(PlatformName)}):[^\s/]+/[^\s/]+")
_PERSON = re.compile(rf"(?:{'|'.join(PlatformName)}):(?:[^\s/]+/)?[^\s/]+")


def collection_name(written: str) -> str | None:
    """A collection's name, the same however it is typed ("HR  Letters": `hr-letters`); None where it names none.

    Nothing but case, form and gaps is evened out: two folders never become one collection by being alike.
    `policy/../hr` names none: nobody means a collection called `..`.
    """
    parts = [
        _GAPS.sub("-", part.strip(" ,\t\n")) for part in unicodedata.normalize("NFC", written).split("/")
    ]
    if _STEPS.intersection(parts):
        return None
    name = "/".join(part for part in parts if part).casefold()
    name = unicodedata.normalize("NFC", name)
    return name if name and len(name) <= LONGEST and name not in RESERVED and name.isprintable() else None


def lineage(name: str) -> list[str]:
    """The collections that `name` lies in, itself the last: `policy`, `policy/hr`."""
    parts = name.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def collection_names(written: Iterable[str]) -> frozenset[str]:
    """The names that are written; what names no collection is passed over."""
    return frozenset(name for one in written if (name := collection_name(one)))


def channel_key(conversation: Conversation) -> str:
    """How the channel of a conversation is written down; a thread has its channel's."""
    return f"{conversation.platform}:{conversation.workspace}/{conversation.channel}"


def is_key(written: str) -> bool:
    """Whether this names a channel, or a group of people."""
    return _KEY.fullmatch(written) is not None


def is_person(written: str) -> bool:
    """Whether this names a person: slack:U0123, or slack:T0123/U0123."""
    return _PERSON.fullmatch(written) is not None


def asker_names(question: IncomingQuestion) -> frozenset[str]:
    """The ways to write its asker down."""
    where = question.conversation
    return frozenset(
        {f"{where.platform}:{question.asker}", f"{where.platform}:{where.workspace}/{question.asker}"}
    )
