"""What can be asked of retrieval? Text in, quoted answer out; this is the only door."""

from retrieval.answering import SHIPPED_THRESHOLD, answer
from retrieval.errors import (
    BadlyEncoded,
    BinaryMemo,
    EmptyMemo,
    MalformedFile,
    MalformedFilter,
    NoSuchPath,
    RetrievalError,
    UnknownFormat,
    UnreadableMemo,
    printable,
)
from retrieval.evaluation import Evaluation, evaluate, read_questions
from retrieval.index import Index, build_index
from retrieval.ingest import ReadResult, read_memo, read_memos
from retrieval.models import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Excerpt,
    Explanation,
    Hit,
    IndexInfo,
    Memo,
    Outcome,
    Passage,
    Span,
)
from retrieval.passages import split
from retrieval.quotecheck import Mismatch, check_quotes, read_answer
from retrieval.synonyms import Synonyms, read_synonyms

__all__ = [
    "SHIPPED_THRESHOLD",
    "Answer",
    "BadlyEncoded",
    "BinaryMemo",
    "Block",
    "BlockKind",
    "Citation",
    "EmptyMemo",
    "Evaluation",
    "Excerpt",
    "Explanation",
    "Hit",
    "Index",
    "IndexInfo",
    "MalformedFile",
    "MalformedFilter",
    "Memo",
    "Mismatch",
    "NoSuchPath",
    "Outcome",
    "Passage",
    "ReadResult",
    "RetrievalError",
    "Span",
    "Synonyms",
    "UnknownFormat",
    "UnreadableMemo",
    "answer",
    "build_index",
    "check_quotes",
    "evaluate",
    "printable",
    "read_answer",
    "read_memo",
    "read_memos",
    "read_questions",
    "read_synonyms",
    "split",
]
