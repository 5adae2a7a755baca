"""Is any file, however broken, either read or refused with a sentence, in time, leaving no process behind?

Real files of each kind (those of `../shared` where they are there, and made ones) are broken at random and read, for
FUZZ_SECONDS (20 by default). What is broken, and how, depends on FUZZ_SEED alone; a failure keeps its file.
"""

import io
import os
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from retrieval import ReadingLimits, ReadResult, read_memos
from retrieval.ingest import order
from retrieval.ingest.formats import BINARY, TEXT
from retrieval.ingest.sandbox import Pool
from tests.conftest import SHARED
from tests.retrieval.ingest.conftest import assert_sound
from tests.retrieval.ingest.formats.office_files import packed
from tests.retrieval.ingest.sandbox.conftest import children, linux
from tests.retrieval.ingest.sandbox.made import GOOD

SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
SEED = int(os.environ.get("FUZZ_SEED", "2024"))
LIMITS = ReadingLimits(seconds=20, memory=512 * 1024**2)
LARGEST = 300_000  # bytes of a file that is broken; of larger ones too few could be tried
AT_ONCE = 40
INTERESTING = (
    b"\0",
    b"\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\xff",
    b"\x80\0\0\0",
    b"-1",
    b"99999999999",
    b"<",
    b"%s",
)


def originals() -> dict[str, list[bytes]]:
    """Good files by suffix, in an order that does not depend on the machine."""
    found = {suffix: [make()] for suffix, make in GOOD.items()}
    for path in sorted((SHARED / "data" / "documents").rglob("*")):
        suffix = path.suffix.lower()
        if suffix in found and path.stat().st_size <= LARGEST:
            found[suffix].append(path.read_bytes())
    return found


def flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 4, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def take_out(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 16, 1024))]


def double(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.choice((1, 64, 4096))] * chance.choice((1, 3, 50))


def put_in(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    odd = chance.choice(INTERESTING)
    data[start : start + chance.choice((0, len(odd)))] = odd


def change_a_number(data: bytearray, chance: random.Random) -> None:
    digits = [place for place, byte in enumerate(data[:100_000]) if 0x30 <= byte <= 0x39]
    if digits:
        data[chance.choice(digits)] = chance.choice(b"09-")


BREAK: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip,
    cut,
    take_out,
    double,
    put_in,
    change_a_number,
)


def broken(files: dict[str, list[bytes]], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Broken files without end: a name and its bytes. Of a packed file mostly a part is broken, and packed again."""
    for number in range(10**9):
        suffix = chance.choice(sorted(files))
        data = chance.choice(files[suffix])
        is_packed = data.startswith(b"PK") and chance.random() < 0.8
        yield f"{number:05}{suffix}", break_a_part(data, chance) if is_packed else break_bytes(data, chance)


def break_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if changed:
            chance.choice(BREAK)(changed, chance)
    return bytes(changed)


def break_a_part(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in parts if parts[name] and name.endswith((".xml", ".rels"))])
    return packed(parts | {name: break_bytes(parts[name], chance)})


def check(result: ReadResult) -> str:
    """What holds of a result whatever the file was; its kind."""
    if result.memo:
        assert_sound(result.memo)
        assert result.memo.model_dump_json().encode()
        return "read"
    said = str(result.error)
    assert said.isprintable()
    assert len(said) < 1000
    assert "exit code 2" not in said, "the child's own code failed"
    return type(result.error).__name__


@pytest.fixture
def own_pool(monkeypatch) -> Iterator[Pool]:
    """Children of this test alone."""
    pool = Pool()
    monkeypatch.setattr(order, "POOL", pool)
    yield pool
    pool.close()


@linux
def test_broken_files_are_read_or_refused(tmp_path, own_pool):
    before = children()
    files, counted = broken(originals(), random.Random(SEED)), Counter[str]()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        folder = tmp_path / "broken"
        folder.mkdir()
        for _ in range(AT_ONCE):
            name, data = next(files)
            (folder / name).write_bytes(data)
        for result in read_memos([folder], LIMITS):
            try:
                counted[check(result)] += 1
            except AssertionError as wrong:
                pytest.fail(f"{result.path} (FUZZ_SEED={SEED}): {wrong}")
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    own_pool.close()
    assert children() == before
    print(f"\n{sum(counted.values())} broken files: {dict(counted.most_common())}")  # noqa: T201 - shown with -s
    assert counted["read"]
    assert set(GOOD) <= TEXT.keys() | BINARY.keys()
