"""Is a page nested deeper than pages are?

A parser's time grows with the square of the depth, and browsers stop at 512 themselves; so it is asked beforehand.
"""

import re
from collections import Counter

from retrieval.ingest.wording import words

DEEPEST = 512
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})")
_NEVER_OPEN = words("area base br col embed hr img input link meta param source track wbr")
# An end tag may be left out, and the next one closes these; inside drawings and formulas they nest like any other.
_CLOSED_BY_NEXT = words("p li dt dd tr td th thead tbody tfoot option optgroup colgroup")
_FOREIGN = re.compile(r"<(?:svg|math)\b", re.IGNORECASE)


class TooDeep(RecursionError):
    """Elements are nested deeper than any page's."""


def refuse_too_deep(text: str) -> None:
    """Raise TooDeep where more than DEEPEST elements stand open at once."""
    passed = _NEVER_OPEN if _FOREIGN.search(text) else _NEVER_OPEN | _CLOSED_BY_NEXT
    open_now: Counter[str] = Counter()
    depth = 0
    for closing, tag in _TAG.findall(text):
        name = tag.casefold()
        if name in passed:
            continue
        if not closing:
            open_now[name] += 1
            depth += 1
        elif open_now[name]:
            open_now[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            raise TooDeep
