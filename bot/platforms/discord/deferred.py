"""How is the reply filled in that `/ask` was promised?"""

from collections.abc import Mapping
from typing import Any

import discord
from discord.webhook.async_ import async_context

from bot.observability import log

UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN = 10008, 10015, 50027
_NO_LONGER_REPLIABLE = {UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN}
_LOADING = discord.MessageFlags(loading=True).value


async def fill_in(
    client: discord.Client, token: str, message: Mapping[str, Any], *, again: bool
) -> str | None:
    """Put `message` where "is thinking" stands and return its id; None where the command takes no reply any more.

    The token is all it takes, for 15 minutes, in any process. Filling in twice leaves one message; `again` looks
    first, and spares it the mark "edited". Raises what discord.py raises.
    """
    # This is how discord.py's Interaction does it; after a restart there is no Interaction, only its token.
    calls, application = async_context.get(), client.application_id or 0
    session = discord.Webhook.partial(application, token, client=client).session
    try:
        if again:
            standing = await calls.get_original_interaction_response(application, token, session=session)
            if not standing.get("flags", 0) & _LOADING:
                return str(standing["id"])
        filled = await calls.edit_original_interaction_response(
            application, token, session=session, payload=_nobody_pinged(message)
        )
    except discord.HTTPException as refused:
        if refused.code not in _NO_LONGER_REPLIABLE:
            raise
        log.info("interaction_expired", platform="discord", code=refused.code)
        return None
    return str(filled["id"])


def _nobody_pinged(message: Mapping[str, Any]) -> dict[str, Any]:
    return {**message, "allowed_mentions": discord.AllowedMentions.none().to_dict()}
