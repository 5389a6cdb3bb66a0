"""county_sums: whether the county's report equals the sum of its units' (practice.md §4.4).

A row for each total that the county's report shows. It mostly shows that the county counted itself alone: so
the report's own scope stands beside it, and how many units those are of how many expected.
"""

from __future__ import annotations

from archive.audit.run import Audit
from archive.export.conduct import figure_scope
from archive.export.model import KEY, Row, Table, columns
from archive.export.source import Held, Source
from archive.register import PublisherKind

SUMS = columns(
    KEY + "figure_scope figure_scope_quote:text key county_total:number units_sum:number difference:number"
    " n_told:integer n_held:integer n_expected:integer version"
)
#: What may be added up: totals of tables 三 and 四, decisions and charges of table 二.
_ENDS = (".total", "_total", ".decisions", ".amount_wan_yuan")


def county_sums(source: Source, audit: Audit) -> Table:
    """Every county's report that shows numbers, against the reports held of the county's other bodies."""
    rows: list[Row] = []
    for county in source.held:
        if county.publisher.kind is not PublisherKind.COUNTY_GOVERNMENT:
            continue
        units = [held for held in source.held if _is_unit(held, county)]
        scope, quote = figure_scope(county)
        for key in sorted(key for key in county.cells if key.endswith(_ENDS)):
            if county.value(key) is None:
                continue
            rows.append(
                {
                    **county.key,
                    "figure_scope": scope,
                    "figure_scope_quote": quote,
                    "key": key,
                    **_compared(county, units, key),
                    "n_held": len(units),
                    "n_expected": _expected(audit, county),
                    "version": county.version["version"],
                }
            )
    return Table("county_sums", SUMS, rows)


def _is_unit(held: Held, county: Held) -> bool:
    return (
        held.county.code == county.county.code
        and held.year == county.year
        and held.publisher.code != county.publisher.code
    )


def _compared(county: Held, units: list[Held], key: str) -> Row:
    """Both sides; no sum where no unit shows the number."""
    total = county.value(key)
    told = [value for unit in units if (value := unit.value(key)) is not None]
    together = round(sum(told), 6) if told else None
    difference = None if together is None or total is None else round(total - together, 6)
    return {"county_total": total, "units_sum": together, "difference": difference, "n_told": len(told)}


def _expected(audit: Audit, county: Held) -> int:
    """The county's other bodies of which a report is expected for the year."""
    return sum(
        verdict.expected
        and verdict.report_year == county.year
        and verdict.publisher.code != county.publisher.code
        for audited in audit.counties
        if audited.county.code == county.county.code
        for verdict in audited.verdicts
    )
