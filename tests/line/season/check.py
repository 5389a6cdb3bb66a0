"""Whether what was said is what had to be said: the played season against its script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.line.season.script import Expected, Season, Story, said_on

Verdict = Mapping[str, Any]
Key = tuple[str, int]


@dataclass(frozen=True)
class Difference:
    """A verdict other than the script's."""

    day: str
    trap: str
    code: str
    year: int
    expected: str
    said: str
    reasons: tuple[str, ...] = ()

    @property
    def grave(self) -> bool:
        """A false missing or late on a statutory basis: what ends trust (practice.md §8)."""
        return any(word in self.said.split(", ") for word in ("missing", "late"))


def verdicts(path: Path) -> dict[Key, Verdict]:
    """The verdicts of an audit's JSON, by publisher and report year."""
    audit = json.loads(path.read_text("utf-8"))
    return {(v["publisher_code"], v["report_year"]): v for c in audit["counties"] for v in c["verdicts"]}


def differences(script: Season, audits: Path) -> list[Difference]:
    """Every verdict of every played day that is not the script's; the grave ones first."""
    found = [
        difference
        for path in sorted(audits.glob("*.json"))
        for difference in _of_day(script, date.fromisoformat(path.stem), verdicts(path))
    ]
    return sorted(found, key=lambda d: (not d.grave, d.day, d.code, d.year))


def _of_day(script: Season, day: date, said: Mapping[Key, Verdict]) -> Iterator[Difference]:
    told: set[Key] = set()
    for story in script.stories:
        for year in script.years:
            told.add((story.code, year))
            wanted = said_on(story, year, day)
            verdict = said.get((story.code, year))
            if verdict is None or not _same(wanted, verdict) or not _reasoned(story, year, day, verdict):
                yield _difference(day, story, year, wanted, verdict)
    for key, verdict in said.items():
        if key not in told and verdict["presence"] != "not_expected":
            yield Difference(f"{day}", "-", *key, "not_expected", _said(verdict))


def _same(wanted: Expected, verdict: Verdict) -> bool:
    return (
        verdict["presence"] == wanted.presence
        and verdict["not_crawled"] == wanted.reason
        and verdict["timeliness"] == wanted.timeliness
        and set(verdict["content"]) == set(wanted.content)
        and (wanted.days_late is None or verdict["days_late"] == wanted.days_late)
    )


def _reasoned(story: Story, year: int, day: date, verdict: Verdict) -> bool:
    """The words that the script asks for, of the report of 2025."""
    begun = [start for start in story.reasons if start <= day]
    return (
        not begun or year != day_year(story) or story.reasons[max(begun)] in " ".join(verdict["reasons_en"])
    )


def day_year(story: Story) -> int:
    """The report year that is due in the season."""
    return max(story.must_say)


def _difference(day: date, story: Story, year: int, wanted: Expected, verdict: Verdict | None) -> Difference:
    parts = (wanted.presence, wanted.reason, wanted.timeliness, *sorted(wanted.content))
    told = ", ".join(part for part in parts if part)
    if wanted.days_late is not None:
        told += f", {wanted.days_late} days"
    said = "no verdict" if verdict is None else _said(verdict)
    reasons = () if verdict is None else tuple(verdict["reasons_en"])
    return Difference(f"{day}", story.trap, story.code, year, told, said, reasons)


def _said(verdict: Verdict) -> str:
    parts = (verdict["presence"], verdict["not_crawled"], verdict["timeliness"], *sorted(verdict["content"]))
    told = ", ".join(part for part in parts if part)
    return told if verdict["days_late"] is None else f"{told}, {verdict['days_late']} days"
