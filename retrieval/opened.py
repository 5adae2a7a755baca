"""What is an index that lies in a file?

The same index as the one that was kept: its columns and postings are read where they lie, its memos and passages are
made when somebody asks for them. So it is there at once, however large it is.
"""

import json
from collections.abc import Mapping
from functools import cache, cached_property, partial
from typing import Any

import numpy as np

from retrieval.abbreviations import Meanings
from retrieval.analysis.language import Tally
from retrieval.arrays import ArraysFile
from retrieval.columns import Array, Columns
from retrieval.forms import Forms
from retrieval.index import Index, Inverted
from retrieval.lazily import WordingsOf
from retrieval.models import IndexInfo, Superseded
from retrieval.postings import KeptPostings
from retrieval.settling import Settled
from retrieval.succession import Succession
from retrieval.synonyms import Synonyms
from retrieval.texts import Texts


def closed(index: Index, keys: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Array]]:
    """What `OpenedIndex` is made of: a description for JSON, and arrays. `keys` are its memos', by id."""
    header = {
        "info": index.info.model_dump(),
        "superseded": index.superseded,
        "succession": dict(index.succession.direct),
        "superseding": list(index.succession.stating),
        "synonyms": [rule.model_dump(mode="json") for rule in index.synonyms],
        "languages": list(index.languages),
        "tally": index.tally.counted,
        "digest": f"{index.digest:x}",
    }
    texts = {
        "keys": Texts.of(keys.get(memo_id, "") for memo_id in index.memos),
        "spelt": Texts.of(index.forms),
    }
    arrays = {
        **index.columns.arrays(),
        **{f"{name}.text": some.values for name, some in texts.items()},
        **{f"{name}.edges": some.edges for name, some in texts.items()},
        "stand_ins": index.stand_ins,
        "explanations": np.frombuffer(_in_json(index.explanations), np.uint8),
        **{f"spelt_for.{name}": array for name, array in index.forms.arrays().items()},
        **{f"bodies.{name}": array for name, array in index.bodies.arrays().items()},
        **{f"over_bodies.{name}": array for name, array in index.headings.arrays().items()},
    }
    return header, arrays


class OpenedIndex(Index):
    """An index in a file. Nothing in it can be written to."""

    def __init__(self, file: ArraysFile) -> None:
        self._header, self._arrays = header, arrays = file
        self._explained = explained = cache(partial(_explanations, arrays["explanations"]))
        synonyms = tuple(Synonyms.model_validate(rule) for rule in header["synonyms"])
        languages = tuple(header["languages"])
        settled = Settled(
            languages=languages,
            wordings=WordingsOf(languages, synonyms, explained),
            synonyms=synonyms,
            superseded=Superseded(header["superseded"]),
            succession=Succession(()),
            tally=Tally(header["tally"]),
        )
        inverted = Inverted(
            arrays["stand_ins"],
            KeptPostings(self._under("bodies")),
            KeptPostings(self._under("over_bodies")),
        )
        super().__init__(Columns.of(arrays), settled, inverted)
        self.succession = Succession(self.memos, header["succession"], header["superseding"])
        self.__dict__["info"] = IndexInfo.model_validate(header["info"])
        self.__dict__["digest"] = int(header["digest"], 16)

    @property
    def corpus(self) -> str:
        """The name of the set of memos that it is over."""
        return str(self._header["corpus"])

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The key that each memo was kept with, by its id."""
        return dict(zip(self.memos, self._texts("keys").all(), strict=True))

    @cached_property
    def explanations(self) -> Mapping[str, Meanings]:
        """The abbreviations that its memos explain, by short form."""
        return self._explained()

    @cached_property
    def forms(self) -> Forms:
        """Each word as the memos write it, in lower case, and the numbers of its terms."""
        return Forms(self._texts("spelt").all(), **self._under("spelt_for"))

    def warm(self) -> None:
        """Make what is made at the first question or the first change, so that it does not wait for it."""
        super().warm()
        _ = self.keys

    def _texts(self, name: str) -> Texts:
        return Texts(self._arrays[f"{name}.text"], self._arrays[f"{name}.edges"])

    def _under(self, name: str) -> dict[str, Array]:
        return {
            each.removeprefix(f"{name}."): array
            for each, array in self._arrays.items()
            if each.startswith(f"{name}.")
        }


def _explanations(kept: Array) -> Mapping[str, Meanings]:
    """What `_in_json` wrote."""
    told: dict[str, dict[str, list[str]]] = json.loads(kept.tobytes())
    return {
        short: {long: frozenset(ids) for long, ids in meanings.items()} for short, meanings in told.items()
    }


def _in_json(explanations: Mapping[str, Meanings]) -> bytes:
    told = {
        short: {long: sorted(ids) for long, ids in sorted(meanings.items())}
        for short, meanings in sorted(explanations.items())
    }
    return json.dumps(told).encode()
