"""What can be asked of retrieval? Text in, quoted answer out; this is the only door."""

from retrieval.answering import SHIPPED_THRESHOLD, answer
from retrieval.changed import ChangedIndex
from retrieval.changing import carry_on
from retrieval.compiled import IS_COMPILED
from retrieval.cores import cores
from retrieval.errors import (
    BadlyEncoded,
    BinaryMemo,
    DuplicateId,
    EmptyMemo,
    LeadsOutside,
    MalformedFile,
    MalformedFilter,
    NoSuchPath,
    RetrievalError,
    UnknownFormat,
    UnreadableMemo,
    printable,
)
from retrieval.evaluation import Evaluation, evaluate, read_questions
from retrieval.excerpts import superseded_by
from retrieval.gist import gist
from retrieval.index import Index, build_index
from retrieval.ingest import (
    Candidate,
    ReadingLimits,
    ReadResult,
    Register,
    Results,
    find_files,
    limits_memory,
    read_files,
    read_memo,
    read_memos,
    reader_version,
    refuse_unknown,
)
from retrieval.ingest.files import LARGEST
from retrieval.ingest.formats import SUFFIXES
from retrieval.keeping import corpus_of, keep, kept_index, open_index, remove_index
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
    Successor,
    Superseded,
    fingerprint,
)
from retrieval.opened import OpenedIndex
from retrieval.passages import split
from retrieval.query import asked_words
from retrieval.quotecheck import Mismatch, check_quotes, read_answer
from retrieval.quoting import quoted
from retrieval.synonyms import Synonyms, read_synonyms
from retrieval.syntax import as_of

__all__ = [
    "IS_COMPILED",
    "LARGEST",
    "SHIPPED_THRESHOLD",
    "SUFFIXES",
    "Answer",
    "BadlyEncoded",
    "BinaryMemo",
    "Block",
    "BlockKind",
    "Candidate",
    "ChangedIndex",
    "Citation",
    "DuplicateId",
    "EmptyMemo",
    "Evaluation",
    "Excerpt",
    "Explanation",
    "Hit",
    "Index",
    "IndexInfo",
    "LeadsOutside",
    "MalformedFile",
    "MalformedFilter",
    "Memo",
    "Mismatch",
    "NoSuchPath",
    "OpenedIndex",
    "Outcome",
    "Passage",
    "ReadResult",
    "ReadingLimits",
    "Register",
    "Results",
    "RetrievalError",
    "Span",
    "Successor",
    "Superseded",
    "Synonyms",
    "UnknownFormat",
    "UnreadableMemo",
    "answer",
    "as_of",
    "asked_words",
    "build_index",
    "carry_on",
    "check_quotes",
    "cores",
    "corpus_of",
    "evaluate",
    "find_files",
    "fingerprint",
    "gist",
    "keep",
    "kept_index",
    "limits_memory",
    "open_index",
    "printable",
    "quoted",
    "read_answer",
    "read_files",
    "read_memo",
    "read_memos",
    "read_questions",
    "read_synonyms",
    "reader_version",
    "refuse_unknown",
    "remove_index",
    "split",
    "superseded_by",
]
