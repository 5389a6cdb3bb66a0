"""Audit → letters in Chinese and English: as of a day, according to captures, for a person to sign.

To units, as the office in charge writes them; and to that office, as a citizen does.
"""

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
from archive.register.matching import name_rules

Pair = tuple[str, str]  # Chinese, English
_RULE = "─" * 40


class LetterRow(BaseModel):
    """What is said for a leading status."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    text: Pair


class CitizenTable(BaseModel):
    """The letters that a citizen signs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: Pair
    basis: Pair
    none: Pair
    to: Pair
    opening: Pair
    sign: Pair
    letters: tuple[LetterRow, ...]


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
    statement: Pair
    no_captures: Pair
    citizen: CitizenTable
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
    strange = [row.code for row in (*table.letters, *table.citizen.letters) if row.code not in known]
    if strange:
        raise ValueError(f"letters.yml: {strange}")
    return table


def audit_letters(county: CountyAudit, audit: Audit) -> str:
    """The letters of a county to its units, one after the other; years with the same words stand in one.

    Units that were asked for get one each, which tells how the report stands where nothing is to be answered.
    """
    groups = grouped(county.verdicts, every=county.every)
    letters = [text for found in groups if (text := _letter(found, audit, every=county.every))]
    table = letter_table()
    return _all((table.head, table.basis), table.none, letters, county, audit)


def citizen_letters(county: CountyAudit, audit: Audit) -> str:
    """The letters of a county for a citizen to sign, to the office in charge (article 47(2))."""
    groups = grouped(county.verdicts)
    letters = [text for found in groups if (text := _of_a_citizen(found, county, audit))]
    table = letter_table().citizen
    return _all((table.head, table.basis), table.none, letters, county, audit)


def _all(
    heads: tuple[Pair, Pair], none: Pair, letters: Sequence[str], county: CountyAudit, audit: Audit
) -> str:
    table = letter_table()
    values = {
        "county": county.county.label,
        "as_of": audit.scope.as_of,
        "n": len(letters),
    }
    lines = [
        pair[language].format(**values, seen=_seen(audit, language)) for pair in heads for language in (0, 1)
    ]
    if county.county.sample:
        lines += table.sample
    if not letters:
        lines += none
    return "\n".join(lines) + "\n" + "".join(f"\n{_RULE}\n\n{text}\n" for text in letters)


def _letter(verdicts: Sequence[Verdict], audit: Audit, *, every: bool) -> str | None:
    """One letter, None where nothing is to be written."""
    verdict, table = verdicts[0], letter_table()
    row = _row(table.letters, verdict)
    if row is None and not every:
        return None
    parts: list[str] = []
    for language in (0, 1):
        unasked = table.statement if verdict.evidence or verdict.claims else table.no_captures
        said = row.text if row is not None else unasked
        lines = [
            table.to[language].format(name=verdict.publisher.official_name),
            said[language].format(**_values(verdicts, audit, language)),
            *_evidence(verdict, language),
        ]
        lines += [
            table.decided[language].format(words=decision.words(("zh", "en")[language]))
            for decision in verdict.decisions
        ]
        parts.append("\n".join([*lines, table.sign[language]]))
    return "\n\n".join(parts)


def _of_a_citizen(verdicts: Sequence[Verdict], county: CountyAudit, audit: Audit) -> str | None:
    verdict, table = verdicts[0], letter_table().citizen
    row = _row(table.letters, verdict)
    if row is None:
        return None
    office = f"{county.county.name}{name_rules().county_office_forms[0]}"
    return "\n\n".join(
        "\n".join(
            [
                table.to[language].format(office=office),
                table.opening[language],
                row.text[language].format(**_values(verdicts, audit, language)),
                *_evidence(verdict, language),
                table.sign[language],
            ]
        )
        for language in (0, 1)
    )


def _row(rows: Sequence[LetterRow], verdict: Verdict) -> LetterRow | None:
    return next((row for row in rows if row.code == verdict.lead.value), None)


def _evidence(verdict: Verdict, language: int) -> Iterator[str]:
    """The captures under their heading; nothing where there are none."""
    captures = list(_captures(verdict, language))
    if captures:
        yield letter_table().evidence[language] + ("：", ":")[language]
        yield from captures


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
        "name": verdict.publisher.official_name,
        "words": verdict.words(("zh", "en")[language]),
        "why": ("；", "; ")[language].join((why.zh, why.en)[language] for why in verdict.reasons),
    }


def _captures(verdict: Verdict, language: int) -> Iterator[str]:
    """Each date claimed, by its source, with the first capture that showed it; then what records show."""
    claims = [claim for claim in verdict.claims if claim.kind == "published" and claim.source in CREDIBLE]
    first = {
        (c.source, c.lo, c.hi): c for c in sorted(claims, key=lambda c: (c.seen, c.record_id), reverse=True)
    }
    for (source, lo, hi), claim in sorted(first.items(), key=lambda item: (item[0][1:], item[0][0])):
        day = lo if lo == hi else f"{lo}–{hi}"
        seen = ("（采集于 {}）", " (captured {})")[language].format(_time(claim.seen))
        yield f"  · {CREDIBLE[source][language]} {day}{seen} {claim.record_id}"
    for item in verdict.evidence:
        said = shown(item.shows)
        line = f"  · {(said.zh, said.en)[language]} {_time(item.moment)} {item.url} {item.record_id}"
        yield line.rstrip()


def _seen(audit: Audit, language: int) -> str:
    moment = audit.scope.seen_until
    return ("全部", "all of them")[language] if moment is None else _time(moment)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
