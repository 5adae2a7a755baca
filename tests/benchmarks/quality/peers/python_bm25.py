"""How do rank-bm25 and bm25s do? Neither makes quotes: their sentences are indexed a second time."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from tests.benchmarks.quality.engine import Found, QuotingSentences
from tests.benchmarks.quality.words import stemmer, stems


class _Installed(QuotingSentences):
    package: str

    @classmethod
    def missing(cls) -> str:
        try:
            version(cls.package)
        except PackageNotFoundError:
            return f"{cls.package} is not installed"
        return ""

    @classmethod
    def version(cls) -> str:
        return version(cls.package)


class RankBM25Split(_Installed):
    """rank-bm25 as its README shows it: words are what stands between spaces."""

    name = "rank-bm25, `str.split`"
    package = "rank-bm25"

    def terms(self, text: str) -> list[str]:
        """The terms of `text`."""
        return text.split()

    def index_texts(self, texts: Sequence[str]) -> None:
        from rank_bm25 import BM25Okapi

        self._scores = BM25Okapi([self.terms(text) or ["∅"] for text in texts])

    def search(self, question: str, k: int) -> list[Found]:
        scores = self._scores.get_scores(self.terms(question))
        k = min(k, len(scores))
        top = np.argpartition(-scores, k - 1)[:k]
        return [Found(int(i), float(scores[i])) for i in top[np.argsort(-scores[top], kind="stable")]]


class RankBM25Stems(RankBM25Split):
    """rank-bm25 with Snowball's stems and without stop words."""

    name = "rank-bm25, stems + stop words"

    def terms(self, text: str) -> list[str]:
        return stems(text, self.language)


class BM25S(_Installed):
    """bm25s with its own tokenizer, Snowball's stems and its English stop words."""

    name = "bm25s"
    package = "bm25s"

    def index_texts(self, texts: Sequence[str]) -> None:
        import bm25s

        self._scores = bm25s.BM25(method="lucene", k1=1.5, b=0.75, backend="numpy")
        self._scores.index(self._tokens(list(texts), ids=True), show_progress=False)
        self._count = len(texts)

    def search(self, question: str, k: int) -> list[Found]:
        tokens = self._tokens([question], ids=False)
        if not tokens[0]:
            return []
        places, scores = self._scores.retrieve(
            tokens, k=min(k, self._count), show_progress=False, n_threads=0
        )
        return [Found(int(place), float(score)) for place, score in zip(places[0], scores[0], strict=True)]

    def _tokens(self, texts: list[str], *, ids: bool) -> object:
        import bm25s

        return bm25s.tokenize(
            texts,
            stopwords="en" if self.language == "en" else None,
            stemmer=stemmer(self.language),
            show_progress=False,
            return_ids=ids,
        )
