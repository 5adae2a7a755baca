"""Which passages contain a term, and how often?"""

from collections.abc import Iterable

from retrieval.models import Hit, IndexInfo, Memo, Passage
from retrieval.passages import split


class Index:
    """An immutable snapshot of memos and their postings."""

    def __init__(self, memos: Iterable[Memo]) -> None:
        self.memos = {memo.id: memo for memo in memos}
        self.passages: list[Passage] = [p for memo in self.memos.values() for p in split(memo)]

    @property
    def info(self) -> IndexInfo:
        """What this index holds."""
        return IndexInfo(memos=len(self.memos), passages=len(self.passages), version="0")

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """The `k` best passages."""
        words = set(question.lower().split())
        hits = [
            Hit(
                passage=p,
                score=float(len(words & set(p.span.of(self.memos[p.memo_id].text).lower().split()))),
            )
            for p in self.passages
        ]
        return sorted((h for h in hits if h.score), key=lambda h: -h.score)[:k]


def build_index(memos: Iterable[Memo]) -> Index:
    """Index `memos`."""
    return Index(memos)
