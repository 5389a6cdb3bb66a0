"""Document → AnnualReport: the parser's one way in."""

from __future__ import annotations

from collections.abc import Sequence

from parser.apart import first_report
from parser.checks import hard_checks
from parser.document import DateKind, Document, Finding
from parser.findings import finding
from parser.head import listed_titles, read_published, read_signed, read_title
from parser.kind import MIN_SECTIONS, Evidence, judge_kind
from parser.lines import lines_of
from parser.narrative import read_breakdowns, read_facts
from parser.report import AnnualReport, DocumentKind, FormatVersion, Section, Tables
from parser.sections import Split, split
from parser.soft import Subject, soft_checks
from parser.statistics import read_statistics, statistics_checks
from parser.tables.read import read_tables
from parser.version import PARSER_VERSION
from parser.year_sources import disagreement, format_disagrees, years_elsewhere
from parser.years import read_years

_TABLES = {"proactive_disclosure": "表二", "applications": "表三", "review_litigation": "表四"}


def parse(document: Document, *, year_hint: int | None = None) -> AnnualReport:
    """Read one document. Never raises on its content: what is not understood becomes a finding.

    `year_hint`: the year of the list that led here, where the Document's source does not tell it; believed
    only where the text names none.
    """
    lines = lines_of(document)
    document, apart = first_report(document, lines)
    if apart:
        lines = lines_of(document)
    read = read_tables(document.blocks)
    parts = split(document, lines, has_tables=read.version is not None)
    bare = len(parts.sections) < MIN_SECTIONS and read.tables.applications is None
    title = read_title(document, lines if bare or document.title is None else ())
    published, signed = read_published(document), read_signed(document, parts)
    opening = "\n".join(line.plain for line in parts.preamble)
    own = (published.on, signed.on)
    days = [day for day in own if day is not None] + [
        claim.lo for claim in document.dates if claim.kind is DateKind.PUBLISHED
    ]
    elsewhere = years_elsewhere(document, year_hint)
    years = read_years(title, opening, parts.sections, dates=days, elsewhere=elsewhere)
    evidence = Evidence(
        title, opening, parts.sections, read.tables, years.year, listed_titles(lines) if bare else 0
    )
    kind, kind_findings = judge_kind(evidence)
    hard, hard_findings = hard_checks(read.tables)
    facts = read_facts(parts.sections) if kind is DocumentKind.REPORT else ()
    subject = Subject(
        parts.sections,
        read.tables,
        years,
        document.publisher,
        published.on,
        signed.on,
        read.widths,
        facts,
        read_breakdowns(parts.sections),
    )
    soft, soft_findings = soft_checks(subject) if kind is DocumentKind.REPORT else ([], [])
    statistics = read_statistics(document.blocks) if read.version is None else None
    told, told_findings = statistics_checks(statistics or ())
    findings = [*document.findings, *kind_findings]
    if kind is not DocumentKind.NOT_A_REPORT:
        findings += [
            *years.findings,
            *disagreement(years.sources, years.year, checked=kind is DocumentKind.REPORT),
            *format_disagrees(read.version, years.year),
            *_head_findings(title),
            *apart,
            *parts.findings,
            *_missing_tables(parts, read.tables),
        ]
        findings += [*read.findings, *hard_findings, *soft_findings, *told_findings]
    return AnnualReport(
        kind=kind,
        report_year=years.year if kind is not DocumentKind.NOT_A_REPORT else years.from_title,
        year_sources=years.sources,
        format_version=FormatVersion.PRE2019 if parts.pre2019 or statistics else read.version,
        title=title,
        index_number=document.index_number.raw if document.index_number else None,
        publish_date=published.on,
        publish_date_source=published.source,
        signed_date=signed.on,
        signed_by=signed.by,
        publisher=document.publisher,
        preamble=opening or None,
        tail="\n".join(line.plain for line in parts.tail) or None,
        sections=parts.sections,
        tables=read.tables,
        checks=(*hard, *soft, *told),
        findings=tuple(findings),
        parser_version=PARSER_VERSION,
        stated_period=years.period,
        facts=facts,
        statistics=statistics,
    )


def _head_findings(title: str | None) -> list[Finding]:
    return [] if title is not None else [finding("no_title")]


def _missing_tables(parts: Split, tables: Tables) -> list[Finding]:
    """A report of a format with tables that lacks one: an image, a script, or a table left out."""
    if parts.pre2019 or not _expects_tables(parts.sections):
        return []
    gone = [name for name in _TABLES if getattr(tables, name) is None]
    return [finding("missing_table", cells=[name], table=_TABLES[name]) for name in gone]


def _expects_tables(sections: Sequence[Section]) -> bool:
    return len(sections) >= 4
