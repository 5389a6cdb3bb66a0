"""A zip of attachments → the one report in it, read by the reader of its own kind (portals.md §9).

Bounded before anything is unpacked; a zip within the zip is not opened. Where several files could be the
report, none is taken: a person is told which there are.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

from extract.blocks import placed
from extract.errors import Unreadable
from extract.packages import unpacked
from extract.reading import Reading
from parser.document import Finding, Severity

MAX_MEMBERS = 50
MAX_UNPACKED = 100_000_000  # bytes of all members together
_REPORT = re.compile(r"信息公开.{0,20}(?:年度?报告|年报)|(?:年度?报告|年报).{0,20}信息公开")
_UTF8_NAME = 0x800  # flag: the name is UTF-8, else what the packer's machine wrote

Read = Callable[[bytes, str], Reading]  # a member's bytes and name → what was read


def read_zip(payload: bytes, read: Read) -> Reading:
    """The report in the zip, with findings on the rest. Raises Unreadable where the zip itself is damaged,
    encrypted or beyond the bounds.
    """
    found: list[tuple[str, Reading]] = []
    findings: list[Finding] = []
    for name, data in _members(payload, findings):
        try:
            reading = read(data, name)
        except Unreadable as error:
            findings.append(Finding("member_unread", Severity.WARN, f"压缩包内“{name}”：{error}"))
            continue
        if reading.blocks:
            found.append((name, reading))
        else:
            said = "；".join(f.message for f in reading.findings) or "没有内容 nothing in it"
            findings.append(Finding("member_unread", Severity.WARN, f"压缩包内“{name}”：{said}"))
    named = [(n, r) for n, r in found if _REPORT.search(f"{r.title or ''}\n{n}")]
    chosen = named or found
    if len(chosen) == 1:
        return _taken(*chosen[0], found, findings)
    names = "、".join(name[:40] for name, _ in chosen[:10])
    said = (
        f"压缩包内有多份文件，未作选择：{names} (several files, none taken)"
        if chosen
        else "压缩包内没有可读的文件 (no file in the zip can be read)"
    )
    return Reading("application/zip", findings=[*findings, Finding("member_not_chosen", Severity.FAIL, said)])


def _taken(name: str, reading: Reading, found: list[tuple[str, Reading]], findings: list[Finding]) -> Reading:
    others = "、".join(other[:40] for other, _ in found if other != name)
    if others:
        said = f"压缩包内另有文件未读取：{others} (other files in the zip were left out)"
        findings.append(Finding("member_unread", Severity.INFO, said))
    prefix = f"member {name}"
    reading.blocks = [placed(block, prefix) for block in reading.blocks]
    reading.metadata = [replace(m, locator=f"{prefix} {m.locator}") for m in reading.metadata]
    reading.dates = [replace(d, locator=f"{prefix} {d.locator}") for d in reading.dates]
    if reading.title_locator:
        reading.title_locator = f"{prefix} {reading.title_locator}"
    reading.findings = [*reading.findings, *findings]
    return reading


def _members(payload: bytes, findings: list[Finding]) -> list[tuple[str, bytes]]:
    members: list[tuple[str, bytes]] = []
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as package:
            infos = [info for info in package.infolist() if not info.is_dir() and _is_told(info.filename)]
            if len(infos) > MAX_MEMBERS:
                said = f"压缩包内文件超过 {MAX_MEMBERS} 个，只读前面的 (too many files in the zip)"
                findings.append(Finding("file_overfull", Severity.WARN, said))
            for info in infos[:MAX_MEMBERS]:
                data = unpacked(package, info, left)
                if data is None:
                    raise Unreadable(f"压缩包解压后过大，未读取 (unpacks to more than {MAX_UNPACKED} bytes)")
                left -= len(data)
                members.append((member_name(info), data))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise Unreadable("压缩包已损坏或不完整，请重新取得文件 (the zip is damaged or cut short)") from error
    except (RuntimeError, NotImplementedError) as error:
        raise Unreadable("压缩包已加密或压缩方式不明 (the zip is encrypted or of unknown packing)") from error
    return members


def _is_told(name: str) -> bool:
    """Not what a Mac or Windows adds by itself."""
    return not name.startswith("__MACOSX/") and name.rpartition("/")[2] not in {".DS_Store", "Thumbs.db"}


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name: packers on Chinese machines write GBK and say nothing of it."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = info.filename
    return re.split(r"[/\\]", name)[-1] or name
