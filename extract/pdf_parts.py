"""What a PDF carries beside its pages: files within it, scripts, calls to other places.

Told; never opened, run or followed: PDFium is built without a script engine, and nothing here asks it for
more than text and lines.
"""

from __future__ import annotations

import re
from collections import Counter

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parser.document import Finding, Severity

_CALLS = re.compile(rb"/S\s*/(Launch|GoToR|GoToE|SubmitForm|ImportData)\b|/FS\s*/(URL)\b")
_SCRIPT = re.compile(rb"/S\s*/JavaScript\b")


def carried(document: pdfium.PdfDocument, payload: bytes) -> list[Finding]:
    """Findings on what the file carries; what lies in packed objects is seen where PDFium tells of it."""
    found: list[Finding] = []
    files = pdfium_c.FPDFDoc_GetAttachmentCount(document.raw)
    if files > 0:
        said = f"PDF 内附有{files}个文件，未读取 ({files} files within the PDF were not read)"
        found.append(Finding("embedded_part", Severity.WARN, said))
    if pdfium_c.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0 or _SCRIPT.search(payload):
        said = "PDF 带有脚本，从不运行 (scripts are never run)"
        found.append(Finding("macros_not_run", Severity.INFO, said))
    calls = Counter((match[1] or match[2]).decode("ascii") for match in _CALLS.finditer(payload))
    if calls:
        told = "、".join(f"{kind} {number}" for kind, number in sorted(calls.items()))
        said = f"PDF 引用其他位置的内容（{told}），未取用 (refers to content elsewhere, never fetched)"
        found.append(Finding("outside_reference", Severity.INFO, said))
    return found
