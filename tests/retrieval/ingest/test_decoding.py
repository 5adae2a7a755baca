"""Which bytes are read as which characters, and which are refused?"""

import codecs

import pytest

from retrieval import BadlyEncoded, BinaryMemo, EmptyMemo

TEXT = "Änne says “naïve” words here, and it is a whole sentence."


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16-le", "utf-16-be", "utf-32-le"],
)
def test_unicode_is_read(reading, data):
    assert reading(data).text == TEXT


def test_windows_text_is_refused_by_name_and_place(reading):
    with pytest.raises(
        BadlyEncoded, match=r"byte 0 is not valid UTF-8.*windows-1252.*Save the file as UTF-8"
    ):
        reading(TEXT.encode("cp1252"))


def test_the_first_wrong_byte_is_named(reading):
    with pytest.raises(BadlyEncoded, match="byte 5 is not"):
        reading(b"Some \xff\xfe\xfd\x81\x8d text")
    with pytest.raises(BadlyEncoded, match="byte 5 is not"):
        reading(codecs.BOM_UTF8 + b"ab\xff")


@pytest.mark.parametrize(
    "declaration",
    ['<meta charset="windows-1252">', "<meta http-equiv=x content='text/html; charset=iso-8859-1'>"],
)
def test_a_pages_declared_characters_are_believed(reading, declaration):
    assert reading(f"<html>{declaration}<p>{TEXT}".encode("cp1252"), "m.html").text == TEXT


def test_a_stale_declaration_does_not_spoil_utf8(reading):
    assert reading(f'<meta charset="iso-8859-1"><p>{TEXT}'.encode(), "m.html").text == TEXT


@pytest.mark.parametrize(
    "name", ["rot13", "idna", "unicode_escape", "utf-16", "none-such", "undefined", "hex", "utf-7"]
)
def test_a_declaration_that_is_no_character_set_is_passed_over(reading, name):
    assert reading(f'<meta charset="{name}"><p>{TEXT}'.encode(), "m.html").text == TEXT


def test_a_page_that_is_not_what_it_declares_is_refused(reading):
    with pytest.raises(BadlyEncoded, match="EUC"):
        reading(b'<meta charset="euc-jp"><p>\xff\xff', "m.html")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 text", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"a\0b", "binary"),
        (bytes(range(1, 9)) * 20, "binary"),
        (TEXT.encode("utf-16-le"), "binary"),
    ],
)
def test_what_is_no_text_is_refused_whatever_its_name(reading, data, kind):
    with pytest.raises(BinaryMemo, match=kind):
        reading(data)


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, "\u200b\u00a0".encode()]
)
def test_a_file_without_words_is_empty(reading, data):
    with pytest.raises(EmptyMemo):
        reading(data)
