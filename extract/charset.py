"""Bytes → text: byte order mark, header, meta, utf-8, gb18030, with mislabelled pages found out.

Every gb label is read as gb18030, which holds them all (portals.md §5). A label is believed unless the bytes
speak against it: what is strictly UTF-8 with Chinese characters is UTF-8 whatever it is called; UTF-16 shows
by its zero bytes; and of the other charsets the one is taken under which the text is made of the characters
that Chinese text is made of, since gb18030 and Big5 decode nearly all of each other's bytes without an error.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from extract.data_tables import charsets
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
# Of the codecs that Python knows; others are no charsets of pages (base64, punycode, unicode-escape, utf-7).
_CHARSETS = frozenset(
    {"ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "big5", "big5hkscs", "shift_jis"}
)
_CHARSET = re.compile(r"(shift_jis|iso8859-|cp\d|windows-|euc_|koi8-|mac-)")
_GUESSES = ("utf-8", "gb18030", "big5")
_DECODERS = {"big5": "big5hkscs"}  # as browsers do: what calls itself Big5 holds characters that Big5 lacks
_HAN = re.compile("[\u4e00-\u9fff]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_INLINE = re.compile(rb"data:([a-z]+/[a-z0-9.+-]+);base64,([A-Za-z0-9+/=\s]{1000,})", re.IGNORECASE)

META_WITHIN = 8192
MAX_BYTES = 8_000_000  # of text; the longest reports have a hundredth of it
END_WITHIN = 65_536
MIN_HAN = 3
SAMPLED = 2000  # characters outside ASCII by which a charset is judged
MIN_SAMPLE = 8
NEARLY = 0.7  # of the best share of common characters, from which the label is believed
WIDE_WITHIN = 4096
MIN_CHINESE = 0.4  # share of common characters; wrong readings have less than a tenth
MIN_WIDE = 0.15  # of the bytes at odd (or even) places that are zero in UTF-16 text with markup


@dataclass(frozen=True)
class Decoded:
    """The text, the charset it was read by, and what was odd about it."""

    text: str
    charset: str
    findings: tuple[Finding, ...] = ()


def decode(payload: bytes, headers: Sequence[tuple[str, str]] = ()) -> Decoded:
    """Never fails: bytes that fit nothing are replaced by U+FFFD and reported."""
    payload, findings = _bounded(payload)
    stated = _labels(payload, headers)
    mark = next((pair for pair in _BOMS if payload.startswith(pair[0])), None)
    if mark is not None:
        payload, stated = payload[len(mark[0]) :], [mark[1], *stated]
    if mark is not None and mark[1] != "utf-8":
        wide: str | None = mark[1]
    else:
        wide = wide_charset(payload) or _labelled_wide(payload, stated)
    if wide is None and b"\0" in payload:
        message = f"含 {payload.count(0)} 个空字节，已略去 zero bytes in the text, left out"
        findings = (*findings, Finding("bytes_undecodable", Severity.WARN, message))
        payload = payload.replace(b"\0", b"")
    charset = wide or _judge(payload, stated)
    label = stated[0] if stated else None
    if label is not None and charset != label and not (wide and label.startswith("utf-16")):
        message = f"页面标称编码 {label}，实为 {charset}，已按后者读取 labelled {label}, is {charset}"
        findings = (*findings, Finding("charset_mislabelled", Severity.INFO, message))
    return _decoded(payload, charset, findings)


def inline_pictures(payload: bytes) -> Iterator[tuple[str, bytes]]:
    """(media type, bytes) of the pictures that a page holds in its own markup, in the page's order.

    `decode` leaves them out. One whose base64 is broken comes with empty bytes.
    """
    for match in _INLINE.finditer(payload):
        try:
            yield match[1].decode("ascii").lower(), base64.b64decode(match[2])
        except binascii.Error:
            yield match[1].decode("ascii").lower(), b""


def wide_charset(payload: bytes) -> str | None:
    """UTF-16 without a byte order mark: every ASCII character of its markup has a zero byte on one side."""
    head = payload[:WIDE_WITHIN]
    if b"\0" not in head:
        return None
    even, odd = (part.count(0) / max(1, len(part)) for part in (head[::2], head[1::2]))
    if max(even, odd) < MIN_WIDE or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _labelled_wide(payload: bytes, stated: Sequence[str]) -> str | None:
    """UTF-16 by its label, where what it then says is Chinese: text without markup has few zero bytes."""
    if not any(name.startswith("utf-16") for name in stated):
        return None
    head = payload[:WIDE_WITHIN]
    return next((c for c in ("utf-16-le", "utf-16-be") if _common_share(_read(head, c)) >= MIN_CHINESE), None)


def _bounded(payload: bytes) -> tuple[bytes, tuple[Finding, ...]]:
    """The payload without pictures inside it, cut at the bound of size."""
    if b"base64," in payload or b"BASE64," in payload:
        payload = _INLINE.sub(rb"data:\1;base64,", payload)
    if len(payload) <= MAX_BYTES:
        return payload, ()
    message = f"文件超过 {MAX_BYTES // 1_000_000} MB，只读取前面部分 too large: only its beginning was read"
    return _beginning(payload), (Finding("file_overfull", Severity.WARN, message),)


def _beginning(payload: bytes) -> bytes:
    """As much as is read, up to the end of a line or tag, or else of a character."""
    piece = payload[:MAX_BYTES]
    end = max(piece.rfind(sign, MAX_BYTES - END_WITHIN) for sign in (b"\n", b">"))
    return piece[: end + 1] if end >= 0 else piece[: codecs.utf_8_decode(piece, "replace", False)[1]]


def _decoded(payload: bytes, charset: str, findings: tuple[Finding, ...]) -> Decoded:
    text = _read(payload, charset)
    lost = text.count("\ufffd")
    if lost and charset == "utf-8":
        lost -= payload.count(b"\xef\xbf\xbd")  # printed by the page: extract.mojibake tells of those
    if lost:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        message = (
            f"{lost} 处字节无法按 {charset} 解码，以 \ufffd 代替，首处在第 {line} 行 "
            f"bytes that {charset} cannot decode, the first in line {line}"
        )
        place = f"line {line}"
        findings = (*findings, Finding("bytes_undecodable", Severity.WARN, message, place))
    return Decoded(text, charset, findings)


def _labels(payload: bytes, headers: Sequence[tuple[str, str]]) -> list[str]:
    """What header and page call the charset, by names that Python knows; server defaults count as none."""
    stated = [m.group(1) for k, v in headers if k.lower() == "content-type" and (m := _LABEL.search(v))]
    head = payload[:META_WITHIN]
    for pattern in (_XML, _META):
        stated += [m.group(1).decode("ascii") for m in pattern.finditer(head)]
    known = (_known(name) for name in stated)
    return list(dict.fromkeys(name for name in known if name is not None))


def _known(name: str) -> str | None:
    if _GB.match(name):
        return "gb18030"
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if codec.name not in _CHARSETS and not _CHARSET.match(codec.name):
        return None
    known = "big5" if codec.name in {"big5", "big5hkscs", "cp950"} else codec.name
    return None if known in _NO_WORD else known


def _judge(payload: bytes, stated: Sequence[str]) -> str:
    as_utf8 = _strictly(payload, "utf-8")
    if as_utf8 is not None and (
        not stated or sum(1 for _ in islice(_HAN.finditer(as_utf8), MIN_HAN)) == MIN_HAN
    ):
        return "utf-8"
    if as_utf8 is not None and as_utf8.isascii():
        return next((name for name in stated if not name.startswith(("utf-16", "utf-32"))), "utf-8")
    # UTF-16 has been ruled out: nothing in it looks like it (see wide_charset)
    labels = [name for name in stated if not name.startswith(("utf-16", "utf-32"))]
    choices = list(dict.fromkeys((*labels, *_GUESSES)))
    texts = {name: _read(payload, name) for name in choices}
    shares = {name: _common_share(text) for name, text in texts.items()}
    best = max(shares.values())
    if best == 0:  # next to nothing in the page that could tell
        return min(choices, key=lambda name: texts[name].count("\ufffd"))
    return next(name for name in choices if shares[name] >= best * NEARLY)


@cache
def _common() -> frozenset[str]:
    return frozenset("".join(charsets().common.split()))


def _common_share(text: str) -> float:
    """The share of the commonest characters of Chinese among those outside ASCII; 0 where there are few."""
    sample = [match.group() for match in islice(_FOREIGN.finditer(text), SAMPLED)]
    if len(sample) < MIN_SAMPLE:
        return 0.0
    return sum(char in _common() for char in sample) / len(sample)


def _read(payload: bytes, charset: str) -> str:
    return payload.decode(_DECODERS.get(charset, charset), "replace")


def _strictly(payload: bytes, charset: str) -> str | None:
    try:
        return payload.decode(charset)
    except UnicodeError:
        return None
