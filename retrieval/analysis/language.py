"""Which language is a text written in?

First the script of its letters (Thai letters are Thai), then, for scripts that several languages share, whose common
words it holds: the stop words that the analysis has anyway. A text that tells too little is left undecided. No model
is loaded: the lists are read in some milliseconds, and a page takes about 30 microseconds.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from retrieval.analysis.words import languages_with_stop_words, stop_words

SAMPLE = 2_000  # characters of a text that are looked at
UNDECIDED = ""
DEFAULT = "en"

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS_ONLY = bytes(point if chr(point).isalpha() and point < 0x80 else 0x20 for point in range(256))
# Where a script's letters begin and end, and its name or its only language.
_BLOCKS = (
    (0x0041, 0x02B0, "latin"), (0x0370, 0x0400, "el"), (0x0400, 0x0530, "cyrillic"), (0x0531, 0x0590, "hy"),
    (0x0590, 0x0600, "he"), (0x0600, 0x0780, "arabic"), (0x0900, 0x0980, "hi"), (0x0980, 0x0A00, "bn"),
    (0x0A00, 0x0A80, "pa"), (0x0A80, 0x0B00, "gu"), (0x0B80, 0x0C00, "ta"), (0x0C00, 0x0C80, "te"),
    (0x0C80, 0x0D00, "kn"), (0x0D00, 0x0D80, "ml"), (0x0D80, 0x0E00, "si"), (0x0E00, 0x0E80, "th"),
    (0x0E80, 0x0F00, "lo"), (0x0F00, 0x1000, "bo"), (0x1000, 0x10A0, "my"), (0x10A0, 0x1100, "ka"),
    (0x1100, 0x1200, "ko"), (0x1200, 0x1380, "am"), (0x1780, 0x1800, "km"), (0x1C80, 0x1CC0, "ka"),
    (0x1E00, 0x1F00, "latin"), (0x1F00, 0x2000, "el"), (0x3040, 0x3100, "kana"), (0x31F0, 0x3200, "kana"),
    (0x3400, 0xA000, "han"), (0xAC00, 0xD7B0, "ko"), (0xF900, 0xFB00, "han"), (0xFB1D, 0xFB50, "he"),
    (0xFB50, 0xFE00, "arabic"), (0xFE70, 0xFF00, "arabic"), (0x20000, 0x40000, "han"),
)  # fmt: skip
_BEGINS = [begin for begin, _, _ in _BLOCKS]
_SHARED_SCRIPTS = frozenset({"latin", "cyrillic", "arabic"})
_DENSE = {"han": 3, "kana": 2, "ko": 2}  # letters of an alphabet that one of theirs stands for
_KANA_OF_JAPANESE = 0.15  # Chinese has none

_FEWEST_LETTERS = 3  # of a script that tells the language
_FEWEST_WORDS = 3  # different common words of a language
_SMALLEST_SHARE = 0.12  # of all words; running text has 0.3 to 0.6
_CLEARLY = 1.1  # times what the next language has
_SMALLEST_PART = 0.1  # of a library's characters, for a language that no memo names
_SHARED_WORD = 0.2  # a word of many languages tells this much, one of a single language 1


def detect(text: str) -> str:
    """The ISO 639-1 code of the language that the beginning of `text` is written in, or `UNDECIDED`."""
    words = _words(text[:SAMPLE].lower())
    script, letters = _script_of(words)
    if script in _SHARED_SCRIPTS:
        return _by_common_words(words)
    return script if letters >= _FEWEST_LETTERS else UNDECIDED


class Tally:
    """How much of each language there is in some texts: what a text that does not tell its language is taken for."""

    def __init__(self, counted: Mapping[str, Sequence[int]] = MappingProxyType({})) -> None:
        """`counted` is what the `counted` of another gave."""
        self._texts = Counter({code: texts for code, (texts, _, _) in counted.items()})
        self._characters = Counter({code: characters for code, (_, characters, _) in counted.items()})
        self._told = Counter({code: told for code, (_, _, told) in counted.items()})

    @property
    def counted(self) -> dict[str, tuple[int, int, int]]:
        """Of each language the texts, their characters, and how many of them name it themselves."""
        return {
            code: (texts, self._characters[code], self._told[code]) for code, texts in self._texts.items()
        }

    def count(self, told: str | None, detected: str, length: int, times: int = 1) -> None:
        """Count a text of so many characters, with the language that it names or that was found; -1 takes it out."""
        code = two_letters(told) if told else detected
        self._texts[code] += times
        self._characters[code] += times * length
        if told:
            self._told[code] += times

    @property
    def characters(self) -> int:
        """Of all texts."""
        return sum(self._characters.values())

    def languages(self) -> dict[str, str]:
        """For each language that was told or found (`UNDECIDED` too) the one that its texts are taken to be in.

        That is itself, or that of most of the texts (by length), or English. One that is found in a small part of the
        texts only counts as not found: every question is read in every language of a library, so a stray page costs
        more than it gives.
        """
        found = [code for code, texts in self._texts.items() if texts]
        characters = {code: self._characters[code] for code in found if code != UNDECIDED}
        most = max(characters, key=lambda code: (characters[code], code)) if characters else DEFAULT
        least = _SMALLEST_PART * sum(characters.values())
        kept = {code for code, some in characters.items() if some >= least or self._told[code]}
        return {code: code if code in kept else most for code in found}


def two_letters(language: str | None) -> str:
    """The ISO 639-1 code of a language tag such as "nl-BE"; English where there is none."""
    return (language or DEFAULT)[:2].lower()


def _words(text: str) -> list[str]:
    """Every run of letters."""
    if text.isascii():  # the same, ten times as fast
        return text.encode("ascii").translate(_LETTERS_ONLY).decode("ascii").split()
    return _WORD.findall(text)


def _script_of(words: list[str]) -> tuple[str, int]:
    """The script of most letters, or the only language written in it, and how many letters speak for it."""
    letters: dict[str, int] = defaultdict(int)
    letters["latin"] = len("".join(filter(str.isascii, words)))
    for word in words:
        if word.isascii():
            continue
        script = _script(word)
        letters[script] += len(word) * _DENSE.get(script, 1)
    if letters["kana"] > _KANA_OF_JAPANESE * letters["han"]:
        letters["ja"] = letters.pop("han", 0) + letters.pop("kana")
    else:
        letters["zh"] = letters.pop("han", 0)
    most = max(letters, key=lambda script: (letters[script], script))
    return most, letters[most]


def _script(word: str) -> str:
    """The script of a word's last letter (a letter of another script often stands before: "IT部")."""
    point = ord(word[-1])
    _, end, script = _BLOCKS[max(bisect_right(_BEGINS, point) - 1, 0)]
    return script if point < end else "latin"


def _by_common_words(words: list[str]) -> str:
    """The language whose common words stand there most, if they are enough and tell it from the others."""
    table = _common_words()
    tells: dict[str, float] = defaultdict(float)
    different: dict[str, int] = defaultdict(int)
    counts = Counter(word for word in words if word in table)
    for word, count in counts.items():
        languages = table[word]
        told = count * (_SHARED_WORD + (1 - _SHARED_WORD) / len(languages))
        for language in languages:
            tells[language] += told
            different[language] += 1
    best, second = sorted([(0.0, ""), (0.0, ""), *((told, code) for code, told in tells.items())])[:-3:-1]
    told, code = best
    enough = different[code] >= _FEWEST_WORDS and told >= _SMALLEST_SHARE * len(words)
    return code if enough and told >= _CLEARLY * second[0] else UNDECIDED


@cache
def _common_words() -> Mapping[str, tuple[str, ...]]:
    """Every stop word, and the languages that have it. Single letters of a to z name too many things."""
    table: dict[str, list[str]] = defaultdict(list)
    for language in languages_with_stop_words():
        for word in stop_words(language):
            if len(word) > 1 or not word.isascii():
                table[word].append(language)
    return {word: tuple(languages) for word, languages in table.items()}
