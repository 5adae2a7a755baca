"""How does tantivy do, with its own choice of what to show?"""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from tests.benchmarks.quality.engine import MAX_CHARS, Engine, Found
from tests.benchmarks.quality.question_sets import Document
from tests.benchmarks.quality.words import LANGUAGES, STOP_WORDS, words


class Tantivy(Engine):
    """tantivy with Snowball's stems and, in English, without stop words."""

    name = "tantivy, stems + stop words"

    @classmethod
    def missing(cls) -> str:
        try:
            version("tantivy")
        except PackageNotFoundError:
            return "tantivy is not installed"
        return ""

    @classmethod
    def version(cls) -> str:
        return version("tantivy")

    def index(self, documents: Sequence[Document]) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("position", stored=True, indexed=False)
        builder.add_text_field("body", stored=True, tokenizer_name="stems")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer("stems", self._analyzer())
        writer = self._index.writer(512_000_000, 1)
        for position, document in enumerate(documents):
            writer.add_document(tantivy.Document(position=position, body=document.text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _analyzer(self) -> object:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        builder = (
            TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(40)).filter(Filter.lowercase())
        )
        if self.language == "en":
            builder = builder.filter(Filter.custom_stopword(sorted(STOP_WORDS)))
        if self.language in LANGUAGES:
            builder = builder.filter(Filter.stemmer(LANGUAGES[self.language]))
        return builder.build()

    def search(self, question: str, k: int) -> list[Found]:
        return [
            Found(self._searcher.doc(address)["position"][0], score)
            for score, address in self._hits(question, k)
        ]

    def quotes(self, question: str, found: Sequence[Found]) -> list[str]:
        import tantivy

        shown = tantivy.SnippetGenerator.create(self._searcher, self._query(question), self._schema, "body")
        shown.set_max_num_chars(MAX_CHARS)
        return (
            [
                shown.snippet_from_doc(self._searcher.doc(address)).fragment()[:MAX_CHARS]
                for _, address in self._hits(question, len(found))
            ]
            if found
            else []
        )

    def _hits(self, question: str, k: int) -> list[tuple[float, object]]:
        return self._searcher.search(self._query(question), k, count=False).hits

    def _query(self, question: str) -> object:
        asked = " ".join(words(question)).lower() or "zzzz"
        return self._index.parse_query_lenient(asked, ["body"])[0]
