"""What does the process do that reads hostile files?

It reads one file after another that its parent sends, and answers. It prints nowhere, writes nowhere, opens no
connection and starts no process; it ends when its parent does, when it is idle for long, or when it has grown.
A Python of its own runs `main`; a forked one comes in at `become_child`.
"""

import os
import select
import signal
import sys
from collections.abc import Sequence
from typing import BinaryIO, NoReturn

from retrieval.errors import Damaged, TooLarge, UnreadableMemo
from retrieval.ingest.pieces import Attachment
from retrieval.ingest.reading import Reading, Size, read
from retrieval.ingest.sandbox import limits as costs
from retrieval.ingest.sandbox import messages
from retrieval.ingest.sandbox.kernel import close_doors
from retrieval.ingest.sandbox.messages import Asked, Reply

if sys.platform != "win32":
    import fcntl

OUT_OF_MEMORY = 77
"""The exit code that says so: too little may be left to say it in words."""

_IDLE_SECONDS = 60
_FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.sendto",
    "subprocess.Popen",
    "os.system",
)
_FORBIDDEN_TOO = (
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.forkpty",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.kill",
)
_ACTS = frozenset(_FORBIDDEN + _FORBIDDEN_TOO)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> NoReturn:
    """Read what the parent sends on standard input until it sends no more."""
    requests, replies = os.dup(0), os.dup(1)
    become_child(requests, replies)


def become_child(requests: int, replies: int) -> NoReturn:
    """Turn this process, just started or forked, into one that reads; `requests` and `replies` are open pipes."""
    try:
        _leave_the_world(keep=(requests, replies))
        asked, told = os.fdopen(requests, "rb"), os.fdopen(replies, "wb")  # open to the end: it is the end
        _serve(asked, told)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)
    except BaseException:  # noqa: BLE001 - a forked child must never return into its parent's code
        os._exit(2)
    os._exit(0)


def _leave_the_world(keep: Sequence[int]) -> None:
    """Let go of all that a parent may have handed down: its files and connections, its output, its secrets."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a child ends
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    first = 3
    for number in sorted(keep):
        os.closerange(first, number)
        first = number + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX") if hasattr(os, "sysconf") else first)
    os.environ.clear()
    costs.shut_down()
    close_doors()
    sys.addaudithook(_refuse_acts)


def _refuse_acts(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what no reader of a file needs, wherever Python runs; on Linux the kernel does, to compiled code too."""
    if event in _ACTS:
        raise PermissionError(event)
    if event == "open":
        file, _, flags = arguments
        if (
            not isinstance(file, int) and isinstance(flags, int) and flags & _WRITING
        ):  # an int is open already
            raise PermissionError(event)


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    while _is_asked_soon(requests) and (asked := messages.receive_request(requests)):
        costs.confine(asked.limits)
        _end_with_parent(requests, on=True)
        payload, attachments = _answer(asked)
        _end_with_parent(requests, on=False)
        messages.send_reply(replies, payload, attachments)
        if costs.has_grown(asked.limits):
            return


def _is_asked_soon(requests: BinaryIO) -> bool:
    """Wait for a request; False where none comes for so long that the parent may as well start a new child."""
    if sys.platform == "win32":  # cannot wait for a pipe
        return True
    return bool(select.select([requests], [], [], _IDLE_SECONDS)[0])


def _end_with_parent(requests: BinaryIO, *, on: bool) -> None:
    """While a file is read, let the system end this process (by SIGIO) as soon as the parent closes its end."""
    if sys.platform == "win32":
        return
    flags = fcntl.fcntl(requests, fcntl.F_GETFL)
    fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(requests, fcntl.F_SETFL, flags | os.O_ASYNC if on else flags & ~os.O_ASYNC)


def _answer(asked: Asked) -> tuple[bytes, tuple[Attachment, ...]]:
    """Read the file. MemoryError ends this process; whatever else goes wrong is a refusal."""
    try:
        reading = read(asked.data, asked.name, Size(asked.limits.characters, costs.MOST_BLOCKS))
        reply, attachments = _told(reading)
        payload = reply.model_dump_json().encode()
        if len(payload) > asked.limits.reply:
            raise TooLarge(asked.name, "what it says about its text is too much.")  # noqa: TRY301 - a refusal like any
    except UnreadableMemo as error:
        return _refusal(error)
    except MemoryError:
        raise
    except ImportError as lack:  # not the file's fault
        return _refusal(UnreadableMemo(asked.name, f"its reader is not installed: {lack}."))
    except Exception as trouble:  # noqa: BLE001 - whatever a hostile file brings about is said of that file
        return _refusal(
            Damaged(asked.name, f"the file is damaged ({type(trouble).__name__} while reading it).")
        )
    return payload, attachments


def _told(reading: Reading) -> tuple[Reply, tuple[Attachment, ...]]:
    refusal = messages.refusal(reading.error) if reading.error else None
    names = tuple(attachment.name for attachment in reading.attachments)
    reply = Reply(
        memo=reading.memo, refusal=refusal, notes=tuple(map(messages.sentence, reading.notes)), enclosed=names
    )
    return reply, reading.attachments


def _refusal(error: UnreadableMemo) -> tuple[bytes, tuple[Attachment, ...]]:
    return Reply(refusal=messages.refusal(error)).model_dump_json().encode(), ()
