"""Audit → letters to units, Chinese and English: as of a day, according to captures, for a person to sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from archive.audit.dating import CREDIBLE
from archive.audit.render.data import grouped, years_text
from archive.audit.run import Audit, CountyAudit
from archive.audit.statuses import shown, status_table
from archive.audit.verdict import Verdict
from archive.clock import SHANGHAI

Pair = tuple[str, str]  # Chinese, English
_RULE = "─" * 40


class LetterRow(BaseModel):
    """What is said for a leading status."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    text: Pair


class LetterTable(BaseModel):
    """data/letters.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: Pair
    basis: Pair
    none: Pair
    to: Pair
    evidence: Pair
    decided: Pair
    sign: Pair
    sample: Pair
    letters: tuple[LetterRow, ...]


@cache
def letter_table() -> LetterTable:
    """The table, read once. Raises ValueError for a letter to a status that is none."""
    path = Path(__file__).parent.parent / "data" / "letters.yml"
    table = LetterTable.model_validate(yaml.safe_load(path.read_text("utf-8")))
    known = {
        row.code
        for rows in (status_table().presence, status_table().timeliness, status_table().content)
        for row in rows
    }
    strange = [row.code for row in table.letters if row.code not in known]
    if strange:
        raise ValueError(f"letters.yml: {strange}")
    return table


def audit_letters(county: CountyAudit, audit: Audit) -> str:
    """The letters of a county, one after the other; years with the same words stand in one."""
    table = letter_table()
    letters = [text for verdicts in grouped(county.verdicts) if (text := _letter(verdicts, audit))]
    values = {
        "county": county.county.label,
        "as_of": audit.scope.as_of,
        "n": len(letters),
    }
    lines = [
        pair[language].format(**values, seen=_seen(audit, language))
        for pair in (table.head, table.basis)
        for language in (0, 1)
    ]
    if county.county.sample:
        lines += table.sample
    if not letters:
        lines += table.none
    return "\n".join(lines) + "\n" + "".join(f"\n{_RULE}\n\n{text}\n" for text in letters)


def _letter(verdicts: Sequence[Verdict], audit: Audit) -> str | None:
    """One letter, None where nothing is to be written."""
    verdict, table = verdicts[0], letter_table()
    row = next((row for row in table.letters if row.code == verdict.lead.value), None)
    if row is None:
        return None
    parts: list[str] = []
    for language in (0, 1):
        lines = [
            table.to[language].format(name=verdict.publisher.official_name),
            row.text[language].format(**_values(verdicts, audit, language)),
            f"{table.evidence[language]}:" if language else f"{table.evidence[language]}：",
            *_captures(verdict, language),
        ]
        lines += [
            table.decided[language].format(words=decision.words(("zh", "en")[language]))
            for decision in verdict.decisions
        ]
        parts.append("\n".join([*lines, table.sign[language]]))
    return "\n\n".join(parts)


def _values(verdicts: Sequence[Verdict], audit: Audit, language: int) -> dict[str, object]:
    verdict = verdicts[0]
    years = years_text(verdicts)
    if language:
        years = ", ".join(str(v.report_year) for v in verdicts)
    due = verdict.deadline
    lo, hi = verdict.published_lo, verdict.published_hi
    return {
        "as_of": audit.scope.as_of,
        "years": years,
        "published": lo if lo == hi else f"{lo}–{hi}",
        "article": due.article if due else "",
        "due": due.due if due else "",
    }


def _captures(verdict: Verdict, language: int) -> Iterator[str]:
    """Each date claimed, by its source, with the first capture that showed it; then what records show."""
    claims = [claim for claim in verdict.claims if claim.kind == "published" and claim.source in CREDIBLE]
    first = {
        (c.source, c.lo, c.hi): c for c in sorted(claims, key=lambda c: (c.seen, c.record_id), reverse=True)
    }
    for (source, lo, hi), claim in sorted(first.items(), key=lambda item: (item[0][1:], item[0][0])):
        day = lo if lo == hi else f"{lo}–{hi}"
        yield f"  · {CREDIBLE[source][language]} {day}, {_time(claim.seen)} {claim.record_id}"
    for item in verdict.evidence:
        said = shown(item.shows)
        line = f"  · {(said.zh, said.en)[language]} {_time(item.moment)} {item.url} {item.record_id}"
        yield line.rstrip()


def _seen(audit: Audit, language: int) -> str:
    moment = audit.scope.seen_until
    return ("全部", "all of them")[language] if moment is None else _time(moment)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
