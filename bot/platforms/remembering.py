"""What was just looked up, so that it need not be looked up for every question?"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 10_000
"""Things remembered at a time; what was looked up first is forgotten first."""


class Remembered(Generic[T]):
    """Remembers for `seconds` what was looked up under a key. Who asks meanwhile waits for the same look-up.

    A look-up that fails is not remembered: the next one who asks tries again.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: OrderedDict[Hashable, tuple[float, asyncio.Future[T]]] = OrderedDict()

    async def get(self, key: Hashable, look_up: Callable[[], Awaitable[T]]) -> T:
        """What is known under `key`, looked up where that was too long ago; raises what `look_up` raises."""
        now = asyncio.get_running_loop().time()
        found = self._known.get(key)
        if found is None or found[0] <= now or _failed(found[1]):
            # A task of its own: who asked first may give up, and the others still want to know.
            found = now + self._seconds, asyncio.ensure_future(look_up())
            found[1].add_done_callback(_seen)
            self._known[key] = found
            self._known.move_to_end(key)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return await asyncio.shield(found[1])

    def known(self, key: Hashable) -> T | None:
        """What is known under `key` just now, without looking it up."""
        found = self._known.get(key)
        if (
            found is None
            or found[0] <= asyncio.get_running_loop().time()
            or not found[1].done()
            or _failed(found[1])
        ):
            return None
        return found[1].result()

    def put(self, key: Hashable, known: T) -> None:
        """Note what somebody said without being asked."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        future.set_result(known)
        self._known[key] = asyncio.get_running_loop().time() + self._seconds, future

    async def forget(self) -> None:
        """Give up what is being looked up, and forget the rest."""
        under_way = [future for _, future in self._known.values() if not future.done()]
        self._known.clear()
        for future in under_way:
            future.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def _failed(future: "asyncio.Future[T]") -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)


def _seen(future: "asyncio.Future[T]") -> None:
    """Whoever waits is told what was raised; where nobody waits any more it is no news."""
    if not future.cancelled():
        future.exception()
