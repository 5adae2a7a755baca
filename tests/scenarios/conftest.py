"""Which servers do the scenarios share?"""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.servers.ports import own_port
from tests.servers.slack import stand_in
from tests.servers.slack_world import World, world


@pytest.fixture(scope="session")
def slack_over_socket_port() -> Iterator[int]:
    with stand_in() as port:
        yield port


@pytest.fixture(scope="session")
def slack_over_http_ports() -> Iterator[tuple[int, int]]:
    web_port = own_port()
    with stand_in(events_to=f"http://127.0.0.1:{web_port}/slack/events") as port:
        yield port, web_port


@pytest.fixture
async def slack_over_socket(slack_over_socket_port: int) -> AsyncIterator[World]:
    """A Slack that sends its events over Socket Mode."""
    async with world(slack_over_socket_port) as made:
        yield made


@pytest.fixture
async def slack_over_http(slack_over_http_ports: tuple[int, int]) -> AsyncIterator[World]:
    """A Slack that sends its events as signed HTTP requests."""
    async with world(*slack_over_http_ports) as made:
        yield made


@pytest.fixture(params=["socket", "http"])
def slack(request: pytest.FixtureRequest) -> World:
    """Both, one after the other."""
    return request.getfixturevalue(f"slack_over_{request.param}")
