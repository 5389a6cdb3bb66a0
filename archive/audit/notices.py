"""Changes of an audit → notices that fit a phone, each change with the capture that shows it.

Pure: what is compared is the audit that the last notice told of (archive.audit.changes); who sends them is
`scrapy audit --notify`. A number of findings, a title or an address that changes is no state and no notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from archive.audit.evidence import Evidence
from archive.audit.run import Audit, CountyAudit
from archive.audit.statuses import shown, status_table
from archive.audit.verdict import Verdict
from archive.clock import SHANGHAI

Pair = tuple[str, str]  # Chinese, English


class NoticeTable(BaseModel):
    """data/notices.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: frozenset[str]
    order: tuple[str, ...]
    changes_shown: int = Field(ge=1)
    characters: int = Field(ge=300)
    counties_at_once: int = Field(ge=1)
    title: Pair
    change: Pair
    link: tuple[str]
    none: Pair
    more: Pair
    many: Pair
    county: Pair
    sample: tuple[str]


@cache
def notice_table() -> NoticeTable:
    """The table, read once. Raises ValueError for a field that is not compared, or a status that is none."""
    path = Path(__file__).parent / "data" / "notices.yml"
    table = NoticeTable.model_validate(yaml.safe_load(path.read_text("utf-8")))
    strange = table.state - {row.code for row in status_table().watched}
    known = status_table().presence + status_table().timeliness + status_table().content
    strange |= set(table.order) - {row.code for row in known}
    if strange:
        raise ValueError(f"notices.yml: {sorted(strange)}")
    return table


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. `counties` are the codes of those it tells of."""

    title: str
    body: str
    counties: tuple[str, ...]


def notices(changes: Audit) -> tuple[Notice, ...]:
    """What is to be told of an audit of changes (`only_changes`); none where no state changed."""
    told = [
        (county, found)
        for county in changes.counties
        if (found := [verdict for verdict in county.verdicts if _is_state(verdict)])
    ]
    if len(told) > notice_table().counties_at_once:
        return (_digest(told),)
    return tuple(_notice(county, found, changes) for county, found in told)


def _is_state(verdict: Verdict) -> bool:
    """Whether the verdict's state is another. One that is new in the register is no news until it has one."""
    assert verdict.change is not None
    if not verdict.change.before:
        return False
    return bool(verdict.change.before.keys() & notice_table().state)


def _urgency(verdict: Verdict) -> tuple[int, str, int]:
    order = notice_table().order
    lead = verdict.lead.value
    place = order.index(lead) if lead in order else len(order)
    return place, verdict.publisher.code, verdict.report_year


def _notice(county: CountyAudit, found: Sequence[Verdict], changes: Audit) -> Notice:
    table = notice_table()
    values = {
        "sample": table.sample[0] if county.county.sample else "",
        "county": county.county.label,
        "n": len(found),
        "as_of": changes.scope.as_of,
    }
    blocks: list[str] = []
    room = table.characters - len(_both(table.more, **{**values, "n": len(found)}))
    for verdict in sorted(found, key=_urgency)[: table.changes_shown]:
        block = "\n".join(_lines(verdict))
        if len(block) + 2 > room:
            break
        blocks.append(block)
        room -= len(block) + 2
    if len(blocks) < len(found):
        blocks.append(_both(table.more, **{**values, "n": len(found) - len(blocks)}))
    return Notice(_both(table.title, **values), "\n\n".join(blocks), (county.county.code,))


def _lines(verdict: Verdict) -> Iterator[str]:
    """The change in both languages, and the capture that shows it."""
    table = notice_table()
    assert verdict.change is not None
    for language, pair in enumerate(table.change):
        yield pair.format(
            name=verdict.publisher.official_name,
            year=verdict.report_year,
            before=verdict.change.former[language] or table.none[language],
            now=verdict.words(("zh", "en")[language]),
        )
    if evidence := _telling(verdict):
        yield table.link[0].format(
            shows=shown(evidence.shows).both,
            moment=f"{evidence.moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            url=evidence.url,
        )


def _telling(verdict: Verdict) -> Evidence | None:
    """The newest capture that an address can be opened of."""
    linked = [item for item in verdict.evidence if item.url]
    return max(linked, key=lambda item: (item.moment, item.record_id), default=None)


def _digest(told: Sequence[tuple[CountyAudit, Sequence[Verdict]]]) -> Notice:
    table = notice_table()
    sample = table.sample[0] if told[0][0].county.sample else ""
    lines: list[str] = []
    room = table.characters
    for county, found in sorted(told, key=lambda item: (-len(item[1]), item[0].county.code)):
        line = _both(table.county, county=county.county.label, n=len(found))
        if len(line) + 1 > room - 2:
            lines.append("…")
            break
        lines.append(line)
        room -= len(line) + 1
    codes = tuple(county.county.code for county, _ in told)
    return Notice(_both(table.many, sample=sample, counties=len(told)), "\n".join(lines), codes)


def _both(pair: Pair, **values: object) -> str:
    return " ".join(part.format(**values) for part in pair)
