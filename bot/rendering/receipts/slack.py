"""How does it look in Slack what became of offered files, and how is a memo corrected there?

Everything stands in `plain_text`, which Slack shows character for character.
"""

from datetime import date
from typing import Any

from bot.models import Receipt
from bot.rendering import limits
from bot.rendering.receipts import wording
from bot.rendering.receipts.lines import Said, said_of
from bot.rendering.slack import Block, escaped

EVENT_TYPE = "quoth_receipt"
CORRECT, UNDO = "quoth_correct", "quoth_undo"
"""Actions of the buttons; the first is the form's name too."""
TITLE, DATE = "title", "published"
"""The form's fields: blocks and the elements in them."""
LONGEST_TITLE = 300
_ROOM = limits.SLACK_MESSAGE - 200


def message(receipt: Receipt) -> dict[str, Any]:
    """`receipt` as the arguments of chat.postMessage or chat.update that say what is shown (not where)."""
    said = said_of(receipt.entries)
    notice = receipt.notice or ("" if said else wording.NOTHING_ADDED)
    lines = [*([notice] if notice else []), *(one.headline for one in said)]
    fallback = limits.shortened(
        "\n".join(lines), limits.SLACK_FALLBACK, lambda text: limits.utf16(escaped(text))
    )
    return {
        "text": escaped(fallback),
        "blocks": [*([_section(notice)] if notice else []), *_entries(said, _room(notice))],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def metadata(receipt: Receipt) -> dict[str, Any]:
    """Metadata of the message for `receipt`, by which it is found again in a channel's history."""
    return {"event_type": EVENT_TYPE, "event_payload": {"answer_id": receipt.receipt_id}}


def form(reference: str, title: str, published: date | None) -> dict[str, Any]:
    """The modal in which somebody corrects a memo's title and date; `reference` comes back with it, unseen."""
    given = {"initial_date": published.isoformat()} if published else {}
    return {
        "type": "modal",
        "callback_id": CORRECT,
        "private_metadata": reference,
        "title": _text(wording.FORM_TITLE),
        "submit": _text(wording.FORM_SEND),
        "close": _text(wording.FORM_LEAVE),
        "blocks": [
            _field(
                TITLE,
                wording.TITLE,
                {"type": "plain_text_input", "initial_value": title, "max_length": LONGEST_TITLE},
            ),
            _field(DATE, wording.DATE, {"type": "datepicker", **given}) | {"optional": True},
        ],
    }


def _room(notice: str) -> int:
    return _ROOM - (limits.json_size(_section(notice)) if notice else 0)


def _entries(said: list[Said], room: int) -> list[Block]:
    """Each file's headline and buttons; what else is said of it where there is room for it, in turn."""
    brief = [_brief(one) for one in said]
    more = [_more(one) for one in said]
    room -= sum(map(limits.json_size, brief))
    fit = set(limits.fitting(map(limits.json_size, more), room))
    blocks: list[Block] = []
    for place, ((headline, *buttons), small) in enumerate(zip(brief, more, strict=True)):
        blocks += [
            *([{"type": "divider"}] if place else []),
            headline,
            *(small if place in fit else []),
            *buttons,
        ]
    return blocks


def _brief(said: Said) -> list[Block]:
    headline = _section(said.headline)
    if not said.has_buttons:
        return [headline]
    return [headline, {"type": "actions", "elements": [_button(CORRECT, said), _button(UNDO, said)]}]


def _more(said: Said) -> list[Block]:
    lines = [*([said.details] if said.details else []), *said.remarks]
    return [{"type": "context", "elements": [_text(line) for line in lines]}] if lines else []


def _button(action: str, said: Said) -> Block:
    label = wording.CORRECT if action == CORRECT else wording.UNDO
    return {"type": "button", "action_id": action, "value": said.contribution_id, "text": _text(label)}


def _field(name: str, label: str, element: dict[str, Any]) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": _text(label),
        "element": {"action_id": name, **element},
    }


def _section(said: str) -> Block:
    return {"type": "section", "text": _text(said)}


def _text(said: str) -> Block:
    return {
        "type": "plain_text",
        "text": limits.shortened(said, limits.SLACK_SECTION, limits.utf16),
        "emoji": False,
    }
