"""Do the hits answer the question, or is there nothing to quote?"""

from retrieval.index import Index
from retrieval.models import Answer, Citation, Excerpt, Outcome

SHIPPED_THRESHOLD = 0.5


def answer(
    index: Index, question: str, *, at_most: int = 3, max_chars: int = 300, threshold: float | None = None
) -> Answer:
    """Answer `question` by quoting."""
    excerpts = []
    for hit in index.search(question, at_most):
        memo = index.memos[hit.passage.memo_id]
        span = hit.passage.span._replace(end=min(hit.passage.span.end, hit.passage.span.start + max_chars))
        excerpts.append(
            Excerpt(
                quote=span.of(memo.text),
                span=span,
                cut=(False, False),
                highlights=(),
                score=hit.score,
                citation=Citation.of(memo, hit.passage),
            )
        )
    return Answer(
        question=question,
        outcome=Outcome.FOUND if excerpts else Outcome.NOTHING,
        confidence=0.5,
        excerpts=tuple(excerpts),
        matched=(),
        missing=(),
        index=index.info,
    )
