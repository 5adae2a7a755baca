"""Which words of a quote are highlighted, and what is its citation?"""

from collections.abc import Iterable

from retrieval.analysed import language_of
from retrieval.analysis import analyzer
from retrieval.index import Index
from retrieval.models import Citation, Excerpt, Memo, Span
from retrieval.query import Query, met_otherwise
from retrieval.search import Match, explain


def excerpt(index: Index, query: Query, match: Match) -> Excerpt:
    """Cut the best stretch of `match` out of its memo."""
    passage = index.passages[match.passage]
    memo = index.memos[passage.memo_id]
    span = match.window.span
    also = (found.span for found in met_otherwise(index, query, memo.id, span))
    return Excerpt(
        quote=span.of(memo.text),
        span=span,
        cut=match.window.cut,
        highlights=highlights(index, query, memo, span, also),
        score=round(match.score, 4),
        citation=Citation.of(memo, passage, span),
        explanation=explain(match),
    )


def highlights(
    index: Index, query: Query, memo: Memo, span: Span, also: Iterable[Span] = ()
) -> tuple[Span, ...]:
    """Places in `memo` of the words of `span` that the question asks for, and `also`, in order, not overlapping."""
    asked = {term for word in query.words for term, _ in word.terms}
    found = (
        Span(span.start + start, span.start + end)
        for term, start, end in analyzer(language_of(memo)).terms(span.of(memo.text))
        if index.vocabulary.get(term) in asked
    )
    return tuple(_merged([*found, *also]))


def _merged(spans: Iterable[Span]) -> Iterable[Span]:
    open_one: Span | None = None
    for span in sorted(spans):
        if open_one and span.start < open_one.end:
            open_one = Span(open_one.start, max(open_one.end, span.end))
            continue
        if open_one:
            yield open_one
        open_one = span
    if open_one:
        yield open_one
