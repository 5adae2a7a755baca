"""Which Discord do the tests talk to?

`async with FakeDiscord() as discord:` serves REST v10 and a gateway on loopback sockets. The bot's own client library
connects to it unchanged; a test acts as people do (`say`, `slash`) and reads what was posted (`from_bot`).
"""

from tests.servers.fake_discord.server import FakeDiscord

__all__ = ["FakeDiscord"]
