"""Is it a report at all? (practice.md §2): title family and (≥ 4 of 6 headings or table 三) and the year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parser.document import Finding
from parser.findings import finding
from parser.labels import TITLES, NonReport
from parser.report import DocumentKind, Section, Tables

_GLOSS = re.compile(r"\([a-zü\u00e0-\u024f]{1,8}\)", re.IGNORECASE)
_SIMPLE = str.maketrans(TITLES.traditional)
MIN_SECTIONS = 4  # of six headings
MIN_LISTED = 3  # titles of several reports in one text: a page of links


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the judgement rests on."""

    title: str | None
    opening: str  # the text before the first section
    sections: Sequence[Section]
    tables: Tables
    year: int | None
    listed: int = 0  # lines that are titles of reports


def is_report_title(title: str | None) -> bool:
    """Whether a title is of the family 政府信息公开工作年度报告."""
    return title is not None and any(pattern.search(_squeezed(title)) for pattern in TITLES.report)


def non_report(title: str | None) -> NonReport | None:
    """What kind of page a title names that is no report, None where it may be one."""
    if title is None:
        return None
    squeezed = _squeezed(title)
    return next((kind for kind in TITLES.not_a_report if kind.pattern.search(squeezed)), None)


def _squeezed(title: str) -> str:
    """Without blanks and glosses, the traditional characters of the title family as simplified ones."""
    return _GLOSS.sub("", "".join(title.split())).translate(_SIMPLE)


def judge_kind(evidence: Evidence) -> tuple[DocumentKind, list[Finding]]:
    """REPORT, CANDIDATE (the title alone) or NOT_A_REPORT, with the reason as a finding."""
    template = _template(evidence)
    if template is not None and not _filled(evidence.tables):
        return DocumentKind.NOT_A_REPORT, [finding("template", raw=template)]
    residue = [finding("template_residue", raw=template)] if template is not None else []
    other, titled = non_report(evidence.title), is_report_title(evidence.title)
    if other is not None:
        whole = titled and len(evidence.sections) >= 5 and _filled(evidence.tables)
        if not (other.unless_filled and whole):
            return DocumentKind.NOT_A_REPORT, [finding("not_a_report", reason=other.reason)]
        residue.append(finding("odd_title", reason=other.reason))
    has_body = len(evidence.sections) >= MIN_SECTIONS or evidence.tables.applications is not None
    if has_body and (titled or _body_alone(evidence)):
        if evidence.year is not None:
            return DocumentKind.REPORT, residue
        return DocumentKind.CANDIDATE, [*residue, finding("year_unknown")]
    if titled and evidence.listed < MIN_LISTED:
        return DocumentKind.CANDIDATE, [*residue, finding("title_alone")]
    reason = "年报链接页" if evidence.listed >= MIN_LISTED else "题名和正文都不是年度报告"
    return DocumentKind.NOT_A_REPORT, [finding("not_a_report", reason=reason)]


def _filled(tables: Tables) -> bool:
    """Whether somebody has written numbers into table 三."""
    rows = tables.applications or ()
    return any(cell.value is not None for row in rows for cell in row.cells.values())


def _body_alone(evidence: Evidence) -> bool:
    """Without a title of the family the sections and table 三 must both be there, or all six sections."""
    return len(evidence.sections) >= MIN_SECTIONS and (
        evidence.tables.applications is not None or len(evidence.sections) >= 6
    )


def _template(evidence: Evidence) -> str | None:
    texts = [evidence.title or "", evidence.opening[:600]]
    texts.extend(section.text[:400] for section in evidence.sections if section.key == "overall")
    for pattern in TITLES.template_body:
        for text in texts:
            match = pattern.search(text)
            if match is not None:
                return match.group()
    for pattern in TITLES.draft_body:
        match = pattern.search(evidence.opening[:80])
        if match is not None:
            return match.group()
    return None
