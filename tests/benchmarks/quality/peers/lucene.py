"""How does Lucene do, with its UnifiedHighlighter? It needs a JVM, JPype and Lucene 8's jars."""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.benchmarks.quality.engine import MAX_CHARS, Engine, Found
from tests.benchmarks.quality.question_sets import Document

JARS = Path(os.environ.get("LUCENE_JARS", "/usr/share/java"))  # where Debian's liblucene8-java puts them
_NEEDED = ("core", "analyzers-common", "highlighter", "memory", "queryparser", "queries")
_LUCENE = "org.apache.lucene"
_ANALYZERS = {
    "en": "en.EnglishAnalyzer",
    "de": "de.GermanAnalyzer",
    "es": "es.SpanishAnalyzer",
    "ru": "ru.RussianAnalyzer",
    "zh": "cjk.CJKAnalyzer",
}
_ABOUT = 220  # characters that a quote aims at; sentences are whole


class Lucene(Engine):
    """Lucene 8: each language's own analyzer, k1 1.2 and b 0.75, quotes of whole sentences."""

    name = "Lucene 8, UnifiedHighlighter"
    k1, b = 1.2, 0.75

    @classmethod
    def missing(cls) -> str:
        if find_spec("jpype") is None:
            return "jpype1 is not installed"
        import jpype

        try:
            jpype.getDefaultJVMPath()
        except jpype.JVMNotFoundException:
            return "there is no Java; on Debian: apt install default-jre-headless"
        absent = [name for name in _NEEDED if not _jar(name)]
        return (
            f"no lucene-{absent[0]} in {JARS} (LUCENE_JARS); on Debian: apt install liblucene8-java"
            if absent
            else ""
        )

    @classmethod
    def version(cls) -> str:
        return _jar("core").stem.removeprefix("lucene-core-")

    def index(self, documents: Sequence[Document]) -> None:
        jpype = _java()
        self._analyzer = jpype.JClass(f"{_LUCENE}.analysis.{_ANALYZERS[self.language]}")()
        similarity = _class("search.similarities.BM25Similarity")(jpype.JFloat(self.k1), jpype.JFloat(self.b))
        folder = _class("store.ByteBuffersDirectory")()
        writing = _class("index.IndexWriterConfig")(self._analyzer)
        writing.setSimilarity(similarity)
        writing.setMergeScheduler(_class("index.SerialMergeScheduler")())
        writer = _class("index.IndexWriter")(folder, writing)
        field, kept = _class("document.TextField"), _class("document.Field$Store").YES
        for document in documents:
            entry = _class("document.Document")()
            entry.add(field("body", document.text, kept))
            writer.addDocument(entry)
        writer.forceMerge(1)
        writer.close()
        self._searcher = _class("search.IndexSearcher")(_class("index.DirectoryReader").open(folder))
        self._searcher.setSimilarity(similarity)
        self._queries = _class("util.QueryBuilder")(self._analyzer)
        self._shown = self._highlighter(jpype)

    def search(self, question: str, k: int) -> list[Found]:
        query = self._queries.createBooleanQuery("body", question)
        if query is None:
            return []
        return [Found(int(hit.doc), float(hit.score)) for hit in self._searcher.search(query, k).scoreDocs]

    def quotes(self, question: str, found: Sequence[Found]) -> list[str]:
        if not found:
            return []
        jpype = _java()
        query = self._queries.createBooleanQuery("body", question)
        fields, one = jpype.JArray(jpype.JString)(["body"]), jpype.JArray(jpype.JInt)([1])
        return [
            str(
                self._shown.highlightFields(fields, query, jpype.JArray(jpype.JInt)([place]), one)["body"][0]
                or ""
            )[:MAX_CHARS]
            for place, _ in found
        ]

    def _highlighter(self, jpype: Any) -> Any:
        where = "search.uhighlight"
        shown = _class(f"{where}.UnifiedHighlighter")(self._searcher, self._analyzer)
        locale = jpype.JClass("java.util.Locale").ROOT

        def breaks() -> Any:
            by_sentence = jpype.JClass("java.text.BreakIterator").getSentenceInstance(locale)
            return _class(f"{where}.LengthGoalBreakIterator").createClosestToLength(by_sentence, _ABOUT)

        shown.setBreakIterator(jpype.JProxy("java.util.function.Supplier", dict={"get": breaks}))
        shown.setFormatter(_class(f"{where}.DefaultPassageFormatter")("", "", "\n", False))
        return shown


def _class(name: str) -> Any:
    return _java().JClass(f"{_LUCENE}.{name}")


def _java() -> Any:
    import jpype

    if not jpype.isJVMStarted():
        jpype.startJVM("-Xmx1g", "-XX:+UseSerialGC", classpath=[str(_jar(name)) for name in _NEEDED])
    return jpype


def _jar(name: str) -> Path | None:
    return next(iter(sorted(JARS.glob(f"lucene-{name}-8.*.jar"))), None)
