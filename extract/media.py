"""What kind of file a payload is: magic bytes first, then the header, then the name (portals.md §9)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from extract.charset import wide_charset

HTML = "text/html"
TEXT = "text/plain"
PDF = "application/pdf"
JSON = "application/json"
MHT = "multipart/related"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
RTF = "application/rtf"
OFD = "application/ofd"
ZIP = "application/zip"
OLE = "application/x-ole-storage"  # a compound file of no kind known here
ENCRYPTED = "application/x-encrypted-office"  # a docx or xlsx with a password, which lies in a compound file
BINARY = "application/octet-stream"
RAR, SEVEN_ZIP, GZIP = "application/vnd.rar", "application/x-7z-compressed", "application/gzip"
PACKED = frozenset({RAR, SEVEN_ZIP, GZIP})  # told, not opened

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"Rar!", RAR),
    (b"7z\xbc\xaf", SEVEN_ZIP),
    (b"\x1f\x8b", GZIP),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
)
_ZIP_PARTS: tuple[tuple[bytes, str], ...] = (
    (b"word/", DOCX),
    (b"xl/", XLSX),
    (b"OFD.xml", OFD),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", ENCRYPTED),
    ("WordDocument", DOC),  # also what WPS saves as .wps
    ("Workbook", XLS),
    ("Book", XLS),
)
_SUFFIXES = {"txt": TEXT, "text": TEXT, "md": TEXT, "htm": HTML, "html": HTML, "shtml": HTML, "json": JSON}
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|div|table|meta|title|form|section|article|h[1-6]|p|ul|dl|span|center)\b",
    re.IGNORECASE,
)
_DOCUMENT_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)

_OBJECT = re.compile(
    rb"(?:\xef\xbb\xbf)?[ \t\r\n]*(?:[\w$.]{1,60}\s*\(\s*)?(?:\{\s*\"|\[\s*\{\s*\")"  # or callback({…})
)
_SAVED = re.compile(rb"(?:^|\n)MIME-Version:[^\n]*\n(?:[^\n]*\n)*?Content-Type:\s*multipart/", re.IGNORECASE)

_BMP_HEADS = frozenset({12, 40, 52, 56, 64, 108, 124})  # lengths of the head that a bitmap may have
_CONTROL = bytes([*range(9), *range(14, 27), 0x7F])

SNIFFED = 8192
PAGE_WITHIN = 1024  # bytes in which a page says that it is one
MAX_BINARY_SHARE = 0.02  # of control bytes, in what may still be text


def media_type(payload: bytes, headers: Sequence[tuple[str, str]] = (), name: str | None = None) -> str:
    """A media type; BINARY where nothing tells. UTF-16 text counts as text."""
    head = payload[:SNIFFED]
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(payload)
    if head.startswith(_OLE):
        return _ole_type(payload, name)
    known = _by_magic(head)
    if known is not None:
        return known
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    elif (wide := wide_charset(payload)) is not None:
        head = head.decode(wide, "ignore").encode()
    elif _looks_binary(head):
        head = head.translate(None, _CONTROL)
        if not _DOCUMENT_MARKUP.search(head[:PAGE_WITHIN]):
            return BINARY  # else a page into which zero bytes or the like have come
    # an answer with data is served as text/html, text/json, text/javascript …
    return JSON if _OBJECT.match(head) else _text_type(head, headers, name)


def _by_magic(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:2] == b"BM" and head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in _BMP_HEADS:
        return "image/bmp"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _ole_type(payload: bytes, name: str | None) -> str:
    """By the names of its streams; the oldest WPS files have others, and only their own name tells."""
    streams = ((f"{stream}\0".encode("utf-16-le"), kind) for stream, kind in _OLE_STREAMS)
    by_name = {"doc": DOC, "wps": DOC, "xls": XLS, "et": XLS}.get(_suffix(name), OLE)
    return next((kind for stream, kind in streams if stream in payload), by_name)


def _zip_type(payload: bytes) -> str:
    """By the names of its parts; where the list of them is cut off, by what is left."""
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as package:
            names = [name.encode("utf-8", "replace") for name in package.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return next((kind for part, kind in _ZIP_PARTS if part in payload), ZIP)
    return next((kind for part, kind in _ZIP_PARTS if any(name.startswith(part) for name in names)), ZIP)


#: What a file of that name may hold; a page is told of by its own markup.
_EXPECTED = {
    "pdf": {PDF},
    "doc": {DOC},
    "wps": {DOC},
    "docx": {DOCX},
    "xls": {XLS},
    "xlsx": {XLSX},
    "rtf": {RTF},
    "ofd": {OFD},
    "zip": {ZIP},
    "et": {XLS},
    "rar": {RAR},
    "7z": {SEVEN_ZIP},
    "htm": {HTML},
    "html": {HTML},
    "shtml": {HTML},
    "txt": {TEXT},
    "json": {JSON},
    "gif": {"image/gif"},
    "png": {"image/png"},
    "jpg": {"image/jpeg"},
    "jpeg": {"image/jpeg"},
    "tif": {"image/tiff"},
    "tiff": {"image/tiff"},
    "bmp": {"image/bmp"},
    "webp": {"image/webp"},
}


def _suffix(name: str | None) -> str:
    return (name or "").partition("?")[0].partition("#")[0].rpartition(".")[2].lower()


def misnamed(kind: str, name: str | None) -> str | None:
    """The ending that a name bears, where what the file holds is of another kind."""
    suffix = _suffix(name)
    return suffix if kind not in _EXPECTED.get(suffix, {kind}) else None


def _text_type(head: bytes, headers: Sequence[tuple[str, str]], name: str | None) -> str:
    if _SAVED.search(head[:2048]):
        return MHT
    if _DOCUMENT_MARKUP.search(head):
        return HTML
    stated = next((v.split(";")[0].strip().lower() for k, v in headers if k.lower() == "content-type"), "")
    if stated in {HTML, TEXT, JSON}:
        return HTML if stated == TEXT and _MARKUP.search(head[:512]) else stated
    suffix = _suffix(name)
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if _MARKUP.search(head):
        return HTML
    return JSON if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[{")) else TEXT


def _looks_binary(head: bytes) -> bool:
    control = len(head) - len(head.translate(None, _CONTROL))
    return control > len(head) * MAX_BINARY_SHARE
