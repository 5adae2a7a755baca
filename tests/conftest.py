"""What do all tests share? The seeds, accepted snapshots, and the rules for what may be missing."""

import json
import logging
import os
from pathlib import Path
from typing import Any, NoReturn

import pytest
import structlog
from hypothesis import settings

from retrieval import Index, Memo, build_index, drafting, read_memos
from retrieval.drafting import analyse

pytest_plugins = ["tests.servers.postgres"]

settings.register_profile("quoth", deadline=None)  # a shared machine may pause; speed is judged by benchmarks
settings.load_profile("quoth")

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
SNAPSHOTS = Path(__file__).parent / "snapshots"
SHARED = ROOT.parent / "shared"
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def missing(part: str, how_to_get_it: str) -> NoReturn:
    """Skip on a laptop, fail in CI: a part that the test runs against is not on this machine."""
    reason = f"{part} is not on this machine. {how_to_get_it}"
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def shared(path: str) -> Path:
    """A file of `../shared`, which lies beside some clones of the repository; the test is skipped beside the others.

    Also in CI: nobody can install it, so a stranger's checks pass without it.
    """
    file = SHARED / path
    if not file.is_file():
        pytest.skip(f"{file} is not on this machine. It is kept beside the repository, not in it.")
    return file


@pytest.fixture(scope="session")
def seed_memos() -> list[Memo]:
    """The memos in `seeds/`, read as the product reads them."""
    return [result.memo for result in read_memos([SEEDS]) if result.memo]


@pytest.fixture(scope="session")
def seed_index(seed_memos: list[Memo]) -> Index:
    """An index over the seeds."""
    return build_index(seed_memos)


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the memos that are taken to their terms in this process, in order."""
    ids: list[str] = []

    def noted(memo: Memo, *others: Any) -> None:
        ids.append(memo.id)
        analyse(memo, *others)

    monkeypatch.setattr(drafting, "analyse", noted)
    return ids


@pytest.fixture
def logging_as_it_was():
    """Undo what a test lets the program do to this process's logging."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.fixture
def snapshot(request: pytest.FixtureRequest):
    """Compare with the accepted value; `ACCEPT=1 pytest` accepts the new one."""

    def check(value: Any, name: str | None = None) -> None:
        path = SNAPSHOTS / f"{request.node.path.stem}.{name or request.node.name}.json"
        now = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        if os.environ.get("ACCEPT"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(now, encoding="utf-8")
        assert path.exists(), f"{path.name} was never accepted; look at the value, then run with ACCEPT=1"
        assert path.read_text(encoding="utf-8") == now, (
            f"{path.name} changed; look at it, then run with ACCEPT=1"
        )

    return check
