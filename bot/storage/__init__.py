"""Where are memos, questions, answers and secrets kept? This is the only door."""

from bot.storage.archive import Archive, Kept, TakenIn
from bot.storage.backup import back_up, restore
from bot.storage.collections import Assignment, Binding, Said
from bot.storage.contributions import Arrival, Change, Contribution, Standing
from bot.storage.corpus import Mark, version_of
from bot.storage.corrections import Correction, MemoKey
from bot.storage.deliveries import delivery_id_of
from bot.storage.files import READ_AGAIN, Batch, ChangedMeanwhile, Given, KnownFile, KnownFolder
from bot.storage.memos import Changes, Difference, MemoLine
from bot.storage.offers import UnfinishedOffer
from bot.storage.questions import Unfinished
from bot.storage.schema import SchemaStatus
from bot.storage.store import Store, open_store, schema_status, upgrade
from bot.storage.versions import Pruned, Version, VersionLine

__all__ = [
    "READ_AGAIN",
    "Archive",
    "Arrival",
    "Assignment",
    "Batch",
    "Binding",
    "Change",
    "ChangedMeanwhile",
    "Changes",
    "Contribution",
    "Correction",
    "Difference",
    "Given",
    "Kept",
    "KnownFile",
    "KnownFolder",
    "Mark",
    "MemoKey",
    "MemoLine",
    "Pruned",
    "Said",
    "SchemaStatus",
    "Standing",
    "Store",
    "TakenIn",
    "Unfinished",
    "UnfinishedOffer",
    "Version",
    "VersionLine",
    "back_up",
    "delivery_id_of",
    "open_store",
    "restore",
    "schema_status",
    "upgrade",
    "version_of",
]
