"""The head of a report: title, day of publication, index number, signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parser.document import DateClaim, DateKind, Document
from parser.kind import MIN_LISTED, is_report_title
from parser.lines import Line
from parser.sections import Split
from parser.tail import Signature, read_signature
from parser.years import title_year

_PUBLISHED_SOURCES = ("metadata_row", "meta_tag", "json")
_SOURCE_WORDS = {"metadata_row": "page metadata row", "meta_tag": "meta tag", "json": "page data"}
MAX_TITLE = 60


@dataclass(frozen=True, slots=True)
class Published:
    """The day that the page itself gives as 公开日期, and where it says so."""

    on: date | None
    source: str | None


def listed_titles(lines: Sequence[Line]) -> int:
    """How many different lines are titles of reports: a page of links has many."""
    short = (line.plain for line in lines if len(line.plain) <= MAX_TITLE and "。" not in line.plain)
    return len({text for text in short if is_report_title(text) and title_year(text) is not None})


def read_title(document: Document, lines: Sequence[Line]) -> str | None:
    """The document's title; where extract found none, a line of the title family among the first ones."""
    if document.title is not None and document.title.strip():
        return document.title
    if listed_titles(lines) >= MIN_LISTED:
        return None
    for line in lines[:6]:
        if len(line.plain) <= MAX_TITLE and "。" not in line.plain and is_report_title(line.plain):
            return line.text
    return None


def read_published(document: Document) -> Published:
    """Dates of a list or a URL are evidence for the audit, not the page's own word: they are left out."""
    for source in _PUBLISHED_SOURCES:
        for claim in document.dates:
            if claim.kind is DateKind.PUBLISHED and claim.source == source and claim.lo == claim.hi:
                return Published(claim.lo, _told(claim))
    return Published(None, None)


def _told(claim: DateClaim) -> str:
    place = f", {claim.locator}" if claim.locator else ""
    return f"{_SOURCE_WORDS[claim.source]}{place}: {claim.raw}"


def read_signed(document: Document, split: Split) -> Signature:
    """The signature block behind the last section; else what extract found."""
    signature = read_signature([line.plain for line in split.tail])
    if signature.on is not None:
        return signature
    claim = next((c for c in document.dates if c.kind is DateKind.SIGNED and c.lo == c.hi), None)
    return Signature(signature.by, claim.lo if claim else None, claim.raw if claim else signature.raw)
