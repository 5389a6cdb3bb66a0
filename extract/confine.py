"""What the kernel itself keeps a process from (Linux): no network, and no file written outside one folder.

Namespaces, which native code cannot step around as it can around Python's audit events (extract.sandbox).
Standard library alone, since it is also a program of its own: `python -I -S confine.py FOLDER BOUNDS PROGRAM`
confines itself and becomes PROGRAM, the office converter. There `{folder}` in an argument is the folder as
the program sees it, `{uri}` the same as an address: it lies over /tmp too, since LibreOffice puts a socket
there whatever it is told.
Where the system allows no namespaces, `confine` says so and the audit events stand alone.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_NEW_USER, _NEW_NETWORK, _NEW_MOUNTS = 0x10000000, 0x40000000, 0x00020000  # CLONE_NEW…
_BIND, _RECURSIVE, _SLAVE, _DETACH = 0x1000, 0x4000, 0x80000, 0x2  # MS_…, MNT_…
_AT_CWD, _AT_RECURSIVE, _READ_ONLY = -100, 0x8000, 0x1
_MOUNT_SETATTR = 442  # the number of the call, the same on every machine
_DROP_CAPABILITY, _NO_NEW_PRIVILEGES, _PARENT_DEATH = 24, 38, 1  # PR_…
_CAPABILITIES = 64
_TMP = "/tmp"  # noqa: S108 - the place itself is meant


def confine(folder: str, *, over_tmp: bool = False) -> tuple[bool, bool]:
    """From now on: without a network, and writing nowhere but in `folder`. Whether each of both is so.

    `over_tmp`: /tmp is then the folder too, and its name outside may lead nowhere. A process with threads
    cannot be confined: call it before the libraries that start some.
    """
    if sys.platform != "linux":
        return False, False
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NETWORK | _NEW_MOUNTS) == 0:
        _keep_names(user, group)
        return True, _hold_writes(libc, folder, over_tmp=over_tmp)
    if libc.unshare(_NEW_USER | _NEW_NETWORK) == 0:
        _keep_names(user, group)
        return True, False
    return False, False


def _keep_names(user: int, group: int) -> None:
    """Files belong to whom they did, also in a user namespace."""
    for name, told in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        try:
            with open(f"/proc/self/{name}", "w", encoding="ascii") as opened:  # noqa: PTH123 - no import for it
                opened.write(told)
        except OSError as error:  # its files are then nobody's to others; it can read on
            sys.stderr.write(f"{name}: {error}\n")


def _hold_writes(libc: ctypes.CDLL, folder: str, *, over_tmp: bool) -> bool:
    place = os.fsencode(folder)
    done = libc.mount(None, b"/", None, _RECURSIVE | _SLAVE, None) == 0
    done = done and libc.mount(place, place, None, _BIND, None) == 0
    done = done and _attributes(libc, b"/", _AT_RECURSIVE, add=_READ_ONLY)
    done = done and _attributes(libc, place, 0, take=_READ_ONLY)
    if done and over_tmp:
        done = libc.mount(place, _TMP.encode(), None, _BIND, None) == 0
    return bool(done)


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("add", ctypes.c_uint64),
        ("take", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def _attributes(libc: ctypes.CDLL, place: bytes, flags: int, *, add: int = 0, take: int = 0) -> bool:
    told = _MountAttributes(add, take, 0, 0)
    size = ctypes.sizeof(told)
    return bool(libc.syscall(_MOUNT_SETATTR, _AT_CWD, place, flags, ctypes.byref(told), size) == 0)


def release(folder: str) -> None:
    """Let the folder itself be removed by the process that was confined to it, at its very end."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.umount2(os.fsencode(folder), _DETACH) != 0:
        return  # it was not confined
    above = os.path.dirname(folder)  # noqa: PTH120 - no import for it
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as opened:  # noqa: PTH123
        mounted = [line.split()[4] for line in opened]
    roots = [place for place in mounted if f"{above}/".startswith(place.rstrip("/") + "/")]
    _attributes(libc, os.fsencode(max(roots, key=len)), 0, take=_READ_ONLY)


def _give_up_rights() -> None:
    """What is started from here has no rights over its namespaces, gains none, and ends with its parent."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    for capability in range(_CAPABILITIES):
        libc.prctl(_DROP_CAPABILITY, capability, 0, 0, 0)


def become(folder: str, memory: int, cpu_seconds: int, file_size: int, command: list[str]) -> None:
    """Confine this process, bound it (bytes of memory, seconds, bytes of a file) and become the program."""
    _, held = confine(folder, over_tmp=True)
    seen = _TMP if held else folder
    os.chdir(seen)
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (most, hard))
    if sys.platform == "linux":
        _give_up_rights()
    environment = {"PATH": os.defpath, "HOME": seen, "TMPDIR": seen, "LANG": "C.UTF-8"}
    given = [part.replace("{folder}", seen).replace("{uri}", _uri(seen)) for part in command]
    os.execve(command[0], given, environment)  # noqa: S606 - no shell is wanted


def _uri(path: str) -> str:
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/"
    return "file://" + "".join(chr(b) if b in plain else f"%{b:02X}" for b in os.fsencode(path))


if __name__ == "__main__":
    become(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
