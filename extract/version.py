"""The extractor's version: a rebuild redoes whatever another version has read (design.md §3.2).

It is a hash of the sources and data tables of extract/ and parser/, of what archive/ reads for extract, and
of the versions of the libraries and of the office converter that read, so that changing one label changes it.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import parser as parser_room
from archive import file_links, index_number
from extract.ocr import recogniser_version
from extract.office import converter_version

LIBRARIES = ("lxml", "trafilatura", "pypdfium2", "opencc", "openpyxl", "python-calamine")
#: What stands beside the reading: how a report is printed, and how documents are handed on.
BESIDE = ("summary.py", "handoff")
SUFFIXES = frozenset({".py", ".yml", ".csv", ".json"})


def _rooms() -> tuple[Path, ...]:
    assert parser_room.__file__ is not None
    return Path(__file__).parent, Path(parser_room.__file__).parent


def extractor_version() -> str:
    """16 hex digits over names and contents of the sources, in a fixed order."""
    digest = hashlib.sha256()
    for room in _rooms():
        for path in sorted(room.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and not path.name.startswith(BESIDE):
                digest.update(f"{room.name}/{path.relative_to(room).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    for path in (Path(index_number.__file__), Path(file_links.__file__), file_links.DATA):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(f"office={converter_version()}\0ocr={recogniser_version()}\0".encode())
    for library in LIBRARIES:
        digest.update(f"{library}={version(library)}\0".encode())
    return digest.hexdigest()[:16]


EXTRACTOR_VERSION = extractor_version()
