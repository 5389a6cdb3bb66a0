"""What the process that reads strangers' files may not do: connect, start programs, write elsewhere.

A second line of defence (the first: readers that do none of it): Python's audit events, which native code
does not raise. The office converter is the one program that may be started. A third is the kernel's, where it
allows that (extract.confine): no network, and a file system that can be read only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from extract.office import LAUNCHER, converter

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


class RefusedError(RuntimeError):
    """Reading a file asked for what no file may ask for."""


def close_off(folder: Path) -> None:
    """From now on this process writes within `folder` alone. Cannot be undone."""
    office = str(converter())
    inside = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118 - a prefix, with its slash

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITES and not _within(path, inside):
                raise RefusedError(f"{event} {path}")
        elif event == "subprocess.Popen":
            if str(arguments[0]) != LAUNCHER[0] or not _is_converter(arguments[1], office):
                raise RefusedError(f"{event} {arguments[0]}")
        elif event.startswith("socket.") or event in _STARTS:
            raise RefusedError(event)
        for at, folder_at in _MOVES.get(event, ()):
            folder_number = -1 if folder_at is None else arguments[folder_at]
            if not _within(arguments[at], inside, folder_number):
                raise RefusedError(f"{event} {arguments[at]}")

    sys.dont_write_bytecode = True  # readers loaded from now on are not compiled to disk
    sys.addaudithook(watch)


def _is_converter(command: object, office: str) -> bool:
    """Whether a command starts the office converter by its launcher, and nothing else."""
    if not isinstance(command, Sequence):
        return False
    at = len(LAUNCHER)
    return tuple(command[:at]) == LAUNCHER and command[at + 4 : at + 5] == [office]


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
