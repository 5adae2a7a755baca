"""When does something stir in a folder?"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch

from bot.observability import log

TICK_MS = 500
"""How long nothing may stir before it is seen whether the folder is still the same one."""

GATHER_MS, QUIET_MS = 200, 50
"""What stirs within this time counts as one, or until nothing has for so long."""

POLL_MS = 400
TRY_AGAIN = 1.0

_NETWORK = frozenset(
    {
        "9p",
        "afpfs",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "drvfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
    }
    | {"lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs", "vboxsf", "virtiofs"}
)
"""File systems on which others may change files without the system noticing."""

_MOUNTS = Path("/proc/self/mounts")


async def stirs(root: Path, polling: str) -> AsyncIterator[None]:
    """Yield, without end, whenever something below `root` may have changed, also when it goes or comes back.

    `polling` is always, never or auto: on network shares, and where the system can watch no more folders.
    """
    polls = polling == "always" or (polling == "auto" and await asyncio.to_thread(is_network, root))
    while True:
        before = await asyncio.to_thread(_identity, root)
        yield
        try:
            if before is not None:
                async for _ in _changes(root, before, polls=polls):
                    yield
            else:
                await asyncio.sleep(TICK_MS / 1000)
        except (
            OSError,
            RuntimeError,
        ) as trouble:  # RuntimeError: what watchfiles says of the system's refusals
            if await asyncio.to_thread(_identity, root) is not None:
                polls = polls or polling == "auto"
                log.warning("folder_not_watched", folder=str(root), why=str(trouble), polling=polls)
            await asyncio.sleep(TRY_AGAIN)


async def _changes(root: Path, before: tuple[int, int], *, polls: bool) -> AsyncIterator[None]:
    """Yield at each change, until another folder stands (or is mounted) in the place of `root`, or none."""

    def is_shown(_change: Change, path: str) -> bool:
        return not any(part.startswith(".") for part in Path(path.removeprefix(str(root))).parts)

    async for changes in awatch(
        root,
        watch_filter=is_shown,
        debounce=GATHER_MS,
        step=QUIET_MS,
        rust_timeout=TICK_MS,
        yield_on_timeout=True,
        force_polling=polls,
        poll_delay_ms=POLL_MS,
        ignore_permission_denied=True,
    ):
        if changes:
            yield
        if await asyncio.to_thread(_identity, root) != before:
            return


def _identity(root: Path) -> tuple[int, int] | None:
    """Which folder stands there: device and number; None where there is none."""
    try:
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_network(path: Path) -> bool:
    """Whether a path lies on a network share, as far as the system tells (Linux does)."""
    try:
        lines = _MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return False
    real = os.path.realpath(path)
    mounts = [fields for line in lines if len(fields := line.split()) > 2]
    at = {_unescaped(fields[1]): fields[2] for fields in mounts}
    over = [place for place in at if real == place or real.startswith(place.rstrip("/") + "/")]
    return bool(over) and at[max(over, key=len)] in _NETWORK


def _unescaped(place: str) -> str:
    """A path of the mount table; spaces and the like are written in octal there."""
    return place.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
