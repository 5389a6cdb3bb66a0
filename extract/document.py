"""Reads one capture or file into a Document: dispatch, then the steps that all kinds of sources share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.register import Register
from extract import media
from extract.blocks import block_text, normalise
from extract.charset import decode, inline_pictures
from extract.date_claims import all_claims
from extract.dateline import add_dateline
from extract.errors import Unreadable
from extract.html.page import read_html, read_json
from extract.index_number import DEFAULT_PREFIXES, parse_index_number
from extract.markdown import without_markdown
from extract.metadata import read_metadata
from extract.mojibake import text_findings
from extract.normal import Normaliser
from extract.office import to_docx
from extract.packages import old_file_findings
from extract.personal import personal_findings
from extract.plaintext import bounded_lines, read_blocks
from extract.publisher import attribute
from extract.reading import Reading
from extract.saved_page import saved_page
from extract.title import Candidate, choose, in_body, merge_title
from extract.version import EXTRACTOR_VERSION
from extract.word import read_docx
from extract.zipped import read_zip
from parser.document import Document, Finding, IndexNumber, MetaValue, Paragraph, Severity, Source

_OFD = (
    "是 OFD 版式文件，尚不能读取：请用 OFD 阅读器另存为 PDF，或请公开单位提供 PDF、Word 版 "
    "(an OFD file is not read yet: save it as PDF in an OFD reader, or ask the publisher for PDF or Word)"
)
_OFFICE = {media.DOCX: "docx", media.DOC: "doc", media.RTF: "rtf", media.XLSX: "xlsx", media.XLS: "xls"}


def read_payload(
    payload: bytes, headers: Sequence[tuple[str, str]], source: Source, name: str | None
) -> Reading:
    """Dispatch by magic bytes, header and name. Raises Unreadable for an empty payload."""
    if not payload.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("文件是空的，请换一份 the file is empty: supply another copy")
    kind = media.media_type(payload, headers, name or source.url)
    reading = _read_kind(kind, payload, headers, source)
    suffix = media.misnamed(kind, name or source.url)
    if suffix is not None:
        message = f"文件名为 .{suffix}，内容是 {kind}，按内容读取 (named .{suffix}, read as what it is)"
        reading.findings.append(Finding("misnamed_file", Severity.INFO, message))
    return reading


def _read_kind(kind: str, payload: bytes, headers: Sequence[tuple[str, str]], source: Source) -> Reading:
    reading: Reading | None = None
    if kind == media.HTML:
        reading = _with_inline_pictures(read_html(payload, headers, source), payload)
    elif kind == media.MHT:
        reading = _read_saved(payload, source)
    elif kind == media.JSON:
        reading = read_json(payload, headers, source)
    elif kind == media.TEXT:
        reading = _read_text(payload, headers)
    elif kind == media.PDF:
        reading = _read_pdf(payload)
    elif kind in _OFFICE:
        reading = _read_office(kind, payload)
    elif kind.startswith("image/"):
        reading = _read_image(kind, payload)
    elif kind == media.ZIP:
        reading = read_zip(payload, _read_member)
    return reading or _unread(kind)


def _unread(kind: str) -> Reading:
    """What stands for a file that no reader takes."""
    if kind == media.ENCRYPTED:
        raise Unreadable("文件已加密，请取得未加密的文件 (the file is encrypted)")
    if kind == media.OFD:
        return Reading(kind, findings=[Finding("ofd_not_read", Severity.FAIL, _OFD)])
    message = f"暂不支持的类型 {kind}，请转为 PDF、docx、网页或文本 unsupported: make it PDF, docx or HTML"
    if kind in media.PACKED:
        message = f"压缩格式 {kind} 不支持，请解压后提供其中的文件 unsupported packing: supply what it holds"
    return Reading(kind, findings=[Finding("unsupported_media", Severity.FAIL, message)])


def _read_member(payload: bytes, name: str) -> Reading:
    """A file out of a zip; a zip in the zip is not opened."""
    kind = media.media_type(payload, (), name)
    if kind == media.ZIP:
        return _unread(kind)
    return read_payload(payload, (), Source(), name)


def _with_inline_pictures(reading: Reading, payload: bytes) -> Reading:
    """A page whose body, or a table of it, is a picture that it holds in its own markup: recognised."""
    places = {
        finding.locator for finding in reading.findings if finding.code in {"image_only", "table_image"}
    }
    if any(a.url.startswith("data:") and a.locator in places for a in reading.attachments):
        from extract.ocr_image import with_pictures  # noqa: PLC0415 - as for PDF

        shown = [picture for _, picture in inline_pictures(payload)]
        reading.blocks, reading.findings = with_pictures(reading.blocks, reading.findings, shown)
    return reading


def _read_saved(payload: bytes, source: Source) -> Reading | None:
    saved = saved_page(payload)
    if saved is None:
        return None
    return read_html(saved.payload, saved.headers, replace(source, url=source.url or saved.url))


def _read_pdf(payload: bytes) -> Reading:
    from extract.pdf import read_pdf  # noqa: PLC0415 - its libraries take long to load and few runs need them

    body = read_pdf(payload)
    reading = Reading(media.PDF, title=body.title, title_locator=body.title_locator)
    reading.blocks, reading.findings = list(body.blocks), list(body.findings)
    return _with_text_metadata(reading)


def _read_image(kind: str, payload: bytes) -> Reading:
    """A scan or a picture of the report; without the extra `ocr` it is told as what it is."""
    from extract.ocr_image import read_image  # noqa: PLC0415 - as for PDF

    body = read_image(payload)
    reading = Reading(kind, title=body.title, title_locator=body.title_locator)
    reading.blocks, reading.findings = list(body.blocks), list(body.findings)
    if not body.blocks:
        message = "文件是图片，其中文字未能识别 the file is an image; no words in it were recognised"
        reading.findings.append(Finding("image_only", Severity.WARN, message))
    return _with_text_metadata(reading)


def _read_office(kind: str, payload: bytes) -> Reading:
    """Word files of any age, spreadsheets. The media type stays that of the file itself."""
    if kind in {media.XLS, media.XLSX}:
        from extract.sheet import read_xls, read_xlsx  # noqa: PLC0415 - as for PDF

        sheets = read_xlsx(payload) if kind == media.XLSX else read_xls(payload)
        return _with_text_metadata(Reading(kind, blocks=list(sheets.blocks), findings=list(sheets.findings)))
    if kind == media.DOCX:
        body = read_docx(payload)
    else:
        body = read_docx(to_docx(payload, _OFFICE[kind]))
        # LibreOffice writes links anew and leaves macros out: the file itself has the say.
        told = [f for f in body.findings if f.code != "outside_reference"]
        body = replace(body, findings=(*told, *old_file_findings(payload)))
    reading = Reading(kind, title=body.title, title_locator=body.title_locator)
    reading.blocks, reading.findings = list(body.blocks), list(body.findings)
    if body.pictures:
        from extract.ocr_image import with_pictures  # noqa: PLC0415 - as for PDF

        reading.blocks, reading.findings = with_pictures(body.blocks, body.findings, body.pictures)
    return _with_text_metadata(reading)


def _read_text(payload: bytes, headers: Sequence[tuple[str, str]]) -> Reading:
    decoded = decode(payload, headers)
    text, overfull = bounded_lines(without_markdown(decoded.text))
    findings = [*decoded.findings, *([] if overfull is None else [overfull])]
    return _with_text_metadata(
        Reading(media.TEXT, decoded.charset, blocks=read_blocks(text), findings=findings)
    )


def _with_text_metadata(reading: Reading) -> Reading:
    """Metadata and title of a source that is nothing but blocks."""
    normaliser = Normaliser("\n".join(block_text(block) for block in reading.blocks))
    reading.blocks = list(normalise(reading.blocks, normaliser))
    metadata = read_metadata(reading.blocks, [block.locator for block in reading.blocks], normaliser)
    reading.metadata += metadata.values
    reading.findings += metadata.findings
    everything = reading.blocks
    reading.blocks = [block for block in reading.blocks if not metadata.holds(block)]
    named = [Candidate(m.value, m.locator, 5) for m in metadata.values if m.field == "name" and m.value]
    chosen = choose([*named, *in_body(reading.blocks)], ())
    if chosen is not None:
        reading.title, reading.title_locator = chosen.text, chosen.locator
        reading.blocks, printed = merge_title(reading.blocks, chosen.text)
        reading.title_locator = printed or reading.title_locator
    add_dateline(reading, everything)
    return reading


def assemble(
    reading: Reading, headers: Sequence[tuple[str, str]], source: Source, register: Register
) -> Document:
    """Normal form, dates, index number and publisher over whatever kind of source."""
    normaliser = Normaliser("\n".join(block_text(block) for block in reading.blocks))
    blocks = normalise(reading.blocks, normaliser)
    text = reading.text
    if text is None:
        text = "\n".join(block.text for block in blocks if isinstance(block, Paragraph))
    claims, date_findings = all_claims(reading, blocks, headers, source)
    number, number_findings = _index_number(reading.metadata)
    publisher, publisher_findings = attribute(reading, blocks, normaliser, source, register)
    findings = (
        *reading.findings,
        *text_findings(blocks, normaliser),
        *date_findings,
        *number_findings,
        *publisher_findings,
        *personal_findings(blocks, reading.metadata),
    )
    return Document(
        title=reading.title,
        blocks=blocks,
        text=text,
        media_type=reading.media_type,
        charset=reading.charset,
        script=normaliser.script,
        title_locator=reading.title_locator,
        metadata=tuple(reading.metadata),
        dates=claims,
        index_number=number,
        publisher=publisher,
        attachments=tuple(reading.attachments),
        findings=findings,
        source=source,
        extractor_version=EXTRACTOR_VERSION,
    )


def _index_number(metadata: Sequence[MetaValue]) -> tuple[IndexNumber | None, list[Finding]]:
    """The first index number that is one; all candidates stay in the metadata."""
    for value in metadata:
        if value.field != "index_number" or value.value is None:
            continue
        number = parse_index_number(value.value)
        if number is None:
            continue
        if number.prefix in DEFAULT_PREFIXES:
            message = f"索引号 {number.raw} 使用系统默认前缀 the prefix is an installation's default"
            return number, [Finding("index_number_odd", Severity.INFO, message, value.locator)]
        return number, []
    return None, []
