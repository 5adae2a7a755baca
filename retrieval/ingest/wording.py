"""How does a line look: finished, prose, a heading, a caption?

Everything here judges one line of canonical text by its shape alone; none of it knows the line's neighbours.
"""

import re


def words(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one line."""
    return frozenset(text.split())


_CLOSERS = "\"'”’»)]}›」』）*"
_ENDS = ".!?:;…。！？：；؟।"
_INITIALISM = re.compile(r"(?:^|[\s(])(?:[^\W\d_]\.){2,}$")
_CAPTION = re.compile(
    r"(?:Illustration|Photo(?:graph)?|Image|Figure|Fig\.|Chart|Graph(?:ic)?|Map|Picture|Cartoon|Credits?|Sources?|Table|Exhibit|Screenshot"
    r"|Abbildung|Abb\.|Foto|Grafik|Quelle|Tabelle|Tableau|Figura|Fuente)s?"
    r"(?:\s(?:\d{1,3}(?:[.-]\d{1,3})?|[A-Z]))?\s?[:.]\s\S|(?:Photo|Illustration|Image|Picture|Cartoon)s?\sby\s[A-Z]|\((?:Photo|Image|Illustration|Source):"
)
_CAPTION_LENGTH = 200
_HEADING_LENGTH, _HEADING_WORDS, _LEAD_IN_WORDS = 90, 12, 6
_PROSE_LENGTH, _PROSE_WORDS = 100, 8


def is_finished(text: str) -> bool:
    """Whether the text ends like a sentence does; a closing abbreviation ("in the U.S.") says neither, so: yes."""
    return text.rstrip(_CLOSERS)[-1:] in tuple(_ENDS)


def ends_in_initialism(text: str) -> bool:
    """Whether the last word is one like "U.S.": its full stop may not be the sentence's."""
    return _INITIALISM.search(text[-24:]) is not None


def begins_small(text: str) -> bool:
    """Whether the first letter is a small one, as in the middle of a sentence."""
    return text.lstrip("\"'“‘«(")[:1].islower()


def is_prose(text: str) -> bool:
    """Whether the text is long or sentence-like enough to be body text."""
    return len(text) > _PROSE_LENGTH or (is_finished(text) and len(text.split()) >= _PROSE_WORDS)


def is_caption(text: str) -> bool:
    """Whether the text is the line under a picture, chart or table."""
    return len(text) <= _CAPTION_LENGTH and "\n" not in text and _CAPTION.match(text) is not None


def is_short_line(text: str) -> bool:
    """Whether the text could be a heading: a short line that begins like one and is no sentence."""
    if len(text) > _HEADING_LENGTH or "\n" in text or "://" in text:
        return False
    words = text.split()
    first = next((c for c in text if c.isalnum()), "")
    if len(words) > _HEADING_WORDS or not first or first.islower() or not any(c.isalpha() for c in text):
        return False
    if text.endswith((":", "：")):
        return len(words) <= _LEAD_IN_WORDS
    return text.endswith(("?", "？")) or not (
        text.endswith(",") or (is_finished(text) and not ends_in_initialism(text))
    )


def is_shouted(text: str) -> bool:
    """Whether every letter that could be small is a capital."""
    return text.isupper()
