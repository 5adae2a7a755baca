"""Where does a word begin and end, and what is its plain form?

A word is a run of letters and marks (Unicode), a number with its decimal point or thousands commas, or an acronym
with its dots. Python's word characters leave out the combining vowel signs of many scripts, so they are added.
Scripts that do not put spaces between words are cut into overlapping pairs; a Han character, which often is a word,
is a word of its own as well.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple


class Token(NamedTuple):
    """A word's plain form (not yet stemmed) and its half-open place in the text."""

    form: str
    start: int
    end: int


def _ranges(codepoints: list[int]) -> str:
    """Write code points as ranges of a regular expression's character class."""
    runs: list[list[int]] = []
    for point in codepoints:
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(
        f"{re.escape(chr(a))}-{re.escape(chr(b))}" if a < b else re.escape(chr(a)) for a, b in runs
    )


# Spacing and non-spacing marks outside `\w`, of the scripts that are written today.
_MARKED_BLOCKS = (*range(0x300, 0x370), *range(0x483, 0x488), *range(0x591, 0x1D00), *range(0x3099, 0x309B))
_MARKS = _ranges([p for p in _MARKED_BLOCKS if unicodedata.category(chr(p)) in {"Mn", "Mc"}])
# Han, kana, Thai, Lao, Khmer, Myanmar: written without spaces.
_UNSPACED = (
    "\u0e00-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1780-\u17dd\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_FIRST_HAN = "\u3400"
_LETTER = rf"(?:[^\W\d_{_UNSPACED}]|[{_MARKS}])"
# Every repetition is possessive, so nothing is read twice in one match; the counted ones also bound what is read for
# a match that fails at its end ("a'a'a'a...a1") and is tried again at the next part.
_KINDS = {
    "acronym": r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?",
    "unspaced": rf"[{_UNSPACED}]+",
    "number": r"\d++(?:[.,]\d++){0,31}+(?![^\W_])",
    "plain": rf"{_LETTER}++(?:['’ʼ]{_LETTER}++){{0,15}}+(?!\d)",
    "mixed": rf"(?:{_LETTER}|\d)++",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
# Most words are of ASCII letters and stand alone: the first pattern is "plain" for these, without its alternatives.
_WRITTEN = re.compile("|".join((rf"[A-Za-z]++(?![\w.'’ʼ{_MARKS}])", *_KINDS.values())))
_POSSESSIVE = re.compile(r"'s$")
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_RUNS = re.compile(r"\d+|\D+")
PREFIXES = frozenset({
    "anti", "bi", "co", "counter", "cross", "de", "extra", "hyper", "inter", "intra", "macro", "mega",
    "micro", "mini", "mis", "mono", "multi", "non", "over", "poly", "post", "pre", "pro", "pseudo",
    "re", "semi", "sub", "super", "trans", "tri", "ultra", "un", "under",
})  # fmt: skip
_APOSTROPHES = ("", "'s", "’s", "ʼs")
# What stands before the hyphen of a word that is joined; more than there are, `tokens` looks closer.
_JOINED = tuple(prefix + possessive for prefix in sorted(PREFIXES) for possessive in _APOSTROPHES)
_LONGEST_JOINED = max(map(len, _JOINED))
_HYPHENS = "‐‑"


def is_plain(text: str) -> bool:
    """Whether no word of `text` is joined with another: its tokens are then those of its words one by one."""
    if "ʼ" in text:  # an apostrophe that Unicode counts among the letters: what it is depends on what follows
        return False
    for hyphen in _HYPHENS:
        if hyphen in text:
            text = text.replace(hyphen, "-")
    return not any(part[-_LONGEST_JOINED:].lower().endswith(_JOINED) for part in text.split("-")[:-1])


written_words = _WRITTEN.findall
written_places = _WRITTEN.finditer


def tokens(text: str) -> Iterator[Token]:
    """Every word of `text`, in order; a word of letters and digits also as its parts, a prefixed one also joined."""
    previous: Token | None = None
    for match in _TOKEN.finditer(text):
        start, end, found = match.start(), match.end(), match[0]
        kind = match.lastgroup
        if kind == "plain":
            token = Token(_plain(found), start, end)
            yield token
            if (
                previous
                and previous.form in PREFIXES
                and previous.end + 1 == start
                and text[previous.end] in "-‐‑"
            ):
                yield Token(previous.form + token.form, previous.start, end)
            previous = token
            continue
        previous = None
        if kind == "number":
            yield Token(_number(found), start, end)
        elif kind == "acronym":
            yield Token(sys.intern(found.replace(".", "").lower()), start, end)
        elif kind == "unspaced":
            yield from _pairs(found, start)
        else:
            yield from mixed(found, start)


def _plain(word: str) -> str:
    lowered = word.lower().replace("’", "'").replace("ʼ", "'")
    return _POSSESSIVE.sub("", lowered) if "'" in lowered else lowered


def _number(digits: str) -> str:
    """Thousands commas go, the decimal point stays: 30,000 is 30000; 8.2 is 8.2."""
    return _THOUSANDS.sub("", digits)


def _pairs(run: str, start: int) -> Iterator[Token]:
    for at, character in enumerate(run):
        if len(run) == 1 or character >= _FIRST_HAN:
            yield Token(character, start + at, start + at + 1)
        if at + 1 < len(run):
            yield Token(run[at : at + 2], start + at, start + at + 2)


def mixed(word: str, start: int) -> Iterator[Token]:
    """`G7` is one word; `FY2018` is one word and also `fy` and `2018`."""
    parts = list(_RUNS.finditer(word))
    yield Token(word.lower(), start, start + len(word))
    if len(parts) > 1 and all(len(part[0]) > 1 and part[0].lower() not in _ORDINALS for part in parts):
        for part in parts:
            yield Token(part[0].lower(), start + part.start(), start + part.end())
