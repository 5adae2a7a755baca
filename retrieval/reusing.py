"""What of that which is known about memos holds for memos now?"""

from collections.abc import Iterable, Iterator, Mapping

from retrieval.analysed import Analysed, Known, Seen, language_of, see
from retrieval.analysis.language import fill_in
from retrieval.models import Memo
from retrieval.synonyms import Stems


def look_at(memos: Iterable[Memo], known: Known | None) -> Iterator[tuple[str, Seen]]:
    """Each memo by its id, looked at once: again only where `known` held another."""
    before = known.seen if known else {}
    for memo in memos:
        seen = before.get(memo.id)
        yield memo.id, seen if seen and _same(seen.given, memo) else see(memo)


def _same(one: Memo, other: Memo) -> bool:
    return one is other or one == other


def with_languages(seen: Mapping[str, Seen], known: Known | None) -> list[Memo]:
    """The memos, each with its language: its own word for it, or what its text and the others' tell."""
    memos = [each.given for each in seen.values()]
    languages = fill_in(
        [memo.language for memo in memos],
        [each.detected for each in seen.values()],
        [len(memo.text) for memo in memos],
    )
    before = known.analysed if known else {}
    unchanged = {id(each) for each in known.seen.values()} if known else set()
    settled = []
    for each, language in zip(seen.values(), languages, strict=True):
        told = each.given.language or language
        found = before.get(each.given.id) if id(each) in unchanged else None
        same = found is not None and found.memo.language == told
        settled.append(found.memo if found and same else each.given.model_copy(update={"language": told}))
    return settled


def still_holds(found: Analysed, memo: Memo, differing: Mapping[str, Mapping[str, Iterable[Stems]]]) -> bool:
    """Whether a memo would come out the same: it is the same, and no wording that stands in it is another."""
    language = language_of(memo)
    return _same(found.memo, memo) and language in differing and not found.holds_any(differing[language])
