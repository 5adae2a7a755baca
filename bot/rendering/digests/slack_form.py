"""How does the form look in which somebody in Slack schedules a digest?"""

from typing import Any

from bot.digest import Part, Quiet
from bot.rendering.digests.layout import TITLES
from bot.rendering.slack import Block, literal, small

FORM = "quoth_schedule_digest"
"""The form's callback."""
WHERE, WHEN, ZONE, PARTS, QUIET = "where", "when", "zone", "parts", "quiet"
"""The form's fields: blocks and the elements in them."""

LONGEST_WORDS, LONGEST_ZONE = 200, 80
EXAMPLES = (
    "Mondays and Thursdays at 8:30 · first Monday of the month at 9am · every day at noon · 0 9 * * 1-5"
)
SAID_OF_QUIET = {
    Quiet.FIRST: "Say so once, then keep quiet until there is news",
    Quiet.SILENT: "Keep quiet",
    Quiet.EACH: "Say so each time",
}
NO_PART = "Choose at least one."
NO_ZONE = "Write it like Europe/Berlin."
NO_CHANNEL = "Choose where to post it."
_LISTED = (
    "In a conversation, digest list shows what is scheduled there, and digest preview shows it to you alone."
)
_LABEL = 75  # characters of an option
_SAID = 2_000  # of a label or a hint


def form(reference: str, zone: str, *, asks_where: bool) -> dict[str, Any]:
    """The modal, its time zone filled in; `reference` comes back with it, unseen. `asks_where`: in which channel."""
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": reference,
        "title": literal("Schedule a digest", 24),
        "submit": literal("Schedule", 24),
        "close": literal("Cancel", 24),
        "blocks": [
            *([_where()] if asks_where else []),
            _field(WHEN, "When", _typed("weekdays at 9", LONGEST_WORDS), hint=f"Or: {EXAMPLES}"),
            _field(ZONE, "Time zone", _typed("Europe/Berlin", LONGEST_ZONE, zone)),
            _field(PARTS, "What it shows", _checkboxes()),
            _field(QUIET, "When nothing is new", _choice()),
            small(_LISTED),
        ],
    }


def _where() -> Block:
    chosen = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private", "mpim", "im"]},
    }
    return _field(WHERE, "Where", chosen)


def _typed(example: str, longest: int, given: str = "") -> Block:
    initial = {"initial_value": given[:longest]} if given else {}
    return {
        "type": "plain_text_input",
        "placeholder": literal(example, 150),
        "max_length": longest,
        **initial,
    }


def _checkboxes() -> Block:
    options = [_option(TITLES[part], part.value) for part in Part]
    return {"type": "checkboxes", "options": options, "initial_options": options}


def _choice() -> Block:
    options = [_option(said, quiet.value) for quiet, said in SAID_OF_QUIET.items()]
    return {"type": "static_select", "options": options, "initial_option": options[0]}


def _option(said: str, value: str) -> Block:
    return {"text": literal(said, _LABEL), "value": value}


def _field(name: str, said: str, element: Block, hint: str = "") -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": literal(said, _SAID),
        "element": {"action_id": name, **element},
        **({"hint": literal(hint, _SAID)} if hint else {}),
    }
