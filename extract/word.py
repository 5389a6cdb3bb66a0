"""Word documents (.docx) → blocks, by lxml over the zip. Old .doc and .wps are another door.

Strangers wrote these files: sizes are bounded before anything is unpacked, XML with a document type is
refused (no entity is ever expanded), nothing outside the file is fetched and macros are never looked at.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from extract.errors import Unreadable
from extract.packages import has_document_type, package_findings, unpacked
from extract.title import choose, in_body
from extract.word_body import BodyReader
from extract.word_numbering import read_numbering
from extract.word_pictures import pictures
from extract.word_xml import attribute, child
from parser.document import Block, Finding, Severity

MAX_PART = 20_000_000  # bytes of one part, unpacked; a report's body has 300,000
MAX_PARTS = 5_000
MAX_MARKS = 500_000  # tags of one part, ends included: three seconds; a report has 20,000

# What a person should know of the way the text was read: code → (severity, message).
_NOTES: dict[str, tuple[Severity, str]] = {
    "tracked_changes": (
        Severity.WARN,
        "文中有未接受的修订，按修订后读取 (tracked changes: read as if accepted)",
    ),
    "hidden_text": (Severity.WARN, "文中有隐藏文字，未读取 (hidden text left out)"),
    "covered_text": (Severity.INFO, "合并单元格下有被遮住的文字，未读取 (text under a merged cell left out)"),
    "contents_lines": (Severity.INFO, "略去目录 (list of contents left out)"),
    "embedded_part": (Severity.WARN, "文中嵌有其他文件的内容，未读取 (an embedded part was not read)"),
    "too_many_columns": (Severity.WARN, "表格列数过多，未读完 (a table has too many columns)"),
}


@dataclass(frozen=True)
class WordBody:
    """What a Word document says. `plain` of every block equals its text; the caller normalises.

    `title`: the paragraph that names the document, else None. Locators: `paragraph 12`,
    `table 2 row 3 cell 4`, counted from 1 in the order of the file
    (paragraphs within tables have no number of their own).
    """

    blocks: tuple[Block, ...]
    title: str | None
    findings: tuple[Finding, ...]
    title_locator: str = ""
    pictures: tuple[bytes, ...] = ()  # files of the pictures in the body


def read_docx(payload: bytes) -> WordBody:
    """Read one .docx. Raises Unreadable where it is none, damaged, encrypted or beyond the bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as package:
            if len(package.infolist()) > MAX_PARTS:
                raise Unreadable("Word 文件内部件过多，未读取 (too many parts in the docx)")
            main = _main_part(package)
            folder = main.rpartition("/")[0]
            data = _data(package, main)
            document = None if data is None else _root(data, main)
            relations = _part(package, f"{folder}/_rels/{main.rpartition('/')[2]}.rels")
            shown = pictures(package, main, document, relations) if document is not None else ()
            styles = _part(package, f"{folder}/styles.xml")
            numbering = _part(package, f"{folder}/numbering.xml")
            told = package_findings(package, [data or b""])
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise Unreadable(
            "Word 文件已损坏或不完整，请重新取得文件 (the docx is damaged or cut short)"
        ) from error
    except (RuntimeError, NotImplementedError) as error:  # encrypted, or packed in a way that zipfile lacks
        raise Unreadable(
            "Word 文件已加密或压缩方式不明，请另存后重试 (encrypted or unknown packing)"
        ) from error
    body = child(document, "body")
    if body is None:
        raise Unreadable("不是 Word 文件：没有正文部分，请核对文件 (not a docx: it has no body)")
    reader = BodyReader(read_numbering(numbering, styles))
    blocks = tuple(reader.blocks(body))
    findings = [*(Finding(code, *_NOTES[code]) for code in reader.notes), *told]
    if not blocks:
        said = "没有文字，可能只有图片 (no text: perhaps only pictures)"
        findings.append(Finding("no_text_layer", Severity.FAIL, said))
    title = choose(in_body(blocks), ())
    text, where = (title.text, title.locator) if title else (None, "")
    return WordBody(blocks, text, tuple(findings), where, shown)


def _main_part(package: zipfile.ZipFile) -> str:
    """The part that the package names as its document; by custom word/document.xml."""
    relations = _part(package, "_rels/.rels")
    for relation in relations if relations is not None else ():
        if attribute(relation, "Type").endswith("/officeDocument"):
            target = attribute(relation, "Target").lstrip("/")
            if target in package.namelist():
                return target
    if "word/document.xml" not in package.namelist():
        raise Unreadable("不是 Word 文件：没有正文部分，请核对文件 (not a docx: it has no document part)")
    return "word/document.xml"


def _part(package: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The root of an XML part, None where the package has no such part."""
    data = _data(package, name)
    return None if data is None else _root(data, name)


def _data(package: zipfile.ZipFile, name: str) -> bytes | None:
    if name not in package.namelist():
        return None
    data = unpacked(package, package.getinfo(name), MAX_PART)
    if data is None:
        raise Unreadable(f"Word 文件的 {name} 过大，未读取 (unpacks to more than {MAX_PART} bytes)")
    return data


def _root(data: bytes, name: str) -> etree._Element:
    if data.count(b"<") > MAX_MARKS:
        raise Unreadable(f"Word 文件的 {name} 内容过多，未读取 (more than {MAX_MARKS} tags)")
    if has_document_type(data):
        raise _document_type(name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"Word 文件的 {name} 不是完整的 XML，请重新取得文件 (broken XML)") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _document_type(name)
    return root


def _document_type(name: str) -> Unreadable:
    return Unreadable(f"Word 文件的 {name} 含有文档类型声明，拒绝读取 (XML with a document type is refused)")
