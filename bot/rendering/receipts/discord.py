"""How does it look in Discord what became of offered files, and how is a memo corrected there?

Everything that is not ours is escaped, as in answers; footers and what stands on buttons is shown as it is.
"""

from datetime import date
from typing import Any

from bot.models import Receipt
from bot.rendering import limits
from bot.rendering.discord import COLOUR, Embed, escaped
from bot.rendering.receipts import wording
from bot.rendering.receipts.lines import Said, said_of

CORRECT, UNDO = "quoth:correct", "quoth:undo"
"""What a button's custom id begins with; the contribution's id follows after a colon. The first is the form's too."""
TITLE, DATE = "title", "published"
"""The form's fields."""
LONGEST_TITLE = 300
ROWS, BUTTONS_IN_ROW = 5, 5

_ROW, _BUTTON, _TEXT_INPUT = 1, 2, 4
_SECONDARY, _DANGER = 2, 4
_SHORT = 1

Component = dict[str, Any]


def message(receipt: Receipt) -> dict[str, Any]:
    """`receipt` as {"content", "embeds", "components"}, to be sent with all mentions disallowed."""
    said = said_of(receipt.entries)[: limits.DISCORD_EMBEDS]
    notice = receipt.notice or ("" if said else wording.NOTHING_ADDED)
    return {
        "content": escaped(limits.shortened(notice, limits.DISCORD_CONTENT, _length)),
        "embeds": _embeds(said),
        "components": _rows([_buttons(one, place) for place, one in _with_buttons(said)]),
    }


def form(contribution_id: str, title: str, published: date | None) -> dict[str, Any]:
    """The modal in which somebody corrects a memo's title and date."""
    dated = published.isoformat() if published else ""
    return {
        "custom_id": f"{CORRECT}:{contribution_id}",
        "title": wording.FORM_TITLE,
        "components": [
            _field(TITLE, wording.TITLE, {"value": title, "max_length": LONGEST_TITLE, "required": True}),
            _field(
                DATE,
                wording.DATE,
                {"value": dated, "max_length": 10, "required": False, "placeholder": wording.DATE_HINT},
            ),
        ],
    }


def _embeds(said: list[Said]) -> list[Embed]:
    """Each file's headline; what else is said of it where there is room for it, in turn."""
    titles = [escaped(limits.shortened(one.headline, limits.DISCORD_TITLE, _length)) for one in said]
    rest = [_rest(one) for one in said]
    room = limits.DISCORD_TOTAL - sum(map(limits.utf16, titles))
    fit = set(limits.fitting(map(limits.utf16, rest), room))
    return [
        {"title": title, "color": COLOUR, **({"description": more} if more and place in fit else {})}
        for place, (title, more) in enumerate(zip(titles, rest, strict=True))
    ]


def _rest(said: Said) -> str:
    lines = [*([said.details] if said.details else []), *said.remarks]
    return escaped(limits.shortened("\n".join(lines), limits.DISCORD_DESCRIPTION, _length))


def _with_buttons(said: list[Said]) -> list[tuple[int | None, Said]]:
    """The files that have buttons, with the number that stands on these where there are several files."""
    return [(place if len(said) > 1 else None, one) for place, one in enumerate(said, 1) if one.has_buttons]


def _buttons(said: Said, number: int | None) -> list[Component]:
    labels = (wording.CORRECT, wording.UNDO)
    if number is not None:
        labels = (f"{wording.CORRECT.partition(' ')[0]} {number}", f"{wording.UNDO} {number}")
    return [
        {
            "type": _BUTTON,
            "style": style,
            "label": label,
            "custom_id": f"{action}:{said.contribution_id}",
        }
        for action, label, style in zip((CORRECT, UNDO), labels, (_SECONDARY, _DANGER), strict=True)
    ]


def _rows(pairs: list[list[Component]]) -> list[Component]:
    """The buttons in rows: a file's own row where there are rows enough, else two files share one."""
    together = 1 if len(pairs) <= ROWS else BUTTONS_IN_ROW // 2
    return [
        {"type": _ROW, "components": [button for pair in pairs[start : start + together] for button in pair]}
        for start in range(0, len(pairs), together)
    ]


def _field(name: str, label: str, more: dict[str, Any]) -> Component:
    field = {"type": _TEXT_INPUT, "custom_id": name, "label": label, "style": _SHORT, **more}
    return {"type": _ROW, "components": [field]}


def _length(text: str) -> int:
    return limits.utf16(escaped(text))
