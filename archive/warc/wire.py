"""HTTP/1.x as bytes: where the head ends, what the framing was, and the block that goes into the WARC.

Nothing here decodes text: reason phrases and header values in GBK are common on Chinese portals and must come
out as they went in (archive.md T4, T5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"(HTTP/(\d)\.(\d)) (\d{3})(?: [^\r\n]*)?\r?\n")
_TRANSFER_ENCODING = re.compile(rb"(?im)^transfer-encoding(?=[ \t]*:)")
_SPACE = " \t\n\r\x0b\x0c"  # what bytes.strip drops; str.strip would drop \x85 and \xa0 too
_CONTENT_TYPE = re.compile(rb"(?im)^content-type[ \t]*:([^\r\n;]*)")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
NOT_MODIFIED = 304
_NO_BODY = frozenset({204, NOT_MODIFIED})
ORIGINAL_TRANSFER_ENCODING = b"x-orig-transfer-encoding"


@dataclass(frozen=True, slots=True)
class WireResponse:
    """A response, transfer coding undone. `head` ends with the empty line; `head + body` is the block.

    `interim` lists the 1xx answers that came before it; `framing_error` says where chunking broke.
    """

    head: bytes
    body: bytes
    status: int
    protocol: str
    interim: tuple[int, ...] = ()
    framing_error: str | None = None


def parse_response(wire: bytes, method: str = "GET") -> WireResponse | None:
    """Wire bytes → response, or None if they hold no complete head with a status line."""
    interim: list[int] = []
    start = 0
    while True:
        line = _STATUS_LINE.match(wire, start)
        end = _HEAD_END.search(wire, start)
        if line is None or end is None:
            return None
        status = int(line[4])
        if not (100 <= status < 200 and status != 101):
            break
        interim.append(status)
        start = end.end()
    head, body, framing_error = _undo_transfer_coding(wire[start : end.end()], wire[end.end() :])
    if method == "HEAD" or status in _NO_BODY:
        body, framing_error = b"", None
    protocol = line[1].decode("ascii").lower()
    return WireResponse(head, body, status, protocol, tuple(interim), framing_error)


def _undo_transfer_coding(head: bytes, body: bytes) -> tuple[bytes, bytes, str | None]:
    """Renames Transfer-Encoding and de-chunks if, and only if, the coding is `chunked` alone."""
    if _TRANSFER_ENCODING.search(head) is None:
        return head, body, None
    codings = [
        value.strip().lower() for name, value in header_lines(head) if name.lower() == b"transfer-encoding"
    ]
    if not codings or any(coding != b"chunked" for coding in codings):
        return head, body, None
    plain, framing_error = dechunk(body)
    return _TRANSFER_ENCODING.sub(ORIGINAL_TRANSFER_ENCODING, head), plain, framing_error


def dechunk(body: bytes) -> tuple[bytes, str | None]:
    """Chunked bytes → payload. A cut last chunk gives what came; a malformed one ends it, and is told."""
    parts: list[bytes] = []
    position = 0
    while position < len(body):
        line = _CHUNK_SIZE.match(body, position)
        if line is None:
            if b"\n" in body[position : position + 4096] or len(body) - position > 4096:
                return b"".join(parts), f"malformed chunk at wire byte {position} of the body"
            break  # the size line itself was cut
        size = int(line[1], 16)
        if size == 0:
            break
        parts.append(body[line.end() : line.end() + size])
        position = line.end() + size
        if body[position : position + 2] == b"\r\n":
            position += 2
        elif body[position : position + 1] == b"\n":
            position += 1
        elif position + 1 < len(body):
            return b"".join(parts), f"malformed chunk at wire byte {position} of the body"
        else:
            break
    return b"".join(parts), None


def split_block(block: bytes) -> tuple[bytes, bytes]:
    """An HTTP block of a record → (head with its empty line, body). Without a complete head: (block, b"")."""
    end = _HEAD_END.search(block)
    return (block, b"") if end is None else (block[: end.end()], block[end.end() :])


def header_lines(head: bytes) -> list[tuple[bytes, bytes]]:
    """The header fields of a head in order, raw; folded lines joined, lines without a colon left out."""
    fields: list[tuple[bytes, bytes]] = []
    for raw in head.split(b"\n")[1:]:
        line = raw.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]
            fields[-1] = (name, value + b" " + line.strip())
        elif b":" in line:
            name, _, value = line.partition(b":")
            fields.append((name.strip(), value.strip()))
    return fields


def header_texts(head: bytes) -> tuple[tuple[str, str], ...]:
    """`header_lines` as latin-1 text. Whoever walks an archive reads every head: the usual one in one go."""
    text = head.decode("latin-1")
    if "\n " in text or "\n\t" in text:  # folded lines
        return tuple(
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in header_lines(head)]
        )
    parted = [line.partition(":") for line in text.split("\n")[1:]]
    return tuple([(name.strip(_SPACE), value.strip(_SPACE)) for name, colon, value in parted if colon])


def mime_of(head: bytes) -> str:
    """The media type that a head names, in lower case; `unk` if it names none."""
    line = _CONTENT_TYPE.search(head)
    if line is None:
        return "unk"
    value = line[1]
    if not value.strip():  # perhaps on a folded line
        named = (value for name, value in header_lines(head) if name.lower() == b"content-type")
        value = next(named, b"").split(b";")[0]
    return value.strip().lower().decode("latin-1") or "unk"


def status_of(head: bytes) -> int:
    """The status code of a head; 0 if there is none."""
    line = _STATUS_LINE.match(head)
    return 0 if line is None else int(line[4])
