"""Which messages does Discord refuse, and whom does a message ping?"""

import re
from typing import Any

from tests.servers.fake_discord.payloads import Payload


class Refused(Exception):
    """An error answer: HTTP status, Discord's code and sentence."""

    def __init__(self, status: int, code: int, message: str, errors: Payload | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Payload = {"code": code, "message": message, **({"errors": errors} if errors else {})}


def invalid(path: str, code: str, message: str) -> Refused:
    """400/50035 "Invalid Form Body", with the place of the fault nested as Discord nests it."""
    errors: Payload = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".")):
        errors = {part: errors}
    return Refused(400, 50035, "Invalid Form Body", errors)


def check_message(body: Payload) -> None:
    """Refuse what is empty or longer than Discord takes."""
    content, embeds = body.get("content") or "", body.get("embeds") or []
    if not content and not embeds:
        raise Refused(400, 50006, "Cannot send an empty message")
    _at_most("content", content, 2000)
    _at_most("nonce", str(body.get("nonce") or ""), 25)
    if len(embeds) > 10:
        raise invalid("embeds", "BASE_TYPE_BAD_LENGTH", "Must be 10 or fewer in length.")
    for number, embed in enumerate(embeds):
        _check_embed(f"embeds.{number}", embed)
    if sum(map(_embed_length, embeds)) > 6000:
        raise invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    _check_buttons(body.get("components") or [])


def _check_buttons(rows: list[Payload]) -> None:
    if len(rows) > 5:
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    buttons = [button for row in rows for button in row["components"]]
    if any(not 1 <= len(row["components"]) <= 5 for row in rows):
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for button in buttons:
        _at_most("components.custom_id", button.get("custom_id"), 100)
        _at_most("components.label", button.get("label"), 80)
    if len({button.get("custom_id") for button in buttons}) < len(buttons):
        raise invalid(
            "components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        )


def _check_embed(path: str, embed: Payload) -> None:
    _at_most(f"{path}.title", embed.get("title"), 256)
    _at_most(f"{path}.description", embed.get("description"), 4096)
    _at_most(f"{path}.footer.text", (embed.get("footer") or {}).get("text"), 2048)
    _at_most(f"{path}.author.name", (embed.get("author") or {}).get("name"), 256)
    fields = embed.get("fields") or []
    if len(fields) > 25:
        raise invalid(f"{path}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for number, field in enumerate(fields):
        for key, most in (("name", 256), ("value", 1024)):
            if not field.get(key):
                raise invalid(f"{path}.fields.{number}.{key}", "BASE_TYPE_REQUIRED", "This field is required")
            _at_most(f"{path}.fields.{number}.{key}", field[key], most)


def _at_most(path: str, text: str | None, most: int) -> None:
    if len(text or "") > most:
        raise invalid(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def _embed_length(embed: Payload) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [field[key] for field in embed.get("fields") or [] for key in ("name", "value")]
    return sum(len(text or "") for text in texts)


def pings(content: str, allowed: Payload | None) -> tuple[list[str], list[str], bool]:
    """Whom `content` pings: user ids, role ids, and whether everyone. Embeds never ping.

    `allowed` is the body's allowed_mentions; None means that nothing is held back.
    """
    users = list(dict.fromkeys(re.findall(r"<@!?(\d+)>", content)))
    roles = list(dict.fromkeys(re.findall(r"<@&(\d+)>", content)))
    everyone = bool(re.search(r"@(everyone|here)", content))
    if allowed is None:
        return users, roles, everyone
    parse: list[Any] = allowed.get("parse") or []
    return (
        [one for one in users if "users" in parse or one in (allowed.get("users") or [])],
        [one for one in roles if "roles" in parse or one in (allowed.get("roles") or [])],
        everyone and "everyone" in parse,
    )
