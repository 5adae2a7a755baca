"""What must be decided about memos together before they can be indexed?

A memo's language, where neither it nor its text tells; the wordings that answer for each other; who supersedes whom.
What is known from before is used again where it would come out the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

from retrieval.abbreviations import explanations
from retrieval.analysis.language import DEFAULT, Tally, two_letters
from retrieval.columns import Columns
from retrieval.crew import Crew, Looked, Take
from retrieval.gathering import cuts_of, put_together
from retrieval.models import Memo, Superseded
from retrieval.order import newest_first
from retrieval.rulebook import RuleBook
from retrieval.seeing import Seen, in_json
from retrieval.succession import Succession
from retrieval.synonyms import Synonyms
from retrieval.wording import Stems
from retrieval.wordings import Wordings


class Settled(NamedTuple):
    """What was decided about memos together; `wordings` are by language, those of all `languages`."""

    languages: tuple[str, ...]
    wordings: Mapping[str, Wordings]
    synonyms: tuple[Synonyms, ...]
    superseded: Superseded
    succession: Succession
    tally: Tally


Differing = Mapping[str, Mapping[str, Sequence[Stems]]]
"""Wordings that are not what they were, by language and by their first word."""


class Known(Protocol):
    """Memos whose columns are known already: an index."""

    @property
    def columns(self) -> Columns:
        """What is known."""

    @property
    def wordings(self) -> Mapping[str, Wordings]:
        """The wordings that they were taken to their terms with, by language."""

    @property
    def synonyms(self) -> tuple[Synonyms, ...]:
        """The list among these."""

    def place_of(self, memo_id: str) -> int | None:
        """The number of a memo; None where it is not known."""

    def holding(self, differing: Differing) -> set[int]:
        """The numbers of the memos in which one of some wordings may stand."""


def settle(  # noqa: PLR0913, PLR0917 - what it is of, what is known, and who does it
    given: Mapping[str, Memo],
    synonyms: Iterable[Synonyms],
    known: Sequence[Known],
    superseded: Superseded,
    crew: Crew,
    on_memo: Callable[[], object],
) -> tuple[Columns, Settled]:
    """Decide what must be decided about memos, `given` by id, and take them to their terms.

    `on_memo` is called for each that none of `known` holds as it is wanted.
    """
    succession = Succession(given)
    if superseded is Superseded.HIDE:
        given = {memo_id: memo for memo_id, memo in given.items() if not succession.is_superseded(memo_id)}
    rules = tuple(synonyms)
    known = [each for each in known if each.synonyms == rules]  # another list makes other terms
    seen = sorted(look_at(given.values(), known, crew), key=lambda each: newest_first(each.given))
    counted = tally(seen)
    wanted = in_languages(seen, counted.languages())
    languages = tuple(sorted({two_letters(language) for _, language in wanted})) or (DEFAULT,)
    rule_book = RuleBook(languages, rules, explanations((each.given.id, each.abbreviations) for each in seen))
    wordings = rule_book.wordings()
    settled = Settled(languages, wordings, rules, superseded, succession, counted)
    return in_columns(wanted, wordings, known, on_memo, crew.taking_down(rule_book, wordings)), settled


def look_at(memos: Iterable[Memo], known: Sequence[Known], crew: Crew) -> Iterator[Seen]:
    """Look at each memo, in order; not again where one of `known` holds it."""
    found = []
    for memo in memos:
        json = in_json(memo)
        digest = sha256(json).digest()
        found.append((memo, json, digest, _known_look(memo.id, digest, known)))
    looked = crew.look([(memo, json) for memo, json, _, before in found if before is None])
    for memo, json, digest, before in found:
        yield Seen(memo, json, digest, *(before or next(looked)))


def _known_look(memo_id: str, digest: bytes, known: Sequence[Known]) -> Looked | None:
    """What one of `known` saw in a memo; None where none holds it."""
    for each in known:
        place, columns = each.place_of(memo_id), each.columns
        if place is not None and _has(columns, place, digest):
            return columns.detected[place], columns.abbreviations_of(place)
    return None


def tally(seen: Iterable[Seen]) -> Tally:
    """Which languages memos are in."""
    found = Tally()
    for each in seen:
        found.count(each.given.language, each.detected, len(each.given.text))
    return found


def in_languages(seen: Iterable[Seen], languages: Mapping[str, str]) -> list[tuple[Seen, str]]:
    """Memos, each with its language: its own word for it, or what its text and the others' tell."""
    return [(each, each.given.language or languages[each.detected]) for each in seen]


def in_columns(
    memos: Sequence[tuple[Seen, str]],
    wordings: Mapping[str, Wordings],
    known: Sequence[Known],
    on_memo: Callable[[], object],
    take: Take,
) -> Columns:
    """Memos in terms, in order, each given with its language.

    What one of `known` holds of them is used again where it would come out the same; of the others each is told to
    `on_memo`, and `take` takes them to their terms.
    """
    sources = [
        (each, each.holding(differing_of(wordings, each.wordings)), frozenset(each.wordings))
        for each in known
    ]

    def known_place(seen: Seen, language: str) -> tuple[Columns, int] | None:
        for each, reached, languages in sources:
            place = each.place_of(seen.given.id)
            if place is None or place in reached or two_letters(language) not in languages:
                continue
            if _has(each.columns, place, seen.digest) and each.columns.settled[place] == language:
                return each.columns, place
        return None

    places = [known_place(*memo) for memo in memos]
    news = [memo for memo, place in zip(memos, places, strict=True) if place is None]
    made = _places(take(news), on_memo)
    return put_together(cuts_of(place or next(made) for place in places))


def _places(made: Iterable[Columns], on_memo: Callable[[], object]) -> Iterator[tuple[Columns, int]]:
    """Where each memo is that was just taken to its terms."""
    for columns in made:
        for number in range(len(columns.ids)):
            on_memo()
            yield columns, number


def _has(columns: Columns, place: int, digest: bytes) -> bool:
    return bool(columns.digests[place].tobytes() == digest)


def differing_of(wordings: Mapping[str, Wordings], before: Mapping[str, Wordings]) -> Differing:
    """Which wordings are not what they were `before`, in languages that there were."""
    return {
        language: some.differing(before[language])
        for language, some in wordings.items()
        if language in before
    }
