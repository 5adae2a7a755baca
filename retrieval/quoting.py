"""How is a place in a memo quoted without a question?

Whole sentences of one passage around it, as many as fit the limit; a longer sentence is cut between words.
"""

from retrieval.models import Citation, Excerpt, Memo, Passage, Span
from retrieval.seeing import sentences_of
from retrieval.windows import Window, windows

MAX_CHARS = 300


def quoted(
    memo: Memo, passage: Passage, around: Span | None = None, max_chars: int = MAX_CHARS, score: float = 0.0
) -> Excerpt:
    """Quote `passage` of `memo` where `around` lies (characters of the memo; None: from its beginning)."""
    around = around or Span(passage.span.start, passage.span.start)
    offered = windows(memo.text, sentences_of(memo, passage), max_chars)
    found = max(offered, key=lambda window: (_shared(window.span, around), -window.span.start))
    return _excerpt(memo, passage, found, score)


def whole(memo: Memo, passage: Passage, span: Span, score: float = 0.0) -> Excerpt:
    """Quote just these whole sentences."""
    return _excerpt(memo, passage, Window(span, 0, 0), score)


def _excerpt(memo: Memo, passage: Passage, window: Window, score: float) -> Excerpt:
    return Excerpt(
        quote=window.span.of(memo.text),
        span=window.span,
        cut=window.cut,
        highlights=(),
        score=round(score, 4),
        citation=Citation.of(memo, passage, window.span),
    )


def _shared(one: Span, other: Span) -> int:
    """How many characters two places share, a place between two characters counting as one."""
    return min(one.end, max(other.end, other.start + 1)) - max(one.start, other.start)
