"""How is text taken out of a mail (EML)?

The header lines From, To, Cc, Date and Subject stand first, so that "who wrote it, and when?" is answered by a quote;
they are about the memo, not of it. The body is its plain text, or its HTML where there is no plain text. Words of other
mails (replies quoted, mails forwarded in the text) are kept, in a section named by the line that introduces them, so
that nobody is quoted for another's words. Enclosed files and mails are memos of their own; pictures are left out.

Mails are parsed under the standard library's older policy, and headers are decoded here: the newer policy reads no
header that breaks the rules, and mails do.
"""

from email import policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from retrieval.errors import Damaged, Encrypted, TooLarge
from retrieval.ingest.formats.mail.bodies import pieces_of
from retrieval.ingest.formats.mail.headers import Headers
from retrieval.ingest.formats.mail.parts import Contents, contents, is_encrypted
from retrieval.ingest.pieces import Draft

_MAIL_HEADERS = frozenset(
    {"from", "to", "date", "subject", "received", "message-id", "mime-version", "return-path"}
)


def read(data: bytes, path: Path) -> Draft:
    """Read a mail. Raises UnreadableMemo (a subclass)."""
    mail = _parsed(data, path)
    headers = Headers(mail)
    if not headers.names & _MAIL_HEADERS:
        raise Damaged(path, "the file is no mail: it has no header.")
    if is_encrypted(mail):
        raise Encrypted(path, "the mail is encrypted.")
    try:
        found: Contents = contents(mail)
        pieces = [*headers.pieces(), *(piece for body in found.bodies for piece in pieces_of(body))]
    except RecursionError:
        raise TooLarge(path, "it is nested too deep.") from None
    return Draft(pieces, headers.details(), attachments=found.attachments, notes=found.notes)


def _parsed(data: bytes, path: Path) -> Message:
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"From "):  # a mailbox's separator, left before its only mail
        start = start.partition(b"\n")[2]
    try:
        return BytesParser(policy=policy.compat32).parsebytes(start)
    except RecursionError:
        raise TooLarge(path, "it is nested too deep.") from None
