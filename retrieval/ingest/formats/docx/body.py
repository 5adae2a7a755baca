"""What are the blocks of a Word document, in the order in which they are read?

A footnote or endnote follows the paragraph (or table) that refers to it, so that it is cited under that section and
page; a text box, a chart and a diagram follow the paragraph that they hang on. The table of contents is left out: Word
makes it of the headings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from retrieval.ingest.formats.docx.grid import cells, header, is_layout, paragraphs_in, rows_of
from retrieval.ingest.formats.docx.numbering import Numbering
from retrieval.ingest.formats.docx.runs import Hanging, Runs, Said, is_placeholder
from retrieval.ingest.formats.docx.styles import (
    TITLE_LEVEL,
    Role,
    Style,
    Styles,
    numbered,
    outline_level,
    value,
)
from retrieval.ingest.formats.office.drawing import paragraph_text
from retrieval.ingest.formats.office.names import MC, A, W
from retrieval.ingest.formats.office.parts import Element
from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import is_caption, is_short_line
from retrieval.models import BlockKind

_AROUND = frozenset({W("ins"), W("moveTo"), W("customXml"), W("smartTag"), W("body"), MC("Choice")})
_HEADING_LENGTH = 300  # characters; a longer "heading" is a paragraph that somebody gave a rank
_CONTENTS_PART = "Table of Contents"

Told = Callable[[str], list[Piece]]
"""Makes the pieces of a chart or diagram, by the id of its part."""


@dataclass
class Body:
    """Collects the pieces of a document."""

    styles: Styles
    numbering: Numbering
    notes: Mapping[str, Mapping[str, Element]]  # footnotes and endnotes, by id
    told: Mapping[str, Told]
    runs: Runs
    pieces: list[Piece] = field(default_factory=list)
    left_out: int = 0  # parts that are files of other kinds
    _torn: Said | None = None  # a paragraph whose end was deleted: the next one goes on in it
    _hanging: list[Hanging] = field(default_factory=list)
    _shown: set[tuple[str, str]] = field(default_factory=set)  # each note, chart and diagram is read once
    _in_list: bool = False
    _apart: bool = False  # what comes next is not the same text as what came last

    def blocks(self, parent: Element) -> None:
        """Read the blocks below an element."""
        for child in parent:
            tag = child.tag
            if tag == W("p"):
                self._paragraph(child)
                self._follow()
            elif tag == W("tbl"):
                self._table(child)
            elif tag == W("sdt"):
                self._control(child)
            elif tag == MC("AlternateContent"):
                self.blocks(child[0] if len(child) else child)
            elif tag in {W("altChunk"), W("subDoc")}:
                self.left_out += 1
            elif tag in {W("del"), W("moveFrom")}:
                self.runs.pages(child)
            elif tag in _AROUND:
                self.blocks(child)

    def finish(self) -> None:
        """Read what is left of a paragraph whose end was deleted with nothing after it."""
        if self._torn and (text := self._torn.text):
            self.pieces.append(Piece(text, page=self._torn.page, turns=self._torn.turns, apart=self._apart))
        self._torn = None

    def _control(self, control: Element) -> None:
        gallery = control.find(f"{W('sdtPr')}/{W('docPartObj')}")
        content = control.find(W("sdtContent"))
        if content is None or is_placeholder(control):
            return
        if value(gallery, "docPartGallery") == _CONTENTS_PART:
            self.runs.pages(content)
            return
        self.blocks(content)

    def _paragraph(self, element: Element) -> None:
        self.left_out += sum(1 for _ in element.iter(W("subDoc")))
        properties = element.find(W("pPr"))
        style = self.styles.paragraph(value(properties, "pStyle"))
        said = self.runs.read(element, style, self._torn or Said())
        mark = properties.find(W("rPr")) if properties is not None else None
        if mark is not None and (mark.find(W("del")) is not None or mark.find(W("moveFrom")) is not None):
            self._torn = said
            return
        self._torn = None
        self._hanging += said.hanging
        text = said.text
        if style.role is not Role.CONTENTS:
            self._add(text, said, style, properties)

    def _add(self, text: str, said: Said, style: Style, properties: Element | None) -> None:
        direct = numbered(properties)
        if direct and not direct.list_id and style.numbered:
            direct = replace(direct, list_id=style.numbered.list_id)
        listed = direct or style.numbered
        in_list = self.numbering.is_list(listed)
        if not text:
            return
        number = self.numbering.count(listed) if listed and in_list else None
        level = style.level if (own := outline_level(properties)) is None else own
        piece = Piece(text, page=said.page, turns=said.turns, apart=self._apart)
        if level is not None and len(text) <= _HEADING_LENGTH and any(c.isalnum() for c in text):
            piece = replace(
                piece, kind=BlockKind.HEADING, level=level, text=text.replace("\n", " "), number=number
            )
        elif in_list:
            piece = replace(piece, kind=BlockKind.LIST_ITEM, gap=0 if self._in_list else 1)
        elif style.role is Role.CAPTION or is_caption(text):
            piece = replace(piece, kind=BlockKind.CAPTION)
        elif said.is_bold and is_short_line(text):
            piece = replace(piece, kind=BlockKind.HEADING)
        self._in_list = piece.kind is BlockKind.LIST_ITEM
        self._apart = False
        self._write(piece)

    def _write(self, piece: Piece) -> None:
        """Add a piece; a title that is set in two paragraphs is one."""
        last = self.pieces[-1] if self.pieces else None
        if last and piece.level == last.level == TITLE_LEVEL and len(last.text) < _HEADING_LENGTH:
            self.pieces[-1] = replace(last, text=f"{last.text}\n{piece.text}")
        else:
            self.pieces.append(piece)

    def _follow(self) -> None:
        """Read what hangs on the paragraph or table that was read last."""
        hanging, self._hanging = self._hanging, []
        for kind, what, page in hanging:
            self._apart = True
            if not isinstance(what, str):
                self._beside(kind, what)
            elif (kind, what) not in self._shown:
                self._shown.add((kind, what))
                if kind in self.told:
                    self.pieces += [replace(piece, page=page, apart=True) for piece in self.told[kind](what)]
                elif what in self.notes.get(kind, {}):
                    self._note(self.notes[kind][what], page if kind == "footnote" else None)
        self._apart = self._apart or bool(hanging)

    def _beside(self, kind: str, element: Element) -> None:
        """Read a text box or a table that stands within a paragraph."""
        if kind == "table":
            self._table(element)
        elif kind == "drawing":
            texts = map(paragraph_text, element.iter(A("p")))
            self.pieces += [Piece(text, page=self.runs.page, apart=True) for text in texts if text]
        else:
            self.blocks(element)

    def _note(self, note: Element, page: int | None) -> None:
        """Read a footnote or endnote; none of its paragraphs is a heading."""
        first = len(self.pieces)
        self.blocks(note)
        for index in range(first, len(self.pieces)):
            piece = self.pieces[index]
            kind = BlockKind.PARAGRAPH if piece.kind is BlockKind.HEADING else piece.kind
            self.pieces[index] = replace(piece, page=page, turns=(), kind=kind, level=None, number=None)

    def _table(self, element: Element) -> None:
        rows = rows_of(element)
        if not rows or is_layout(rows):
            for row in rows:
                for cell in row.cells:
                    self._apart = True
                    self.blocks(cell.element)
            self._apart = True
            return
        self.pieces += [
            replace(piece, apart=True) for piece in header(rows, self._cell) or cells(rows, self._cell)
        ]
        self._in_list = False
        self._follow()
        self._apart = True

    def _cell(self, element: Element) -> Piece:
        """The text of a cell, its paragraphs as lines."""
        said = Said()
        for paragraph in paragraphs_in(element):
            style = self.styles.paragraph(value(paragraph.find(W("pPr")), "pStyle"))
            self.runs.read(paragraph, style, said)
            said.parts.append("\n")
        self._hanging += said.hanging
        return Piece(said.text, page=said.page, turns=said.turns)
