"""Document → AnnualReport: the parser's one way in."""

from __future__ import annotations

from parser.document import Document
from parser.report import AnnualReport, DocumentKind, Tables
from parser.version import PARSER_VERSION


def parse(document: Document, *, year_hint: int | None = None) -> AnnualReport:
    """Read one document. Never raises on its content: what is not understood becomes a finding."""
    return AnnualReport(
        kind=DocumentKind.NOT_A_REPORT,
        report_year=year_hint,
        year_sources={},
        format_version=None,
        title=document.title,
        index_number=document.index_number.raw if document.index_number else None,
        publish_date=None,
        publish_date_source=None,
        signed_date=None,
        signed_by=None,
        publisher=document.publisher,
        preamble=None,
        tail=None,
        sections=(),
        tables=Tables(None, None, None),
        checks=(),
        findings=document.findings,
        parser_version=PARSER_VERSION,
    )
