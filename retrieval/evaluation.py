"""How often is the right passage quoted, and how often rightly nothing?"""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, model_validator

from retrieval.answering import answer
from retrieval.errors import MalformedFile, MalformedFilter
from retrieval.index import Index
from retrieval.models import Answer, Frozen, Outcome

_EACH_LINE = (
    'Each line is {"id": ..., "question": ..., "document": source file name or null, "answers": [...]}.'
)


class LabelledQuestion(Frozen):
    """A question with the strings of which a right quote holds one; no document: the memos cannot answer it."""

    id: str
    question: str = Field(min_length=1)
    document: str | None
    answers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if self.document is not None and not any(each.strip() for each in self.answers):
            message = "answers: a question with a document needs a string that a right quote holds"
            raise ValueError(message)
        return self


class Judged(Frozen):
    """What became of one question. `rank` is the first quote that holds an answer, from 1; None where none does."""

    id: str
    question: str
    outcome: Outcome
    confidence: float
    rank: int | None
    wrong_quotes: int
    verdict: str


class Evaluation(Frozen):
    """Counts of questions; `mrr` is the mean over answerable questions of 1 / rank (0 where no quote holds one)."""

    answerable: int
    unanswerable: int
    quoted_at_1: int
    quoted_at_3: int
    false_answers: int
    false_refusals: int
    wrong_quotes: int
    mrr: float
    questions: tuple[Judged, ...]


def read_questions(path: Path) -> list[LabelledQuestion]:
    """Read a questions file, one JSON object a line; MalformedFile names the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as wrong:
        raise MalformedFile(
            path, f"cannot be read as UTF-8 text ({type(wrong).__name__}). Check the path."
        ) from None
    questions = [_question(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    twice = [each for each, count in Counter(question.id for question in questions).items() if count > 1]
    if twice:
        raise MalformedFile(path, f"the id {twice[0]!r} stands there twice. Give each question its own.")
    return questions


def _question(path: Path, number: int, line: str) -> LabelledQuestion:
    try:
        return LabelledQuestion.model_validate(json.loads(line))
    except (json.JSONDecodeError, ValidationError) as wrong:
        raise MalformedFile(path, f"line {number}: {_why(wrong)}. {_EACH_LINE}") from None


def _why(wrong: json.JSONDecodeError | ValidationError) -> str:
    if isinstance(wrong, json.JSONDecodeError):
        return "not JSON"
    first = wrong.errors(include_input=False)[0]
    return " ".join([*(str(part) for part in first["loc"]), first["msg"].lower()])


def evaluate(  # noqa: PLR0913 - the settings of an answer
    index: Index,
    questions: Iterable[LabelledQuestion],
    *,
    at_most: int = 3,
    per_passage: int = 1,
    max_chars: int = 300,
    threshold: float | None = None,
) -> Evaluation:
    """Ask every question and count; the settings are those of `answer`."""
    ask = partial(
        answer, index, at_most=at_most, per_passage=per_passage, max_chars=max_chars, threshold=threshold
    )
    judged = [_judge(index, question, _asked(ask, question.question)) for question in questions]
    can = [one for one in judged if one.verdict in {"quoted", "not quoted", "false refusal"}]
    return Evaluation(
        answerable=len(can),
        unanswerable=len(judged) - len(can),
        quoted_at_1=sum(one.rank == 1 for one in can),
        quoted_at_3=sum(one.rank is not None and one.rank <= 3 for one in can),
        false_answers=sum(one.verdict == "false answer" for one in judged),
        false_refusals=sum(one.verdict == "false refusal" for one in judged),
        wrong_quotes=sum(one.wrong_quotes for one in judged),
        mrr=round(sum(1 / one.rank for one in can if one.rank) / len(can), 4) if can else 0.0,
        questions=tuple(judged),
    )


def _asked(ask: Callable[[str], Answer], question: str) -> Answer | None:
    """The answer, or None to a question with a malformed filter, which quotes nothing."""
    try:
        return ask(question)
    except MalformedFilter:
        return None


def _judge(index: Index, question: LabelledQuestion, given: Answer | None) -> Judged:
    excerpts = given.excerpts if given else ()
    found = bool(excerpts)
    rank = None
    if question.document is None:
        verdict = "false answer" if found else "refused"
    else:
        rank = next((n for n, e in enumerate(excerpts, 1) if holds(e.quote, question.answers)), None)
        verdict = "quoted" if rank else "not quoted" if found else "false refusal"
    wrong = sum(e.quote != e.span.of(index.memos[e.citation.memo_id].text) for e in excerpts)
    return Judged(
        id=question.id,
        question=question.question,
        outcome=Outcome.FOUND if found else Outcome.NOTHING,
        confidence=given.confidence if given else 0.0,
        rank=rank,
        wrong_quotes=wrong,
        verdict=verdict,
    )


def holds(quote: str, answers: Iterable[str]) -> bool:
    """Whether one of `answers` stands in `quote`; kinds of quotation marks, dashes and spaces do not matter."""
    plain = _plain(quote)
    return any(_plain(wanted) in plain for wanted in answers if wanted.strip())


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_SAME)
    return " ".join(folded.split()).casefold()


_SAME = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "‐": "-"}
)
