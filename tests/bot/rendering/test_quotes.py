"""Are the stretches of a quote the quote, and the matched ones the highlights?"""

from itertools import pairwise

from hypothesis import given

from bot.rendering.quotes import stretches
from tests.bot.rendering.answers import excerpts


@given(excerpts())
def test_stretches_are_the_quote_from_end_to_end(excerpt):
    parts = stretches(excerpt)
    assert "".join(excerpt.quote[a:b] for a, b, _ in parts) == excerpt.quote
    assert all(a < b for a, b, _ in parts)
    assert all(one.matched != other.matched for one, other in pairwise(parts))


@given(excerpts())
def test_a_character_is_matched_where_a_highlight_covers_it(excerpt):
    matched = [m for a, b, m in stretches(excerpt) for _ in range(a, b)]
    first = excerpt.span.start
    covered = [any(a <= first + i < b for a, b in excerpt.highlights) for i in range(len(excerpt.quote))]
    assert matched == covered
