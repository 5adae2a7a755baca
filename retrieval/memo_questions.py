"""Does a question ask for a memo's author, date, title or gist, or which memos there are, and for which memo?

Only English is read so, and only where the words are plain: the memo must be the thing that is asked for ("who wrote
the memo on Japan?"), not a place to look ("what does the memo say about Japan?"). In doubt it is a question like any
other.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

LONGEST = 300  # characters; what is longer is not a question of this kind

_MEMO = r"memo(?:s|randa|randums?)?"
_OTHER = r"(?:document|paper|report|article|piece|note|e-?mail|mail|letter|spreadsheet|workbook)s?"
NOUN = rf"(?:{_MEMO}|{_OTHER})"
_PLURAL = r"(?:memos|memoranda|memorandums|documents|papers|reports|articles|pieces|notes)"
_BE = r"(?:['’]?s| is| was| are| were)"
_MADE = (
    r"(?:first |originally |last )?(?:published|written|released|issued|posted|dated|drafted|authored|sent)"
)
_DATE = r"(?:publication |publishing |release |issue )?(?:date|day|year)(?: of publication)?"
_TITLE = r"(?:full |exact )?(?:title|headline|name)"
_AUTHOR = r"(?:name of the )?(?:authors?|writers?)(?:['’]s? names?)?"
_SUMMARY = (
    r"(?:summary|overview|gist|synopsis|recap|outline|tl;?dr|bottom line|thesis|"
    r"(?:main|key|central|most important) (?:points?|messages?))"
)
_THE_MEMO = rf"(?:\S+ ){{0,8}}?{_MEMO}(?: \S+){{0,8}}?"
_VERBS = r"(?:discuss(?:es)?|covers?|concerns?|deals? with|talks? about|speaks? about|(?:is|are|was|were) (?:about|on))"
_MENTIONS = r"(?:mentions?|names?|cites?|refers? to|speaks? of|contains?|quotes?)"


class Wanted(StrEnum):
    """What is asked for; the first three are also the names of what `Memo.read_from` maps."""

    AUTHOR = "author"
    PUBLISHED = "published"
    TITLE = "title"
    GIST = "gist"
    LIST = "list"
    MENTIONS = "mentions"


class MemoQuestion(NamedTuple):
    """A question about memos: what is wanted, and the words that tell of which memo.

    `author` is who wrote it, where the question says so; `noun` what it calls the memo, as written, "" where it may
    name one by its title; `is_memo` whether nothing but a memo of the library can be meant; `by_label` whether the
    words must stand in its title, author, tags or date; `newest` whether the latest alone is asked for.
    """

    wanted: Wanted
    subject: str
    author: str = ""
    noun: str = ""
    is_memo: bool = False
    by_label: bool = True
    newest: bool = False

    @property
    def is_plural(self) -> bool:
        """Whether several memos are asked about: "memos", "memoranda"."""
        return self.noun.casefold().endswith(("s", "a"))


_POLITE = re.compile(
    r"^(?:(?:please|hi|hello|hey|ok|okay|so|and)[, ]+)*"
    r"(?:(?:(?:can|could|would|will) you )?(?:please )?(?:tell|show|give) (?:me|us) "
    r"|do you know |i(?: would|['’]d) like to know |i want to know )?",
    re.IGNORECASE,
)

# `of` is the memo that is meant; `who` its author.
_FACTS = tuple(
    (wanted, re.compile(pattern, re.IGNORECASE))
    for wanted, patterns in {
        Wanted.AUTHOR: (
            r"who (?:has |have )?(?:wrote|authored|penned|drafted|written|sent) (?P<of>.+)",
            rf"(?:who|what|which){_BE} (?:the |an? )?{_AUTHOR} (?:of|behind|for) (?P<of>.+)",
            r"(?:who|whom) (?:is|was|are|were) (?P<of>.+?) (?:(?:written|authored|penned|drafted) )?(?:by|from)",
            r"by whom (?:is|was|are|were) (?P<of>.+?) (?:written|authored|penned|drafted)",
            r"(?:what|which) (?:authors?|person|people|analysts?|experts?) wrote (?P<of>.+)",
            r"(?:the )?authors? of (?P<of>.+)",
            r"who (?:the )?authors? of (?P<of>.+) (?:is|was|are|were)",
            rf"who{_BE} (?P<of>.+)['’]s? (?:authors?|writers?)",
        ),
        Wanted.PUBLISHED: (
            rf"when (?:was|were|is|are) (?P<of>.+?) (?:{_MADE}|from)",
            r"when did (?P<of>.+?) (?:come out|appear|get published)",
            r"when did (?P<who>.+?) (?:write|publish|release|issue|author|draft) (?P<of>.+)",
            rf"(?:what|which){_BE} (?:the )?{_DATE} (?:of|for|on) (?P<of>.+)",
            rf"(?:on |in |from )?(?:what|which) (?:date|day|month|year){_BE} (?P<of>.+?) (?:{_MADE}|from)",
            r"(?:the )?(?:publication |release )?date of (?P<of>.+)",
            r"how (?:old|recent) (?:is|are) (?P<of>.+)",
            rf"when (?P<of>.+) (?:was|were) {_MADE}",
            rf"(?:what|when){_BE} (?P<of>.+)['’]s? (?:publication |release )?date",
        ),
        Wanted.TITLE: (
            rf"what{_BE} (?:the )?{_TITLE} of (?P<of>.+)",
            r"(?:what|how) (?:is|was|are|were) (?P<of>.+?) (?:called|titled|entitled|named)",
            r"(?:the )?title of (?P<of>.+)",
            rf"what{_BE} (?P<of>.+)['’]s? (?:full |exact )?title",
        ),
        Wanted.GIST: (
            r"(?:summari[sz]e|sum up|recap|outline) (?P<of>.+)",
            rf"(?:what{_BE} )?(?:an? |the )?(?:brief |short |quick )?{_SUMMARY} (?:of|for|on) (?P<of>.+)",
            r"tl;?dr:? (?P<of>.+)",
            rf"what(?:['’]?s| is| was| are| were) (?P<of>{_THE_MEMO}) (?:all |mainly |basically )?about",
            rf"what (?:does|do|did) (?P<of>{_THE_MEMO}) (?:say|argue|cover|conclude|contain)",
        ),
    }.items()
    for pattern in patterns
)
# `before`, `noun` and `rest` are the words around what is listed.
_MANY = r"(?:what|which|how many) (?P<before>(?:\S+ ){0,6}?)"
_GIVE = (
    r"(?:(?:can|could) you )?(?:please )?(?:list|show|give)(?: me| us)? (?:all )?(?:of )?(?:the |your |our )?"
    r"(?P<before>(?:\S+ ){0,4}?)"
)
_ANY = (
    r"(?:is there|are there|do (?:you|we) have|have you got) (?:any |an? |some )?(?P<before>(?:\S+ ){0,6}?)"
)
_LATEST = (
    r"(?:what(?:['’]?s| is| are) |which (?:is|are) )?"
    r"(?P<before>(?:the |your |our )?(?:latest|newest|most recent) (?:\S+ ){0,4}?)"
)
_YOURS = r"(?:do (?:you|we) (?:have|hold|know|keep)|have you (?:got|read))"
_OF_A_LABEL = r"(?:(?:written|published|authored|released) )?(?:by|from|in|dated|tagged|titled) .+"
_LISTS = tuple(
    (wanted, re.compile(pattern, re.IGNORECASE))
    for wanted, pattern in (
        (Wanted.LIST, rf"{_MANY}(?P<noun>{_PLURAL}) {_YOURS}(?P<rest>.*)"),
        (Wanted.LIST, rf"{_MANY}(?P<noun>{_MEMO}) (?:are (?:there|available)|exist|is there)(?P<rest>.*)"),
        (Wanted.LIST, rf"{_MANY}(?P<noun>{_MEMO}) (?:(?:is|are|was|were) )?(?P<rest>{_OF_A_LABEL})"),
        (
            Wanted.LIST,
            rf"{_MANY}(?P<noun>{_MEMO}) (?:did|has|have) (?P<who>.+?) (?:write|written|publish(?:ed)?)",
        ),
        (Wanted.LIST, rf"{_GIVE}(?P<noun>memos|memoranda|memorandums)(?P<rest>.*)"),
        (Wanted.LIST, rf"{_ANY}(?P<noun>{_MEMO})(?P<rest>.*)"),
        (Wanted.LIST, rf"{_LATEST}(?P<noun>{_MEMO})(?P<rest>.*)"),
        (Wanted.LIST, rf"{_MANY}(?P<noun>{_MEMO}) {_VERBS} (?P<topic>.+)"),
        (Wanted.MENTIONS, rf"{_MANY}(?P<noun>{_MEMO}) {_MENTIONS} (?P<topic>.+)"),
    )
)

_NAMED = re.compile(
    rf"(?P<before>.*?)(?<![\w-])(?:(?P<memo>{_MEMO})|(?P<other>{_OTHER}))(?![\w-])(?:['’]s?(?= ))?(?P<rest>.*)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:on|in|of|that|which|who|whose|about|from|to|by|with|at|for|as|into|is|was|were|are|did|does|"
    r"oldest|earliest|first|second|third|next|previous|other|another|each|every|not)\b",
    re.IGNORECASE,
)
"""Before the noun these say that something else is asked for, or another memo than the words can tell."""
_NEWEST = re.compile(r"\b(?:latest|newest|most recent)\b", re.IGNORECASE)
_DETERMINER = re.compile(r"^(?:(?:the|this|these|those|an?|your|our|my|all|any|some)\b\s*)+", re.IGNORECASE)
_GOES_ON = re.compile(
    r"[\s,]*(?:$|[\"“«(:]"
    r"|(?:(?P<made>written|authored|published|released) )?"
    r"(?:by (?P<author>.+?)(?=$|,? (?:on|about|regarding|titled|called) )"
    r"|(?P<label>from|in|dated|tagged|titled|called|entitled|named)\b)"
    r"|(?:on|about|of|for|to|with|that|which|where|regarding|concerning|comparing|discussing|covering|mentioning|"
    r"dealing|itself|we have|you have)\b)",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"\b(?:before|after|since|until|between|not|without|except|than|or)\b", re.IGNORECASE)
"""What no search for words can honour."""
_IN_THE_LIBRARY = re.compile(
    r"[\s,]*\b(?:(?:in|of) (?:the|your|our|this) (?:library|collection|database|index|archive)|there|here)\b[\s,]*",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[\"“”„«»:()]|(?<!\S)-")


def memo_question(question: str) -> MemoQuestion | None:
    """What `question` asks of which memo; None where it is a question like any other."""
    if len(question) > LONGEST:
        return None
    text = " ".join(question.split()).rstrip(" ?!.")
    plain = _POLITE.sub("", text, count=1)
    for wanted, pattern in _FACTS:
        if found := pattern.fullmatch(plain):
            return _fact(wanted, found.groupdict())
    for wanted, pattern in _LISTS:
        if found := pattern.fullmatch(text):
            return _list(wanted, found.groupdict())
    return None


def _fact(wanted: Wanted, told: Mapping[str, str]) -> MemoQuestion | None:
    """A question for the author, date or title of the memo that `told["of"]` tells."""
    named, author = _NAMED.fullmatch(told["of"]), told.get("who", "")
    if named is None:
        return None if author else MemoQuestion(wanted, _words(told["of"]))
    asked = MemoQuestion(wanted, "", author, named["memo"] or named["other"], is_memo=bool(named["memo"]))
    return _about(asked, named["before"], named["rest"])


def _list(wanted: Wanted, told: Mapping[str, str]) -> MemoQuestion | None:
    """A question for the memos that the words before and after their noun tell."""
    asked = MemoQuestion(wanted, "", told.get("who", ""), told["noun"], is_memo=True)
    topic = told.get("topic")
    return _about(asked, told.get("before", ""), f" about {topic}" if topic else told.get("rest", ""))


def _about(asked: MemoQuestion, before: str, rest: str) -> MemoQuestion | None:
    """`asked` with the words around its noun; None where these say that the memo is not what is asked for."""
    rest = _IN_THE_LIBRARY.sub(" ", rest).rstrip()
    goes_on = _GOES_ON.match(rest)
    if _ELSEWHERE.search(before) or goes_on is None or _COMPARED.search(rest):
        return None
    newest = bool(_NEWEST.search(before))
    before = _NEWEST.sub("", _DETERMINER.sub("", before, count=1))
    label = bool(goes_on["made"] or goes_on["label"])
    after = rest[goes_on.end() :] if label or goes_on["author"] else rest
    return asked._replace(
        subject=_words(f"{before} {after}"),
        author=_words(goes_on["author"] or asked.author),
        by_label=label or not asked.is_memo,
        newest=newest and not asked.is_plural,
    )


def _words(text: str) -> str:
    return " ".join(_MARKS.sub(" ", text).split())
