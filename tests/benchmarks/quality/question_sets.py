"""Which public questions are asked, of which documents, and what is right? They stay where they are.

A set is a folder: `corpus.jsonl`, `queries.jsonl`, `qrels.tsv` and, where answers are strings, `answers.jsonl`.
Nothing of their text is kept in this repository.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parents[4] / "shared" / "data"


class Document(NamedTuple):
    """What an engine finds: a paragraph, an abstract, a page."""

    id: str
    article: str
    title: str
    text: str


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked. `article`, `passage`, `answers` only where the set knows them; `relevant` is document id → grade."""

    text: str
    article: str
    passage: str
    answers: tuple[str, ...]
    relevant: Mapping[str, int]


class QuestionSet:
    """The documents of one set, in their order, and the questions that they answer."""

    def __init__(self, name: str) -> None:
        self.folder = DATA / name
        self.documents = [
            Document(line["_id"], _article(line), line["title"], line["text"])
            for line in _lines(self.folder / "corpus.jsonl")
        ]
        self.position = {document.id: number for number, document in enumerate(self.documents)}

    @cached_property
    def questions(self) -> list[Question]:
        """The questions that the set answers, in its order."""
        answers = {line["_id"]: line for line in _lines(self.folder / "answers.jsonl")}
        relevant = self._relevant()
        found = []
        for line in _lines(self.folder / "queries.jsonl"):
            known = answers.get(line["_id"], {})
            if known.get("is_impossible", False) is not False:
                continue
            passage = known.get("passage_id", "")
            article = self.documents[self.position[passage]].article if passage else ""
            found.append(
                Question(
                    line["text"],
                    article,
                    passage,
                    tuple(known.get("answers", ())),
                    relevant.get(line["_id"], {}),
                )
            )
        return found

    @property
    def articles(self) -> list[str]:
        """Every article once, in alphabetical order; every second one makes a half."""
        return sorted({document.article for document in self.documents})

    def half(self, number: int | None) -> list[Question]:
        """All questions (None), or those of half of the articles; of sets without articles every second one."""
        if number is None:
            return self.questions
        if not self.questions[0].article:
            return self.questions[number::2]
        mine = set(self.articles[number::2])
        return [question for question in self.questions if question.article in mine]

    def paragraphs(self) -> list[Document]:
        """The documents without their titles."""
        return [document._replace(title="") for document in self.documents]

    def joined(self) -> list[Document]:
        """The documents with their titles as first sentence."""
        return [
            document._replace(
                title="", text=f"{document.title}. {document.text}" if document.title else document.text
            )
            for document in self.documents
        ]

    def _relevant(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for line in (self.folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            question, document, grade = line.split("\t")
            found.setdefault(question, {})[document] = int(grade)
        return found


@cache
def question_set(name: str) -> QuestionSet:
    """The set `name`, read once."""
    return QuestionSet(name)


def _article(line: dict[str, str]) -> str:
    return line["_id"].split("#")[0] if "#" in line["_id"] else line["title"]


def _lines(path: Path) -> Iterable[dict[str, object]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)
