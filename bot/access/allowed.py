"""How much may somebody see: everything, nothing, or the memos of some collections?"""

from collections.abc import Iterable

from bot.access.names import EVERYTHING as EVERYTHING_WORD
from bot.access.names import NOTHING as NOTHING_WORD
from bot.access.names import STAR, collection_name
from bot.errors import SetupError
from bot.models import Frozen


class Allowed(Frozen):
    """Everything, or the memos of the collections of these names (none: nothing)."""

    everything: bool = False
    names: frozenset[str] = frozenset()

    def __or__(self, other: "Allowed") -> "Allowed":
        """What at least one of both may see."""
        if self.everything or other.everything:
            return EVERYTHING
        return Allowed(names=self.names | other.names)

    def sees(self, collections: Iterable[str]) -> bool:
        """Whether a memo that belongs to these collections may be seen."""
        return self.everything or not self.names.isdisjoint(collections)

    @property
    def shown(self) -> list[str]:
        """The same in words."""
        return [EVERYTHING_WORD] if self.everything else sorted(self.names) or [NOTHING_WORD]


EVERYTHING, NOTHING = Allowed(everything=True), Allowed()


def read_allowed(written: Iterable[str], where: str) -> Allowed:
    """Names of collections as somebody wrote them; * or `everything` alone is everything, `nothing` alone nothing.

    Raises SetupError, which names `where` it was written.
    """
    words = [word.strip() for word in written]
    if len(words) == 1 and words[0].lower() in {STAR, EVERYTHING_WORD}:
        return EVERYTHING
    if not words or (len(words) == 1 and words[0].lower() == NOTHING_WORD):
        return NOTHING
    names = {word: collection_name(word) for word in words}
    if wrong := [word for word, name in names.items() if name is None]:
        raise SetupError(
            f"{where}: {wrong[0]!r} names no collection.",
            "A name is one word, or words with / between; everything (or *) and nothing stand alone.",
        )
    return Allowed(names=frozenset(name for name in names.values() if name))
