"""How is a version of a memo written into a file of its own, and read back?

Front matter, so that people and `quoth memos add` can read it, then the canonical text, character for character.
"""

import json
import re
from datetime import datetime
from hashlib import sha256
from typing import Any

from retrieval import Memo

_FENCE = "---\n"
_END = "\n---\n\n"
_ODD = re.compile(r"[^\w.-]+")
_LONGEST = 80


def page_of(memo: Memo) -> bytes:
    """The file of one version."""
    said: dict[str, Any] = {
        "id": memo.id,
        "title": memo.title,
        "author": memo.author,
        "date": memo.published and memo.published.isoformat(),
        "source_url": memo.url,
        "source": memo.source,
        "language": memo.language,
        "status": memo.status,
        "supersedes": list(memo.supersedes),
        "tags": list(memo.tags),
        "collections": list(memo.collections),
        "review": memo.review and memo.review.isoformat(),
        "owner": memo.owner,
    }
    lines = [f"{name}: {_written(value)}" for name, value in said.items() if value]
    return (_FENCE + "\n".join(lines) + _END + memo.text).encode()


def text_of(page: bytes) -> str:
    """The canonical text in a file that `page_of` wrote. Raises ValueError where it is none."""
    front, end, text = page.decode().partition(_END)
    if not (front.startswith(_FENCE) and end):
        raise ValueError("it does not begin with front matter")
    return text


def file_names(memo_ids: list[str]) -> dict[str, str]:
    """A name for the files of each memo: its id, as far as any disk takes it; different ones for different memos."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    for memo_id in memo_ids:
        name = _ODD.sub("-", memo_id).strip("-.")[:_LONGEST]
        if name != memo_id or name.casefold() in taken or name.casefold().partition(".")[0] == "readme":
            name = f"{name or 'memo'}-{sha256(memo_id.encode()).hexdigest()[:8]}"
        taken.add(name.casefold())
        names[memo_id] = name
    return names


def old_name(came: datetime, digest: str) -> str:
    """What the file of a version that went is called, beside the others of its memo."""
    return f"{came:%Y-%m-%d}-{digest[:12]}.md"


def _written(value: str | list[str]) -> str:
    """A value as YAML takes it: as JSON, and what no file of YAML may hold escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)
