"""What does the bot say about who may see what? Never a word about memos that are not seen."""

from collections.abc import Sequence

SHARED = (
    "I answer from one team's memos, so I stay silent where people from other organisations read along or ask. "
    "Please ask me in a channel of the team's own."
)
GUEST = "I answer the team's members only, and you are a guest here. Please ask one of them to ask me."
NOT_A_MEMBER = (
    "I cannot tell who reads along here, so I do not answer. "
    "Please invite me to this channel, then ask again."
)
CANNOT_TELL = (
    "I cannot find out just now who reads along here, so I do not answer. Please ask again in a minute. "
    "If that does not help, whoever runs me can find out why with: quoth doctor"
)

NOT_ALLOWED = "Only people whom the settings name (ACCESS__MANAGERS) can say what a channel sees."
NOT_DIRECT = "What I answer in direct messages follows from who asks; only channels are bound to collections."
BY_SETTINGS = (
    "What this channel sees is said in the settings (ACCESS__CHANNELS), so it cannot be changed here."
)
RIGHT_FORM = (
    "Write: collections (what is seen here), collections use NAME NAME (to bind this channel to collections; "
    "* is everything), or collections clear (to unbind it)."
)


def sees(names: Sequence[str], memos: int) -> str:
    """Say what a channel sees: the names of its collections, and how many memos are in them."""
    return f"Here I answer from {_memos(memos)}: {_named(names)}."


def sees_unbound(memos: int) -> str:
    """Say what a channel sees that nobody bound."""
    return f"Here I answer from {_memos(memos)}; nobody has bound this channel to collections."


def sees_direct(memos: int) -> str:
    """Say what an asker sees in a direct message."""
    return f"In direct messages I answer you from {_memos(memos)}: those that you may see."


def bound(names: Sequence[str], memos: int) -> str:
    """Say that a channel was bound."""
    return f"Done. From now on I answer here from {_memos(memos)}: {_named(names)}."


def holding_nothing(names: Sequence[str]) -> str:
    """Say that these collections hold no memo."""
    return f"No memo is in {_listed(names)} yet."


def divided() -> str:
    """Say what the first binding does elsewhere."""
    return (
        "This was the first channel to be bound: channels that nobody binds see no memos from now on. "
        "(ACCESS__UNBOUND in the settings says otherwise.)"
    )


def unbound(memos: int) -> str:
    """Say that a channel was unbound."""
    return f"Done. This channel is no longer bound: here I answer from {_memos(memos)} now."


def no_name(word: str) -> str:
    """Say that a word cannot be a collection's name."""
    return f"“{word}” names no collection. {RIGHT_FORM}"


def _memos(number: int) -> str:
    return {0: "no memos", 1: "one memo"}.get(number, f"{number:,} memos")


def _named(names: Sequence[str]) -> str:
    return "everything" if list(names) == ["everything"] else f"the collections {_listed(names)}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
