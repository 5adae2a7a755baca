"""What is said to the command `collections`, and who may change what a channel sees?"""

import re

from bot.access import wording
from bot.access.allowed import Allowed, read_allowed
from bot.access.deciding import Access, Refused
from bot.access.names import STAR, channel_key, collection_name
from bot.errors import SetupError
from bot.models import IncomingQuestion, PlatformName
from bot.observability import log
from bot.platforms.base import Membership

_COMMAND = re.compile(
    r"\s*collections(?:\s+(?P<verb>show|use|clear)\b(?P<names>.*))?\s*", re.IGNORECASE | re.DOTALL
)


def is_command(text: str) -> bool:
    """Whether `text` is about what a channel sees, and no question to the memos."""
    return _COMMAND.fullmatch(text) is not None


async def answered(access: Access, question: IncomingQuestion, who: Membership) -> str:
    """What is said to the command in `question`. Changes are logged and kept with who made them.

    Raises DatabaseTrouble.
    """
    command = _COMMAND.fullmatch(question.text)
    verb = ((command and command["verb"]) or "show").lower()
    if verb == "show":
        return await _shown(access, question, who)
    refused = await _refused(access, question, who)
    if refused:
        log.info("collections_not_changed", reason=refused.reason)
        return refused.said
    by = f"{question.conversation.platform}:{question.asker}"
    if verb == "clear":
        await access.bind(channel_key(question.conversation), None, by)
        return wording.unbound(len((await access.view_in(channel_key(question.conversation))).memos))
    words = (command["names"] if command else "").replace(",", " ").split()
    return await _bound(access, channel_key(question.conversation), words, by)


async def _shown(access: Access, question: IncomingQuestion, who: Membership) -> str:
    view = await access.view_for(question, who)
    if isinstance(view, Refused):
        return view.said
    if question.conversation.platform is PlatformName.CONSOLE:
        return wording.sees(view.allowed.shown, len(view.memos))
    place = await access.place_of(question, who)
    if not isinstance(place, Refused) and place.direct:
        return wording.sees_direct(len(view.memos))
    seen = (await access.standing()).seen_in(channel_key(question.conversation))
    if not seen.bound:
        return wording.sees_unbound(len(view.memos))
    return wording.sees(view.allowed.shown, len(view.memos))


async def _refused(access: Access, question: IncomingQuestion, who: Membership) -> Refused | None:
    """Why this asker may not change anything here; None where they may."""
    if question.conversation.platform is PlatformName.CONSOLE:
        return Refused("direct", wording.NOT_DIRECT)
    place = await access.place_of(question, who)
    if isinstance(place, Refused):
        return place
    if not access.may_manage(question):
        return Refused("not_allowed", wording.NOT_ALLOWED)
    if place.direct:
        return Refused("direct", wording.NOT_DIRECT)
    if (await access.standing()).seen_in(channel_key(question.conversation)).by_settings:
        return Refused("by_settings", wording.BY_SETTINGS)
    return None


async def _bound(access: Access, channel: str, words: list[str], by: str) -> str:
    if not words:
        return wording.RIGHT_FORM
    try:
        allowed = read_allowed(words, "")
    except SetupError:
        wrong = next(word for word in words if word == STAR or collection_name(word) is None)
        return wording.no_name(wrong)
    before = await access.standing()
    await access.bind(channel, allowed, by)
    view = await access.view_in(channel)
    said = [wording.bound(allowed.shown, len(view.memos))]
    if empty := await _holding_nothing(access, allowed):
        said.append(wording.holding_nothing(empty))
    if not before.divided and before.unbound.everything and not (await access.standing()).unbound.everything:
        said.append(wording.divided())
    return " ".join(said)


async def _holding_nothing(access: Access, allowed: Allowed) -> list[str]:
    """Those of the names under which there is no memo: perhaps they were misspelt."""
    return [
        name
        for name in sorted(allowed.names)
        if not (await access.view_of(Allowed(names=frozenset({name})))).memos
    ]
