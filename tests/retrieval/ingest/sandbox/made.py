"""Which files do the tests of the sandbox make: one good file of each kind, and the hostile ones?"""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from email.message import EmailMessage

import openpyxl

from tests.retrieval.ingest.formats.office_files import deck, packed, paragraph, saved, word, word_parts

SENTENCE = "The council approved the new budget for the harbour on 3 October 2024."


def pdf(objects: Mapping[int, bytes | tuple[bytes, bytes]], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects: a dictionary's inside, or that and a stream."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = {}
    for number, content in objects.items():
        places[number] = out.tell()
        inside, stream = content if isinstance(content, tuple) else (content, None)
        out.write(b"%d 0 obj\n<< %s " % (number, inside))
        if stream is None:
            out.write(b">>\nendobj\n")
        else:
            out.write(b"/Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(stream), stream))
    start, count = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
    out.writelines(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, count))
    out.write(b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (count, trailer, start))
    return out.getvalue()


def pages(count: int = 1, stream: bytes = b"", **others: bytes) -> dict[int, bytes | tuple[bytes, bytes]]:
    """The objects of a PDF with `count` pages that all show `stream`; `others` stand in for a page's entries."""
    said = {"MediaBox": b"[0 0 612 792]", "Resources": b"<< /Font << /F1 4 0 R >> >>"} | others
    entries = b" ".join(b"/%s %s" % (name.encode(), value) for name, value in said.items())
    first = 10
    kids = b" ".join(b"%d 0 R" % (first + number) for number in range(count))
    return {
        1: b"/Type /Catalog /Pages 2 0 R",
        2: b"/Type /Pages /Count %d /Kids [%s]" % (count, kids),
        3: (b"", stream),
        4: b"/Type /Font /Subtype /Type1 /BaseFont /Helvetica",
        **{
            first + number: b"/Type /Page /Parent 2 0 R /Contents 3 0 R " + entries for number in range(count)
        },
    }


def shown(text: str) -> bytes:
    return b"BT /F1 12 Tf 72 700 Td (%s) Tj ET\n" % text.encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (("Port", "Budget"), ("Hamburg", 17), ("Oslo", 23)):
        book.active.append(row)
    return saved(book)


def letter(*enclosed: tuple[str, bytes], body: str = SENTENCE) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = (
        "Harbour",
        "Ann <ann@example.org>",
        "Thu, 03 Oct 2024 10:00:00 +0000",
    )
    mail.set_content(body)
    for name, data in enclosed:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


GOOD: dict[str, Callable[[], bytes]] = {
    ".txt": f"Harbour\n\n{SENTENCE}\n\n{SENTENCE}\n".encode,
    ".md": f"---\nid: harbour\n---\n# Harbour\n\n{SENTENCE}\n\n| a | b |\n|--|--|\n| 1 | 2 |\n".encode,
    ".html": f"<html><title>Harbour</title><h1>Harbour</h1><p>{SENTENCE}</p><table><tr><td>1</table>".encode,
    ".pdf": lambda: pdf(pages(2, shown(SENTENCE))),
    ".docx": lambda: word(paragraph("Harbour") + paragraph(SENTENCE)),
    ".pptx": lambda: saved(deck()),
    ".xlsx": workbook,
    ".csv": lambda: b"Port,Budget\nHamburg,17\nOslo,23\n",
    ".tsv": lambda: b"Port\tBudget\nHamburg\t17\nOslo\t23\n",
    ".eml": lambda: letter(("plan.txt", SENTENCE.encode())),
}
"""One file of each kind that is read."""


def declared(xml: bytes) -> bytes:
    """XML that says what it says a billion times."""
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    head, _, rest = xml.partition(b"?>")
    return (
        head
        + b'?><!DOCTYPE x [<!ENTITY l0 "lol">'
        + entities
        + b"]>"
        + rest.replace(SENTENCE.encode(), b"&l9;")
    )


def word_bomb() -> bytes:
    """300 MB of paragraphs in 300 kB."""
    parts = word_parts(paragraph(SENTENCE))
    xml = parts["word/document.xml"]
    before, sentence, after = (xml if isinstance(xml, str) else xml.decode()).partition(SENTENCE)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            if name != "word/document.xml":
                archive.writestr(name, content)
        with archive.open("word/document.xml", "w") as part:
            part.write((before + sentence).encode())
            for _ in range(300):
                part.write(b"a" * 1_000_000)
            part.write(after.encode())
    return out.getvalue()


def repacked(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A packed file with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed(
            {
                name: change(archive.read(name)) if name == part else archive.read(name)
                for name in archive.namelist()
            }
        )


def sheet_bomb() -> bytes:
    """A sheet of 150 MB."""
    rows = b"<row><c><v>1</v></c></row>" * 6_000_000
    return repacked(
        workbook(), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + rows)
    )


def far_cell() -> bytes:
    """A sheet whose one cell is the last that there can be."""
    return repacked(
        workbook(),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'r="A3"', b'r="XFD1048576"').replace(b'r="3"', b'r="1048576"'),
    )


def circle() -> bytes:
    """A PDF whose pages contain themselves."""
    objects = pages(1, shown(SENTENCE))
    objects[2] = b"/Type /Pages /Count 1000000 /Parent 2 0 R /Kids [2 0 R 2 0 R 10 0 R]"
    return pdf(objects)


def forms_in_a_circle() -> bytes:
    """A PDF whose page shows a form that shows itself."""
    objects = pages(
        1, b"/X Do\n" + shown(SENTENCE), Resources=b"<< /Font << /F1 4 0 R >> /XObject << /X 5 0 R >> >>"
    )
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
    objects[5], objects[6] = (form % 6, b"/X Do /X Do"), (form % 5, b"/X Do /X Do")
    return pdf(objects)


def streams_in_a_circle() -> bytes:
    """A PDF whose stream's length is the stream itself, and whose outline and names go round."""
    objects = pages(1, shown(SENTENCE))
    objects[1] = b"/Type /Catalog /Pages 2 0 R /Outlines 7 0 R /Names 8 0 R"
    objects[7] = b"/First 7 0 R /Last 7 0 R /Next 7 0 R /Title (round)"
    objects[8] = b"/Kids [8 0 R] /EmbeddedFiles 8 0 R"
    return pdf(objects).replace(b"/Length", b"/Length 3 0 R /Was", 1)


def huge_image() -> bytes:
    """A PDF whose page is 140 km wide and shows an image of ten thousand million points."""
    objects = pages(
        1,
        b"q 1000 0 0 1000 0 0 cm /I Do Q\n" + shown(SENTENCE),
        MediaBox=b"[0 0 400000000 400000000]",
        Resources=b"<< /Font << /F1 4 0 R >> /XObject << /I 5 0 R >> >>",
    )
    objects[5] = (
        b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /Filter /FlateDecode",
        zlib.compress(b"\0" * 10_000_000),
    )
    return pdf(objects)


def page_bomb() -> bytes:
    """A page whose 100 MB are packed in a few hundred kB."""
    packer = zlib.compressobj(1)
    line = shown("again and again") * 1000
    stream = b"".join(packer.compress(line) for _ in range(2_500)) + packer.flush()
    objects = pages(1)
    objects[3] = (b"/Filter /FlateDecode", stream)
    return pdf(objects)


def many_pages() -> bytes:
    return pdf(pages(100_000, shown(SENTENCE)))


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    objects = pages(1, shown(SENTENCE))
    objects[5] = b"/Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <%s> /U <%s>" % (b"41" * 32, b"42" * 32)
    return pdf(objects, b"/Root 1 0 R /Encrypt 5 0 R /ID [<41> <41>]")


def locked_office() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 1000
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 1000
    )


def locked_zip() -> bytes:
    """A packed file whose parts say that they need a password."""
    data = bytearray(GOOD[".docx"]())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + place] |= 1
    return bytes(data)


def nested_letters(depth: int) -> bytes:
    mail = letter()
    for _ in range(depth):
        mail = letter(("inner.eml", mail))
    return mail


def nested_parts(depth: int) -> bytes:
    """A mail of parts in parts."""
    head = b"Subject: x\nMIME-Version: 1.0\n"
    body = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    return head + body + b"Content-Type: text/plain\n\n" + SENTENCE.encode()
