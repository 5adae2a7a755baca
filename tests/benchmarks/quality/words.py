"""What do the other engines get that do not bring it: words, stop words, stemmers, sentences?"""

import re
from functools import cache

import Stemmer

_STOP_WORDS = (
    "a about above after again against all am an and any are as at be because been before being below between "
    "both but by can did do does doing down during each few for from further had has have having he her here "
    "hers him his how i if in into is it its itself me more most my no nor not of off on once only or other "
    "our out over own s same she should so some such t than that the their them then there these they this "
    "those through to too under until up very was we were what when where which while who whom why will with "
    "would you your "
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
LANGUAGES = {"en": "english", "de": "german", "es": "spanish", "ru": "russian"}

# Python's \w leaves out the vowel signs of Hindi, Thai and others.
_WORD = re.compile(r"[\w\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff]+")
_SENTENCE_END = re.compile(
    r"""(?<=[.!?])["')\]”’]*\s+(?=["'(\[“‘]*[A-Z0-9À-ÖØ-ÞА-ЯΑ-Ω])|(?<=[。！？।])\s*|\n+""",
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|No|Inc|Ltd|Co|Corp|Fig|Eq|al|e\.g|i\.e|U\.S|U\.K|ca|approx|Gen|Col|Lt|"
    r"Sgt|Rev|Hon|Vol|pp|Ch|Sec|Art|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)|\b[A-Z])\.$"
)


def words(text: str) -> list[str]:
    """Every word of `text`, as written."""
    return _WORD.findall(text)


@cache
def stemmer(language: str) -> Stemmer.Stemmer | None:
    """Snowball's stemmer; None for a language that has none."""
    name = LANGUAGES.get(language)
    return Stemmer.Stemmer(name) if name else None


def stems(text: str, language: str) -> list[str]:
    """The stems of the words that are no stop words."""
    kept = [word for word in words(text.lower()) if word not in STOP_WORDS]
    found = stemmer(language)
    return found.stemWords(kept) if found else kept


def sentences(text: str, limit: int = 300) -> list[str]:
    """The sentences of `text`; one of more than `limit` characters in pieces cut between words."""
    found = []
    for start, end in _spans(text):
        begin = start
        while end - begin > limit:
            cut = text.rfind(" ", begin + limit // 2, begin + limit)
            cut = begin + limit if cut < 0 else cut
            found.append(text[begin:cut])
            begin = cut + 1
        if end > begin:
            found.append(text[begin:end])
    return found


def _spans(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        if end.start() <= start:
            continue
        sentence = text[start : end.end()].rstrip()  # closing quotation marks belong to it
        if not _ABBREVIATION.search(sentence):
            found.append((start, start + len(sentence)))
            start = end.end()
    if text[start:].strip():
        found.append((start, len(text.rstrip())))
    return found
