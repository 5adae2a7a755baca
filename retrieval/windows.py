"""Which stretches of a passage could be quoted?

Runs of whole sentences that fit the limit, each as long as it can be; a single longer sentence is offered in cut
stretches of words. `first` and `last` number the sentences of the passage that a window touches (half-open).
"""

from typing import NamedTuple

from retrieval.models import Span

CUTS_APART = 4  # the next cut of a long sentence begins so many parts of the limit further on


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
    found: list[Window] = []
    start = sentence.start
    while True:
        end = _last_break(text, start, sentence.end, max_chars)
        found.append(Window(Span(start, end), 0, 0, (start > sentence.start, end < sentence.end)))
        if end >= sentence.end:
            return found
        start = _next_word(text, min(start + max_chars // CUTS_APART, end), end)


def _last_break(text: str, start: int, stop: int, max_chars: int) -> int:
    """Where the last word ends that fits; a word longer than the limit is the one thing cut inside."""
    if stop - start <= max_chars:
        return stop
    space = text.rfind(" ", start, start + max_chars + 1)
    end = start + len(text[start:space].rstrip()) if space > start else start
    return end if end > start else start + max_chars


def _next_word(text: str, wanted: int, end: int) -> int:
    """Where the first word begins after `wanted`; the cut itself where there is none before it."""
    space = text.find(" ", wanted, end)
    begin = space if space >= 0 else end
    return _after(text, begin)


def _after(text: str, at: int) -> int:
    """The first place from `at` on that is no space."""
    while text[at].isspace():
        at += 1
    return at
