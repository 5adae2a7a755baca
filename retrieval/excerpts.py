"""Which words of a quote are highlighted, and what is its citation?"""

from collections.abc import Iterable

from retrieval.analysis import analyzer
from retrieval.index import Index
from retrieval.models import Citation, Excerpt, Explanation, Memo, Passage, Span, Successor, Superseded
from retrieval.query import Query, met_otherwise
from retrieval.search import Match, explain
from retrieval.seeing import language_of

MOST_SUCCESSORS = 3


def excerpt(index: Index, query: Query, match: Match, *, explained: bool) -> Excerpt:
    """Cut the best stretch of `match` out of its memo; `explained` is whether to say what its score is made of."""
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
        explanation=_explained(index, memo, match) if explained else None,
        superseded_by=superseded_by(index, memo.id),
    )


def superseded_by(index: Index, memo_id: str) -> tuple[Successor, ...]:
    """The memos of the index to read instead of this one, newest first; none where none supersedes it."""
    return tuple(_successor(index, each) for each in index.succession.latest(memo_id)[:MOST_SUCCESSORS])


def _successor(index: Index, memo_id: str) -> Successor:
    memo = index.memos[memo_id]
    first = index.first_passage(memo_id) or Passage(memo_id=memo_id, ordinal=0, span=Span(0, len(memo.text)))
    return Successor(citation=Citation.of(memo, first), span=first.span)


def _explained(index: Index, memo: Memo, match: Match) -> Explanation:
    """What the score is made of, and where the quote stands behind others whatever it scores."""
    explanation = explain(match)
    if index.superseded is not Superseded.DEMOTE or not index.succession.is_superseded(memo.id):
        return explanation
    newer = ", ".join(index.succession.latest(memo.id)[:MOST_SUCCESSORS])
    behind = Explanation(value=0.0, what=f"superseded: quoted after what supersedes it ({newer})")
    return explanation.model_copy(update={"parts": (*explanation.parts, behind)})


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
