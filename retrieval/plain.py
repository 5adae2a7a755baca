"""Which words stand in a text, as a reader compares them: whatever their case and punctuation?"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from retrieval.analysis.tokens import tokens

_UNSPACED = re.compile(
    "[\u0e00-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1780-\u17dd\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Characters of scripts that put no spaces between words: each counts as a word."""
_SIMPLE = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
_ENDS = r"(?![^\W_]|[\u0300-\u036f])"
_GOES_ON = re.compile(r"['’ʼ](?!s(?![^\W_]))[^\W_]")
"""An apostrophe after which a word may go on: that of "don't", not the one of "Trump's"."""
_APOSTROPHES = re.compile("['’ʼ‘`´]")
_NAME = re.compile(r"[^\W_]+(?:['’ʼ‘`´][^\W_]+)*")


def forms(text: str) -> tuple[str, ...]:
    """The plain forms of the words of `text`, in order, stop words included, none twice at one place."""
    found: list[str] = []
    reached = 0
    for form, start, end in tokens(text):
        if _UNSPACED.match(text, start):
            found += text[max(start, reached) : end]
        elif start >= reached:  # else it is a part of the word before, or that word joined to its prefix
            found.append(form)
        reached = max(reached, end)
    return tuple(found)


def hold(text: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Whether the forms of `phrase` stand in those of `text` one after the other."""
    return "\0".join(("", *phrase, "")) in "\0".join(("", *text, ""))


class Phrase:
    """Some words, one after the other, as they are looked for in many texts."""

    def __init__(self, written: str) -> None:
        self.forms = forms(written)
        simple = bool(self.forms) and all(map(_SIMPLE.fullmatch, self.forms))
        words = r"[\W_]+".join([*map(_owner, self.forms[:-1]), *map(_spelt, self.forms[-1:])])
        self._pattern = re.compile(words + _ENDS) if simple else None

    def stands_in(self, text: str) -> bool:
        """Whether the words stand in `text`: whatever their case and the marks between them, but in these forms."""
        if self._pattern is None:
            return hold(forms(text), self.forms)
        small, doubtful, at = text.lower(), False, 0
        while found := self._pattern.search(small, at):  # one may begin inside another that is none
            at = found.start() + 1
            if small[found.start() - 1 : found.start()].isalnum():
                continue
            if not (_GOES_ON.match(small, found.end()) or _may_have_begun(small, found.start())):
                return True
            doubtful = True  # what an apostrophe joins depends on all that stands around it
        return doubtful and hold(forms(text), self.forms)


def _spelt(form: str) -> str:
    """How a form may be written: U.S., 30,000, don’t."""
    if form.isdigit():
        return ",?".join(form)
    return r"\.?".join(form).replace(r"'\.?", "['’ʼ]")


def _owner(form: str) -> str:
    """The same before another word: "Trump’s policy" holds "Trump policy"."""
    return f"{_spelt(form)}(?:['’ʼ]s)?" if form.isalpha() else _spelt(form)


def _may_have_begun(text: str, at: int) -> bool:
    """Whether an apostrophe stands there inside a word."""
    return at > 1 and text[at - 1] in "'’ʼ" and text[at - 2].isalnum()


@lru_cache(maxsize=1 << 17)
def folded(name: str) -> str:
    """`name` without accents, apostrophes and capitals."""
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name))
    return "".join(character for character in apart if not unicodedata.combining(character)).casefold()


def is_named(wanted: str, name: str) -> bool:
    """Whether all words of `wanted` stand in `name`: "gonawela" in "A'ndre Gonawela", "trump" in "Trump's Asia"."""
    there = _words_of(name)
    return all(
        not there.isdisjoint(_spellings(word))
        or (bool(_UNSPACED.search(word)) and folded(word) in folded(name))
        for word in _NAME.findall(wanted)
    )


@lru_cache(maxsize=1 << 17)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(spelling for word in _NAME.findall(name) for spelling in _spellings(word))


def _spellings(word: str) -> Iterator[str]:
    """A word with an apostrophe is also the one before it: "Trump's"."""
    yield folded(word)
    before, apostrophe, after = re.sub(_APOSTROPHES, "'", word).rpartition("'")
    if apostrophe and after.casefold() == "s":
        yield folded(before)
