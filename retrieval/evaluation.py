"""How often is the right passage quoted, and how often rightly nothing?"""

from pathlib import Path

from retrieval.index import Index
from retrieval.models import Frozen


class LabelledQuestion(Frozen):
    """A question with the strings that a right quote holds; no document means that nothing answers it."""

    id: str
    question: str
    document: str | None
    answers: tuple[str, ...]


class Evaluation(Frozen):
    """Counts of questions, `mrr`, and per question what was missed."""


def read_questions(path: Path) -> list[LabelledQuestion]:
    """Read a questions file, one JSON object a line; MalformedFile names the line that is wrong."""
    raise NotImplementedError


def evaluate(index: Index, questions: list[LabelledQuestion]) -> Evaluation:
    """Ask every question and count."""
    raise NotImplementedError
