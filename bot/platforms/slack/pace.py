"""How fast may the bot talk in one channel?"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class _Lane:
    free_at: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """Lets messages into a channel one after the other, `seconds` apart, in the order in which they came.

    Slack takes about one message a second in a channel. Asking for more costs a 429, and everybody waits.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)

    async def turn(self, channel: str) -> None:
        """Wait until the next message may go into `channel`."""
        lane = self._lanes[channel]
        async with lane.turn:
            while (wait := lane.free_at - _now()) > 0:  # noqa: ASYNC110 - `hold` may move it meanwhile
                await asyncio.sleep(wait)
            lane.free_at = _now() + self._seconds

    def hold(self, channel: str, seconds: float) -> None:
        """Let nothing into `channel` for so long: Slack said so, or does not answer."""
        lane = self._lanes[channel]
        lane.free_at = max(lane.free_at, _now() + seconds)


def _now() -> float:
    return asyncio.get_running_loop().time()
