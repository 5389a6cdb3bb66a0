"""Writes the files that a command was asked for."""

from __future__ import annotations

from pathlib import Path

from crawler.command import Refusal
from crawler.exits import Exit


def write_whole(path: Path, content: bytes) -> None:
    """Whole or not at all: an office keeps the former one open in another window. Raises Refusal."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Refusal(
            f"{path}：无法写入，请关闭已打开的文件或换一个文件夹 cannot be written: {error.strerror}",
            Exit.ARCHIVE_NOT_WRITABLE,
        ) from error


def made(folder: Path) -> Path:
    """The folder, there. Raises Refusal where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"{folder}：无法建立文件夹，请换一个位置 this folder cannot be made: {error.strerror}",
            Exit.ARCHIVE_NOT_WRITABLE,
        ) from error
    return folder
