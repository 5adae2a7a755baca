"""What does the kernel refuse to a process that reads hostile files?

Connections, programs, signals to others, and every change to the file system that a size limit does not cover: also
where compiled code asks for it. A Linux seccomp filter, on the processors listed; elsewhere there is none.
"""

import ctypes
import errno
import os
import struct
import sys
from typing import NamedTuple


class _Calls(NamedTuple):
    """A processor's name in the kernel's audit, and the numbers of what is refused."""

    audit: int
    refused: tuple[int, ...]


# In this order: socket, socketpair, connect, bind, listen, accept, accept4, sendto, sendmsg, execve, execveat, ptrace,
# process_vm_readv, process_vm_writev, kill, unlinkat, renameat, renameat2, mkdirat, symlinkat, linkat, fchmodat,
# fchownat, truncate, mount, bpf, perf_event_open, userfaultfd, io_uring_setup; then, where there are such, the older
# fork, vfork, unlink, rename, mkdir, rmdir, symlink, link, chmod, chown.
_X86 = (
    41,
    53,
    42,
    49,
    50,
    43,
    288,
    44,
    46,
    59,
    322,
    101,
    310,
    311,
    62,
    263,
    264,
    316,
    258,
    266,
    265,
    268,
    260,
    76,
    165,
)
_X86_TOO = (321, 298, 323, 425, 57, 58, 87, 82, 83, 84, 88, 86, 90, 92)
_ARM = (
    198,
    199,
    203,
    200,
    201,
    202,
    242,
    206,
    211,
    221,
    281,
    117,
    270,
    271,
    129,
    35,
    38,
    276,
    34,
    36,
    37,
    53,
    54,
    45,
    40,
)
_ARM_TOO = (280, 241, 282, 425)
_PROCESSORS = {"x86_64": _Calls(0xC000003E, _X86 + _X86_TOO), "aarch64": _Calls(0xC00000B7, _ARM + _ARM_TOO)}

_LOAD, _IS, _IS_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF: load a word, jump where it is so, return
_SECOND_NUMBERS = 0x40000000  # x86 has each call once more from here on
_NUMBER_AT, _AUDIT_AT = 0, 4
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def close_doors() -> bool:
    """Have the kernel refuse all that to this process from now on; whether it does."""
    calls = _PROCESSORS.get(os.uname().machine) if sys.platform == "linux" else None
    if calls is None:
        return False
    instructions = _filter(calls)
    program = _Program(len(instructions) // 8, instructions)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return not (
        prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or prctl(_SET_FILTER, _FILTER, ctypes.byref(program), 0, 0)
    )


def _filter(calls: _Calls) -> bytes:
    """A program that looks at a call's number; a call in another processor's numbering is refused too."""
    count = len(calls.refused)
    lines = [
        (_LOAD, 0, 0, _AUDIT_AT),
        (_IS, 0, count + 3, calls.audit),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IS_AT_LEAST, count + 1, 0, _SECOND_NUMBERS),
        *((_IS, count - place, 0, number) for place, number in enumerate(calls.refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
