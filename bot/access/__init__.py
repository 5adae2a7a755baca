"""Who may see what? This is the only door."""

from bot.access.allowed import EVERYTHING, NOTHING, Allowed, read_allowed
from bot.access.commanding import answered, is_command
from bot.access.deciding import Access, Refused
from bot.access.names import channel_key, collection_name, collection_names, is_key
from bot.access.rules import Rules, read_rules
from bot.access.standing import Seen, Standing
from bot.access.view import View, collections_of, folder_collections, stated_collections

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "Access",
    "Allowed",
    "Refused",
    "Rules",
    "Seen",
    "Standing",
    "View",
    "answered",
    "channel_key",
    "collection_name",
    "collection_names",
    "collections_of",
    "folder_collections",
    "is_command",
    "is_key",
    "read_allowed",
    "read_rules",
    "stated_collections",
]
