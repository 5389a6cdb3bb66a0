"""Every source's word on the document's dates, kept apart by kind and source.

See statute.md §4.3 and practice.md §1.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.dates import claim, header_claim, is_date_alone, url_claims
from extract.metadata import DATE_FIELDS
from extract.reading import Reading
from parser.document import Block, DateClaim, DateKind, Finding, Paragraph, Severity, Source

SIGNATURE_WITHIN = 14  # a site's footer may follow the signature
MAX_SIGNATURE = 60
_NO_NAME = re.compile(r"[\d，,。；:：、《（(]")  # what no body's name before the date holds
_DATED_END = re.compile(
    r"(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)\s*$"
)


def all_claims(
    reading: Reading, blocks: Sequence[Block], headers: Sequence[tuple[str, str]], source: Source
) -> tuple[tuple[DateClaim, ...], list[Finding]]:
    """Claims in the order of trust of statute.md §4.3, and what could not be read or disagrees."""
    claims = list(reading.dates)
    findings: list[Finding] = []
    for value in reading.metadata:
        if value.field not in DATE_FIELDS or value.value is None:
            continue
        found = claim(DateKind(value.field), value.value, value.source, value.locator)
        if found is not None:
            claims.append(found)
        elif value.source == "metadata_row":
            message = f"日期“{value.raw}”无法识别 not a date"
            findings.append(Finding("unparsed_date", Severity.WARN, message, value.locator))
    if source.list_date and (listed := claim(DateKind.PUBLISHED, source.list_date, "list_row")):
        claims.append(listed)
    claims += url_claims(source.url) if source.url else []
    signed = signature_date(blocks)
    claims += [signed] if signed else []
    claims += [c for k, v in headers if k.lower() == "last-modified" and (c := header_claim(v))]
    return tuple(dict.fromkeys(claims)), findings + _disagreement(claims)


def signature_date(blocks: Sequence[Block]) -> DateClaim | None:
    """The last paragraph near the end that is a date alone, or a body's name with a date behind it.

    In a short document that is its second half: a day at its head is no signature.
    """
    start = max(len(blocks) - SIGNATURE_WITHIN, len(blocks) // 2)
    tail = [block for block in blocks[start:] if isinstance(block, Paragraph)]
    for block in reversed(tail):
        text = block.plain.strip()
        if len(text) > MAX_SIGNATURE:
            continue
        ends = _DATED_END.search(text)
        before = text[: ends.start()] if ends else ""
        if is_date_alone(text) or (ends and not _NO_NAME.search(before)):
            return claim(DateKind.SIGNED, text, "signature", block.locator)
    return None


def _disagreement(claims: Sequence[DateClaim]) -> list[Finding]:
    days = [c for c in claims if c.kind is DateKind.PUBLISHED]
    if not days or max(c.lo for c in days) <= min(c.hi for c in days):
        return []
    told = "；".join(f"{c.source} {c.lo.isoformat()}" for c in days)
    return [Finding("dates_disagree", Severity.INFO, f"各来源公开日期不一致：{told} sources disagree")]
