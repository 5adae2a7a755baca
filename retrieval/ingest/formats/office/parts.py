"""Which parts does an Office file hold, and how are they reached from one another?

A part names the parts that it needs in a list beside it (`word/_rels/document.xml.rels`). Only what is asked for is
unpacked and parsed; nothing is fetched, no entity is expanded, no document type is accepted.
"""

import posixpath
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from retrieval.errors import Damaged, Misnamed, TooLarge
from retrieval.ingest.formats.office.names import REL, usual
from retrieval.ingest.formats.packed import Packed, opened, refuse_declarations

Element = etree._Element  # noqa: SLF001 - lxml names the type so

_MAIN = "officeDocument"


class Relation(NamedTuple):
    """What one part says of another: how it needs it ("styles"), and its name; None where it lies elsewhere."""

    kind: str
    target: str | None


class Parts:
    """The parts of an Office file. `main` is the name of its document or presentation."""

    def __init__(self, packed: Packed, path: PurePath) -> None:
        self._packed, self.path = packed, path
        self._relations: dict[str, dict[str, Relation]] = {}
        self.main = next((name for name in self.targets("", _MAIN) if name in packed), "")
        if not self.main:
            raise Damaged(path, "the file is packed like an Office document, but holds none.")

    def xml(self, name: str | None) -> Element | None:
        """The root of a part; None where there is none of that name. Damaged or TooLarge where it is no sound XML."""
        if name is None or name not in self._packed:
            return None
        data = usual(refuse_declarations(self._packed.part(name), self.path))
        try:
            root = etree.fromstring(data, _parser())
        except etree.XMLSyntaxError as wrong:
            if "depth" in str(wrong):
                raise TooLarge(self.path, f"{name!r} is nested too deep.") from None
            if "huge" in str(wrong).lower():
                raise TooLarge(
                    self.path, f"{name!r} has a paragraph of more than ten million letters."
                ) from None
            raise Damaged(self.path, f"the file is damaged: {name!r} is not sound XML.") from None
        if root.getroottree().docinfo.internalDTD is not None:  # in an encoding that was not looked through
            raise Damaged(self.path, "the file is not an Office document: its XML declares entities.")
        return root

    def relations(self, name: str) -> dict[str, Relation]:
        """What a part needs, by the ids that it uses; of the whole file where `name` is ""."""
        if name not in self._relations:
            folder, file = posixpath.split(name)
            root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
            self._relations[name] = {} if root is None else dict(_related(root, folder))
        return self._relations[name]

    def targets(self, name: str, kind: str) -> list[str]:
        """The names of the parts that a part needs as `kind`."""
        return [r.target for r in self.relations(name).values() if r.kind == kind and r.target]

    def related(self, name: str, kind: str) -> Element | None:
        """The root of the first part that a part needs as `kind`; None where there is none."""
        return next(
            (root for target in self.targets(name, kind) if (root := self.xml(target)) is not None), None
        )


def unpacked(data: bytes, path: PurePath, kind: str, others: dict[str, tuple[str, str]]) -> Parts:
    """Open an Office file whose main part has an element of `kind` as its root.

    `others` says of other roots what the file is, and how its name should end. Raises Encrypted, BinaryMemo (an old
    .doc or .ppt), Misnamed, TooLarge or Damaged.
    """
    parts = Parts(opened(data, path), path)
    root = parts.xml(parts.main)
    if root is None or root.tag != kind:
        what = others.get(str(root.tag)) if root is not None else None
        raise Misnamed(
            path,
            f"the file is {what[0] if what else 'no such document'}, whatever its name says.",
            f"Name it {what[1]}." if what else None,
        )
    return parts


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _related(root: Element, folder: str) -> Iterator[tuple[str, Relation]]:
    for one in root.iter(REL("Relationship")):
        kind = one.get("Type", "").rpartition("/")[2]
        elsewhere = one.get("TargetMode") == "External"
        yield one.get("Id", ""), Relation(kind, None if elsewhere else _placed(one.get("Target", ""), folder))


def _placed(target: str, folder: str) -> str:
    """The name of a part that is told from another part's folder, or from the root."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
