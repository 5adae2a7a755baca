"""How does a digest look in a terminal?"""

from collections.abc import Iterator

from bot.digest import Digest
from bot.rendering import citations, wording
from bot.rendering.digests.layout import Entry, Quote, layout
from bot.rendering.labels import one_line
from bot.rendering.terminal import INDENT, NARROWEST, broken, packed, quote_lines, styled
from retrieval import Citation, Span

_BOLD, _DIM = "1", "2"


def digest(digest: Digest, *, colour: bool, width: int) -> str:
    """`digest` in lines of at most `width` columns (but at least 24), whole: a terminal has room."""
    width = max(width, NARROWEST)
    laid_out = layout(digest)
    parts = [[styled(line, _BOLD, colour=colour) for line in broken(laid_out.headline, width)]]
    parts += [broken(said, width) for said in laid_out.remarks]
    for group in laid_out.groups:
        parts.append([styled(line, _BOLD, colour=colour) for line in broken(group.title, width)])
        parts += [list(_entry(entry, colour=colour, width=width)) for entry in group.entries]
    return "\n\n".join("\n".join(part) for part in parts)


def _entry(entry: Entry, *, colour: bool, width: int) -> Iterator[str]:
    if entry.said:
        yield from broken(one_line(entry.said), width)
    if entry.cited:
        yield from _cited(entry.cited, width)
    if entry.instead:
        yield INDENT + wording.SUPERSEDED_BY
        yield from _cited(entry.instead, width)
    for quote in entry.quotes:
        yield from _quote(quote, colour=colour, width=width, named=entry.cited is None)


def _quote(quote: Quote, *, colour: bool, width: int, named: bool) -> Iterator[str]:
    """A quote; the memo is `named` under it where the entry has not done so."""
    start = quote.excerpt.span.start
    marked = tuple(Span(start + a, start + b) for a, b in quote.marked)
    if quote.over:
        yield INDENT + styled(quote.over, _DIM, colour=colour)
    yield from quote_lines(
        quote.excerpt.model_copy(update={"highlights": marked or quote.excerpt.highlights}),
        colour=colour,
        width=width,
    )
    citation = quote.excerpt.citation
    if named:
        yield from _cited(citation, width)
    yield from (
        INDENT + styled(line, _DIM, colour=colour)
        for line in packed([*citations.place(citation), one_line(citation.source)], width - len(INDENT))
    )


def _cited(citation: Citation, width: int) -> Iterator[str]:
    parts = [citations.title(citation), *citations.who_and_when(citation)]
    return (INDENT + line for line in packed(parts, width - len(INDENT)))
