"""What is an index that lies in a file?

The same index as the one that was kept: its arrays are read where they lie, its memos and passages are made when
somebody asks for them. So it is there at once, however large it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from retrieval.abbreviations import Abbreviation, Meanings, explanations
from retrieval.analysed import Analysed, Known, Seen
from retrieval.analysis.language import Tally, two_letters
from retrieval.arrays import Array, ArraysFile, Texts
from retrieval.forms import Forms
from retrieval.index import Index
from retrieval.labels import Labels, label_of
from retrieval.layout import Sentences
from retrieval.lazily import Memos, Passages, Rows, WordingsOf
from retrieval.models import IndexInfo, Memo, Passage, Superseded
from retrieval.passages import split
from retrieval.postings import Ids, KeptPostings
from retrieval.rows import edges
from retrieval.succession import Succession
from retrieval.synonyms import Synonyms

DIGEST_BYTES = 32
FEW = 100
"""Memos whose words are decoded one by one; for more all words are decoded once."""


def closed(index: Index, keys: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Array]]:
    """What `OpenedIndex` is made of: a description for JSON, and arrays."""
    known = index.known
    memos = [known.analysed[memo_id] for memo_id in index.memos]
    seen = [known.seen[memo_id] for memo_id in index.memos]
    header = {
        "info": index.info.model_dump(),
        "superseded": index.superseded,
        "succession": dict(index.succession.direct),
        "superseding": list(index.succession.stating),
        "synonyms": [rule.model_dump(mode="json") for rule in index.synonyms],
        "languages": list(index.languages),
        "tally": index.tally.counted,
        "digest": f"{index.digest:x}",
        "abbreviations": [[number, *pair] for number, each in enumerate(seen) for pair in each.abbreviations],
    }
    written = {
        form: number for number, form in enumerate(dict.fromkeys(f for each in memos for f in each.forms))
    }
    texts: dict[str, Iterable[str]] = {
        "ids": index.memos,
        "keys": (keys.get(memo_id, "") for memo_id in index.memos),
        "detected": (each.detected for each in seen),
        "labels": (label_of(each.memo) for each in memos),
        "settled": (each.memo.language or "" for each in memos),
        "memos": [each.memo.model_dump_json(exclude_defaults=True) for each in memos],
        "vocabulary": index.vocabulary,
        "written": written,
        "form_words": index.forms,
    }
    arrays = {
        **index.arrays(),
        "language_told": np.array([bool(each.given.language) for each in seen], np.bool_),
        "forms_of": _ids(written[form] for each in memos for form in each.forms),
        "forms_of_terms": _ids(number for each in memos for number in each.forms.values()),
        "forms_of_edges": edges([len(each.forms) for each in memos]),
        "digests": np.frombuffer(b"".join(each.digest for each in memos), np.uint8),
    }
    for name, some in texts.items():
        arrays[f"{name}.text"], arrays[f"{name}.edges"] = Texts.arrays(some)
    return header, arrays


class OpenedIndex(Index):
    """An index in a file. Nothing in it can be written to."""

    def __init__(self, file: ArraysFile) -> None:
        self._header, self._arrays = file
        self._as_given: dict[str, Memo] = {}
        self.synonyms = tuple(Synonyms.model_validate(rule) for rule in self._header["synonyms"])
        self.superseded = Superseded(self._header["superseded"])
        self.languages = tuple(self._header["languages"])
        self._memos = self.memos = Memos(self._texts("ids"), self._texts("memos"))
        self.succession = Succession(self.memos, self._header["succession"], self._header["superseding"])
        self.passages_in = self._arrays["passages_in"]
        self.passages = Passages(self._memos, self.passages_in)
        terms = self._texts("vocabulary").all()
        self.vocabulary = dict(zip(terms, range(len(terms)), strict=True))
        self.terms = self._arrays["terms"]
        self.heading_terms, self.heading_edges = self._arrays["heading_terms"], self._arrays["heading_edges"]
        self._own_terms, self._own_edges = self._arrays["terms_of"], self._arrays["terms_of_edges"]
        self.sentences = Sentences(**self._under("sentences"))
        self.bodies = KeptPostings(self._under("bodies"))
        self.headings = KeptPostings(self._under("headings"))
        self._starts_in_long = Rows(*(self._arrays[name] for name in ("long", "long_edges", "long_starts")))
        self.wordings = WordingsOf(self.languages, self.synonyms, lambda: self.explanations)
        self.__dict__["info"] = IndexInfo.model_validate(self._header["info"])
        self.__dict__["_stand_ins"] = self._arrays["stand_ins"]

    @property
    def known(self) -> Known:
        """What was found out about the memos. It takes a while, and memory for all of them."""
        return self.known_about(self.memos)

    def known_about(self, memo_ids: Iterable[str]) -> Known:
        """What was found out about these of its memos; of the others nothing is read."""
        return self._known({memo_id: self.given(memo_id) for memo_id in memo_ids if memo_id in self.memos})

    @property
    def corpus(self) -> str:
        """The name of the set of memos that it is over."""
        return str(self._header["corpus"])

    @property
    def read(self) -> Mapping[str, Memo]:
        """The memos that were asked for so far, as they were given, by id."""
        return self._as_given

    def remember(self, memos: Mapping[str, Memo]) -> None:
        """Take these of its memos, as they were given, for read."""
        self._as_given |= {memo_id: memo for memo_id, memo in memos.items() if memo_id in self.memos}

    def warm(self) -> None:
        """Make what is made at the first question or the first change, so that it does not wait for it."""
        super().warm()
        _ = self.keys

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The key that each memo was kept with, by its id."""
        return dict(zip(self.memos, self._texts("keys").all(), strict=True))

    def _known(self, memos: Mapping[str, Memo]) -> Known:
        """What was found out about `memos`, given by id as they were when they were kept."""
        seen, analysed = {}, {}
        detected, settled = self._texts("detected"), self._texts("settled")
        written = self._texts("written") if len(memos) < FEW else self._written
        for memo_id, memo in memos.items():
            number = self._memos.number(memo_id)
            language = memo.language or settled[number] or None
            seen[memo_id] = Seen(memo, detected[number], tuple(self._abbreviations.get(memo_id, ())))
            analysed[memo_id] = self._analysed_as(
                number, memo if memo.language else memo.model_copy(update={"language": language}), written
            )
        return Known(seen, analysed, self.wordings, self.synonyms)

    @cached_property
    def forms(self) -> Forms:
        """Each word as the memos write it, in lower case, and the numbers of its terms."""
        return Forms(self._texts("form_words").all(), **self._under("forms"))

    @cached_property
    def labels(self) -> Labels:
        """What the memos go by."""
        languages = map(two_letters, self._texts("settled").all())
        return Labels(zip(languages, self._texts("labels").all(), strict=True))

    def passages_of(self, memo_id: str) -> Sequence[Passage]:
        """The passages of a memo, in order."""
        number = self._memos.number(memo_id)
        return self.passages[slice(*self.passages_in[number : number + 2].tolist())]

    def memo_at(self, number: int) -> Memo:
        """The memo with this number, in the order of `memos`."""
        return self._memos.at(number)

    def number_of(self, memo_id: str) -> int:
        """The number of a memo. KeyError where there is none."""
        return self._memos.number(memo_id)

    @cached_property
    def tally(self) -> Tally:
        """Which languages its memos are in."""
        return Tally(self._header["tally"])

    @cached_property
    def digest(self) -> int:
        """A sum of a hash for each memo."""
        return int(self._header["digest"], 16)

    @cached_property
    def explanations(self) -> Mapping[str, Meanings]:
        """The abbreviations that its memos explain, by short form."""
        return explanations(self._abbreviations.items())

    def given(self, memo_id: str) -> Memo:
        """A memo as it was before its language was settled; whoever asks again gets the same one."""
        memo = self._as_given.get(memo_id)
        if memo is None:
            memo = self.memos[memo_id]
            if not self._arrays["language_told"][self._memos.number(memo_id)]:
                memo = memo.model_copy(update={"language": None})
            self._as_given[memo_id] = memo
        return memo

    def _analysed_as(self, number: int, memo: Memo, written: Sequence[str] | Texts) -> Analysed:
        """A memo in terms again; its numbers are those of its own vocabulary."""
        table, arrays = self.sentences, self._arrays
        own = self._own_terms[slice(*self._own_edges[number : number + 2])]
        order = np.argsort(own).astype(np.int32)
        passages = slice(*self.passages_in[number : number + 2])
        begins = table.first_of_passage[passages.start : passages.stop + 1]
        sentences = slice(begins[0], begins[-1])
        terms = table.first_term[sentences.start : sentences.stop + 1]
        over = self.heading_edges[passages.start : passages.stop + 1]
        forms = slice(*arrays["forms_of_edges"][number : number + 2])
        long = slice(*np.searchsorted(arrays["long"], [sentences.start, sentences.stop]))
        return Analysed(
            memo=memo,
            passages=tuple(split(memo)),
            vocabulary=tuple(self._terms[each] for each in own.tolist()),
            body=order[np.searchsorted(own, self.terms[terms[0] : terms[-1]], sorter=order)],
            headings=order[np.searchsorted(own, self.heading_terms[over[0] : over[-1]], sorter=order)],
            headings_in=np.diff(over).astype(np.int32),
            sentences_in=np.diff(begins).astype(np.int32),
            spans=table.spans[sentences],
            terms_in=np.diff(terms).astype(np.int32),
            starts={
                int(sentence - sentences.start): self._starts_in_long[int(sentence)]
                for sentence in arrays["long"][long].tolist()
            },
            forms=dict(
                zip(
                    (written[each] for each in arrays["forms_of"][forms].tolist()),
                    arrays["forms_of_terms"][forms].tolist(),
                    strict=True,
                )
            ),
            digest=arrays["digests"][number * DIGEST_BYTES : (number + 1) * DIGEST_BYTES].tobytes(),
        )

    @cached_property
    def _written(self) -> list[str]:
        return self._texts("written").all()

    @cached_property
    def _abbreviations(self) -> Mapping[str, Sequence[Abbreviation]]:
        """The abbreviations that each memo explains, by its id, in order; only memos that explain one."""
        ids = self._texts("ids")
        return {
            ids[number]: [Abbreviation(*pair) for _, *pair in some]
            for number, some in groupby(self._header["abbreviations"], key=itemgetter(0))
        }

    def _texts(self, name: str) -> Texts:
        return Texts(self._arrays[f"{name}.text"], self._arrays[f"{name}.edges"])

    def _under(self, name: str) -> dict[str, Array]:
        return {
            each.removeprefix(f"{name}."): array
            for each, array in self._arrays.items()
            if each.startswith(f"{name}.")
        }


def _ids(numbers: Any) -> Ids:
    return np.fromiter(numbers, np.int32)
