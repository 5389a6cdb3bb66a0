"""The statutory sections: the text between the headings, and what stands before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parser.document import Document, Finding
from parser.findings import finding
from parser.headings import FORMS, Candidate, choose, numeral_of, opens_again
from parser.labels import MARKS, Heading
from parser.lines import Line
from parser.report import Section
from parser.tail import tail_start
from parser.text import bare, compact


@dataclass(frozen=True, slots=True)
class Split:
    """Sections in order, what stands before the first (from its first line on) and behind the last."""

    sections: tuple[Section, ...]
    preamble: tuple[Line, ...]
    tail: tuple[Line, ...]
    pre2019: bool
    findings: tuple[Finding, ...]


def split(document: Document, lines: list[Line], *, has_tables: bool) -> Split:
    """Find the sections in the document's lines. Without tables the form before 2019 is tried as well."""
    chosen, pre2019 = choose(lines, has_tables=has_tables)
    return _cut(document, lines, chosen, pre2019=pre2019)


def _cut(document: Document, lines: list[Line], chosen: list[Candidate], *, pre2019: bool) -> Split:
    findings: list[Finding] = []
    headings = FORMS[pre2019]
    if not chosen:
        start = _after_head(document, lines, len(lines))
        return Split((), tuple(lines[start:]), (), pre2019, ())
    sections: list[Section] = []
    tail: tuple[Line, ...] = ()
    for place, candidate in enumerate(chosen):
        end = chosen[place + 1].line if place + 1 < len(chosen) else len(lines)
        body = lines[candidate.line + 1 : end]
        if place + 1 == len(chosen):
            again = _second_copy(body, old=pre2019)
            if again < len(body):
                findings.append(_copy_finding(lines[chosen[0].line + 1], body[again:]))
            at = min(tail_start([line.plain for line in body]), again)
            body, tail = body[:at], tuple(body[at:])
        line = lines[candidate.line]
        sections.append(_section(candidate, line, body, headings))
    if not pre2019:
        findings.extend(_report(sections, headings))
    preamble = tuple(lines[_after_head(document, lines, chosen[0].line) : chosen[0].line])
    return Split(tuple(sections), preamble, tail, pre2019, tuple(findings))


def _second_copy(body: Sequence[Line], *, old: bool) -> int:
    """Where the first heading comes again behind the last section; len(body) where it does not."""
    return next((at for at, line in enumerate(body) if opens_again(line, old=old)), len(body))


def _copy_finding(first: Line, rest: Sequence[Line]) -> Finding:
    """The same text once more (a page with two views of it), or a second report."""
    if any(line.plain == first.plain for line in rest[1:]):
        return finding("repeated_text", locator=rest[0].locator)
    return finding("two_reports", locator=rest[0].locator, raw=rest[0].plain)


def _section(candidate: Candidate, line: Line, body: list[Line], headings: Sequence[Heading]) -> Section:
    rest, rest_plain = line.text[candidate.cut :].strip(), line.plain[candidate.cut_plain :].strip()
    texts = ([rest] if rest else []) + [one.text for one in body]
    plains = ([rest_plain] if rest_plain else []) + [one.plain for one in body]
    raw = compact("".join(texts))
    normal = raw if texts == plains else compact("".join(plains))
    return Section(
        order=candidate.key + 1,
        key=headings[candidate.key].key,
        heading_raw=line.text[: candidate.cut].strip(),
        heading=line.plain[: candidate.cut_plain].strip(),
        text="\n".join(plains),
        n_chars_compact=len(raw),
        first20=raw[:20],
        last20=raw[-20:],
        n_chars_compact_normalised=len(normal),
        first20_normalised=normal[:20],
        last20_normalised=normal[-20:],
        locator=line.locator,
    )


def _report(sections: list[Section], headings: Sequence[Heading]) -> Iterator[Finding]:
    found = {section.key for section in sections}
    for order, heading in enumerate(headings, 1):
        if heading.key not in found:
            yield finding(
                "missing_section", cells=[f"sections.{heading.key}"], order=order, heading=heading.label
            )
    for section in sections:
        if numeral_of(section.heading) not in (None, section.order):
            yield finding(
                "section_order",
                locator=section.locator,
                cells=[f"sections.{section.key}"],
                order=section.order,
                heading=section.heading,
            )
        if not section.n_chars_compact:
            yield finding(
                "empty_section",
                locator=section.locator,
                cells=[f"sections.{section.key}"],
                order=section.order,
                heading=section.heading,
            )


def _after_head(document: Document, lines: Sequence[Line], end: int) -> int:
    """The first line of the preamble: behind the title and the rows of metadata."""
    start = 0
    title = compact(document.title) if document.title else None
    for at in range(min(end, len(lines))):
        line = lines[at]
        here = document.title_locator and line.locator == document.title_locator
        if here or (title and compact(line.text) == title):
            start = at + 1
    if title:
        start = _after_broken_title(title, lines, start, end)
    while start < end and _is_metadata(lines[start]):
        start += 1
    return start


def _after_broken_title(title: str, lines: Sequence[Line], start: int, end: int) -> int:
    """A title over two or three lines, as PDFs print it."""
    if start:
        return start
    for at in range(min(end, len(lines), 8)):
        text = ""
        for more in range(at, min(at + 4, end, len(lines))):
            text += compact(lines[more].text)
            if text == title:
                return more + 1
    return start


def _is_metadata(line: Line) -> bool:
    label = bare(line.plain)
    if line.in_grid:
        return True
    return len(line.plain) <= 60 and any(label.startswith(bare(word)) for word in MARKS.metadata)
