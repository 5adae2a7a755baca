"""What must an engine be able to do to stand in the table?"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Self

from tests.benchmarks.quality.question_sets import Document
from tests.benchmarks.quality.words import sentences

MAX_CHARS = 300


class Found(NamedTuple):
    """A document, as its position among those given, and its score."""

    position: int
    score: float


class Engine(ABC):
    """One engine over one set of documents; `language` is told to those that do not find it themselves."""

    name: str

    def __init__(self, language: str = "en") -> None:
        self.language = language

    @classmethod
    def missing(cls) -> str:
        """Why it cannot run here; "" where it can."""
        return ""

    @classmethod
    def version(cls) -> str:
        """What was measured."""
        return ""

    @abstractmethod
    def index(self, documents: Sequence[Document]) -> None:
        """Read `documents`."""

    @abstractmethod
    def search(self, question: str, k: int) -> list[Found]:
        """The `k` best documents, best first."""

    @abstractmethod
    def quotes(self, question: str, found: Sequence[Found]) -> list[str]:
        """The best it can show for `found`: one quote each of at most 300 characters, best first."""

    def confidence(self, question: str) -> float:
        """How sure it is that the documents answer: the best score, where it knows nothing better."""
        best = self.search(question, 1)
        return best[0].score if best else 0.0

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of what it holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class QuotingSentences(Engine):
    """An engine without quotes of its own: a second index, of sentences, finds them."""

    _documents: Sequence[Document]
    _sentences: list[str] | None = None

    def index(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self.index_texts([document.text for document in documents])

    @abstractmethod
    def index_texts(self, texts: Sequence[str]) -> None:
        """Read `texts`."""

    def quotes(self, question: str, found: Sequence[Found]) -> list[str]:
        if self._sentences is None:
            self._sentences = [
                sentence for document in self._documents for sentence in sentences(document.text, MAX_CHARS)
            ]
            self._by_sentence = type(self)(self.language)
            self._by_sentence.index_texts(self._sentences)
        return [self._sentences[place] for place, _ in self._by_sentence.search(question, len(found) or 3)]
