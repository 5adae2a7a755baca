"""How does Xapian do, with its own choice of what to show? Its Python bindings come with the system."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.quality.engine import MAX_CHARS, Engine, Found
from tests.benchmarks.quality.question_sets import Document
from tests.benchmarks.quality.words import LANGUAGES, STOP_WORDS, words

_SYSTEM = Path("/usr/lib/python3/dist-packages")  # where Debian's python3-xapian puts it


class Xapian(Engine):
    """Xapian with its stemmers and, in English, stop words; Chinese by its pairs of characters."""

    name = "Xapian, stems"

    @classmethod
    def missing(cls) -> str:
        if find_spec("xapian") is None and (_SYSTEM / "xapian").is_dir() and str(_SYSTEM) not in sys.path:
            sys.path.append(str(_SYSTEM))  # last, so that nothing else of the system's is taken before ours
        try:
            import xapian  # noqa: F401
        except ImportError as wrong:
            return f"xapian cannot be imported ({wrong}); on Debian: apt install python3-xapian, same Python version"
        return ""

    @classmethod
    def version(cls) -> str:
        import xapian

        return xapian.version_string()

    def index(self, documents: Sequence[Document]) -> None:
        import xapian

        pairs = self.language == "zh"
        self._stem = xapian.Stem(LANGUAGES.get(self.language, "none"))
        self._parser = xapian.QueryParser()
        self._parser.set_stemmer(self._stem)
        self._parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
        self._stopper = xapian.SimpleStopper()
        for word in STOP_WORDS if self.language == "en" else ():
            self._stopper.add(word)
        self._parser.set_stopper(self._stopper)
        self._flags = xapian.QueryParser.FLAG_CJK_NGRAM if pairs else 0
        terms = xapian.TermGenerator()
        terms.set_stemmer(self._stem)
        if pairs:
            terms.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
        self._database = xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)
        for document in documents:
            entry = xapian.Document()
            terms.set_document(entry)
            terms.index_text(document.text)
            entry.set_data(document.text)
            self._database.add_document(entry)

    def search(self, question: str, k: int) -> list[Found]:
        import xapian

        self._parser.set_database(self._database)
        asked = words(question)
        try:
            query = self._parser.parse_query(" ".join(asked), self._flags)
        except xapian.QueryParserError:
            stems = [f"Z{self._stem(word.lower()).decode()}" for word in asked]
            query = xapian.Query(xapian.Query.OP_OR, stems)
        enquire = xapian.Enquire(self._database)
        enquire.set_query(query)
        self._matches = enquire.get_mset(0, k)
        return [Found(match.docid - 1, match.weight) for match in self._matches]

    def quotes(self, question: str, found: Sequence[Found]) -> list[str]:
        import xapian

        self.search(question, len(found))
        how = xapian.MSet.SNIPPET_BACKGROUND_MODEL | xapian.MSet.SNIPPET_EXHAUSTIVE
        texts = (self._database.get_document(place + 1).get_data().decode() for place, _ in found)
        shown = (self._matches.snippet(text, MAX_CHARS, self._stem, how, "", "", "") for text in texts)
        return [each.decode("utf-8", "ignore")[:MAX_CHARS] for each in shown]
