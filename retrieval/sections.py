"""What is quoted where nothing but a heading holds a question's words?

What stands under it: to "What are the key takeaways?" the heading "Key takeaways" is no answer, but its section is.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, zip_longest

from retrieval.index import Index
from retrieval.models import BlockKind, Passage
from retrieval.parts import NOT_PROSE, WEIGHTS
from retrieval.query import Query
from retrieval.search import Match
from retrieval.seeing import sentences_of
from retrieval.windows import windows

_HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING})
_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CELL})


def text_first(index: Index, found: list[Match], is_sure: Callable[[Match], bool]) -> list[Match]:
    """The matches; a heading that leads them stands behind text that is sure, and holds its words and others."""
    if not found or index.passages[found[0].passage].kind not in _HEADINGS:
        return found
    heading, *others = found
    fuller = [match for match in others if match.prose and _holds_more(match, heading) and is_sure(match)]
    kept = {match.passage for match in fuller}
    return [*fuller, heading, *(match for match in others if match.passage not in kept)]


def _holds_more(match: Match, heading: Match) -> bool:
    more = match.passage_covered - heading.passage_covered
    return bool((more >= 0).all() and (more > 0).any())


def under_headings(
    index: Index, query: Query, found: list[Match], at_most: int, max_chars: int
) -> tuple[list[Match], tuple[str, ...]]:
    """The matches found; where a heading leads them, the beginnings of what stands under it instead, and its words.

    Of several such headings each in turn, so that memos stand side by side. As found where nothing stands under any.
    """
    headings = list(islice(_leading(index, query, found), at_most))
    sections = [list(islice(_section(index, query, match, max_chars), at_most)) for match in headings]
    beginnings = [match for match in chain.from_iterable(zip_longest(*sections)) if match]
    if not beginnings:
        return found, ()
    over = [index.passages[match.passage] for match in headings]
    names = (" ".join(index.text_of(heading).split()) for heading in over)
    others = (match for match in found if not _belongs(index.passages[match.passage], over))
    return [*beginnings, *others], tuple(dict.fromkeys(names))


def _leading(index: Index, query: Query, found: list[Match]) -> Iterator[Match]:
    """The headings among the matches that hold every word that tells something, if the best match is one.

    A heading under one of these is a part of its section.
    """
    telling = [place for place, word in enumerate(query.words) if not word.asks]
    chosen: list[Passage] = []
    for match in found:
        passage = index.passages[match.passage]
        holds = passage.kind in _HEADINGS and bool((match.passage_covered[telling] > 0).all())
        if holds and not _belongs(passage, chosen):
            chosen.append(passage)
            yield match
        elif not chosen:
            return


def _section(index: Index, query: Query, heading: Match, max_chars: int) -> Iterator[Match]:
    """How each passage under a heading that may answer begins, but not one that only leads up to the next."""
    over, may_answer = index.passages[heading.passage], query.allowed.passages
    as_text = _as_text(heading)
    memo = index.memos[over.memo_id]
    for number in range(heading.passage + 1, len(index.passages)):
        passage = index.passages[number]
        if not _is_under(passage, over):
            return
        if passage.kind in _TEXT and (may_answer is None or may_answer[number]):
            first = windows(memo.text, sentences_of(memo, passage), max_chars)[0]
            if not first.span.of(memo.text).endswith(":"):
                yield as_text._replace(passage=number, window=first)


def _belongs(passage: Passage, headings: Iterable[Passage]) -> bool:
    return any(passage == heading or _is_under(passage, heading) for heading in headings)


def _as_text(heading: Match) -> Match:
    """A heading's match without what it loses by being one."""
    parts = heading.parts.copy()
    parts[NOT_PROSE] = 0.0
    return heading._replace(parts=parts, score=float(parts @ WEIGHTS))


def _is_under(passage: Passage, heading: Passage) -> bool:
    if passage.memo_id != heading.memo_id or passage.ordinal <= heading.ordinal:
        return False
    is_title = heading.kind is BlockKind.TITLE
    return is_title or passage.section[: len(heading.section)] == heading.section
