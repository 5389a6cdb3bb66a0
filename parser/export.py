"""AnnualReport → plain JSON values under the keys of tests/golden/SCHEMA.md."""

from __future__ import annotations

from typing import Any

from parser.report import AnnualReport


def report_json(report: AnnualReport) -> dict[str, Any]:
    """The report as a dict that `json.dumps` takes as it is."""
    return {"report_year": report.report_year, "title": report.title}
