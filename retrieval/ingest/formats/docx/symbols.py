"""Which character does a symbol font draw?

Word's "Insert symbol" writes a place in a font instead of a character. Left out, "≥ 5" would be quoted as "5".
"""

_PRIVATE = 0xF000  # where Word puts the places of symbol fonts
_SYMBOL = {
    **dict(enumerate("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", 0x41)),
    **dict(enumerate("αβχδεφγηιϕκλμνοπθρστυϖωξψζ", 0x61)),
    **dict(enumerate("€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵", 0xA0)),
    **dict(enumerate("ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓", 0xC0)),
    0x22: "∀",
    0x24: "∃",
    0x27: "∋",
    0x2D: "−",
    0x40: "≅",
    0x5C: "∴",
    0x5E: "⊥",
    0x7E: "∼",
}
_WINGDINGS = {
    0x6F: "☐",
    0xA8: "☐",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
    0xDF: "←",
    0xE0: "→",
    0xF0: "⇨",
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}


def drawn_as(font: str, place: str) -> str:
    """The character at a place (hexadecimal) of a font; "" where the font draws a picture that no character is."""
    try:
        code = int(place, 16)
    except ValueError:
        return ""
    if not 0 < code < 0x10000:
        return ""
    inner = code - _PRIVATE if _PRIVATE <= code < _PRIVATE + 0x100 else code
    known = _FONTS.get(font.casefold())
    if known is not None:
        return known.get(inner, chr(inner) if known is _SYMBOL and 0x20 <= inner < 0x7F else "")
    shown = chr(code)
    return shown if shown.isprintable() else ""
