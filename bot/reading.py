"""How are files read while the bot goes on answering?"""

import asyncio
from collections.abc import AsyncIterator

from retrieval import ReadResult, Results


async def off_the_loop(results: Results) -> AsyncIterator[ReadResult]:
    """Give one result after another, each waited for in a thread; reading ends with whoever stops asking."""
    try:
        while result := await asyncio.to_thread(next, results, None):
            yield result
    finally:
        results.close()  # a thread that waits for a file would hold up the end of the program
