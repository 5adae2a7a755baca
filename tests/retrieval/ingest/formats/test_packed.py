"""Are packed files opened without harm?"""

import io
import zipfile
from pathlib import Path

import pytest

from retrieval.errors import BinaryMemo, Damaged, Encrypted, TooLarge
from retrieval.ingest.formats.markup import walk
from retrieval.ingest.formats.packed import MOST_PARTS, opened, refuse_declarations

PATH = Path("file.docx")


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_parts_are_found_whatever_their_capitals():
    file = opened(packed({"Word/Document.xml": b"words"}), PATH)
    assert file.names() == ["Word/Document.xml"]
    assert "word/document.xml" in file
    assert file.part("word/document.xml") == b"words"


def test_a_part_that_is_missing_is_damage():
    with pytest.raises(Damaged, match=r"has no 'a\.xml'"):
        opened(packed({"b.xml": b"x"}), PATH).part("a.xml")


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"a.bin": bytes(20_000_000)}, "from"),
        ({f"{n}": b"" for n in range(MOST_PARTS + 1)}, "parts"),
    ],
    ids=["ratio", "parts"],
)
def test_bombs_are_refused_unopened(parts, why):
    with pytest.raises(TooLarge, match=why):
        opened(packed(parts), PATH)


def with_stated_size(data: bytes, size: int) -> bytes:
    """The same file, its directory stating another size of its one part."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + size.to_bytes(4, "little") + data[at + 4 :]


def test_a_file_that_states_more_than_is_read_is_refused():
    with pytest.raises(TooLarge):
        opened(with_stated_size(packed({"a.bin": b"x" * 100}), 600_000_000), PATH)


def test_a_part_never_gives_more_than_it_states():
    file = opened(with_stated_size(packed({"a.bin": b"x" * 1_000_000}), 10), PATH)
    with pytest.raises(Damaged):
        file.part("a.bin")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"words", Damaged),
        (b"PK\x03\x04 and then nothing", Damaged),
        (packed({"a": b"x"})[:-10], Damaged),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), BinaryMemo),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Encrypted),
    ],
    ids=["words", "start only", "cut short", "old document", "encrypted"],
)
def test_what_is_no_packed_file_is_refused(data, error):
    with pytest.raises(error):
        opened(data, PATH)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_entities_are_refused_in_any_encoding(encoding):
    with pytest.raises(Damaged):
        refuse_declarations('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding), PATH)


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', Damaged),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", Damaged),
        (b"<a><b></a>", Damaged),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", Damaged),
        (b"<a>" * 5000, TooLarge),
    ],
)
def test_xml_that_is_made_to_harm_is_refused(xml, error):
    with pytest.raises(error):
        walk(xml, PATH, start=lambda *_: None, end=lambda _: None, text=lambda _: None)


def test_xml_is_walked_in_its_order_without_prefixes():
    seen: list[str] = []
    walk(
        b'<x:a xmlns:x="u"><b c="d">text</b></x:a>',
        PATH,
        start=lambda name, said: seen.append(f"<{name} {dict(said).get('c', '')}>"),
        end=lambda name: seen.append(f"</{name}>"),
        text=seen.append,
    )
    assert seen == ["<a >", "<b d>", "text", "</b>", "</a>"]
