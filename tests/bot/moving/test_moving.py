"""What does an export look like, and is one that was tampered with refused as a whole?"""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.errors import AlreadyThere, MalformedArchive
from bot.moving import export, take_in
from bot.storage import open_store
from retrieval import Memo, read_memo

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TEA = Memo(
    id="tea",
    title='Tea: "green" #1',
    text="The kettle is\r\ndescaled on Fridays.\n\n---\n\nEnd",
    sha256="t1",
    author="Ann\u2028Lee",
    tags=("a, b", "c"),
    review=date(2026, 12, 1),
    owner="Bo Kim",
)
TEA_2 = TEA.model_copy(update={"text": "On Mondays.", "sha256": "t2"})


@pytest.fixture
async def store():
    async with open_store("sqlite://") as store:
        await store.memos.add([TEA], NOON)
        await store.memos.add([TEA_2], NOON + timedelta(days=1))
        yield store


@pytest.fixture
async def folder(store, tmp_path):
    await export(store, tmp_path / "out")
    return tmp_path / "out"


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_what_is_current_and_what_was_lie_apart(folder):
    digest = json.loads((folder / "manifest.json").read_text())["memos"][0]["versions"][0]["digest"]
    assert files(folder) == ["manifest.json", "memos/tea.md", f"versions/tea/2026-03-02-{digest[:12]}.md"]
    old = folder / f"versions/tea/2026-03-02-{digest[:12]}.md"
    assert old.read_bytes().decode().endswith(f"---\n\n{TEA.text}")
    assert folder.stat().st_mode & 0o077 == 0


async def test_a_file_of_an_export_can_be_read_as_a_memo(folder):
    memo = read_memo(folder / "memos/tea.md")
    assert (memo.id, memo.title, memo.text, memo.tags) == (TEA.id, TEA.title, TEA_2.text, TEA.tags)
    assert (memo.review, memo.owner) == (TEA.review, TEA.owner)


async def test_memos_whose_ids_no_disk_would_keep_apart_get_files_of_their_own(tmp_path):
    ids = ["a", "A", "a/b", "a-b", "../../up", "..", ".", "x" * 500, "con\x00", "README", "ä", ""]
    async with open_store("sqlite://") as store:
        await store.memos.add([TEA.model_copy(update={"id": each}) for each in ids], NOON)
        assert await export(store, tmp_path / "out") == (len(ids), len(ids))
    names = [path.casefold() for path in files(tmp_path / "out") if path != "manifest.json"]
    assert len(set(names)) == len(ids)
    assert all(Path(name).parent == Path("memos") and len(name) < 120 for name in names)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


async def test_nothing_is_overwritten_and_nothing_is_left_half_done(store, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "full", target_is_directory=True)
    for name in ("full", "file", "link"):
        with pytest.raises(AlreadyThere, match=f"{name} is there already.*new or empty"):
            await export(store, tmp_path / name)
    with pytest.raises(AlreadyThere, match="no folder"):
        await export(store, tmp_path / "none" / "out")
    (tmp_path / "empty").mkdir()
    await export(store, tmp_path / "empty")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "full", "link"]


async def test_a_memo_that_was_changed_in_the_database_is_not_exported_as_if_it_were_whole(store, tmp_path):
    async with store.database.write() as connection:
        await connection.exec_driver_sql(
            "UPDATE memo_versions SET body = replace(body, 'Mondays', 'Tuesdays')"
        )
    with pytest.raises(MalformedArchive, match="'tea' is not kept as it was read"):
        await export(store, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


# what is refused


def rewritten(folder, change, *, sealed=True):
    """Change the manifest; `sealed`: as somebody would who knows how it is made."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    if sealed:
        rest = {name: value for name, value in manifest.items() if name != "checksum"}
        manifest["checksum"] = sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(manifest))


def line_of(manifest):
    return manifest["memos"][0]["versions"][-1]


def lead_out(manifest):
    line_of(manifest)["file"] = "../secret.md"


def lead_to_root(manifest):
    line_of(manifest)["file"] = "/etc/hostname"


def lead_through_a_link(manifest):
    line_of(manifest)["file"] = "memos/link.md"


def lead_back(manifest):
    line_of(manifest)["file"] = "memos\\..\\..\\secret.md"


def name_nothing(manifest):
    line_of(manifest)["file"] = "memos/none\0.md"


def other_title(manifest):
    line_of(manifest)["known"]["title"] = "Coffee"


def other_id(manifest):
    manifest["memos"][0]["id"] = "coffee"


def other_digest(manifest):
    line_of(manifest)["digest"] = "0" * 64


def went_before_it_came(manifest):
    line_of(manifest)["went"] = "2020-01-01T00:00:00Z"


def two_current(manifest):
    manifest["memos"][0]["versions"].append(line_of(manifest))


def listed_twice(manifest):
    manifest["memos"].append(manifest["memos"][0])


def unknown_key(manifest):
    line_of(manifest)["known"]["surprise"] = 1


def another_layout(manifest):
    manifest["layout"] = 2


REFUSED = {
    lead_out: "is no file of the export",
    lead_to_root: "is no file of the export",
    lead_through_a_link: "is no file of the export",
    lead_back: "is no file of the export",
    name_nothing: "is no file of the export",
    other_title: "hash is not the one",
    other_id: "hash is not the one",
    other_digest: "hash is not the one",
    went_before_it_came: "went before it came",
    two_current: "two current versions",
    listed_twice: "listed twice",
    unknown_key: "no memo as the manifest says",
    another_layout: "layout",
}


async def refused(folder):
    async with open_store("sqlite://") as other:
        with pytest.raises(MalformedArchive) as told:
            await take_in(other, folder)
        assert await other.memos.all() == []
        assert (await other.archive.read()).versions == ()
    return str(told.value)


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
async def test_a_manifest_that_lies_is_refused_as_a_whole(folder, change):
    (folder.parent / "secret.md").write_bytes((folder / "memos/tea.md").read_bytes())
    (folder / "memos/link.md").symlink_to(folder.parent / "secret.md")
    rewritten(folder, change)
    assert REFUSED[change] in await refused(folder)


async def test_a_manifest_that_was_changed_by_mistake_is_refused(folder):
    rewritten(folder, went_before_it_came, sealed=False)
    assert "its checksum is another" in await refused(folder)


async def test_a_file_that_was_edited_is_refused_and_says_how_edited_files_are_added(folder):
    path = folder / "memos/tea.md"
    path.write_bytes(path.read_bytes().replace(b"Mondays", b"Sundays"))
    said = await refused(folder)
    assert "tea.md was changed since it was exported" in said
    assert "quoth memos add" in said


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"format": "else"}'])
async def test_what_is_no_manifest_is_refused(folder, manifest):
    (folder / "manifest.json").write_bytes(manifest)
    assert "is not the manifest of an export" in await refused(folder)


async def test_a_folder_that_is_no_export_is_refused(tmp_path):
    assert "Name a folder that quoth memos export made" in await refused(tmp_path)
    (tmp_path / "manifest.json").mkdir()
    assert "cannot be read" in await refused(tmp_path)


async def test_a_file_that_is_missing_is_refused(folder):
    (folder / "memos/tea.md").unlink()
    assert "is no file of the export" in await refused(folder)
