"""Is trouble read rightly: what passes, what may have arrived, how long to wait?"""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.trouble import HookRefused, Trouble, read


def refused(error, status=200, headers=None):
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.example/api/x",
        req_args={},
        data={"ok": False, "error": error} if error else {},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("no", response)


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (refused("not_in_channel"), Trouble("not_in_channel", passing=False)),
        (
            refused("ratelimited", 429, {"Retry-After": "7"}),
            Trouble("ratelimited", passing=True, retry_after=7.0),
        ),
        (
            refused("ratelimited", 429, {"retry-after": "soon"}),
            Trouble("ratelimited", passing=True, retry_after=1.0),
        ),
        (refused(None, 502), Trouble("http_502", passing=True, may_have_arrived=True)),
        (refused("internal_error"), Trouble("internal_error", passing=True, may_have_arrived=True)),
        (HookRefused("used_url", 404, {}), Trouble("used_url", passing=False)),
        (HookRefused("http_500", 500, {}), Trouble("http_500", passing=True, may_have_arrived=True)),
        (TimeoutError(), Trouble("TimeoutError", passing=True, may_have_arrived=True)),
        (
            aiohttp.ServerDisconnectedError(),
            Trouble("ServerDisconnectedError", passing=True, may_have_arrived=True),
        ),
    ],
)
def test_trouble_is_read_from_what_a_call_raised(failure, trouble):
    assert read(failure) == trouble


async def test_a_call_that_never_left_cannot_have_arrived():
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError) as failed:
            await session.get("http://127.0.0.1:1/")
    assert read(failed.value) == Trouble("ClientConnectorError", passing=True, may_have_arrived=False)


def test_waits_grow_to_half_a_minute_unless_slack_says_how_long():
    trouble = Trouble("x", passing=True)
    assert all(trouble.wait(tries) <= 30 for tries in range(100))
    assert trouble.wait(0) <= 0.5 < 4 <= trouble.wait(4)
    assert Trouble("x", passing=True, retry_after=7).wait(9) == 7
