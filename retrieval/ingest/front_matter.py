"""What does a memo's front matter say?

YAML between two lines of `---` at the very start of a file. Every value is taken as it is written: no types and no
aliases, so no surprises and no bombs.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import PurePath
from typing import Any, NamedTuple, TypeVar

import yaml

from retrieval.errors import MalformedFrontMatter
from retrieval.ingest.cleaning import tidy_name
from retrieval.ingest.dates import date_line
from retrieval.ingest.pieces import Details

T = TypeVar("T")

_LONGEST = 16_384  # characters
_FENCED = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_UNCLOSED = re.compile(
    r"---[ \t]*\n(?:id|title|authors?|date|status|tags|collections?|supersedes|source_url)[ \t]*:",
    re.IGNORECASE,
)
_BEGINS_WITH_KEY = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[\w-]+[ \t]*:")
_ID = re.compile(r"[^\W_][\w.-]{0,119}")
_UNSET = frozenset({"", "~", "null"})
_EXAMPLE = "title: A title"


class Parted(NamedTuple):
    """A file's text in two: what the front matter says, and the rest."""

    details: Details
    body: str


class _Loader(yaml.BaseLoader):
    """Reads scalars as text, and refuses aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a node unless it repeats another."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError
        return super().compose_node(parent, index)


def part(text: str, path: PurePath) -> Parted:
    """Part a text from its front matter; a text that only begins with a rule of dashes has none.

    Raises MalformedFrontMatter, which names the key and the right form.
    """
    found = _FENCED.match(text)
    if not found and _UNCLOSED.match(text):
        raise MalformedFrontMatter(
            path, None, "--- in a line of its own before the first key and after the last."
        )
    if not found or not _BEGINS_WITH_KEY.match(found["yaml"]):
        if found and not found["yaml"].strip():
            return Parted(Details(), text[found.end() :])
        return Parted(Details(), text)
    if len(found["yaml"]) > _LONGEST:
        raise MalformedFrontMatter(path, None, f"at most {_LONGEST:,} characters.")
    return Parted(_details(_mapping(found["yaml"], path), path), text[found.end() :])


def _mapping(text: str, path: PurePath) -> dict[str, Any]:
    try:
        loaded = yaml.load(text, Loader=_Loader)  # noqa: S506 - a BaseLoader makes text, lists and mappings only
    except yaml.MarkedYAMLError as wrong:
        mark = _where(wrong)
        line = text.split("\n")[mark.line : mark.line + 1] if mark else []
        key = line[0].partition(":")[0].strip()[:40] if line else ""
        raise MalformedFrontMatter(
            path, key or None, f'{_EXAMPLE}, or in quotes, title: "A: title".'
        ) from None
    except (yaml.YAMLError, RecursionError):
        raise MalformedFrontMatter(path, None, f"{_EXAMPLE}; plain keys and values, no aliases.") from None
    if not isinstance(loaded, dict):
        raise MalformedFrontMatter(path, None, f"{_EXAMPLE}; one key a line.")
    return {
        str(key).casefold().replace("-", "_"): value for key, value in loaded.items() if value is not None
    }


def _where(wrong: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Where it went wrong: a bracket or a quotation mark that never closes is noticed lines later than it stands."""
    began_there = wrong.context and ("flow" in wrong.context or "quoted" in wrong.context)
    return wrong.context_mark if began_there and wrong.context_mark else wrong.problem_mark


def _details(said: Mapping[str, Any], path: PurePath) -> Details:
    """Take the keys that mean something; others belong to other programs and are passed over."""
    first = partial(_first, said, path)
    return Details(
        id=first(_as_id, "letters, digits, dots and dashes, as in 2024-10-alliances", "id"),
        title=first(_as_text, "A title", "title"),
        author=first(_as_names, "A name, or [A name, Another]", "author", "authors"),
        published=first(_as_day, "2024-10-03", "date", "published"),
        url=first(_as_url, "https://example.org/page", "source_url", "url") or _as_url(said.get("source")),
        language=first(_as_text, "en", "language", "lang"),
        status=first(_as_text, "final", "status"),
        supersedes=first(_as_list, "an-id, or [an-id, another]", "supersedes") or (),
        tags=first(_as_list, "[one, two]", "tags") or (),
        review=first(_as_day, "2025-10-03", "review", "review_date", "review_by"),
        owner=first(_as_names, "A name", "owner", "owners"),
        collections=first(_as_list, "[one, two]", "collections", "collection") or (),
    )


def _first(
    said: Mapping[str, Any], path: PurePath, read: Callable[[Any], T | None], right: str, *keys: str
) -> T | None:
    """Read the first of the keys that is set; `right` is shown to whoever wrote it wrong."""
    for key in keys:
        value = said.get(key)
        if value is None or (isinstance(value, str) and value.strip() in _UNSET):
            continue
        taken = read(value)
        if taken is None:
            raise MalformedFrontMatter(path, key, f"{key}: {right}.")
        return taken
    return None


def _as_text(value: Any) -> str | None:
    return (tidy_name(value) or None) if isinstance(value, str) else None


def _as_id(value: Any) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _as_list(value: Any) -> tuple[str, ...] | None:
    items = value.split(",") if isinstance(value, str) else value
    texts = [_as_text(item) for item in items] if isinstance(items, list) else [None]
    return tuple(t for t in texts if t) if all(texts) else None


def _as_names(value: Any) -> str | None:
    if isinstance(value, str):
        return _as_text(value)
    names = _as_list(value)
    return ", ".join(names) if names else None


def _as_day(value: Any) -> date | None:
    text = _as_text(value)
    line = date_line(re.sub(r"(\d)T(\d.*?)(?:Z|[+-]\d\d:?\d\d)?$", r"\1 \2", text)) if text else None
    return line.day if line else None


def _as_url(value: Any) -> str | None:
    text = _as_text(value)
    return text if text and re.fullmatch(r"https?://[^\s/]\S*", text, re.IGNORECASE) else None
