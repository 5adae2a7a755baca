"""Can the page numbers of a Word file be believed?

Word marks where pages ended when it last drew the file, and writes down how many there were. Programs that change the
file afterwards leave both as they were or drop one; so pages are told only where the two agree, and where the words
are about as many as were counted then.
"""

from retrieval.ingest.formats.office.names import APP, W
from retrieval.ingest.formats.office.parts import Element

_MORE = 1.2  # the text has at most this many times the letters that were counted, and
_ANYWAY = 200  # letters more (notes and boxes are not counted)


def is_paged(document: Element, properties: Element | None, letters: int) -> bool:
    """Whether the page ends in the document are those of the text as it stands; `letters` without spaces."""
    if properties is None:
        return False
    pages, counted = (_number(properties.findtext(APP(name))) for name in ("Pages", "Characters"))
    ends = sum(1 for _ in document.iter(W("lastRenderedPageBreak")))
    return pages == ends + 1 and counted > 0 and letters <= counted * _MORE + _ANYWAY


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.strip().isdecimal() and len(text) < 12 else 0
