"""Is a file that was made to do harm told in one line, and the rest of the folder read?"""

import os
import socket
import time
from collections.abc import Sequence

import pytest

from retrieval import ReadingLimits, ReadResult, read_memos
from retrieval.errors import (
    BinaryMemo,
    Damaged,
    EmptyMemo,
    Encrypted,
    LeadsOutside,
    Misnamed,
    NotAFile,
    ReaderDied,
    TooLarge,
)
from tests.retrieval.ingest.sandbox import made
from tests.retrieval.ingest.sandbox.conftest import children, linux
from tests.retrieval.ingest.sandbox.made import GOOD, SENTENCE, letter

FAIR = ReadingLimits(seconds=30, memory=384 * 1024**2)


def read_among_others(folder, name: str, data: bytes) -> list[ReadResult]:
    """What becomes of a file; its neighbours must be read, and every error be one line."""
    (folder / "a.txt").write_text(SENTENCE)
    (folder / name).write_bytes(data)
    (folder / "z.txt").write_text(SENTENCE)
    began = time.monotonic()
    first, *results, last = read_memos([folder], FAIR)
    assert first.memo
    assert last.memo
    assert time.monotonic() - began < 120
    for result in results:
        if result.error:
            assert str(result.error).isprintable()
            assert str(result.error).startswith(str(folder))
    return results


def refused(folder, name: str, data: bytes) -> BaseException:
    """The error of a file that cannot be read."""
    (result,) = read_among_others(folder, name, data)
    assert result.error, result.memo.text[:200]
    return result.error


def test_a_good_file_of_each_kind_is_read(tmp_path):
    for suffix, make in GOOD.items():
        (tmp_path / f"good{suffix}").write_bytes(make())
    results = list(read_memos([tmp_path], FAIR))
    assert [result.error for result in results] == [None] * (len(GOOD) + 1)  # the letter encloses one more


BOMBS = {
    "a Word file of 300 MB": ("memo.docx", made.word_bomb),
    "a sheet of 150 MB": ("memo.xlsx", made.sheet_bomb),
    "a page of 100 MB": ("memo.pdf", made.page_bomb),
    "a line of 21 MB": ("memo.csv", lambda: b"a," * 10_500_000),
}


@pytest.mark.parametrize(("name", "make"), BOMBS.values(), ids=BOMBS)
def test_what_unpacks_to_too_much_is_refused(tmp_path, name, make):
    assert isinstance(refused(tmp_path, name, make()), TooLarge | Damaged | ReaderDied)


DECLARED = {
    "memo.docx": lambda: made.repacked(GOOD[".docx"](), "word/document.xml", made.declared),
    "memo.xlsx": lambda: made.repacked(GOOD[".xlsx"](), "xl/workbook.xml", made.declared),
    "memo.pptx": lambda: made.repacked(GOOD[".pptx"](), "ppt/presentation.xml", made.declared),
}


@pytest.mark.parametrize(("name", "make"), DECLARED.items(), ids=DECLARED)
def test_xml_that_declares_entities_is_refused(tmp_path, name, make):
    assert isinstance(refused(tmp_path, name, make()), Damaged)


ODD = {
    "a cell at the end of the sheet": ("memo.xlsx", made.far_cell),
    "pages that contain themselves": ("memo.pdf", made.circle),
    "forms that show themselves": ("memo.pdf", made.forms_in_a_circle),
    "streams and outlines that go round": ("memo.pdf", made.streams_in_a_circle),
    "an image of ten thousand million points": ("memo.pdf", made.huge_image),
    "a hundred thousand pages": ("memo.pdf", made.many_pages),
    "a cell of 15 MB": ("memo.csv", lambda: b'Port,Budget\n"' + b"a" * 15_000_000),
    "a line of 2 MB": ("memo.csv", lambda: b"Port,Budget\n" + b"a," * 1_000_000),
    "ten thousand nested tags": ("memo.html", lambda: b"<div>" * 10_000 + SENTENCE.encode()),
    "ten thousand nested quotes": ("memo.md", lambda: b">" * 10_000 + SENTENCE.encode()),
    "ten thousand brackets": ("memo.md", lambda: b"[" * 10_000 + SENTENCE.encode()),
    "three hundred nested parts": ("memo.eml", lambda: made.nested_parts(300)),
    "ten thousand nested parts": ("memo.eml", lambda: made.nested_parts(10_000)),
    "a hundred thousand recipients": (
        "memo.eml",
        lambda: b"To: " + b"a@b.c, " * 100_000 + b"\n\n" + SENTENCE.encode(),
    ),
    "a word without end": ("memo.txt", lambda: b"a" * 5_000_000),
    "three hundred thousand lines": ("memo.txt", lambda: b"a\n" * 300_000),
}


@pytest.mark.parametrize(("name", "make"), ODD.values(), ids=ODD)
def test_an_odd_file_is_read_or_refused_in_time(tmp_path, name, make):
    for result in read_among_others(tmp_path, name, make()):
        assert (result.memo is None) != (result.error is None)


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".pptx", ".xlsx"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_file_that_is_cut_short_is_told_or_read(tmp_path, suffix, share):
    data = GOOD[suffix]()
    for result in read_among_others(tmp_path, f"memo{suffix}", data[: int(len(data) * share)]):
        assert result.memo or isinstance(result.error, Damaged | EmptyMemo | Misnamed)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("memo.pdf", made.locked_pdf),
        ("memo.docx", made.locked_office),
        ("memo.xlsx", made.locked_office),
        ("memo.docx", made.locked_zip),
    ],
)
def test_a_file_that_asks_for_a_password_is_told(tmp_path, name, make):
    error = refused(tmp_path, name, make())
    assert isinstance(error, Encrypted)
    assert "Save it without a password." in str(error)


@pytest.mark.parametrize(
    ("name", "suffix", "says"),
    [
        ("memo.txt", ".pdf", "a PDF document, whatever its name says. Rename it to end in .pdf."),
        ("memo.txt", ".docx", "a Word document, whatever its name says. Rename it to end in .docx."),
        ("memo.md", ".xlsx", "an Excel workbook, whatever its name says. Rename it to end in .xlsx."),
        ("memo.csv", ".xlsx", "an Excel workbook, whatever its name says. Rename it to end in .xlsx."),
        (
            "memo.docx",
            ".pptx",
            "a PowerPoint presentation, whatever its name says. Rename it to end in .pptx.",
        ),
        ("memo.docx", ".pdf", "a PDF document, whatever its name says. Rename it to end in .pdf."),
        ("memo.pdf", ".docx", "a Word document, whatever its name says. Rename it to end in .docx."),
        ("memo.pdf", ".html", "an HTML page, whatever its name says. Rename it to end in .html."),
        ("memo.csv", ".html", "an HTML page, whatever its name says. Rename it to end in .html."),
    ],
)
def test_a_file_of_another_kind_than_its_name_says_is_told_what_it_is(tmp_path, name, suffix, says):
    error = refused(tmp_path, name, GOOD[suffix]())
    assert isinstance(error, Misnamed)
    assert says in str(error)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "a PNG image"),
        (b"\x1f\x8b\x08" + b"\0" * 100, "a gzip archive"),
        (made.packed({"a.txt": "x"}), "a ZIP archive, whatever its name says. Unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "an old Office document"),
        (b"{\\rtf1 x}", "an RTF document"),
    ],
)
@pytest.mark.parametrize("name", ["memo.txt", "memo.eml", "memo.pdf", "memo.html"])
def test_what_is_no_text_at_all_is_told_what_it_is(tmp_path, name, data, says):
    error = refused(tmp_path, name, data)
    assert isinstance(error, BinaryMemo)
    assert says in str(error)


@pytest.mark.parametrize("suffix", GOOD)
def test_an_empty_file_holds_no_words(tmp_path, suffix):
    assert isinstance(refused(tmp_path, f"memo{suffix}", b""), EmptyMemo)


def test_pipes_sockets_and_devices_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.docx"))
        for name in ("zero", "full", "tty"):
            (tmp_path / f"{name}.txt").symlink_to(f"/dev/{name}")
        (tmp_path / "good.txt").write_text(SENTENCE)
        results = {result.path.name: result for result in read_memos([tmp_path], FAIR)}
        assert [name for name, result in results.items() if result.memo] == ["good.txt"]
        for name in ("pipe.pdf", "socket.docx"):
            assert isinstance(results[name].error, NotAFile)
        for name in ("zero.txt", "full.txt"):
            assert isinstance(results[name].error, LeadsOutside)
        (named,) = read_memos([tmp_path / "zero.txt"], FAIR)
        assert isinstance(named.error, NotAFile)


def names_of(results: Sequence[ReadResult]) -> list[str]:
    return [result.path.name for result in results]


def test_what_a_letter_encloses_is_read_as_memos_of_their_own(tmp_path):
    enclosed = [(f"good{suffix}", make()) for suffix, make in GOOD.items() if suffix != ".eml"]
    mail, *others = read_among_others(tmp_path, "mail.eml", letter(*enclosed))
    assert mail.memo.source == "mail.eml"
    assert [result.memo.source for result in others] == [f"mail.eml/{name}" for name, _ in enclosed]
    assert [result.path for result in others] == [tmp_path / "mail.eml" / name for name, _ in enclosed]
    assert len({result.memo.id for result in others}) == len(enclosed)


def test_a_hostile_enclosure_is_told_and_the_letter_is_read(tmp_path):
    mail, bad, good = read_among_others(
        tmp_path, "mail.eml", letter(("bomb.docx", made.word_bomb()), ("good.txt", SENTENCE.encode()))
    )
    assert mail.memo
    assert isinstance(bad.error, TooLarge)
    assert "mail.eml/bomb.docx: " in str(bad.error)
    assert good.memo


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../up.txt", "up.txt"),
        ("C:\\up.txt", "up.txt"),
        ("a\x1b[2J\u202e.txt", "a[2J.txt"),
        ("a\nb.txt", "a b.txt"),
    ],
)
def test_an_enclosures_name_is_made_plain(tmp_path, name, plain):
    mail = letter(("NAME.txt", SENTENCE.encode())).replace(
        b'filename="NAME.txt"', b"filename*=utf-8''" + percent(name)
    )
    _, result = read_among_others(tmp_path, "mail.eml", mail)
    assert result.memo.source == f"mail.eml/{plain}"
    assert str(result.path) == str(tmp_path / "mail.eml" / plain)


def percent(name: str) -> bytes:
    return "".join(f"%{byte:02X}" for byte in name.encode()).encode()


def test_enclosures_of_one_name_are_told_apart_and_unknown_kinds_named(tmp_path):
    twin = SENTENCE.encode()
    mail, *others = read_among_others(
        tmp_path, "mail.eml", letter(("a.txt", twin), ("a.txt", twin), ("a.txt", twin), ("logo.xyz", b"x"))
    )
    assert names_of(others) == ["a.txt", "a (2).txt", "a (3).txt"]
    assert len({result.memo.id for result in others}) == 3
    assert any("logo.xyz (this kind of file is not read)" in note for note in mail.notes)


def test_letters_in_letters_are_read_to_a_depth_and_in_number(tmp_path):
    results = read_among_others(tmp_path, "mail.eml", made.nested_letters(20))
    assert 1 < len(results) <= 4
    (tmp_path / "mail.eml").unlink()
    many = [(f"{number:03}.txt", f"{SENTENCE} {number}".encode()) for number in range(150)]
    mail, *others = read_among_others(tmp_path, "many.eml", letter(*many))
    assert len(others) == 100
    assert any("and 45 more (at most 100 are read)" in note for note in mail.notes)


def test_results_are_the_same_every_time(tmp_path):
    for number, (suffix, make) in enumerate([*GOOD.items()] * 3):
        (tmp_path / f"{number % 4}-{number}{suffix}").write_bytes(make())
    (tmp_path / "bad.pdf").write_bytes(made.circle())
    once, again = (
        [
            (result.path, result.memo, str(result.error), result.notes)
            for result in read_memos([tmp_path], FAIR)
        ]
        for _ in range(2)
    )
    assert once == again


@linux
def test_nothing_is_left_of_the_children(pool, tmp_path):
    before = children()
    read_among_others(tmp_path, "memo.pdf", made.circle())
    pool.close()
    assert children() == before
