"""Who does a line say wrote the memo?"""

import re
from collections.abc import Iterable, Iterator

from retrieval.ingest.cleaning import one_line
from retrieval.ingest.dates import dates_in
from retrieval.ingest.wording import words
from retrieval.models import Span

_LABELLED = re.compile(
    r"(?:authors?|author\(s\)|(?:written|prepared|compiled|reported|drafted) by|autor(?:in|en)?|verfasser(?:in)?"
    r"|auteurs?|autores|from)\s?:\s?(?P<name>\S.*)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:(?:written|prepared|compiled|reported|authored|drafted)\s)?(?:by|von|par|por)\s(?P<name>\S.*)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?:this|the)\s(?:[\w-]{1,30}\s){1,4}?(?:was|is|has been)\s(?:prepared|written|compiled|authored|drafted|produced)"
    r"\sby\s(?P<name>\S.*?)\.?",
    re.IGNORECASE,
)
_PARTICLES = words(
    "de del della der den des da di do dos du van von zu la le al el bin ibn ben and und et y e of the for in with &"
)
_ADDRESS = re.compile(r"\s[<(\[]?[^\s<>()\[\]@]{1,100}@[^\s<>()\[\]@]{1,100}")
_NAME_LENGTH, _NAME_WORDS = 120, 14
_CREDIT = re.compile(r"[/©]\s?([A-Z]{2,5})$")
_MENTIONS = 2  # times that a publisher's full name stands in the text, at least


def byline(line: str) -> Span | None:
    """Find where in a line its author stands, if it is there to name one: "By X", "This memo was written by X."."""
    if len(line) > 2 * _NAME_LENGTH or "\n" in line:
        return None
    for pattern, labelled in ((_SENTENCE, True), (_LABELLED, True), (_BY, False)):
        found = pattern.fullmatch(line)
        if found:
            span = _name_in(line, found.start("name"), found.end("name"))
            return span if span and is_name(span.of(line), labelled=labelled) else None
    return None


def is_name(text: str, *, labelled: bool) -> bool:
    """Whether the text can be the name of people or of an organisation; after a label one word is enough."""
    parts = text.replace(",", " ").replace(";", " ").split()
    if not parts or len(text) > _NAME_LENGTH or len(parts) > _NAME_WORDS:
        return False
    if not any(c.isalpha() for c in text) or any(c.isdigit() for c in text):
        return False
    capital = [w for w in parts if not w[:1].islower()]
    if labelled:
        return bool(capital) or len(parts) <= 3
    return len(capital) >= 2 and all(w in _PARTICLES for w in parts if w[:1].islower())


def publisher(captions: Iterable[str], texts: Iterable[str]) -> str | None:
    """Deduce who publishes from a caption's credit.

    "/GT" means Global Times where the text names that twice or more, and nothing else with these initials so often.
    """
    initials = next((found[1] for caption in captions if (found := _CREDIT.search(caption))), None)
    if not initials:
        return None
    spelled = re.compile(r"\b" + r"\s".join(rf"{letter}[^\W\d_]{{1,30}}" for letter in initials) + r"\b")
    counts: dict[str, int] = {}
    for name in _matches(spelled, texts):
        counts[name] = counts.get(name, 0) + 1
    often = [name for name, count in counts.items() if count >= _MENTIONS]
    return often[0] if len(often) == 1 else None


def _matches(pattern: re.Pattern[str], texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from map(one_line, pattern.findall(text))


def _name_in(line: str, start: int, end: int) -> Span | None:
    """Cut a date, an e-mail address and punctuation off the end of a name."""
    edges = [end, *(span.start for _, span in dates_in(line) if span.start > start)]
    edges += [found.start() for found in _ADDRESS.finditer(line, start)]
    end = min(edges)
    while end > start and (line[end - 1] in " ,;:|–—-·•(" or line[end - 2 : end] == " ."):
        end -= 1
    return Span(start, end) if end > start else None
