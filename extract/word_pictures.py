"""Pictures that stand in the body of a Word file, as bytes: what recognises text may have to read them."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from extract.packages import unpacked
from extract.word_xml import attribute, children, local

MAX_PICTURES = 40
MAX_BYTES = 60_000_000  # of all together, unpacked


def pictures(
    package: zipfile.ZipFile, main: str, document: etree._Element, relations: etree._Element | None
) -> tuple[bytes, ...]:
    """In the order of the text, each once. Nothing outside the file is fetched. Raises as zipfile does."""
    parts = set(package.namelist())
    targets = {
        attribute(relation, "Id"): posixpath.normpath(
            posixpath.join(posixpath.dirname(main), attribute(relation, "Target"))
        )
        for relation in children(relations, "Relationship")
        if attribute(relation, "TargetMode") != "External"
    }
    found: list[bytes] = []
    left = MAX_BYTES
    for name in dict.fromkeys(targets.get(key, "") for key in _shown(document)):
        if name not in parts or len(found) == MAX_PICTURES:
            continue
        data = unpacked(package, package.getinfo(name), left)
        if data is None:
            break
        left -= len(data)
        found.append(data)
    return tuple(found)


def _shown(document: etree._Element) -> Iterator[str]:
    for element in document.iter("{*}blip", "{*}imagedata"):
        yield attribute(element, "embed" if local(element) == "blip" else "id")
