"""Reads one capture or file into a Document: dispatch, then the steps that all kinds of sources share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract import media
from extract.blocks import block_text, normalise
from extract.charset import decode
from extract.errors import Unreadable
from extract.normal import Normaliser
from extract.plaintext import read_blocks
from extract.version import EXTRACTOR_VERSION
from parser.document import Attachment, Block, DateClaim, Document, Finding, MetaValue, Severity, Source


@dataclass
class Reading:
    """What a reader of one kind of source found; `assemble` makes the Document of it."""

    media_type: str
    charset: str | None = None
    title: str | None = None
    title_locator: str = ""
    blocks: list[Block] = field(default_factory=list)
    text: str | None = None  # None: the paragraphs
    metadata: list[MetaValue] = field(default_factory=list)
    dates: list[DateClaim] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_payload(
    payload: bytes, headers: Sequence[tuple[str, str]], source: Source, name: str | None
) -> Reading:
    """Dispatch by magic bytes, header and name. Raises Unreadable for an empty payload."""
    if not payload.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("文件是空的，请换一份 the file is empty: supply another copy")
    kind = media.media_type(payload, headers, name or source.url)
    if kind == media.TEXT:
        return _read_text(payload, headers)
    message = f"暂不支持的文件类型 {kind}，请转为 PDF、网页或纯文本 unsupported media type: convert it to PDF, HTML or text"
    return Reading(kind, findings=[Finding("unsupported_media", Severity.FAIL, message)])


def _read_text(payload: bytes, headers: Sequence[tuple[str, str]]) -> Reading:
    decoded = decode(payload, headers)
    return Reading(
        media.TEXT, decoded.charset, blocks=read_blocks(decoded.text), findings=list(decoded.findings)
    )


def assemble(reading: Reading, headers: Sequence[tuple[str, str]], source: Source) -> Document:
    """Title, metadata, dates, index number and publisher over whatever kind of source."""
    normaliser = Normaliser("\n".join(block_text(block) for block in reading.blocks))
    blocks = normalise(reading.blocks, normaliser)
    from parser.document import Paragraph

    text = reading.text
    if text is None:
        text = "\n".join(block.text for block in blocks if isinstance(block, Paragraph))
    document = Document(
        title=reading.title,
        blocks=blocks,
        text=text,
        media_type=reading.media_type,
        charset=reading.charset,
        script=normaliser.script,
        title_locator=reading.title_locator,
        metadata=tuple(reading.metadata),
        dates=tuple(reading.dates),
        attachments=tuple(reading.attachments),
        findings=tuple(reading.findings),
        source=source,
        extractor_version=EXTRACTOR_VERSION,
    )
    return replace(document)
