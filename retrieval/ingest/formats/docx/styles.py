"""What does a style make of a paragraph: a title, a heading, a caption, a list item, hidden text?

Word writes the names of its own styles in English whatever language it speaks; other programs write theirs.
"""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from retrieval.ingest.formats.office.names import W
from retrieval.ingest.formats.office.parts import Element

TITLE_LEVEL = 0  # above every heading
_HEADING = re.compile(
    r"(?:heading|überschrift|ueberschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis"
    r"|заголовок|başlık|címsor|标题|標題|見出し|제목)\s?(?P<level>[1-9])(?:\s?char)?",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"title|titel|titre|título|titulo|titolo|tittel|otsikko|tytuł|název|название|标题|標題|表題|제목",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"caption|beschriftung|légende|legende|epígrafe|题注|図表番号", re.IGNORECASE)
_CONTENTS = re.compile(
    r"toc(?:\s?\d| heading)|table of figures|contents (?:heading|\d)|verzeichnis \d|inhaltsverzeichnis.*|目录.*",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(r"subtitle|untertitel|sous-titre|subtítulo|sottotitolo|副标题", re.IGNORECASE)
_BODY_LEVEL = 9  # an outline level that means "body text"


class Role(Enum):
    """What a paragraph is, beside headings (they have a level)."""

    BODY = auto()
    CAPTION = auto()
    CONTENTS = auto()  # a line of the table of contents


_NAMED = (
    (_TITLE, TITLE_LEVEL, Role.BODY),
    (_CONTENTS, None, Role.CONTENTS),
    (_CAPTION, None, Role.CAPTION),
    (_SUBTITLE, None, Role.BODY),
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Which list a paragraph belongs to, and how deep in it."""

    list_id: str
    depth: int


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs and runs; None where it says nothing."""

    level: int | None = None
    role: Role = Role.BODY
    numbered: Numbered | None = None
    hidden: bool | None = None
    bold: bool | None = None
    language: str | None = None


class Styles:
    """The styles of a document by id, each with what it takes over from the one that it is based on."""

    def __init__(self, root: Element | None) -> None:
        found = list(root.iter(W("style"))) if root is not None else []
        self._elements = {style.get(W("styleId"), ""): style for style in found}
        self._resolved: dict[str, Style] = {}
        self._default = next(
            (
                style.get(W("styleId"), "")
                for style in found
                if style.get(W("type")) == "paragraph" and style.get(W("default")) in {"1", "true", "on"}
            ),
            "",
        )

    def paragraph(self, style_id: str | None) -> Style:
        """The style of a paragraph; the default one where the paragraph names none."""
        return self.of(style_id or self._default)

    def of(self, style_id: str) -> Style:
        """A style with what it inherits; a chain that comes back to itself ends there."""
        chain: dict[str, None] = {}
        at = style_id
        while at in self._elements and at not in self._resolved and at not in chain:
            chain[at] = None
            at = value(self._elements[at], "basedOn") or ""
        style = self._resolved.get(at, Style())
        for name in reversed(chain):
            style = self._resolved[name] = _over(style, self._elements[name])
        return style


def value(element: Element | None, name: str) -> str | None:
    """The value of a property: `w:val` of the child of that name."""
    child = element.find(W(name)) if element is not None else None
    return child.get(W("val")) if child is not None else None


def switched(element: Element | None, name: str) -> bool | None:
    """Whether a property is on (it stands there without a value) or off; None where nothing is said."""
    child = element.find(W(name)) if element is not None else None
    return None if child is None else child.get(W("val"), "1") not in {"0", "false", "off", "none"}


def outline_level(properties: Element | None) -> int | None:
    """The rank that paragraph properties give: 1 to 9, or None."""
    said = value(properties, "outlineLvl")
    return int(said) + 1 if said is not None and said.isdecimal() and int(said) < _BODY_LEVEL else None


def numbered(properties: Element | None) -> Numbered | None:
    """Which list paragraph properties name; the list "0" is none."""
    found = properties.find(W("numPr")) if properties is not None else None
    if found is None:
        return None
    depth = value(found, "ilvl") or "0"
    return Numbered(value(found, "numId") or "", int(depth) if depth in {*"012345678"} else 0)


def _over(base: Style, element: Element) -> Style:
    """Return `base` with what a style based on it says otherwise."""
    paragraph, run = element.find(W("pPr")), element.find(W("rPr"))
    name = (value(element, "name") or "").strip()
    style = replace(
        base,
        hidden=base.hidden if (said := switched(run, "vanish")) is None else said,
        bold=base.bold if (said := switched(run, "b")) is None else said,
        language=value(run, "lang") or base.language,
    )
    if found := numbered(paragraph):
        kept = base.numbered.list_id if base.numbered and not found.list_id else found.list_id
        style = replace(style, numbered=Numbered(kept, found.depth))
    return _ranked(style, name, paragraph) if element.get(W("type")) == "paragraph" else style


def _ranked(style: Style, name: str, paragraph: Element | None) -> Style:
    """Return `style` with the rank and role that its name and its outline level give it."""
    if heading := _HEADING.fullmatch(name):
        return replace(style, level=int(heading["level"]), role=Role.BODY)
    for names, level, role in _NAMED:
        if names.fullmatch(name):
            return replace(style, level=level, role=role)
    if value(paragraph, "outlineLvl") is not None:
        return replace(style, level=outline_level(paragraph))
    return style
