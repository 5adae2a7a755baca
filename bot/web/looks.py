"""How does a page look, and what may a browser do with it?"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

_HERE = Path(__file__).parent
_STYLE = (_HERE / "static" / "reading-room.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

# The page is whole in itself: no script, no image, no font, no address but its own. The one style sheet is named
# by its hash, so that nothing a memo smuggled in could style the page, let alone run.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # the token stands in the address
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def day(value: date) -> str:
    """Write a date for people: 3 October 2024."""
    return f"{value.day} {value:%B} {value.year}"


_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["style"] = Markup(_STYLE)  # noqa: S704 - our own file
_templates.filters["day"] = day


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Fill `template` and send it with every header that keeps a memo private."""
    return HTMLResponse(_templates.get_template(template).render(values), status, dict(HEADERS))
