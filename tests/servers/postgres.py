"""How do tests get a real PostgreSQL? A throw-away cluster for the session, a fresh database for each test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import missing
from tests.servers.ports import own_port

USER, PASSWORD = "quoth", "s3cret-pass/word"
QUOTED_PASSWORD = PASSWORD.replace("/", "%2F")
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
}


class Server(NamedTuple):
    """Where the cluster's programs are, and its port on 127.0.0.1."""

    programs: Path
    port: int


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A running cluster."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None) or shutil.which("initdb")
    if programs is None:
        missing("PostgreSQL", "Run: apt-get install postgresql")
    bin_folder = Path(programs).parent
    home = Path(tempfile.mkdtemp(prefix="quoth-postgres-"))
    try:
        yield Server(bin_folder, _start(bin_folder, home))
    finally:
        _as_nobody_special(
            [bin_folder / "pg_ctl", "stop", "-D", home / "data", "-m", "immediate"], check=False
        )
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def fresh_postgres(postgres_server: Server, numbers: Iterator[int]) -> Callable[[], str]:
    """Makes an empty database and returns its address."""

    def make() -> str:
        name = f"t{next(numbers)}"
        where = ["-h", "127.0.0.1", "-p", str(postgres_server.port), "-U", USER]
        createdb = postgres_server.programs / "createdb"
        subprocess.run([createdb, *where, name], env={"PGPASSWORD": PASSWORD}, check=True)
        return f"postgresql://{USER}:{QUOTED_PASSWORD}@127.0.0.1:{postgres_server.port}/{name}"

    return make


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Numbers for the databases' names, each once."""
    return count(1)


def _start(bin_folder: Path, home: Path) -> int:
    port = own_port()
    password = home / "password"
    password.write_text(PASSWORD)
    if os.geteuid() == 0:
        _give_away(home, password)
    data = ["-D", home / "data"]
    making = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    _as_nobody_special([bin_folder / "initdb", *data, "-U", USER, f"--pwfile={password}", *making])
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    starting = ["-w", "-t", "60", "-l", home / "log", "-o", f"-p {port} -k {home} {options}"]
    _as_nobody_special([bin_folder / "pg_ctl", "start", *data, *starting])
    return port


def _account() -> str:
    """Somebody other than root, as whom PostgreSQL agrees to run."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _give_away(*paths: Path) -> None:
    for path in paths:
        shutil.chown(path, _account())


def _as_nobody_special(command: list[object], *, check: bool = True) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", _account(), "--", *words]
    done = subprocess.run(
        words, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr
