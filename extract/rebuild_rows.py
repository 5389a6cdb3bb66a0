"""One capture, read and parsed → catalogue rows. Pure: the same capture gives the same rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from archive.audit.holdings import moment_text
from archive.catalogue.store import canonical, document_key, key_of
from archive.context import Role, RowOutcome, WalkRecord
from archive.warc.capture import Capture, ContextNote, Pointer
from archive.warc.index import IndexEntry
from extract.dates import claim
from extract.personal import masked
from parser.document import DateClaim, DateKind, Document, Finding, Severity
from parser.report import AnnualReport, Check, NumberCell

Row = dict[str, Any]

#: Roles whose pages are read; the others (columns, lists, robots, look-ups) are kept as captures.
READ_ROLES = frozenset({Role.REPORT.value, Role.ATTACHMENT.value})
MET_AGAIN = "met_again"  # outcome of the row of a context record: nothing was asked for
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MIN_SECTIONS = 4  # practice.md §2: fewer headings are no report text to compare
_NOT_TEXT = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass
class CaptureRows:
    """Every row that one capture gives."""

    capture: Row
    version: Row | None = None
    claims: list[Row] = field(default_factory=list)
    cells: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)
    sections: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)


def is_drawn_document(entry: IndexEntry) -> bool:
    """A report page as a browser drew it: read in place of its response, which is the frame of all pages."""
    return entry.kind == "conversion" and entry.role in READ_ROLES


def capture_row(capture: Capture, entry: IndexEntry, read_by: str) -> Row:
    """The capture's own row, not yet read."""
    return _row(capture, entry.length, read_by)


def _row(capture: Capture, length: int, read_by: str) -> Row:
    context = capture.context
    role = context.get("role")
    return {
        "record_id": capture.pointer.record_id,
        "file": capture.pointer.file,
        "offset": capture.pointer.offset,
        "length": length,
        "payload_digest": capture.pointer.payload_digest,
        "url": capture.url,
        "date": moment_text(capture.date),
        "status": capture.status,
        "outcome": capture.outcome,
        "truncated": capture.truncated,
        "location": redirect_target(capture),
        "portal": context.get("portal"),
        "platform": context.get("platform"),
        "role": role,
        "run": context.get("run"),
        "column_id": context.get("column"),
        "publisher_hint": context.get("publisher_hint"),
        "list_title": context.get("list_title"),
        "list_date": context.get("list_date"),
        "list_index_number": context.get("list_index_number"),
        "via": context.get("via"),
        "document": document_key(capture.url) if role in READ_ROLES else None,
        "version": None,
        "read_by": read_by,
    }


def note_rows(note: ContextNote, read_by: str) -> CaptureRows:
    """What a further list says of a document: its hints and its date, beside the captures, never as one."""
    told = Capture(
        pointer=note.pointer,
        url=note.url,
        date=note.date,
        status=0,
        headers=(),
        payload=b"",
        outcome=MET_AGAIN,
        context=note.context,
    )
    base = _row(told, note.pointer.length, read_by)
    listed = note.context.get("list_date")
    dated = claim(DateKind.PUBLISHED, listed, "list_row") if listed else None
    return CaptureRows(capture=base, claims=[_claim_row(base["record_id"], 0, dated)] if dated else [])


def redirect_target(capture: Capture) -> str | None:
    """Where a redirect leads, absolute; None for any other answer."""
    location = capture.header("Location") if capture.status in _REDIRECTS else None
    return urljoin(capture.url, location.strip()) if location else None


def year_in(title: str | None) -> int | None:
    """The one year that a list title names: a hint for a text that names none."""
    years = set(_YEAR.findall(title or ""))
    return int(years.pop()) if len(years) == 1 else None


def read_rows(base: Row, document: Document, report: AnnualReport) -> CaptureRows:
    """The rows of a capture that was read."""
    content = _content_rows(document, report)
    version = key_of("version", base["document"], _values(content))
    row = {"version": version, "document": base["document"], **content["version"]}
    return CaptureRows(
        capture={**base, "version": version},
        version=row,
        claims=[_claim_row(base["record_id"], n, claim) for n, claim in enumerate(document.dates)],
        cells=[{"version": version, **cell} for cell in content["cells"]],
        checks=[{"version": version, **check} for check in content["checks"]],
        sections=[{"version": version, "n": n, **row} for n, row in enumerate(content["sections"], 1)],
        facts=[{"version": version, "n": n, **row} for n, row in enumerate(content["facts"])],
        findings=[with_key({"version": version, "record_id": None, **f}) for f in content["findings"]],
    )


def unread_rows(base: Row, code: str, message: str) -> CaptureRows:
    """A capture that could not be read: a finding with its record id, and the run goes on."""
    finding = {
        "version": None,
        "record_id": base["record_id"],
        "code": code,
        "severity": Severity.FAIL.value,
        "message": message,
        "locator": "",
        "cells": "[]",
    }
    return CaptureRows(capture=base, findings=[with_key(finding)])


def probe_rows(pointer: Pointer, walk: WalkRecord) -> tuple[Row, list[Row]]:
    """A walk's row, and the rows of its list, which equal walks share."""
    rows = [
        {
            "url": row.url,
            "title": masked(row.title),
            "date": row.date,
            "publisher_hint": row.publisher_hint,
            "index_number": row.index_number,
            "skipped": (row.reason or "skipped") if row.outcome is RowOutcome.SKIPPED else None,
        }
        for row in walk.rows
    ]
    listing = key_of("listing", rows)
    probe = {
        "record_id": pointer.record_id,
        "file": pointer.file,
        "offset": pointer.offset,
        "portal": walk.portal,
        "county": walk.county_code,
        "column_id": walk.column,
        "column_url": walk.column_url,
        "publishers": canonical(sorted(walk.publishers)),
        "years": canonical(sorted(walk.years)),
        "run": walk.run,
        "started": moment_text(walk.started),
        "ended": moment_text(walk.ended),
        "pages": canonical(walk.pages),
        "listing": listing,
        "stated_total": walk.stated_total,
        "result": walk.result.value,
        "complete": walk.complete,
        "reason": walk.reason,
        "adapter": walk.adapter,
        "adapter_version": walk.adapter_version,
    }
    return probe, [{"listing": listing, "n": n, **row} for n, row in enumerate(rows)]


def _values(content: dict[str, Any]) -> list[object]:
    """Everything that the rows hold, without the names of their columns, which are the same for all."""
    parts = (content[name] for name in ("cells", "checks", "sections", "facts", "findings"))
    return [list(content["version"].values()), *([list(row.values()) for row in rows] for rows in parts)]


def _content_rows(document: Document, report: AnnualReport) -> dict[str, Any]:
    cells = list(_cells(report))
    return {
        "version": _version_fields(document, report, cells),
        "cells": cells,
        "checks": [check_row(check) for check in {check.id: check for check in report.checks}.values()],
        "sections": [
            {"key": section.key, "heading": masked(section.heading), "text": masked(section.text)}
            for section in report.sections
        ],
        "facts": [
            {
                "key": fact.key,
                "value": fact.value,
                "approximate": fact.approximate,
                "quote": masked(fact.quote),
                "section": fact.section,
            }
            for fact in report.facts
        ],
        "findings": _finding_rows(document, report),
    }


def _version_fields(document: Document, report: AnnualReport, cells: list[Row]) -> Row:
    publisher = report.publisher or document.publisher
    text = _plain(_text_parts(report))
    return {
        "content_digest": _digest(_content(document, report, cells, text)),
        "text_digest": _digest(text) if len(report.sections) >= _MIN_SECTIONS else None,
        "media_type": document.media_type,
        "kind": report.kind.value,
        "title": masked(report.title or document.title or "") or None,
        "report_year": report.report_year,
        "title_year": report.year_sources.get("from_title"),
        "format_version": report.format_version.value if report.format_version else None,
        "publisher": publisher.code if publisher else None,
        "publisher_name": publisher.name if publisher else None,
        "publisher_raw": canonical(publisher.name_raw if publisher else ()),
        "publisher_reasons": canonical(publisher.reasons if publisher else ()),
        "publisher_unclear": publisher.unclear if publisher else False,
        "publisher_shown": document.meta("publisher"),
        "county": publisher.county_code if publisher else None,
        "index_number": report.index_number,
        "signed_date": report.signed_date.isoformat() if report.signed_date else None,
        "signed_by": report.signed_by,
        "n_cells": sum(cell["value"] is not None for cell in cells),
        "sections": canonical([section.key for section in report.sections]),
        "extractor_version": document.extractor_version,
    }


def _content(document: Document, report: AnnualReport, cells: list[Row], text: str) -> str:
    """What a change of must be told: title, text and numbers. A page without sections is its whole body."""
    title = _plain([report.title or document.title or ""])
    if not report.sections:
        return f"{title}\n{_plain([document.text])}"
    return f"{title}\n{text}\n{canonical([(cell['key'], cell['value']) for cell in cells])}"


def _text_parts(report: AnnualReport) -> Iterable[str]:
    yield report.preamble or ""
    for section in report.sections:
        yield section.key
        yield section.text


def _plain(parts: Iterable[str]) -> str:
    """Letters and digits alone: white space, brackets and table rules do not make a new text."""
    return "\n".join(_NOT_TEXT.sub("", part) for part in parts)


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def _cells(report: AnnualReport) -> Iterable[Row]:
    """The numbers, long form: `table.row.cell`, review_litigation as `table.cell`."""
    found: dict[str, NumberCell] = {}
    tables = report.tables
    for name, rows in (
        ("proactive_disclosure", tables.proactive_disclosure or ()),
        ("applications", tables.applications or ()),
    ):
        for row in rows:
            for key, cell in row.cells.items():
                found[f"{name}.{row.key}.{key}"] = cell
    for key, cell in (tables.review_litigation or {}).items():
        found[f"review_litigation.{key}"] = cell
    for place, line in enumerate(report.statistics or (), 1):  # of the form before 2019
        found[f"statistics.{line.key or f'row_{place}'}"] = line.cell
    for key, cell in found.items():
        yield {
            "key": key,
            "value": cell.value,
            "state": cell.state.value,
            "raw": cell.raw,
            "label": cell.label,
            "unit": cell.unit,
            "inferred": cell.inferred,
            "confidence": cell.confidence,
            "locator": cell.locator,
        }


def _finding_rows(document: Document, report: AnnualReport) -> list[Row]:
    """Findings of reading and of parsing, each once."""
    rows = [finding_row(finding) for finding in (*document.findings, *report.findings)]
    return list({canonical(row): row for row in rows}.values())


@lru_cache(maxsize=4096)
def _places(cells: tuple[str, ...]) -> str:
    """The cells of a relation, which are the same in every report."""
    return canonical(cells)


def check_row(check: Check) -> Row:
    """A relation with both sides; the version is the caller's."""
    return {
        "id": check.id,
        "relation": check.relation,
        "lhs": check.lhs,
        "rhs": check.rhs,
        "result": check.result.value,
        "cells": _places(check.cells),
    }


def finding_row(finding: Finding) -> Row:
    """A finding without its key; version or record are the caller's."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": masked(finding.message),
        "locator": finding.locator,
        "cells": canonical(finding.cells),
    }


def with_key(row: Row) -> Row:
    """The row of a finding with the key that derives from all of it."""
    return {"finding": key_of("finding", row), **row}


def _claim_row(record_id: str, n: int, claim: DateClaim) -> Row:
    return {
        "record_id": record_id,
        "n": n,
        "kind": claim.kind.value,
        "lo": claim.lo.isoformat(),
        "hi": claim.hi.isoformat(),
        "raw": claim.raw,
        "source": claim.source,
        "locator": claim.locator,
    }
