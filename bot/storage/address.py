"""Which database does DATABASE_URL name, and how is it spoken of without its password?"""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from bot.errors import DatabaseTrouble

FORMS = "Write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE."


@dataclass(frozen=True)
class Address:
    """A database. `shown` is safe to print; `dsn` holds the password and is never printed."""

    shown: str
    file: Path | None = None
    dsn: str | None = field(default=None, repr=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite: a file, or memory where there is no `file`."""
        return self.dsn is None


def read_address(url: str) -> Address:
    """Understand `url`; DatabaseTrouble (which never repeats a password) where it cannot be."""
    scheme, colon, rest = url.partition("://")
    if colon and scheme == "sqlite":
        return _sqlite(rest)
    if colon and scheme in {"postgres", "postgresql"}:
        return _postgres(f"postgresql://{rest}")
    if colon and scheme.isidentifier():
        raise DatabaseTrouble(f"DATABASE_URL: {scheme}:// is not a database that Quoth knows.", FORMS)
    raise DatabaseTrouble("DATABASE_URL is not the address of a database.", FORMS)


def _sqlite(rest: str) -> Address:
    """What stands after `sqlite://`: nothing, or a slash and the file (a second slash makes it absolute)."""
    name = rest.removeprefix("/")
    if name in {"", ":memory:"}:
        return Address(shown="sqlite:// (in memory)")
    if not rest.startswith("/") or "?" in name:
        raise DatabaseTrouble(
            "DATABASE_URL: SQLite takes a file and nothing else.", "Write sqlite:///FILE, with three slashes."
        )
    return Address(shown=f"sqlite:///{name}", file=Path(name))


def _postgres(url: str) -> Address:
    """The address goes to the driver as it is, which knows all of libpq's options (sslmode and the rest)."""
    try:
        parts = urlsplit(url)
        where = _host_and_port(parts)
    except ValueError:  # its words may repeat a piece of the password
        parts, where = SplitResult("", "", "@", "", ""), ""
    if "@" in parts.path + parts.query or parts.fragment:  # the password seemed to end early
        raise DatabaseTrouble(
            "DATABASE_URL cannot be understood.",
            "Write /, ?, #, @ and : in its password as %2F, %3F, %23, %40 and %3A.",
        )
    return Address(shown=f"postgresql://{where}{parts.path}", dsn=url)


def _host_and_port(parts: SplitResult) -> str:
    host, port = parts.hostname or "", parts.port
    return f"{host}:{port}" if port else host
