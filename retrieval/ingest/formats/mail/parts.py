"""Which parts of a mail are its text, and which are enclosed?"""

from collections.abc import Iterator
from email.errors import MessageError
from email.message import Message
from typing import NamedTuple

from retrieval.ingest.cleaning import characters, one_line
from retrieval.ingest.decoding import decode_labelled
from retrieval.ingest.formats.mail.encoded import decoded, header_text
from retrieval.ingest.pieces import Attachment

DEEPEST = 50
_MOST_PARTS = 2_000
_PLAIN, _HTML, _MAIL = "text/plain", "text/html", "message/rfc822"
_BODIES = (_PLAIN, _HTML)
_WITHOUT_TEXT = frozenset({"image", "audio", "video"})
_SIGNATURES = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-keys",
})  # fmt: skip
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
_OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SUFFIXES = {
    _PLAIN: ".txt", _HTML: ".html", _MAIL: ".eml", "text/csv": ".csv", "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}  # fmt: skip
_BREAKS_RULES = (MessageError, UnicodeError, LookupError, ValueError, TypeError, AttributeError)
_LITTLE = 0.2  # of the words of the HTML: a plain text with less only says that there is HTML
_LITTLE_WORDS = 60


class Body(NamedTuple):
    """A text of a mail: its characters, and what they are written in."""

    text: str
    is_html: bool
    flows: bool = False  # lines that end with a space go on (RFC 3676)
    joins: bool = False  # ... and that space is taken out


class Contents(NamedTuple):
    """What a mail holds, in its order."""

    bodies: list[Body]
    attachments: tuple[Attachment, ...]
    notes: tuple[str, ...]


def contents(mail: Message) -> Contents:
    """Sort the parts of a mail. What is enclosed has no text here: pictures, sounds and signatures are left out."""
    sorting = _Sorting()
    sorting.sort(mail, 0)
    return Contents(sorting.bodies, tuple(sorting.attachments), tuple(sorting.notes()))


def is_encrypted(mail: Message) -> bool:
    """Whether nothing of a mail can be read without a key."""
    kind = mail.get_content_type()
    sealed = str(mail.get_param("smime-type", "")).lower()
    return kind in _ENCRYPTED or (kind in _OPAQUE and sealed not in {"signed-data", "certs-only"})


class _Sorting:
    """Collects the parts of a mail."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self.attachments: list[Attachment] = []
        self.pictures: list[str] = []
        self._left_out: list[str] = []
        self.parts = 0

    def notes(self) -> Iterator[str]:
        """What a reader should know."""
        if self.pictures:
            yield f"enclosed pictures, sounds and films are not read: {', '.join(self.pictures[:5])}"
        if self._left_out:
            yield f"enclosed and left out: {', '.join(self._left_out[:5])}"

    def sort(self, part: Message, depth: int) -> None:
        """Take a part in, and those within it; `depth` counts those around it. RecursionError where these are many."""
        self.parts += 1
        if depth > DEEPEST:
            raise RecursionError
        if self.parts > _MOST_PARTS:
            self._left_out += ["more than 2,000 parts"] if self.parts == _MOST_PARTS + 1 else []
            return
        kind = part.get_content_type()
        held = part.get_payload() if part.is_multipart() else []
        inner = [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []
        if kind == _MAIL and inner:
            self._enclose_mail(part, inner[0])
        elif kind == "multipart/alternative":
            self._sort_alternatives(inner, depth)
        elif inner:
            for one in inner:
                self.sort(one, depth + 1)
        elif kind in _BODIES and not _is_enclosed(part):
            self.bodies += _bodies(part)
        else:
            self._enclose(part)

    def _sort_alternatives(self, parts: list[Message], depth: int) -> None:
        """Take the plain text where it says what the HTML says, else the HTML; calendars and the like only alone."""
        offers: list[_Sorting] = []
        for part in parts:
            offer = _Sorting()
            offer.parts = self.parts
            offer.sort(part, depth + 1)
            self.parts = offer.parts
            offers.append(offer)
        with_text = [offer for offer in offers if offer.bodies] or offers[:1]
        chosen = _best(with_text) if with_text else None
        for offer in offers:
            self.bodies += offer.bodies if offer is chosen else []
            self.attachments += offer.attachments if offer is chosen or offer.bodies else []
            self.pictures += offer.pictures

    def _enclose(self, part: Message) -> None:
        kind = part.get_content_type()
        name = _name(part)
        if part.get_content_maintype() in _WITHOUT_TEXT:
            self.pictures += [name] if part.get_content_disposition() == "attachment" and name else []
        elif kind not in _SIGNATURES:
            data = _payload(part)
            suffix = _SUFFIXES.get(kind, "")
            if data.strip() and (name or suffix):
                self.attachments.append(
                    Attachment(name or f"enclosure-{len(self.attachments) + 1}{suffix}", data)
                )

    def _enclose_mail(self, part: Message, mail: Message) -> None:
        subject = one_line(characters(decoded(header_text(mail.get("subject", "")))))
        name = _name(part) or subject or f"mail-{len(self.attachments) + 1}"
        try:
            data = mail.as_bytes()
        except _BREAKS_RULES:
            self._left_out.append(name)
            return
        self.attachments.append(
            Attachment(name if name.lower().endswith(".eml") else f"{_plain(name)}.eml", data)
        )


def _best(offers: list[_Sorting]) -> _Sorting:
    plain = next((offer for offer in offers if not any(body.is_html for body in offer.bodies)), None)
    html = next((offer for offer in offers if any(body.is_html for body in offer.bodies)), None)
    if plain is None or html is None:
        return offers[0]
    words, rich = _words(plain), _words(html)
    return html if rich > _LITTLE_WORDS and words < _LITTLE * rich else plain


def _words(offer: _Sorting) -> int:
    return sum(len(body.text.split()) for body in offer.bodies)


def _bodies(part: Message) -> list[Body]:
    data = _payload(part)
    label = part.get_param("charset")
    text = decode_labelled(data, label if isinstance(label, str) else None)
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    joins = str(part.get_param("delsp", "")).lower() == "yes"
    is_html = part.get_content_type() == _HTML
    return [Body(characters(text), is_html, flowed and not is_html, joins)] if text.strip() else []


def _is_enclosed(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_name(part))


def _name(part: Message) -> str:
    try:
        name = part.get_filename("")
    except (UnicodeError, LookupError, ValueError, TypeError):  # a name that breaks the rules of names
        return ""
    return one_line(characters(decoded(header_text(name))))


def _plain(name: str) -> str:
    """A subject as a file's name: a slash in it parts no folders."""
    return name.replace("/", "-").replace("\\", "-")


def _payload(part: Message) -> bytes:
    """The bytes of a part; what is broken in its encoding is passed over, as the library does."""
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):  # a transfer encoding that breaks its own rules
        return b""
    return data if isinstance(data, bytes) else b""
