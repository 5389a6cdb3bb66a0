"""Bytes → text: byte order mark, header, meta, utf-8, gb18030, with mislabelled pages found out.

Every gb label is read as gb18030, which holds them all (portals.md §5). A label is believed unless the bytes
speak against it: what is strictly UTF-8 with Chinese characters is UTF-8 whatever it is called, and what a
UTF-8 label cannot decode is gb18030 if that fits.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from parser.document import Finding, Severity

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABEL = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_GB = re.compile(r"^(gb|x-gb|chinese|csgb|euc-?cn|cp936|936|hz|iso-ir-58|windows-936)", re.IGNORECASE)
_NO_WORD = frozenset({"iso8859-1", "ascii", "cp1252"})  # server defaults that nobody chose
_HAN = re.compile("[\u4e00-\u9fff]")
_INLINE = re.compile(rb"(data:[a-z]+/[a-z0-9.+-]+;base64,)[A-Za-z0-9+/=\s]{1000,}", re.IGNORECASE)

META_WITHIN = 8192
MAX_BYTES = 8_000_000  # of text; the longest reports have a hundredth of it
MIN_HAN = 3


@dataclass(frozen=True)
class Decoded:
    """The text, the charset it was read by, and what was odd about it."""

    text: str
    charset: str
    findings: tuple[Finding, ...] = ()


def decode(payload: bytes, headers: Sequence[tuple[str, str]] = ()) -> Decoded:
    """Never fails: bytes that fit nothing are replaced by U+FFFD and reported."""
    payload, findings = _bounded(payload)
    for bom, charset in _BOMS:
        if payload.startswith(bom):
            return _decoded(payload[len(bom) :], charset, findings)
    label = _label(payload, headers)
    charset = _judge(payload, label)
    if label is not None and charset != label:
        message = f"页面标称编码 {label}，实为 {charset}，已按后者读取 labelled {label}, is {charset}"
        findings = (*findings, Finding("charset_mislabelled", Severity.INFO, message))
    return _decoded(payload, charset, findings)


def _bounded(payload: bytes) -> tuple[bytes, tuple[Finding, ...]]:
    """The payload without pictures inside it, cut at the bound of size."""
    payload = _INLINE.sub(rb"\1", payload)
    if len(payload) <= MAX_BYTES:
        return payload, ()
    message = f"文件超过 {MAX_BYTES // 1_000_000} MB，只读取前面部分 too large: only its beginning was read"
    return payload[:MAX_BYTES], (Finding("file_overfull", Severity.WARN, message),)


def _decoded(payload: bytes, charset: str, findings: tuple[Finding, ...]) -> Decoded:
    text = payload.decode(charset, "replace")
    lost = text.count("\ufffd")
    if lost:
        message = f"{lost} 处字节无法按 {charset} 解码，以 \ufffd 代替 bytes that {charset} cannot decode"
        findings = (*findings, Finding("bytes_undecodable", Severity.WARN, message))
    return Decoded(text, charset, findings)


def _label(payload: bytes, headers: Sequence[tuple[str, str]]) -> str | None:
    """The first label that names a charset Python knows; server defaults count as none."""
    stated = [m.group(1) for k, v in headers if k.lower() == "content-type" and (m := _LABEL.search(v))]
    head = payload[:META_WITHIN]
    for pattern in (_XML, _META):
        stated += [m.group(1).decode("ascii") for m in pattern.finditer(head)]
    for name in stated:
        if _GB.match(name):
            return "gb18030"
        try:
            known = codecs.lookup(name).name
        except LookupError:
            continue
        if known not in _NO_WORD:
            return known
    return None


def _judge(payload: bytes, label: str | None) -> str:
    as_utf8 = _strictly(payload, "utf-8")
    if as_utf8 is not None and len(_HAN.findall(as_utf8)) >= MIN_HAN:
        return "utf-8"
    if label is not None and label != "utf-8":
        return label if _strictly(payload, label) is not None else _fewest_lost(payload, (label, "utf-8"))
    if as_utf8 is not None:
        return "utf-8"
    return _fewest_lost(payload, ("utf-8", "gb18030"))


def _strictly(payload: bytes, charset: str) -> str | None:
    try:
        return payload.decode(charset)
    except (UnicodeDecodeError, UnicodeError):
        return None


def _fewest_lost(payload: bytes, charsets: tuple[str, ...]) -> str:
    """The charset under which least is lost; a page cut inside a character loses one."""

    def lost(charset: str) -> int:
        return payload.decode(charset, "replace").count("\ufffd")

    return min(charsets, key=lost)
