"""Old Word, WPS and RTF files → .docx, by LibreOffice where it is installed.

Headless, with a profile of its own that is thrown away: macros are switched off, no link is followed, the
proxy leads nowhere. Where the system lets it, it runs without a network. It can be killed, and has a bound
of time and memory.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from extract.errors import Unreadable

SECONDS = 30.0  # of the clock; a report takes three, start included
MEMORY = 4_000_000_000  # bytes of address space, of which LibreOffice takes two from the start
MAX_RESULT = 50_000_000
MAX_BYTES = 50_000_000
_START_AGAIN = 81  # what LibreOffice ends with when it has filled a new profile

_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableOLEAutomation", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "0"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "proxy.invalid"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "proxy.invalid"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@cache
def converter() -> Path | None:
    """The converter's program, None where LibreOffice is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    program = Path(found).resolve().with_name("soffice.bin") if found else None  # the script starts others
    return program if program is not None and program.is_file() else None


def converter_version() -> str:
    """What tells one converter from another: what is read by it is read anew after a change."""
    program = converter()
    if program is None:
        return "none"
    told = program.parent / "versionrc"
    return hashlib.sha256(told.read_bytes()).hexdigest()[:16] if told.is_file() else "unknown"


def to_docx(payload: bytes, suffix: str) -> bytes:
    """The file as .docx. Raises Unreadable where LibreOffice is absent, gives up, or meets a bound."""
    program = converter()
    if program is None:
        raise Unreadable(
            f"未安装 LibreOffice，无法读取 .{suffix} 文件；请安装，或另存为 docx "
            f"(LibreOffice is needed for .{suffix}: install it or supply docx)"
        )
    if len(payload) > MAX_BYTES:
        raise Unreadable(f".{suffix} 文件过大，未读取 (larger than {MAX_BYTES} bytes)")
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        source = folder / f"file.{suffix}"
        source.write_bytes(payload)
        _write_settings(folder)
        done = _convert(program, folder, source)
        result = folder / "out" / "file.docx"
        if not done or not result.is_file():
            raise Unreadable(
                f".{suffix} 文件无法转换，可能已损坏或加密；请另存为 docx (LibreOffice could not convert it)"
            )
        if result.stat().st_size > MAX_RESULT:
            raise Unreadable(f".{suffix} 文件转换后过大，未读取 (too large after conversion)")
        return result.read_bytes()


def _convert(program: Path, folder: Path, source: Path) -> bool:
    command = [
        str(program),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source)),
    ]
    ends = time.monotonic() + SECONDS
    for _ in range(2):
        code = _run(command, folder, ends - time.monotonic())
        if code != _START_AGAIN:
            break
    return code == 0


def _run(command: list[str], folder: Path, seconds: float) -> int | None:
    """The program's exit code, None where it had to be killed. It stays in our group: killed with us."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder)}
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_at_most(MEMORY, before[1]), before[1]))
    try:
        process = subprocess.Popen(  # noqa: S603 - the program found on the path
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
        )
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    try:
        return process.wait(max(seconds, 0.1))
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
        process.wait()


def _at_most(value: int, hard: int) -> int:
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def _write_settings(folder: Path) -> None:
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
