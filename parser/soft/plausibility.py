"""T, H: numbers that are possible and hardly right (statute.md §3, practice.md §3)."""

from __future__ import annotations

from decimal import Decimal

from parser.document import PublisherRef
from parser.findings import finding
from parser.labels import DUTIES
from parser.report import Check, CheckResult, ProactiveRow
from parser.soft.subject import Result, Subject

_BELOW_PREFECTURE = {
    "township_government": "township",
    "subdistrict_office": "subdistrict",
    "county_government": "county",
    "county_department": "department",
}
_MANY = 30  # applications from which a third carried forward is worth a look (practice.md §3, T7)
_WAN = Decimal(10_000)


def plausibility_checks(subject: Subject) -> Result:
    """Table 二 for what the body can do at all, table 三 for what it leaves lying, all tables for years."""
    return [*_disclosure(subject), *_left_over(subject), *_fee(subject), *_yearlike(subject)]


def _disclosure(subject: Subject) -> Result:
    results: Result = []
    for row in subject.tables.proactive_disclosure or ():
        if row.key == "regulations":
            results += _no_regulations(row, subject.publisher)
        if row.key in ("regulations", "normative_documents"):
            results += [*_in_force(row), *_disclosed(row)]
    return results


def _no_regulations(row: ProactiveRow, publisher: PublisherRef | None) -> Result:
    kind = _BELOW_PREFECTURE.get(publisher.kind or "") if publisher else None
    if kind is None or publisher is None:
        return []
    if kind == "township" and (publisher.name or "").endswith("镇人民政府"):
        kind = "town"
    place = f"{publisher.prefecture or ''}{publisher.county or ''}"
    if any(name in place for name in DUTIES.rule_making_places):
        return []
    made = [(key, cell.value) for key, cell in row.cells.items() if cell.value]
    cells = tuple(f"proactive_disclosure.regulations.{key}" for key, _ in made)
    check = Check(
        f"T1.regulations_zero_for_{kind}",
        "a body below a prefecture cannot make 规章, so regulations.* = 0",
        made[0][1] if made else 0,
        0,
        CheckResult.WARN if made else CheckResult.PASS,
        cells,
    )
    return [(check, finding("T1", cells=cells, lhs=made[0][1]) if made else None)]


def _in_force(row: ProactiveRow) -> Result:
    values = [
        row.cells[key].value if key in row.cells else None for key in ("issued", "repealed", "in_force")
    ]
    issued, repealed, in_force = values
    if issued is None or repealed is None or in_force is None or not (issued or repealed or in_force):
        return []
    cells = tuple(f"proactive_disclosure.{row.key}.{key}" for key in ("issued", "repealed", "in_force"))
    suffix = "" if row.key == "normative_documents" else f".{row.key}"
    low = in_force < issued - repealed
    results: Result = [
        (
            Check(
                f"T2.in_force_lower_bound{suffix}",
                "in_force >= issued - repealed",
                in_force,
                issued - repealed,
                CheckResult.FAIL if low else CheckResult.PASS,
                cells,
            ),
            finding("T2", cells=cells, row=row.label, lhs=in_force, rhs=issued - repealed) if low else None,
        )
    ]
    if issued > 0:
        odd = in_force == 0
        results.append(
            (
                Check(
                    f"T3.in_force_plausible{suffix}",
                    "issued > 0 usually means in_force > 0",
                    issued,
                    in_force,
                    CheckResult.WARN if odd else CheckResult.PASS,
                    cells,
                ),
                finding("T3", cells=cells, row=row.label, lhs=issued) if odd else None,
            )
        )
    return results


def _disclosed(row: ProactiveRow) -> Result:
    """T4, v2019: 对外公开总数量 holds what was newly disclosed."""
    if "total_disclosed" not in row.cells:
        return []
    new, total = row.cells["newly_disclosed"].value, row.cells["total_disclosed"].value
    if new is None or total is None or not (new or total):
        return []
    cells = tuple(f"proactive_disclosure.{row.key}.{key}" for key in ("newly_disclosed", "total_disclosed"))
    low = total < new
    check = Check(
        f"T4.total_disclosed.{row.key}",
        "total_disclosed >= newly_disclosed",
        total,
        new,
        CheckResult.WARN if low else CheckResult.PASS,
        cells,
    )
    return [(check, finding("T4", cells=cells, row=row.label, lhs=total, rhs=new) if low else None)]


def _left_over(subject: Subject) -> Result:
    """T7: more than a third of the year's applications carried forward."""
    rows = {row.key: row for row in subject.tables.applications or ()}
    if not rows:
        return []
    new, forward = (rows[key].cells["total"].value for key in ("new_received", "carried_forward"))
    if new is None or forward is None or new < _MANY:
        return []
    much = 3 * forward > new
    cells = ("applications.carried_forward.total", "applications.new_received.total")
    relation = "carried_forward.total is seldom more than a third of new_received.total"
    result = CheckResult.INFO if much else CheckResult.PASS
    check = Check("T7.carried_forward_share", relation, forward, new, result, cells)
    return [(check, finding("T7", cells=cells, lhs=forward, rhs=new) if much else None)]


def _fee(subject: Subject) -> Result:
    """T8: a processing fee told in words is among the fees of table 二 (in 万元)."""
    told = subject.one("fees")
    row = next((row for row in subject.tables.proactive_disclosure or () if row.key == "fees"), None)
    cell = row.cells.get("amount_wan_yuan") if row else None
    if told is None or not told.value or cell is None or cell.value is None:
        return []
    amount = float(Decimal(told.value) / _WAN)
    low = cell.value < amount
    cells = ("proactive_disclosure.fees.amount_wan_yuan",)
    relation = "fees.amount_wan_yuan >= the processing fee told in words"
    result = CheckResult.INFO if low else CheckResult.PASS
    check = Check("T8.processing_fee", relation, cell.value, amount, result, cells)
    return [
        (check, finding("T8", cells=cells, lhs=cell.value, rhs=amount, quote=told.quote) if low else None)
    ]


def _yearlike(subject: Subject) -> Result:
    """H1: a count that equals the report year or its neighbour was perhaps never a count."""
    year = subject.years.year
    if year is None:
        return []
    years = {year - 1, year, year + 1}
    cells = [
        f"applications.{row.key}.{column}"
        for row in subject.tables.applications or ()
        for column, cell in row.cells.items()
        if cell.value in years and column != "total"
    ]
    cells += [
        f"proactive_disclosure.{row.key}.{column}"
        for row in subject.tables.proactive_disclosure or ()
        for column, cell in row.cells.items()
        if cell.value in years
    ]
    cells += [
        f"review_litigation.{key}"
        for key, cell in (subject.tables.review_litigation or {}).items()
        if cell.value in years
    ]
    if not cells:
        return []
    check = Check(
        "H1.yearlike", "no count equals the report year", year, None, CheckResult.WARN, tuple(cells)
    )
    return [(check, finding("H1", cells=cells, rhs=year))]
