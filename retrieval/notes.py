"""What must the asker be told about how the question was read?"""

import re
from collections.abc import Iterable, Iterator, Sequence

from retrieval.index import Index
from retrieval.models import Excerpt
from retrieval.query import Query, met_otherwise

_READ_AS_PROSE = "The question is long, so I read its quotation marks and minus signs as plain text."
_POSSESSIVE = re.compile(r"['’]s$")


def notes(index: Index, query: Query, excerpts: Iterable[Excerpt]) -> tuple[str, ...]:
    """Sentences about filters, excluded words, exact words that stand nowhere, and synonyms that a quote was met by."""
    shown = tuple(excerpts)
    return (
        *(
            f"“{name}:” is no filter of mine, so I read it as words."
            for name in dict.fromkeys(query.asked.unknown)
        ),
        *((_READ_AS_PROSE,) if query.asked.prose else ()),
        *query.allowed.notes,
        *(_respelt(query) if shown else ()),
        *_also_searched(index, query, shown),
        *(() if shown else _narrowed(index, query)),
    )


def under(headings: Sequence[str]) -> tuple[str, ...]:
    """Where the words stand in headings, that what is quoted stands under these."""
    named = " and ".join(f"“{heading}”" for heading in headings)
    return (f"Quoted is what stands under {named}.",) if headings else ()


def _respelt(query: Query) -> Iterator[str]:
    for word in query.words:
        if word.guesses:
            taken = " or ".join(f"“{guess}”" for guess in word.guesses[:3])
            yield f"“{word.written}” is not a word of the memos, so I searched {taken}."


def _also_searched(index: Index, query: Query, shown: Iterable[Excerpt]) -> Iterator[str]:
    pairs: dict[tuple[str, tuple[str, ...]], str] = {}
    for excerpt in shown:
        text = index.memos[excerpt.citation.memo_id].text
        for asked, stems, place in met_otherwise(index, query, excerpt.citation.memo_id, excerpt.span):
            found = _POSSESSIVE.sub("", " ".join(place.of(text).split()))
            pairs.setdefault((asked.casefold(), stems), f"{_POSSESSIVE.sub('', asked)} = {found}")
    if pairs:
        yield f"Also searched: {'; '.join(pairs.values()).removesuffix('.')}."


def _narrowed(index: Index, query: Query) -> Iterator[str]:
    """How few memos were searched, where filters let some through."""
    may_answer = query.allowed.passages
    if query.asked.filters and may_answer is not None and may_answer.any():
        searched = len(set(index.memo_of_passage[may_answer].tolist()))
        yield f"Searched only {searched} of {len(index.memos)} memos, as the filters ask."
