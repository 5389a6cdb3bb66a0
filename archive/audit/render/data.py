"""Audit → records, CSV and JSON: for machines and workbooks."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from archive.audit.lists import CODES, Difference, list_words, told_together
from archive.audit.run import Audit, CountyAudit
from archive.audit.slots import Stray
from archive.audit.statuses import Presence
from archive.audit.verdict import Verdict
from archive.audit.workdays import day_in_china
from archive.clock import SHANGHAI

#: Columns of the CSV, in order; lists are joined with `; `.
COLUMNS = (
    "as_of",
    "seen_until",
    "county_code",
    "county",
    "publisher_code",
    "publisher",
    "kind",
    "report_year",
    "presence",
    "not_crawled",
    "timeliness",
    "content",
    "status_zh",
    "status_en",
    "due",
    "next_workday",
    "basis",
    "article",
    "calendar_provisional",
    "published_lo",
    "published_hi",
    "days_late",
    "first_seen",
    "last_seen",
    "title",
    "url",
    "index_number",
    "publisher_shown",
    "expected_basis",
    "findings",
    "changed_cells",
    "reasons_zh",
    "reasons_en",
    "evidence",
    "decision_zh",
    "decision_en",
    "change_zh",
    "change_en",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def count_colour(county: CountyAudit, name: str, usual: str) -> str:
    """The colour of a county's count, none for 0. Red only where a verdict is: not for townships alone."""
    if not getattr(county.tally, name):
        return ""
    if usual == "red" and not any(verdict.colour == "red" for verdict in _counted(county, name)):
        return "amber"
    return usual


def _counted(county: CountyAudit, name: str) -> Iterable[Verdict]:
    missing = name == "missing"
    return (v for v in county.verdicts if (v.presence is Presence.MISSING if missing else v.late))


def seen_until(audit: Audit) -> str | None:
    """The moment in China of the last capture admitted; None where all are."""
    moment = audit.scope.seen_until
    return None if moment is None else moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def seen_until_text(audit: Audit) -> str:
    """The same for people: `全部 all`, where all are."""
    return seen_until(audit) or "全部 all"


def since_text(audit: Audit) -> str:
    """That only changes are shown, and since which day; empty for a whole audit."""
    return (
        f"\n仅列较{audit.since.as_of}有变化的 only what changed since {audit.since.as_of}"
        if audit.since
        else ""
    )


def grouped(verdicts: Iterable[Verdict], *, every: bool = False) -> list[list[Verdict]]:
    """What a person must look at, or every verdict; years of a publisher with the same words together."""
    groups: list[list[Verdict]] = []
    for verdict in verdicts:
        plain = verdict.green and not verdict.decisions and verdict.change is None
        if plain and not every:
            continue
        last = groups[-1][-1] if groups else None
        if last is not None and _alike(last, verdict):
            groups[-1].append(verdict)
        else:
            groups.append([verdict])
    return groups


def _alike(one: Verdict, other: Verdict) -> bool:
    return (
        one.publisher.code == other.publisher.code
        and one.report is None
        and other.report is None
        and (one.words(), one.reasons, one.decisions) == (other.words(), other.reasons, other.decisions)
        and (one.change and one.change.words) == (other.change and other.change.words)
    )


def stray_lines(strays: Iterable[Stray]) -> list[tuple[str, str]]:
    """Reports that nobody in the register owns, as (words, address): a line a printed name, else a report."""
    named: dict[str, list[Stray]] = {}
    lines: list[tuple[str, str]] = []
    for stray in strays:
        if stray.publisher_name:
            named.setdefault(stray.publisher_name, []).append(stray)
        else:
            lines.append(
                (f"{_year_text(stray)} {stray.title or '（无标题）'}（未署单位 no body named）", stray.url)
            )
    told = [
        (f"{name}：{'、'.join(sorted(map(_year_text, found)))}", found[0].url)
        for name, found in named.items()
    ]
    return sorted(told) + sorted(lines)


def _year_text(stray: Stray) -> str:
    return f"{stray.report_year}年度" if stray.report_year else "年度不明"


def years_text(verdicts: Sequence[Verdict]) -> str:
    """`2024年度`, `2018–2020年度`, `2018、2020年度`"""
    years = [verdict.report_year for verdict in verdicts]
    if len(years) > 2 and years == list(range(years[0], years[-1] + 1)):
        return f"{years[0]}–{years[-1]}年度"
    return "、".join(map(str, years)) + "年度"


def last_walk_text(county: CountyAudit) -> str:
    """When a column of the county was last walked to its end."""
    if county.last_walk is None:
        return "尚无完整巡查 never walked to the end"
    moment = county.last_walk.astimezone(SHANGHAI)
    return f"最近一次完整巡查 last complete walk {moment:%Y-%m-%d %H:%M}"


def audit_json(audit: Audit) -> str:
    """The whole audit as one JSON object."""
    whole = {
        "as_of": audit.scope.as_of.isoformat(),
        "seen_until": audit.scope.seen_until.isoformat() if audit.scope.seen_until else None,
        "since": audit.since.as_of.isoformat() if audit.since else None,
        "years": list(audit.scope.years),
        "counties": [_county(county, audit) for county in audit.counties],
        "counties_not_in_register": list(audit.unknown_counties),
        "judged_no_more": [{"publisher": name, "report_year": year} for name, year in audit.gone],
        "journal_faults": list(audit.journal_faults),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def audit_csv(audit: Audit) -> str:
    """A row a publisher and report year, absent ones too. Begins with a byte order mark: WPS needs it."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for county in audit.counties:
        for verdict in county.verdicts:
            record = verdict_record(verdict, county, audit)
            writer.writerow({name: _flat(record[name]) for name in COLUMNS})
    return out.getvalue()


def verdict_record(verdict: Verdict, county: CountyAudit, audit: Audit) -> dict[str, Any]:
    """One verdict as plain values."""
    report, due = verdict.report, verdict.deadline
    return {
        "as_of": audit.scope.as_of.isoformat(),
        "seen_until": seen_until(audit),
        "county_code": county.county.code,
        "county": county.county.label,
        "publisher_code": verdict.publisher.code,
        "publisher": verdict.publisher.official_name,
        "kind": verdict.publisher.kind.value,
        "report_year": verdict.report_year,
        "presence": verdict.presence.value,
        "not_crawled": verdict.not_crawled.value if verdict.not_crawled else None,
        "timeliness": verdict.timeliness.value if verdict.timeliness else None,
        "content": [flag.value for flag in verdict.content],
        "status_zh": verdict.words("zh"),
        "status_en": verdict.words("en"),
        "due": _day(due.due if due else None),
        "next_workday": _day(due.closes if due else None),
        "basis": verdict.basis.value,
        "article": due.article if due else None,
        "calendar_provisional": due.provisional if due else False,
        "published_lo": _day(verdict.published_lo),
        "published_hi": _day(verdict.published_hi),
        "days_late": verdict.days_late,
        "first_seen": _moment(report.first_seen if report else None),
        "last_seen": _moment(report.last_seen if report else None),
        "title": report.title if report else None,
        "url": report.url if report else None,
        "index_number": report.index_number if report else None,
        "publisher_shown": report.publisher_shown if report else None,
        "expected_basis": verdict.expected_basis.value,
        "findings": report.n_findings if report else 0,
        "changed_cells": list(report.changed_cells) if report else [],
        "reasons_zh": [reason.zh for reason in verdict.reasons],
        "reasons_en": [reason.en for reason in verdict.reasons],
        "decision_zh": verdict.decision.words("zh") if verdict.decision else None,
        "decision_en": verdict.decision.words("en") if verdict.decision else None,
        "change_zh": verdict.change.words.zh if verdict.change else None,
        "change_en": verdict.change.words.en if verdict.change else None,
        "evidence": [
            f"{item.shows} {day_in_china(item.moment)} {item.record_id}" for item in verdict.evidence
        ],
    }


def _county(county: CountyAudit, audit: Audit) -> dict[str, Any]:
    return {
        "code": county.county.code,
        "name": county.county.label,
        "sample": county.county.sample,
        "last_complete_walk": _moment(county.last_walk),
        "tally": asdict(county.tally),
        "verdicts": [verdict_json(verdict, county, audit) for verdict in county.verdicts],
        "unattributed": [asdict(stray) for stray in county.strays],
        "register_differences": [_difference(told) for told in county.differences],
    }


def _difference(told: Difference) -> dict[str, Any]:
    return {
        "code": told.code,
        "name": told.name,
        "publisher_code": told.publisher,
        "years": list(told.years),
        "zh": told.zh,
        "en": told.en,
        "url": told.url,
        "read": _moment(told.read),
        "record_id": told.record_id,
    }


def difference_counts(county: CountyAudit) -> str:
    """How many bodies other lists have otherwise, by what differs (years, where one lacks all); or empty."""
    counts: Counter[str] = Counter()
    for told in county.differences:
        counts[told.code] += len(told.years) if told.code == "no_departments" else 1
    return "，".join(f"{list_words()[code].head} {counts[code]}" for code in CODES if counts[code])


def difference_lines(county: CountyAudit) -> list[tuple[str, str]]:
    """For people, as (words, address of the other list, if it has one)."""
    return [(told.zh, told.url or "") for told in told_together(county.differences)]


def verdict_json(verdict: Verdict, county: CountyAudit, audit: Audit) -> dict[str, Any]:
    """The record, with its evidence, date claims, decisions and change as objects."""
    record = verdict_record(verdict, county, audit)
    for name in ("as_of", "seen_until", "county_code", "county", "decision_zh", "decision_en"):
        del record[name]
    record["decisions"] = [decision.model_dump(mode="json") for decision in verdict.decisions]
    record["change"] = (
        {"cause": verdict.change.cause, "before": dict(verdict.change.before)} if verdict.change else None
    )
    record["evidence"] = [
        {"record_id": e.record_id, "url": e.url, "date": _moment(e.moment), "shows": e.shows}
        for e in verdict.evidence
    ]
    record["dates"] = [
        {
            "kind": claim.kind,
            "source": claim.source,
            "lo": _day(claim.lo),
            "hi": _day(claim.hi),
            "raw": claim.raw,
            "record_id": claim.record_id,
        }
        for claim in verdict.claims
    ]
    return record


def _flat(value: object) -> object:
    """A list as text; text from a portal that a spreadsheet would take for a formula begins with `'`."""
    flat = "; ".join(str(part) for part in value) if isinstance(value, list) else value
    return f"'{flat}" if isinstance(flat, str) and flat.startswith(_FORMULA) else flat


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(SHANGHAI).isoformat(timespec="seconds") if value else None


def file_stem(county: str, years: Sequence[int], what: str, as_of: date) -> str:
    """`某市_2025年度_年报核查台账_截至2026-02-01`: what a file of an audit is called."""
    told = f"{years[0]}年度" if len(years) == 1 else f"{years[0]}-{years[-1]}年度"
    plain = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", county)
    return f"{plain}_{told}_{what}_截至{as_of}"
