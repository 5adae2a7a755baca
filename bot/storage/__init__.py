"""Where are memos, questions, answers and secrets kept? This is the only door."""

from bot.storage.files import Batch, ChangedMeanwhile, Given, KnownFile, KnownFolder
from bot.storage.memos import Changes, MemoLine
from bot.storage.questions import Unfinished
from bot.storage.schema import SchemaStatus
from bot.storage.store import Store, open_store, schema_status, upgrade

__all__ = [
    "Batch",
    "ChangedMeanwhile",
    "Changes",
    "Given",
    "KnownFile",
    "KnownFolder",
    "MemoLine",
    "SchemaStatus",
    "Store",
    "Unfinished",
    "open_store",
    "schema_status",
    "upgrade",
]
