"""What the process that reads strangers' files may not do: connect, start programs, write elsewhere.

A second line of defence (the first: readers that do none of it): Python's audit events, which native code
does not raise. The office converter is the one program that may be started. Where the system allows it, the
process and its children stand in a network of their own, without a way out.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from pathlib import Path

from extract.office import converter

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Event → where among its arguments a path stands, and the descriptor of the folder that it is relative to.
_MOVES: dict[str, tuple[tuple[int, int | None], ...]] = {
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((1, 3),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
}
_STARTS = frozenset(
    {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.startfile", "pty.spawn"}
)
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET
_log = logging.getLogger(__name__)


class RefusedError(RuntimeError):
    """Reading a file asked for what no file may ask for."""


def close_off(folder: Path) -> None:
    """From now on this process writes within `folder` alone. Cannot be undone."""
    if not _leave_the_network():
        _log.debug("no network namespace: the audit hook alone keeps the process from connecting")
    office = converter()
    ours = {str(office)} if office else set()
    inside = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118 - a prefix, with its slash

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITES and not _within(path, inside):
                raise RefusedError(f"{event} {path}")
        elif event == "subprocess.Popen":
            if str(arguments[0]) not in ours:
                raise RefusedError(f"{event} {arguments[0]}")
        elif event.startswith("socket.") or event in _STARTS:
            raise RefusedError(event)
        for at, folder_at in _MOVES.get(event, ()):
            folder_number = -1 if folder_at is None else arguments[folder_at]
            if not _within(arguments[at], inside, folder_number):
                raise RefusedError(f"{event} {arguments[at]}")

    sys.dont_write_bytecode = True  # readers loaded from now on are not compiled to disk
    sys.addaudithook(watch)


def _leave_the_network() -> bool:
    """Whether the process now stands in a network namespace without any interface (Linux)."""
    if sys.platform != "linux":
        return False
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False
    own = Path("/proc/self")
    for name, told in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        try:
            (own / name).write_text(told, "ascii")
        except OSError as error:
            _log.debug("%s: %s", name, error)
    return True


def _within(path: object, inside: str, folder: object = -1) -> bool:
    """Whether a path leads into the folder; relative to the open directory `folder` if that is none of -1."""
    if isinstance(path, int):
        return True  # a file that is open already
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    name = os.fsdecode(path)
    if isinstance(folder, int) and folder >= 0:
        name = f"/proc/self/fd/{folder}/{name}"
    real = os.path.realpath(name)
    return f"{real}/".startswith(inside) or real == os.devnull
