"""What do the tests of the storage share?"""

import socket
from datetime import UTC, datetime

import pytest


@pytest.fixture
def moment():
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def unused_port():
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]
