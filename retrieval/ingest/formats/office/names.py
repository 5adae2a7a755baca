"""How are the elements of Office files spelled?

Each prefix makes the names of its namespace: `W("p")` is a Word paragraph. The names of the strict variant of the
standard are brought to the usual ones before a part is parsed.
"""

from collections.abc import Callable

_USUAL = "http://schemas.openxmlformats.org"
_STRICT = b"http://purl.oclc.org/ooxml/"
_SPELLED_OTHERWISE = {
    b"wordprocessingml/main": b"wordprocessingml/2006/main",
    b"presentationml/main": b"presentationml/2006/main",
    b"drawingml/main": b"drawingml/2006/main",
    b"drawingml/chart": b"drawingml/2006/chart",
    b"drawingml/diagram": b"drawingml/2006/diagram",
    b"officeDocument/relationships": b"officeDocument/2006/relationships",
    b"officeDocument/math": b"officeDocument/2006/math",
    b"officeDocument/extendedProperties": b"officeDocument/2006/extended-properties",
}


def _names(address: str) -> Callable[[str], str]:
    return lambda name: f"{{{address}}}{name}"


W = _names(f"{_USUAL}/wordprocessingml/2006/main")
P = _names(f"{_USUAL}/presentationml/2006/main")
A = _names(f"{_USUAL}/drawingml/2006/main")
C = _names(f"{_USUAL}/drawingml/2006/chart")
DGM = _names(f"{_USUAL}/drawingml/2006/diagram")
R = _names(f"{_USUAL}/officeDocument/2006/relationships")
M = _names(f"{_USUAL}/officeDocument/2006/math")
MC = _names(f"{_USUAL}/markup-compatibility/2006")
REL = _names(f"{_USUAL}/package/2006/relationships")
CORE = _names(f"{_USUAL}/package/2006/metadata/core-properties")
APP = _names(f"{_USUAL}/officeDocument/2006/extended-properties")
DC = _names("http://purl.org/dc/elements/1.1/")
TERMS = _names("http://purl.org/dc/terms/")
OLE = _names("urn:schemas-microsoft-com:office:office")


def usual(xml: bytes) -> bytes:
    """Return a part with the names of the strict variant spelled as everybody else does."""
    if _STRICT in xml:
        for strict, ours in _SPELLED_OTHERWISE.items():
            xml = xml.replace(_STRICT + strict, _USUAL.encode() + b"/" + ours)
    return xml
