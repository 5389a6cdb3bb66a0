"""Only what changed since a former audit (`--since AUDIT.json`): each change with its reason.

The former audit is the JSON that `scrapy audit --format json` printed. A publisher and report year that it
did not judge is no change; one that is new in the register is. What was missing and is held is told
too, though nobody must look at it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from archive.audit.reasons import Words
from archive.audit.render.data import verdict_json
from archive.audit.run import Audit, CountyAudit
from archive.audit.statuses import Presence, StatusWord, status_table
from archive.audit.verdict import Change, Former, Verdict

_DUTY = frozenset({"publisher", "kind", "due", "basis", "expected_basis"})
_NO_DUTY = frozenset({Presence.NOT_EXPECTED.value, Presence.COVERED.value})


class FormerError(ValueError):
    """A file that is no audit to compare with; the message says why, in one line."""


def read_former(path: Path) -> Former:
    """The former audit. Raises FormerError, and OSError for a file that cannot be read."""
    try:
        whole = json.loads(path.read_bytes().decode("utf-8-sig"))
        partial, former = bool(whole.get("since")), _former(whole)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormerError(
            f"{path}：不是 scrapy audit --format json 的结果 not what scrapy audit --format json prints:"
            f" {' '.join(str(error).split())[:120]}"
        ) from error
    if partial:
        raise FormerError(
            f"{path}：这份核查本身只含变化，请给出完整的 this audit holds changes only, give a whole one"
        )
    return former


def _former(whole: Mapping[str, Any]) -> Former:
    seen = whole["seen_until"]
    return Former(
        as_of=date.fromisoformat(whole["as_of"]),
        seen_until=datetime.fromisoformat(seen) if seen else None,
        years=frozenset(int(year) for year in whole["years"]),
        counties=frozenset(str(county["code"]) for county in whole["counties"]),
        verdicts={
            (str(record["publisher_code"]), int(record["report_year"])): _complete(record)
            for county in whole["counties"]
            for record in county["verdicts"]
        },
    )


def _complete(record: Mapping[str, object]) -> Mapping[str, object]:
    """The record itself. Raises KeyError where it lacks what is compared or told."""
    for name in ("presence", "timeliness", "content", "status_zh", "status_en", "publisher", "evidence"):
        _ = record[name]
    return record


def only_changes(audit: Audit, former: Former) -> Audit:
    """The audit with the verdicts that differ from the former one; the sums stay those of all."""
    counties = tuple(_changed_county(county, audit, former) for county in audit.counties)
    now = {(v.publisher.code, v.report_year) for v in audit.verdicts}
    asked = {county.county.code for county in audit.counties}
    gone = tuple(
        (str(record["publisher"]), year)
        for (code, year), record in sorted(former.verdicts.items())
        if (code, year) not in now and year in audit.scope.years and _county_of(record, code) in asked
    )
    return replace(audit, counties=counties, since=former, gone=gone)


def _county_of(record: Mapping[str, object], code: str) -> str:
    return str(record.get("county_code") or code[:6])


def _changed_county(county: CountyAudit, audit: Audit, former: Former) -> CountyAudit:
    if county.county.code not in former.counties:
        return replace(county, verdicts=(), strays=(), differences=())
    found = (_with_change(verdict, county, audit, former) for verdict in county.verdicts)
    changed = tuple(v for v in found if v.change is not None)
    return replace(county, verdicts=changed, strays=(), differences=())


def _with_change(verdict: Verdict, county: CountyAudit, audit: Audit, former: Former) -> Verdict:
    if verdict.report_year not in former.years:
        return verdict
    record = verdict_json(verdict, county, audit)
    before = former.verdicts.get((verdict.publisher.code, verdict.report_year))
    if before is None:
        if not verdict.expected and verdict.report is None:
            return verdict
        return replace(verdict, change=_change("entered", former, (), {}, verdict))
    differing = [row for row in status_table().watched if _differ(before, record, row.code)]
    if not differing:
        return verdict
    cause = _cause({row.code for row in differing}, before, record, audit, former)
    return replace(verdict, change=_change(cause, former, differing, before, verdict))


def _differ(before: Mapping[str, object], now: Mapping[str, object], name: str) -> bool:
    """A field that an older version did not write is no change."""
    return name in before and before[name] != now[name]


def _cause(
    names: set[str], before: Mapping[str, Any], now: Mapping[str, Any], audit: Audit, former: Former
) -> str:
    """Why the verdict is another: the first that applies."""
    presence = {before["presence"], now["presence"]}
    if names & _DUTY or (len(presence) > 1 and presence & _NO_DUTY):
        return "register"
    if names == {"decisions"}:
        return "decision"
    waited = before["presence"] == Presence.NOT_YET_DUE.value != now["presence"]
    other_day = audit.scope.as_of != former.as_of
    if waited and other_day and now["presence"] != Presence.HELD.value:
        return "day"
    if _records(now) - _records(before) or before.get("last_seen") != now.get("last_seen"):
        return "captures"
    return "day" if other_day else "reading"


def _records(record: Mapping[str, Any]) -> set[str]:
    return {str(item["record_id"]) for item in record["evidence"]}


def _change(
    cause: str,
    former: Former,
    differing: list[StatusWord] | tuple[()],
    before: Mapping[str, object],
    verdict: Verdict,
) -> Change:
    why = next(row for row in status_table().changes if row.code == cause)
    old_zh, old_en = str(before.get("status_zh", "")), str(before.get("status_en", ""))
    if not before:
        told = Words(why.zh, why.en)
    elif old_zh != verdict.words("zh"):
        told = Words(
            f"{old_zh} → {verdict.words('zh')}；{why.zh}", f"{old_en} → {verdict.words('en')}; {why.en}"
        )
    else:
        told = Words(
            f"{'、'.join(row.zh for row in differing)}有变；{why.zh}",
            f"{', '.join(row.en for row in differing)} changed; {why.en}",
        )
    words = Words(f"较{former.as_of}：{told.zh}", f"since {former.as_of}: {told.en}")
    return Change(cause, words, {row.code: before[row.code] for row in differing}, (old_zh, old_en))
