"""Where may a text be cut without tearing one visible character apart?

Errs towards keeping together: what Unicode calls one extended grapheme cluster is never torn, and a few that it
would tear (letters after a virama, anything after a joiner) stay whole too.
"""

import unicodedata

_JOINER, _NON_JOINER = "\u200d", "\u200c"
_VIRAMA = 9  # its canonical combining class
# Spell a cluster's later part without being marks: halfwidth voice marks, Thai and Lao "am".
_TRAILING = frozenset("\uff9e\uff9f\u0e33\u0eb3") | {_JOINER, _NON_JOINER}
_LEADING = frozenset(map(chr, (*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2)))
_LEADING |= frozenset("\U000110bd\U000110cd")


def safe_cut(text: str, at: int) -> int:
    """The last place up to `at` (0 to len(text)) where `text` may be cut; 0 where there is none."""
    while 0 < at < len(text) and is_joined(text, at):
        at -= 1
    return at


def is_joined(text: str, at: int) -> bool:
    """Whether the characters before and after `at` (0 < at < len(text)) are parts of one visible character."""
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return before == "\r" and after == "\n"
    return (
        _continues(after)
        or before == _JOINER
        or before in _LEADING
        or (unicodedata.combining(before) == _VIRAMA and after.isalpha())
        or (_is_leading_jamo(before) and _is_hangul(after))
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
        or (_is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1)
    )


def _continues(character: str) -> bool:
    return (
        character in _TRAILING
        or unicodedata.category(character)[0] == "M"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags, in flags of regions
        or "\u1160" <= character <= "\u11ff"  # vowels and finals of spelled-out Hangul
        or "\ud7b0" <= character <= "\ud7ff"
    )


def _is_leading_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97f"


def _is_hangul(character: str) -> bool:
    return _is_leading_jamo(character) or "\uac00" <= character <= "\ud7a3"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start
