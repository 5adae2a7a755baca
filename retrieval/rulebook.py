"""Which wordings answer for each other in some memos?"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from retrieval.abbreviations import Meanings, rules_of
from retrieval.analysis import analyzer
from retrieval.synonyms import Synonyms
from retrieval.wordings import Rules, Wordings


class RuleBook(NamedTuple):
    """The languages of some memos, a list of synonyms, and the abbreviations that the memos explain, by short form."""

    languages: tuple[str, ...]
    synonyms: tuple[Synonyms, ...]
    explained: Mapping[str, Meanings]

    def wordings(self) -> dict[str, Wordings]:
        """The wordings that all these make, by language."""
        rules = rules_in_groups(self.synonyms, self.explained)
        return {language: Wordings(rules, analyzer(language)) for language in self.languages}


def rules_in_groups(synonyms: Sequence[Synonyms], explained: Mapping[str, Meanings]) -> Rules:
    """The list, and the rules for each short form that memos explain."""
    return {"": synonyms, **{short: rules_of(short, meanings) for short, meanings in explained.items()}}
