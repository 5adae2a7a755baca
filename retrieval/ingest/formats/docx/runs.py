"""What does a paragraph say, and what hangs on it?

Its words as they are shown when every tracked change is accepted: what was inserted or moved here, not what was deleted
or moved away; the results of fields, not their instructions; nothing that is hidden, no placeholder that asks to be
filled in, no reading aid over Chinese or Japanese.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from retrieval.ingest.cleaning import characters, lines
from retrieval.ingest.formats.docx.styles import Style, Styles, switched, value
from retrieval.ingest.formats.docx.symbols import drawn_as
from retrieval.ingest.formats.office.names import DGM, MC, OLE, A, C, M, R, W
from retrieval.ingest.formats.office.parts import Element
from retrieval.models import Turn

_NOT_SHOWN = frozenset(
    {
        *map(
            W,
            (
                "pPr",
                "rPr",
                "sdtPr",
                "sdtEndPr",
                "instrText",
                "delText",
                "delInstrText",
                "rt",
                "rubyPr",
                "tblPr",
            ),
        ),
        *map(W, ("comment", "annotationRef", "footnoteRef", "endnoteRef", "fldData", "ffData")),
    }
)
_WRITTEN = {W("br"): "\n", W("cr"): "\n", W("tab"): "\t", W("ptab"): "\t", W("noBreakHyphen"): "-"}
_BETWEEN = {M("f"): "/", M("sSup"): "^", M("sSub"): "_"}  # what keeps the parts of a formula apart
_DRAWN = frozenset({W("drawing"), W("pict"), W("object")})


class Hanging(NamedTuple):
    """What is shown elsewhere than in the line: a footnote or endnote (by id), a text box, chart, diagram or table."""

    kind: str
    what: str | Element
    page: int


@dataclass
class Said:
    """What a paragraph says so far. `page` is where its first word stands; `ends` are the pages that end inside it."""

    parts: list[str] = field(default_factory=list)
    page: int | None = None
    ends: list[tuple[int, int]] = field(
        default_factory=list
    )  # how many parts stand before, the page that begins
    hanging: list[Hanging] = field(default_factory=list)
    bold: int = 0  # letters
    letters: int = 0

    @property
    def text(self) -> str:
        """The paragraph's canonical text."""
        return lines(characters("".join(self.parts)))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The pages that begin inside the text, each at the first character on it.

        The place is found by counting the characters before it, since white space is tidied in between.
        """
        text, turns, at, done = self.text, [], 0, 0
        for before, page in self.ends:
            ahead = sum(map(len, characters("".join(self.parts[done:before])).split()))
            at, done = _after(text, at, ahead), before
            if at < len(text):
                turns.append(Turn(at, page))
        return tuple(turns)

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return 0 < self.letters == self.bold


@dataclass
class Runs:
    """Reads one paragraph after another; knows the page, and which fields stand open across paragraphs."""

    styles: Styles
    page: int = 1
    languages: Counter[str] = field(default_factory=Counter)  # letters that are marked as written in each
    embedded: int = 0  # files inside the file
    _fields: list[bool] = field(default_factory=list)  # of each open field, whether its result has begun

    def read(self, paragraph: Element, style: Style, said: Said) -> Said:
        """Add what a paragraph says to `said`."""
        self._inside(paragraph, style, said)
        return said

    def pages(self, gone: Element) -> None:
        """Count the page ends in a stretch that is not read."""
        self.page += sum(1 for _ in gone.iter(W("lastRenderedPageBreak")))

    def _inside(self, node: Element, style: Style, said: Said) -> None:
        for child in node:
            self._take(child, style, said)

    def _take(self, node: Element, style: Style, said: Said) -> None:
        tag = node.tag
        if tag in _NOT_SHOWN:
            return
        take = self._TAKEN.get(tag)
        if take is not None:
            take(self, node, style, said)
        elif tag in _WRITTEN:
            self._write(_WRITTEN[tag], said)
        elif tag in _DRAWN:
            self._drawn(node, said)
        else:
            self._inside(node, style, said)

    def _words(self, node: Element, _style: Style, said: Said) -> None:
        self._write((node.text or "").replace("\n", " "), said)

    def _symbol(self, node: Element, _style: Style, said: Said) -> None:
        self._write(drawn_as(node.get(W("font"), ""), node.get(W("char"), "")), said)

    def _gone(self, node: Element, _style: Style, _said: Said) -> None:
        self.pages(node)

    def _page_end(self, _node: Element, _style: Style, said: Said) -> None:
        self.page += 1
        if said.page is not None:
            said.ends.append((len(said.parts), self.page))

    def _field_mark(self, node: Element, _style: Style, _said: Said) -> None:
        self._field(node.get(W("fldCharType")))

    def _note(self, node: Element, _style: Style, said: Said) -> None:
        kind = "footnote" if node.tag == W("footnoteReference") else "endnote"
        said.hanging.append(Hanging(kind, node.get(W("id"), ""), self.page))

    def _table(self, node: Element, _style: Style, said: Said) -> None:
        said.hanging.append(Hanging("table", node, self.page))

    def _run(self, run: Element, style: Style, said: Said) -> None:
        properties = run.find(W("rPr"))
        own = self.styles.of(value(properties, "rStyle") or "") if properties is not None else Style()
        hidden, bold = (
            _first(switched(properties, name), inherited, over)
            for name, inherited, over in (("vanish", own.hidden, style.hidden), ("b", own.bold, style.bold))
        )
        if hidden or switched(properties, "webHidden"):
            self.pages(run)
            for mark in run.iter(W("fldChar")):
                self._field(mark.get(W("fldCharType")))
            return
        before = len(said.parts)
        self._inside(run, style, said)
        letters = sum(len(part.strip()) for part in said.parts[before:])
        said.letters += letters
        said.bold += letters if bold else 0
        if language := value(properties, "lang") or own.language:
            self.languages[language] += letters

    def _write(self, text: str, said: Said) -> None:
        if self._fields and not all(self._fields):  # inside a field's instructions
            return
        if said.page is None and text.strip():
            said.page = self.page
        said.parts.append(text)

    def _field(self, mark: str | None) -> None:
        if mark == "begin":
            self._fields.append(False)
        elif mark == "separate" and self._fields:
            self._fields[-1] = True
        elif mark == "end" and self._fields:
            self._fields.pop()

    def _take_first(self, node: Element, style: Style, said: Said) -> None:
        """Take the first of several forms of the same thing."""
        chosen = node.find(MC("Choice"))
        chosen = node.find(MC("Fallback")) if chosen is None else chosen
        if chosen is not None:
            self._inside(chosen, style, said)

    def _control(self, node: Element, style: Style, said: Said) -> None:
        """Take what was filled into a control, not the words that ask to fill it in."""
        content = node.find(W("sdtContent"))
        if content is not None and not is_placeholder(node):
            self._inside(content, style, said)

    def _formula(self, node: Element, style: Style, said: Said) -> None:
        parts = [part for part in node if not part.tag.endswith("Pr")]
        for number, part in enumerate(parts):
            if number:
                self._write(_BETWEEN[node.tag], said)
            self._inside(part, style, said)

    def _drawn(self, node: Element, said: Said) -> None:
        for kind, what in drawn(node):
            if kind == "embedded":
                self.embedded += 1
            else:
                said.hanging.append(Hanging(kind, what, self.page))

    _TAKEN: ClassVar[dict[str, Callable[["Runs", Element, Style, Said], None]]] = {
        W("r"): _run,
        W("t"): _words,
        M("t"): _words,
        W("sym"): _symbol,
        W("del"): _gone,
        W("moveFrom"): _gone,
        W("lastRenderedPageBreak"): _page_end,
        W("fldChar"): _field_mark,
        W("footnoteReference"): _note,
        W("endnoteReference"): _note,
        MC("AlternateContent"): _take_first,
        W("tbl"): _table,
        W("sdt"): _control,
        **dict.fromkeys(_BETWEEN, _formula),
    }


def _after(text: str, at: int, count: int) -> int:
    """The place of the first character after `count` more that are no white space, from `at` on."""
    while at < len(text) and (count or text[at].isspace()):
        count -= not text[at].isspace()
        at += 1
    return at


def is_placeholder(control: Element) -> bool:
    """Whether a content control still shows the words that ask to fill it in."""
    return switched(control.find(W("sdtPr")), "showingPlcHdr") is True


def drawn(node: Element) -> Iterator[tuple[str, str | Element]]:
    """Yield what a drawing shows in words: text boxes, and charts and diagrams by the ids of their parts."""
    found = _SHOWN.get(node.tag)
    if found is not None:
        yield found(node)
        if node.tag != OLE("OLEObject"):
            return
    forms = [child for child in node if child.tag == MC("Choice")]
    for child in forms[:1] or node:
        if child.tag != W("rPr"):
            yield from drawn(child)


_SHOWN: dict[str, Callable[[Element], tuple[str, str | Element]]] = {
    W("txbxContent"): lambda node: ("box", node),
    C("chart"): lambda node: ("chart", node.get(R("id"), "")),
    DGM("relIds"): lambda node: ("diagram", node.get(R("dm"), "")),
    OLE("OLEObject"): lambda node: ("embedded", node),
    A("txBody"): lambda node: ("drawing", node),
}


def _first(*said: bool | None) -> bool:
    return next((one for one in said if one is not None), False)
