"""Soft checks: narrative against table (N), plausibility (T), years (Y), dates (D), structure (S).

Only those that are cheap and certain; a relation whose data the report does not give yields no check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parser.document import Finding, PublisherRef
from parser.findings import finding
from parser.labels import DUTIES
from parser.narrative import Fact, about_applications, carried_forward, concluded, received
from parser.report import Check, CheckResult, NumberCell, ProactiveRow, Section, Tables
from parser.years import Years, outlook_years

_BELOW_PREFECTURE = {
    "township_government": "township",
    "subdistrict_office": "subdistrict",
    "county_government": "county",
    "county_department": "department",
}
_GOVERNMENTS = ("county_government", "township_government")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the soft checks look at."""

    sections: Sequence[Section]
    tables: Tables
    years: Years
    publisher: PublisherRef | None
    publish_date: date | None
    signed_date: date | None
    widths: dict[str, int]


Result = list[tuple[Check, Finding | None]]


def soft_checks(subject: Subject) -> tuple[list[Check], list[Finding]]:
    """All soft checks that the report gives data for."""
    results: Result = []
    for check in (_narrative, _disclosure, _title_year, _outlook, _dates, _widths, _article_50):
        results.extend(check(subject))
    return [check for check, _ in results], [found for _, found in results if found is not None]


# --- N: words against numbers


def _narrative(subject: Subject) -> Result:
    section = next((section for section in subject.sections if section.key == "overall"), None)
    if section is None or subject.tables.applications is None:
        return []
    rows = {row.key: row.cells for row in subject.tables.applications}
    text = about_applications(section.text)
    both = [rows[key]["total"].value for key in ("new_received", "carried_over")]
    with_carried = [] if None in both else [sum(value for value in both if value is not None)]
    results = _said(_RECEIVED, received(text), rows["new_received"]["total"], with_carried)
    results += _said(_CONCLUDED, concluded(text), rows["result_total"]["total"])
    results += _said(_CARRIED, carried_forward(text), rows["carried_forward"]["total"])
    return results


@dataclass(frozen=True, slots=True)
class _Claim:
    """A relation between a fact in words and the total of a row."""

    family: str
    name: str
    row: str
    relation: str


_RECEIVED = _Claim("N1", "received", "new_received", "narrative applications received = new_received.total")
_CONCLUDED = _Claim("N2", "concluded", "result_total", "narrative concluded = result_total.total")
_CARRIED = _Claim(
    "N3", "carried_forward", "carried_forward", "narrative carried forward = carried_forward.total"
)


def _said(claim: _Claim, facts: list[Fact], cell: NumberCell, accepted: Sequence[int | float] = ()) -> Result:
    """Pass if the text says the table's number anywhere; warn only if it says one other number."""
    if not facts or cell.value is None:
        return []
    key, name = f"applications.{claim.row}.total", f"{claim.family}.{claim.name}"
    agreeing = next((fact for fact in facts if fact.value in {cell.value, *accepted}), None)
    if agreeing is not None:
        return [(Check(name, claim.relation, agreeing.value, cell.value, CheckResult.PASS, (key,)), None)]
    if len({fact.value for fact in facts}) > 1:
        return []
    fact = facts[0]
    check = Check(name, claim.relation, fact.value, cell.value, CheckResult.WARN, (key,))
    return [(check, finding(claim.family, cells=[key], lhs=fact.value, rhs=cell.value, quote=fact.quote))]


# --- T: plausibility of table 二


def _disclosure(subject: Subject) -> Result:
    rows = subject.tables.proactive_disclosure or ()
    results: Result = []
    for row in rows:
        if row.key == "regulations":
            results += _no_regulations(row, subject.publisher)
        if row.key in ("regulations", "normative_documents"):
            results += _in_force(row)
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


# --- Y, D, S


def _title_year(subject: Subject) -> Result:
    title, year = subject.years.from_title, subject.years.year
    body = subject.years.from_body if year == title else year
    if title is None or body is None:
        return []
    period = subject.years.sources["from_stated_period"]
    differs = title != year or (period is not None and period != title)
    if not differs:
        body = title
    other = body if body != title else period
    check = Check(
        "Y1.title_year_vs_body_year",
        "title year = stated period = body year",
        title,
        other if differs else title,
        CheckResult.FAIL if differs else CheckResult.PASS,
        ("title", "report_year"),
    )
    return [(check, finding("Y1", cells=["title", "report_year"], lhs=title, rhs=other) if differs else None)]


def _outlook(subject: Subject) -> Result:
    year = subject.years.year
    if year is None:
        return []
    last = [
        section for section in subject.sections if section.key in ("problems_improvements", "other_matters")
    ]
    stale = [(at, quote) for section in last for at, quote in outlook_years(section.text) if at <= year]
    if not stale:
        return []
    at, quote = stale[0]
    check = Check(
        "Y2.outlook_year",
        "an outlook (将…) must name a year after the report year",
        at,
        year,
        CheckResult.FAIL,
    )
    return [(check, finding("Y2", lhs=at, rhs=year, quote=quote))]


def _dates(subject: Subject) -> Result:
    year = subject.years.year
    if year is None:
        return []
    results: Result = []
    end = date(year, 12, 31)
    for name, what, day in (
        ("publish_after_period_end", "公开日期", subject.publish_date),
        ("sign_after_period_end", "落款日期", subject.signed_date),
    ):
        if day is None:
            continue
        early = day <= end
        check = Check(
            f"D1.{name}",
            f"{name.split('_')[0]}_date > {end.isoformat()}",
            int(day.strftime("%Y%m%d")),
            int(end.strftime("%Y%m%d")),
            CheckResult.FAIL if early else CheckResult.PASS,
        )
        results.append((check, finding("D1", what=what, lhs=day.isoformat(), rhs=year) if early else None))
    return results


def _widths(subject: Subject) -> Result:
    results: Result = []
    for row, drawn in subject.widths.items():
        check = Check(
            "S1.row_width",
            "every application row has 7 numbers",
            drawn,
            7,
            CheckResult.FAIL,
            (f"applications.{row}",),
        )
        results.append((check, None))  # the table's own finding names the row already
    return results


def _article_50(subject: Subject) -> Result:
    kind = subject.publisher.kind if subject.publisher else None
    if kind not in _GOVERNMENTS or len(subject.sections) < 4:
        return []
    told = any(word in section.text for section in subject.sections for word in DUTIES.article_50)
    check = Check(
        "D2.art50_4_content",
        "an 各级人民政府 report must tell assessment, social review and accountability results",
        None,
        None,
        CheckResult.PASS if told else CheckResult.WARN,
    )
    return [(check, None if told else finding("D2"))]
