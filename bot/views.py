"""Which index stands over some of the memos only?

What a channel may see, or the library as it once stood: an index of its own, so that nothing it says, counts or
suggests comes from another memo. The last few are kept.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from retrieval import ChangedIndex, Index, Memo, Superseded, Synonyms, build_index, carry_on

MOST_KEPT = 16
MOST_APART, SHARE_APART = 100, 0.1
"""Memos, and their share, in which two libraries may differ for one's index to carry on as the other's."""

Key = frozenset[tuple[str, str]]


class Views:
    """Indexes over some memos, the last used kept."""

    def __init__(self, synonyms: Sequence[Synonyms], superseded: Superseded = Superseded.DEMOTE) -> None:
        self._synonyms, self._superseded = synonyms, superseded
        self._kept: OrderedDict[Key, tuple[Sequence[Memo], Index]] = OrderedDict()
        self._building = asyncio.Lock()

    async def over(self, memos: Sequence[Memo], known: Index) -> Index:
        """An index over `memos`, whatever their order; built sooner from what `known` has analysed."""
        memos = sorted(memos, key=lambda memo: memo.id)
        async with self._building:
            index = self._found(memos)
            if index is None:
                index = await asyncio.to_thread(self._made, memos, known)
                self._keep(memos, index)
            return index

    def _made(self, memos: Sequence[Memo], known: Index) -> Index:
        """An index that the first question need not wait for: the kept one most like it, changed, or a new one."""
        index = self._carried_on(memos, known) or build_index(memos, self._synonyms, known, self._superseded)
        index.warm()
        return index

    def _carried_on(self, memos: Sequence[Memo], known: Index) -> Index | None:
        """The kept index over memos most like these, changed to be over these; None where that takes as long."""
        key = _key(memos)
        most = min(MOST_APART, SHARE_APART * len(key))
        apart = {other: len(key ^ other) for other in self._kept if abs(len(key) - len(other)) <= most}
        nearest = min(apart, key=apart.__getitem__, default=None)
        if nearest is None or apart[nearest] > most:
            return None
        held, index = self._kept[nearest]
        if isinstance(index, ChangedIndex) and index.is_loose:
            return None
        were, now = ({memo.id: memo for memo in some} for some in (held, memos))
        news = [memo for memo in memos if were.get(memo.id) != memo]
        return carry_on(index, news, were.keys() - now.keys(), known)

    def _found(self, memos: Sequence[Memo]) -> Index | None:
        """The index over just these memos, if it is kept."""
        key = _key(memos)
        held, index = self._kept.get(key, (None, None))
        if held != memos:  # the same files may have been given another title
            return None
        self._kept.move_to_end(key)
        return index

    def _keep(self, memos: Sequence[Memo], index: Index) -> None:
        self._kept[_key(memos)] = memos, index
        self._kept.move_to_end(_key(memos))
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


def _key(memos: Sequence[Memo]) -> Key:
    return frozenset((memo.id, memo.sha256) for memo in memos)
