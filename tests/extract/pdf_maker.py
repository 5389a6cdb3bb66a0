"""A small PDF writer for tests: Chinese text in a font that is not embedded, lines, fills, forms, images.

Older office software writes such files: the font is only named (STSong-Light) and the text is UCS-2 under
the predefined CMap UniGB-UCS2-H. So the tests need no font on the machine. Points, origin upper left.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field

ASCII_WIDTH, HAN_WIDTH = 0.5, 1.0


def text_width(text: str, size: float) -> float:
    return size * sum(ASCII_WIDTH if ord(c) < 0x80 else HAN_WIDTH for c in text)


@dataclass
class MadePage:
    width: float = 595.0
    height: float = 842.0
    rotate: int = 0
    image: bool = False
    form_matrix: str | None = None  # the ruling lines go into a form XObject (itself doubling) under this
    body: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float = 10, angle: float = 0, mode: int = 0) -> None:
        """`y`: the baseline, from the top; `angle`: degrees counter-clockwise about the first glyph."""
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        where = f"{c:.4f} {s:.4f} {-s:.4f} {c:.4f} {x:.3f} {self.height - y:.3f}"
        code = text.encode("utf-16-be").hex()
        self.body.append(f"BT {mode} Tr /F1 {size} Tf {where} Tm <{code}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.lines.append(f"{x0:.3f} {self.height - y0:.3f} m {x1:.3f} {self.height - y1:.3f} l S")

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.lines.append(f"{x0:.3f} {self.height - y1:.3f} {x1 - x0:.3f} {y1 - y0:.3f} re S")

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: float = 0) -> None:
        self.lines.append(f"{grey} g {x0:.3f} {self.height - y1:.3f} {x1 - x0:.3f} {y1 - y0:.3f} re f 0 g")

    def cell(self, x0: float, y0: float, x1: float, y1: float, text: str, size: float = 10) -> None:
        """A ruled cell with its text centred; `\\n` breaks lines."""
        self.box(x0, y0, x1, y1)
        rows = text.split("\n")
        y = (y0 + y1) / 2 - len(rows) * size * 0.6 + size
        for row in rows:
            self.text((x0 + x1 - text_width(row, size)) / 2, y, row, size)
            y += size * 1.2


def make_pdf(*pages: MadePage) -> bytes:
    """The file, with a correct cross-reference table."""
    objects: list[bytes] = [b"", b""]

    def add(data: str | bytes) -> int:
        objects.append(data.encode() if isinstance(data, str) else data)
        return len(objects)

    def stream(entries: str, data: bytes) -> int:
        packed = zlib.compress(data)
        head = f"<<{entries}/Filter/FlateDecode/Length {len(packed)}>>stream\n".encode()
        return add(head + packed + b"\nendstream")

    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    descriptor = add(
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
    )
    descendant = add(
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light{system}/FontDescriptor {descriptor} 0 R"
        "/DW 1000/W[1 95 500]>>"
    )
    font = add(
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        f"/DescendantFonts[{descendant} 0 R]>>"
    )
    image = stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", b"\x80"
    )
    kids = []
    for page in pages:
        drawn = "\n".join(page.lines)
        forms = ""
        if page.form_matrix is not None:
            form = stream(
                "/Type/XObject/Subtype/Form/BBox[-9999 -9999 9999 9999]/Matrix[2 0 0 2 0 0]",
                drawn.encode(),
            )
            forms, drawn = f"/X1 {form} 0 R", f"q {page.form_matrix} cm /X1 Do Q"
        if page.image:
            drawn += f"\nq {page.width} 0 0 {page.height} 0 0 cm /X2 Do Q"
        content = stream("", (drawn + "\n" + "\n".join(page.body)).encode())
        kids.append(
            add(
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width} {page.height}]/Rotate {page.rotate}"
                f"/Resources<</Font<</F1 {font} 0 R>>/XObject<<{forms}/X2 {image} 0 R>>>>"
                f"/Contents {content} 0 R>>"
            )
        )
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<</Type/Pages/Kids[{listed}]/Count {len(kids)}>>".encode()
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, data in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
