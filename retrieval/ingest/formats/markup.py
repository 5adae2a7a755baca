"""What stands in an XML part of a packed document, element by element?

The standard library's expat reads any length of XML in constant memory. A document type declaration, which no Office
document has and every XML bomb needs, is refused where it begins.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import PurePath
from xml.parsers import expat

from retrieval.errors import Damaged, TooLarge

Start = Callable[[str, Mapping[str, str]], None]
Named = Callable[[str], None]

_DEEPEST = 256


class _Depth:
    """How many elements stand open; more than any document's are refused."""

    def __init__(self, start: Start, end: Named, path: PurePath) -> None:
        self._start, self._end, self._path, self._open = start, end, path, 0

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open += 1
        if self._open > _DEEPEST:
            raise TooLarge(self._path, "it is nested too deep.")
        self._start(_local(name), attributes)

    def close(self, name: str) -> None:
        self._open -= 1
        self._end(_local(name))


def walk(xml: bytes, path: PurePath, *, start: Start, end: Named, text: Named) -> None:
    """Call `start(name, attributes)`, `text(characters)` and `end(name)` in the order of the document.

    Names of elements are without their namespace prefix, those of attributes with it. Raises Damaged where it is no
    well-formed XML or declares a document type, TooLarge where it is nested deeper than any document.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = _Depth(start, end, path)
    parser.StartElementHandler = depth.open
    parser.EndElementHandler = depth.close
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = lambda *_: _refuse(path)
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes it by position
    except (
        expat.ExpatError,
        ValueError,
        LookupError,
    ):  # an unknown encoding is a LookupError or a ValueError
        raise Damaged(path, "the file is damaged: a part of it is not well-formed XML.") from None


def _refuse(path: PurePath) -> None:
    raise Damaged(path, "the file is not an Office document: its XML declares a document type.")


@lru_cache(maxsize=1024)
def _local(name: str) -> str:
    return name[name.rfind(":") + 1 :]
