"""Old Word, WPS and RTF files → .docx, by LibreOffice where it is installed.

Headless, with a profile of its own that is thrown away: macros are switched off, no link is followed, the
proxy leads nowhere. Where the system lets it, it runs without a network and can write into its folder alone
(extract.confine). It can be killed, is then started once more, and has a bound of time, memory and disk.
"""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from extract.errors import Unreadable

CPU_SECONDS = 30  # a report takes one, start included
SECONDS = 90.0  # of the clock
MEMORY = 4_000_000_000  # bytes of address space, of which LibreOffice takes two from the start
MAX_RESULT = 50_000_000  # bytes of any file that it writes
MAX_BYTES = 50_000_000
_START_AGAIN = 81  # what LibreOffice ends with when it has filled a new profile
_TRIES = 2
_AGAIN = frozenset({_START_AGAIN, -signal.SIGKILL})  # killed by whoever: not the file's doing
#: What becomes the converter: extract.sandbox lets a reading process start this and nothing else.
LAUNCHER = (sys.executable, "-I", "-S", str(Path(__file__).with_name("confine.py")))

_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableOLEAutomation", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "0"),
    # else a shell is asked for the paper's size
    ("org.openoffice.Setup/L10N", "ooSetupSystemLocale", "zh-CN"),
    ("org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
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
        _write_settings(folder, program)
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
        "-env:UserInstallation={uri}/profile",
        "-env:UNO_SHARED_PACKAGES_CACHE={uri}/shared",  # else a folder of the installation
        *("--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", "{folder}/out", f"{{folder}}/{source.name}"),
    ]
    ends = time.monotonic() + SECONDS
    code: int | None = _START_AGAIN
    tries = 0
    while tries < _TRIES and code in _AGAIN:
        code = _run(command, folder, ends - time.monotonic())
        tries += 1
    return code == 0


def _run(command: list[str], folder: Path, seconds: float) -> int | None:
    """The program's exit code, None where it had to be killed. It stays in our group: killed with us."""
    bounds = (str(MEMORY), str(CPU_SECONDS), str(MAX_RESULT))
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, which becomes the program found on the path
        [*LAUNCHER, str(folder), *bounds, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        return process.wait(max(seconds, 0.1))
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
        process.wait()


def _build_of(program: Path) -> str:
    told = program.parent / "versionrc"
    lines = told.read_text("utf-8", "replace").splitlines() if told.is_file() else []
    return next((line.partition("=")[2].strip() for line in lines if line.startswith("buildid=")), "")


def _write_settings(folder: Path, program: Path) -> None:
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    build = _build_of(program)
    if build:  # else it thinks that the profile is another version's, mends it, and must be started again
        (user / "extensions").mkdir()
        (user / "extensions" / "buildid").write_text(build, encoding="utf-8")
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
