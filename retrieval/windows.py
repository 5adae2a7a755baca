"""Which stretches of a passage could be quoted?

Runs of whole sentences that fit the limit, each as long as it can be; a single longer sentence is offered in cut
stretches of words. `first` and `last` number the sentences of the passage that a window touches (half-open).
"""

import re
from typing import NamedTuple

from retrieval.models import Span

_WORD = re.compile(r"\S+")


class Window(NamedTuple):
    """A stretch that could be quoted, the sentences it touches (half-open), and whether its sentence is cut."""

    span: Span
    first: int
    last: int
    cut: tuple[bool, bool] = (False, False)


def windows(text: str, sentences: list[Span], max_chars: int) -> list[Window]:
    """Every longest run of whole sentences of at most `max_chars` characters, and cuts of longer sentences."""
    found: list[Window] = []
    reached = 0
    for first, sentence in enumerate(sentences):
        if sentence.end - sentence.start > max_chars:
            found += [
                window._replace(first=first, last=first + 1) for window in cuts(text, sentence, max_chars)
            ]
            continue
        last = first + 1
        while last < len(sentences) and sentences[last].end - sentence.start <= max_chars:
            last += 1
        if last > reached:  # a run inside the one before it would show less of the same
            found.append(Window(Span(sentence.start, sentences[last - 1].end), first, last))
            reached = last
    return found


def cuts(text: str, sentence: Span, max_chars: int) -> list[Window]:
    """Overlapping stretches of whole words of one long sentence, each of at most `max_chars` characters."""
    words = [
        Span(sentence.start + m.start(), sentence.start + m.end()) for m in _WORD.finditer(sentence.of(text))
    ]
    found: list[Window] = []
    step = max_chars // 2
    wanted = sentence.start
    for number, word in enumerate(words):
        if word.start < wanted:
            continue
        span = _as_far_as_it_fits(words, number, max_chars)
        found.append(Window(span, 0, 0, (span.start > sentence.start, span.end < sentence.end)))
        if span.end >= sentence.end:
            break
        wanted = word.start + step
    return found


def _as_far_as_it_fits(words: list[Span], first: int, max_chars: int) -> Span:
    start = words[first].start
    end = min(words[first].end, start + max_chars)  # a word longer than the limit is the one thing cut inside
    for word in words[first:]:
        if word.end - start > max_chars:
            break
        end = word.end
    return Span(start, end)
