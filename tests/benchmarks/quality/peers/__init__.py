"""Which other engines stand in the table? Each as its users are told to use it, with the best quote it can make."""

from tests.benchmarks.quality.engine import Engine
from tests.benchmarks.quality.peers.fts5 import FTS5
from tests.benchmarks.quality.peers.lucene import Lucene
from tests.benchmarks.quality.peers.python_bm25 import BM25S, RankBM25Split, RankBM25Stems
from tests.benchmarks.quality.peers.tantivy_index import Tantivy
from tests.benchmarks.quality.peers.xapian_index import Xapian

PEERS: tuple[type[Engine], ...] = (RankBM25Split, RankBM25Stems, BM25S, Tantivy, FTS5, Xapian, Lucene)
