"""Y, D: years and days that contradict each other (statute.md §3, practice.md §3)."""

from __future__ import annotations

from datetime import date, timedelta

from parser.document import Finding
from parser.findings import finding
from parser.report import Check, CheckResult
from parser.soft.subject import Result, Subject
from parser.years import outlook_years, stray_years

_LONGEST = timedelta(days=60)  # from signature to publication (practice.md §3, D3)


def time_checks(subject: Subject) -> Result:
    """Title, body, stated period, outlook, signature and publication against each other."""
    checks = (_title_year, _outlook, _stray, _period, _dates, _signed)
    return [result for check in checks for result in check(subject)]


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


def _stray(subject: Subject) -> Result:
    """Y3: a year that is not about this report: a sentence left over from another one."""
    year = subject.years.year
    if year is None:
        return []
    texts = [s.text for s in subject.sections if s.key in ("overall", "problems_improvements")]
    strays = [(at, quote) for text in texts for at, quote in stray_years(text, year) if abs(at - year) > 1]
    if not strays:
        return []
    at, quote = strays[0]
    check = Check("Y3.stray_year", "the text names years from Y-1 to Y+1", at, year, CheckResult.WARN)
    return [(check, finding("Y3", lhs=at, rhs=year, quote=quote))]


def _period(subject: Subject) -> Result:
    """Y4: the statistical period is the whole report year."""
    year, period = subject.years.year, subject.years.period
    if year is None or period is None:
        return []
    start, end = period
    whole = (start, end) == (date(year, 1, 1), date(year, 12, 31))
    shorter = start == date(year, 1, 1) and end.year == year
    result = CheckResult.PASS if whole else CheckResult.WARN if shorter else CheckResult.FAIL
    check = Check(
        "Y4.stated_period",
        "the stated period is 1 January to 31 December of the report year",
        int(end.strftime("%Y%m%d")),
        year * 10_000 + 1231,
        result,
    )
    if whole:
        return [(check, None)]
    code = "Y4_shorter" if shorter else "Y4"
    return [(check, finding(code, lhs=f"{start.isoformat()}—{end.isoformat()}", rhs=year))]


def _signed(subject: Subject) -> Result:
    """D3: signed before it is published, and not long before."""
    signed, published = subject.signed_date, subject.publish_date
    if signed is None or published is None:
        return []
    odd = not timedelta(0) <= published - signed <= _LONGEST
    check = Check(
        "D3.signed_before_published",
        "signed_date <= publish_date, at most 60 days before",
        int(signed.strftime("%Y%m%d")),
        int(published.strftime("%Y%m%d")),
        CheckResult.WARN if odd else CheckResult.PASS,
    )
    told: Finding | None = finding("D3", lhs=signed.isoformat(), rhs=published.isoformat()) if odd else None
    return [(check, told)]
