"""AnnualReport → plain JSON values under the keys of tests/golden/SCHEMA.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from parser.document import Finding, PublisherRef
from parser.labels import APPLICATIONS
from parser.report import AnnualReport, Check, CheckResult, Fact, NumberCell, Section, StatisticRow, Tables
from parser.text import compact

HARD = ("A1.", "A2.", "A3.", "B1.")


def report_json(report: AnnualReport) -> dict[str, Any]:
    """The report as a dict that `json.dumps` takes as it is. Keys: tests/golden/SCHEMA.md."""
    return {
        "schema_version": 1,
        "kind": report.kind.value,
        "publisher": _publisher(report.publisher),
        "report_year": report.report_year,
        "report_year_detail": _year_detail(report),
        "title": report.title,
        "index_number": report.index_number,
        "publish_date": _day(report.publish_date),
        "publish_date_source": report.publish_date_source,
        "signed_date": _day(report.signed_date),
        "signed_by": report.signed_by,
        "format_version": report.format_version.value if report.format_version else None,
        "stated_period": _period(report.stated_period),
        "preamble": _preamble(report.preamble),
        "tail": {"text": report.tail} if report.tail else None,
        "sections": [_section(section) for section in report.sections],
        "tables": _tables(report.tables),
        "statistics": _statistics(report.statistics),
        "narrative": _narrative(report.facts),
        "checks": _checks(report.checks),
        "findings": [_finding(item) for item in report.findings],
        "parser_version": report.parser_version,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _period(period: tuple[date, date] | None) -> dict[str, str] | None:
    return {"start": period[0].isoformat(), "end": period[1].isoformat()} if period else None


def _publisher(publisher: PublisherRef | None) -> dict[str, Any] | None:
    if publisher is None:
        return None
    return {
        "name": publisher.name,
        "name_raw": list(publisher.name_raw),
        "kind": publisher.kind,
        "parent_county": publisher.county,
        "parent_county_code": publisher.county_code,
        "prefecture": publisher.prefecture,
        "province": publisher.province,
        "division_code": publisher.code,
        "name_correction": publisher.correction,
        "reasons": list(publisher.reasons),
        "unclear": publisher.unclear,
    }


def _year_detail(report: AnnualReport) -> dict[str, Any]:
    sources = report.year_sources
    said = {year for year in (sources.get(name) for name in _SAID) if year is not None}
    confidence = "high" if said == {report.report_year} else "medium" if report.report_year in said else "low"
    return {**sources, "confidence": confidence, "conflict": len(said) > 1}


_SAID = ("from_title", "from_body", "from_stated_period")


def _preamble(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    short = compact(text)
    return {"n_chars_compact": len(short), "first20": short[:20], "last20": short[-20:], "text": text}


def _section(section: Section) -> dict[str, Any]:
    return {
        "order": section.order,
        "key": section.key,
        "heading_raw": section.heading_raw,
        "heading": section.heading,
        "n_chars_compact": section.n_chars_compact,
        "first20": section.first20,
        "last20": section.last20,
        "n_chars_compact_normalised": section.n_chars_compact_normalised,
        "first20_normalised": section.first20_normalised,
        "last20_normalised": section.last20_normalised,
        "text": section.text,
        "locator": section.locator,
    }


def _cell(cell: NumberCell) -> dict[str, Any]:
    out: dict[str, Any] = {"label": cell.label, "value": cell.value, "state": cell.state.value}
    for name in ("raw", "unit", "inferred"):
        if getattr(cell, name) is not None:
            out[name] = getattr(cell, name)
    if cell.locator:
        out["locator"] = cell.locator
    if cell.confidence is not None:
        out |= {"source": "ocr", "confidence": cell.confidence}
    return out


def _tables(tables: Tables) -> dict[str, Any]:
    return {
        "proactive_disclosure": _proactive(tables),
        "applications": _applications(tables),
        "review_litigation": _review(tables),
    }


def _proactive(tables: Tables) -> dict[str, Any] | None:
    if tables.proactive_disclosure is None:
        return None
    rows = [
        {
            "key": row.key,
            "label": row.label,
            "item": row.item,
            "cells": {key: _cell(cell) for key, cell in row.cells.items()},
        }
        for row in tables.proactive_disclosure
    ]
    return {"rows": rows}


def _applications(tables: Tables) -> dict[str, Any] | None:
    if tables.applications is None:
        return None
    rows = [
        {
            "key": row.key,
            "label": row.label,
            "group": row.group,
            "subgroup": row.subgroup,
            "values": {key: cell.value for key, cell in row.cells.items()},
            "cells": {key: _cell(cell) for key, cell in row.cells.items()},
        }
        for row in tables.applications
    ]
    columns = [{"key": column.key, "label": column.label} for column in APPLICATIONS.columns]
    return {"columns": columns, "n_rows": len(rows), "rows": rows}


def _review(tables: Tables) -> dict[str, Any] | None:
    if tables.review_litigation is None:
        return None
    cells = {key: _cell(cell) for key, cell in tables.review_litigation.items()}
    return {"n_cells": len(cells), "cells": cells}


def _statistics(rows: Iterable[StatisticRow] | None) -> list[dict[str, Any]] | None:
    """The table of the form before 2019 as a labelled list."""
    if rows is None:
        return None
    return [
        {
            "key": row.key,
            "group": row.group,
            "label": row.label,
            "unit": row.cell.unit,
            "cell": _cell(row.cell),
        }
        for row in rows
    ]


def _narrative(facts: Iterable[Fact]) -> dict[str, Any]:
    """By fact the number, null where the words give several; fees in 元, counts as such."""
    by_key: dict[str, list[Fact]] = {}
    for fact in facts:
        by_key.setdefault(fact.key, []).append(fact)
    told = {}
    for key, every in by_key.items():
        values = {fact.value for fact in every}
        told[key] = {
            "value": values.pop() if len(values) == 1 else None,
            "approximate": any(fact.approximate for fact in every),
            "quotes": list(dict.fromkeys(fact.quote for fact in every)),
            "sections": sorted({fact.section for fact in every}),
        }
    return told


def _checks(checks: Iterable[Check]) -> dict[str, Any]:
    hard = [check for check in checks if check.id.startswith(HARD)]
    soft = [check for check in checks if not check.id.startswith(HARD)]
    failing = [check.id for check in hard if check.result is CheckResult.FAIL]
    failing += [check.id for check in soft if check.result in (CheckResult.FAIL, CheckResult.WARN)]
    return {
        "hard_arithmetic": {
            "n": len(hard),
            "summary": dict(Counter(check.result.value for check in hard)),
            "items": [_check(check) for check in hard],
        },
        "soft": [_check(check) for check in soft],
        "failing": failing,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "relation": check.relation,
        "lhs": check.lhs,
        "rhs": check.rhs,
        "result": check.result.value,
        "cells": list(check.cells),
    }


def _finding(item: Finding) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": item.severity.value,
        "message": item.message,
        "locator": item.locator,
        "cells": list(item.cells),
        "check": item.check,
    }
