"""What is a word without its accents?

An asker leaves accents out ("cuantos", "Beyonce"), and so does many a memo: both sides are compared without them.
Only marks on Latin and Greek letters go; in other scripts a mark is a letter's own part.
"""

import unicodedata

_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"})
_COMBINING = range(0x300, 0x370)


def fold(word: str) -> str:
    """`word` (in lower case) without accents, its characters in their plain width; ё is е."""
    if word.isascii():
        return word
    return "".join(_bare(letter) for letter in unicodedata.normalize("NFKC", word.translate(_PLAIN)))


def _bare(letter: str) -> str:
    if ord(letter) in _COMBINING:
        return ""
    base = unicodedata.normalize("NFD", letter)[0]
    return base if "a" <= base <= "z" or "α" <= base <= "ω" else letter
