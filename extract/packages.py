"""Zips by strangers, and the office packages among them: what is checked before anything in them is parsed.

Parts are unpacked within a bound, by the two packings that office programs use; the others let a kilobyte ask
for gigabytes. What a package refers to outside itself is never fetched, and its macros are never run: both
are told, by kind and number and never by name, since a path may name a person.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence

from parser.document import Finding, Severity

_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DOCUMENT_TYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MACRO_PARTS = ("vbaproject.bin", "macrosheets/", "activex/", "customui/")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")
_RELATION_TYPE = re.compile(rb"""\bType\s*=\s*["'][^"']*/(\w+)["']""")
_EXTERNAL = re.compile(rb"""\bTargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_AFAR = re.compile(rb"""\bTarget\s*=\s*["'](?:\w{2,9}:)?(?://|\\\\)(?!/)""")  # on another machine
_CLICKED = frozenset({"hyperlink"})  # a reader's choice, no part of the document
_OWN_TEMPLATE = "attachedTemplate"  # nearly every Word file names one on the writer's own disk
_FIELD = re.compile(
    rb"(?:instrText[^<>]*>|\binstr\s*=\s*[\"']|\\fldinst[^}]{0,120}?|\x13)\s*"
    rb"(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK)\b"
)
_FIELD_SIGNS, _LINKED_SIGNS = (b"instr", b"fldinst", b"\x13"), (b"ddeLink", b"oleLink")
_RTF_LINK = re.compile(rb"\\(objautlink|objlink|objupdate)\b|\{\\\*\\(template)\s+(?:\w{2,9}:)?(?://|\\\\)")
_LINKED = re.compile(rb"<(?:\w+:)?(ddeLink|oleLink)\b")  # of a workbook
_VBA = "_VBA_PROJECT".encode("utf-16-le")  # a storage of a compound file (doc, xls)
MAX_RELATIONS = 1_000_000  # bytes of one part of relations that are looked at
MAX_TOLD = 5


def unpacked(package: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | None:
    """A member's bytes, None where there are more than `most`, or the zip says so. Raises as zipfile does,
    and NotImplementedError for a packing that office programs do not use.
    """
    if info.compress_type not in _PACKINGS:
        raise NotImplementedError(f"packing {info.compress_type}")
    if info.file_size > most:
        return None
    with package.open(info) as opened:
        data = opened.read(most + 1)
    return None if len(data) > most else data


def has_document_type(data: bytes) -> bool:
    """Whether an XML part declares a document type or an entity, in whatever width of characters."""
    return _DOCUMENT_TYPE.search(data) is not None or (
        b"\0" in data[:200] and _DOCUMENT_TYPE.search(data.replace(b"\0", b"")) is not None
    )


def package_findings(package: zipfile.ZipFile, fields: Iterable[bytes] = ()) -> list[Finding]:
    """What the package refers to outside itself, and its macros. `fields`: parts whose fields may do so."""
    outside: Counter[str] = Counter()
    for info in package.infolist():
        if info.filename.endswith(".rels"):
            outside.update(_relations(unpacked(package, info, MAX_RELATIONS) or b""))
    for part in fields:
        for pattern, signs in ((_FIELD, _FIELD_SIGNS), (_LINKED, _LINKED_SIGNS)):
            if any(sign in part for sign in signs):  # far faster than the pattern, and few parts have one
                outside.update(match[1].decode("ascii") for match in pattern.finditer(part))
    names = [name.lower() for name in package.namelist()]
    macros = any(part in name for part in _MACRO_PARTS for name in names)
    within = sum("/embeddings/" in name and not name.endswith(".rels") for name in names)
    return [*_outside(outside), *_macros(found=macros), *_within(within)]


def old_file_findings(payload: bytes, links: int = 0) -> list[Finding]:
    """The same of a compound file (doc, wps, xls) or an RTF. `links`: of a workbook, counted elsewhere."""
    outside = Counter(match[1].decode("ascii") for match in _FIELD.finditer(payload))
    if links:
        outside["externalLink"] = links
    if b"\x13\0" in payload:  # fields in wide characters
        outside.update(match[1].decode("ascii") for match in _FIELD.finditer(payload.replace(b"\0", b"")))
    if payload.startswith(b"{\\rtf"):
        outside.update((match[1] or match[2]).decode("ascii") for match in _RTF_LINK.finditer(payload))
    return [*_outside(outside), *_macros(found=_VBA in payload)]


def _relations(data: bytes) -> list[str]:
    """The kinds of what one part of relations refers to outside the package."""
    kinds = []
    for match in _RELATION.finditer(data.replace(b"\0", b"")):
        if not _EXTERNAL.search(match[0]):
            continue
        named = _RELATION_TYPE.search(match[0])
        kind = named[1].decode("ascii") if named else "?"
        if kind not in _CLICKED and (kind != _OWN_TEMPLATE or _AFAR.search(match[0])):
            kinds.append(kind)
    return kinds


def _outside(kinds: Counter[str]) -> Sequence[Finding]:
    if not kinds:
        return ()
    told = "、".join(f"{kind} {number}" for kind, number in sorted(kinds.items())[:MAX_TOLD])
    said = f"文件引用其他位置的内容（{told}），未取用 (refers to content elsewhere, never fetched)"
    return (Finding("outside_reference", Severity.INFO, said),)


def _within(number: int) -> Sequence[Finding]:
    if not number:
        return ()
    said = f"文中嵌有{number}个其他文件，未读取 ({number} embedded files were not read)"
    return (Finding("embedded_part", Severity.WARN, said),)


def _macros(*, found: bool) -> Sequence[Finding]:
    if not found:
        return ()
    return (Finding("macros_not_run", Severity.INFO, "文件带有宏，从不运行 (macros are never run)"),)
