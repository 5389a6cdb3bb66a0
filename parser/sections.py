"""The statutory sections: headings by keyword and order, the text between them, and what stands around.

一、… 四、 are also row labels of table 三, the sub-headings of section one repeat the names of the others,
and a table of contents repeats all: so all lines that may be a heading are weighed, and the best increasing
sequence of them is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parser.document import Document, Finding, Grid, Paragraph
from parser.findings import finding
from parser.labels import HEADINGS, MARKS, Heading
from parser.report import Section
from parser.tail import tail_start
from parser.text import bare, compact

_NUMERALS = "一二三四五六七八九十"
_ENUMERATED = re.compile(
    rf"^\s*(?:#+\s*|\*+\s*)?(?:第?(?P<numeral>[{_NUMERALS}]{{1,2}})(?:部分)?\s*[、.．,，:：]|第(?P<part>[{_NUMERALS}]{{1,2}})[部章]分?"
    rf"|(?P<bracket>[(（]\s*[{_NUMERALS}]{{1,2}}\s*[)）])[、.]?|(?P<arabic>\d{{1,2}})\s*[、.．](?!\d)|(?P<bare>[{_NUMERALS}])(?=\s))\s*"
)
_HINT = re.compile("[情告题述项概诉措申表]")
_CONTENTS = re.compile(r"[.…·．。]{2,}\s*\d{1,3}\s*$|\t\d{1,3}\s*$")
MAX_HEADING = 42
MIN_HEADING = 5
MIN_CELL_TEXT = 120
MAX_CANDIDATES = 120  # a page with more lines like headings is a list; the best of them are weighed
MIN_SCORE = 2.0  # of a heading that stands by itself, without its neighbours' order to speak for it


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document in reading order: of a paragraph, or a grid's cell."""

    text: str
    plain: str
    locator: str
    in_grid: bool
    grid_row: int = -1


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: int
    key: int  # index into the list of headings
    score: float
    cut: int  # characters of the line that are the heading; the rest is text
    cut_plain: int


@dataclass(frozen=True, slots=True)
class Split:
    """Sections in order, what stands before the first (from its first line on) and behind the last."""

    sections: tuple[Section, ...]
    preamble: tuple[Line, ...]
    tail: tuple[Line, ...]
    pre2019: bool
    findings: tuple[Finding, ...]


def lines_of(document: Document) -> list[Line]:
    """All lines of the document: each line of each paragraph, each drawn cell of each grid.

    A cell with paragraphs of its own in it (a report inside a layout table) is told line by line.
    """
    lines: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.extend(_paragraph_lines(block))
        elif isinstance(block, Grid):
            for cell in block.cells:
                text = cell.text.strip()
                if not text:
                    continue
                if len(text) < MIN_CELL_TEXT:
                    lines.append(Line(text, cell.plain.strip(), cell.locator, True, cell.row))
                else:
                    lines.extend(
                        _parted(cell.text, cell.plain, cell.locator, in_grid=True, grid_row=cell.row)
                    )
    return lines


def _paragraph_lines(block: Paragraph) -> Iterator[Line]:
    if "\n" not in block.text:
        if block.text.strip():
            yield Line(block.text.strip(), block.plain.strip(), block.locator, in_grid=False)
        return
    yield from _parted(block.text, block.plain, block.locator, in_grid=False, grid_row=-1)


def _parted(text: str, plain: str, locator: str, *, in_grid: bool, grid_row: int) -> Iterator[Line]:
    texts, plains = text.split("\n"), plain.split("\n")
    if len(texts) != len(plains):
        yield Line(text.strip(), plain.strip(), locator, in_grid, grid_row)
        return
    for one, one_plain in zip(texts, plains, strict=True):
        if one.strip():
            yield Line(one.strip(), one_plain.strip(), locator, in_grid, grid_row)


# --- headings


def split(document: Document, *, has_tables: bool) -> Split:
    """Find the sections. A document without tables is also tried as one of the form before 2019."""
    lines = lines_of(document)
    best = _best(lines, HEADINGS.current)
    pre2019 = False
    if not has_tables:
        old = _in_any_order(lines, HEADINGS.pre2019)
        marked = any(
            any(mark in bare(lines[c.line].plain)[:MAX_HEADING] for mark in HEADINGS.pre2019_marks)
            for c in old
        )
        if len(old) >= 3 and len(old) >= len(best) and marked:
            best, pre2019 = old, True
    headings = HEADINGS.pre2019 if pre2019 else HEADINGS.current
    return _cut(document, lines, best, headings, pre2019=pre2019)


def _best(lines: Sequence[Line], headings: Sequence[Heading]) -> list[_Candidate]:
    """The increasing sequence of candidates with the highest score; of equals the earlier.

    Neighbours without text between them lose (a table of contents), and so does a pair with the same heading
    once more between its parts (half of a contents list, half of a body; half of each of two copies).
    """
    candidates = [
        candidate
        for at, line in enumerate(lines)
        if not (line.in_grid and len(line.plain) < MIN_HEADING)
        for candidate in _candidates(at, line, headings)
    ]
    if len(candidates) > MAX_CANDIDATES:
        candidates = sorted(candidates, key=lambda c: -c.score)[:MAX_CANDIDATES]
        candidates.sort(key=lambda c: c.line)
    chains: list[tuple[float, list[_Candidate]]] = []
    for at, candidate in enumerate(candidates):
        best_score, best_chain = candidate.score, [candidate]
        for before in range(at):
            last = candidates[before]
            if last.key < candidate.key and last.line < candidate.line:
                score, chain = chains[before]
                total = score + candidate.score - _strain(candidates[before : at + 1])
                if total > best_score + 1e-9:
                    best_score, best_chain = total, [*chain, candidate]
        chains.append((best_score, best_chain))
    return max(chains, key=lambda item: round(item[0], 6))[1] if chains else []


def _strain(between: Sequence[_Candidate]) -> float:
    """What speaks against the first and the last of these being neighbours in one body."""
    first, last = between[0], between[-1]
    strain = 1.5 if last.line - first.line <= 1 else 0.0
    for other in between[1:-1]:
        again = (other.key == first.key and other.score >= first.score - 0.5) or (
            other.key == last.key and other.score >= last.score - 0.5
        )
        if again and other.line not in (first.line, last.line):
            return strain + 1.5
    return strain


def _in_any_order(lines: Sequence[Line], headings: Sequence[Heading]) -> list[_Candidate]:
    """The best candidate of each heading, in the order of the text: the old form left the order open."""
    best: dict[int, _Candidate] = {}
    for at, line in enumerate(lines):
        if line.in_grid and len(line.plain) < MIN_HEADING:
            continue
        found = [c for c in _candidates(at, line, headings) if c.score > MIN_SCORE]
        if not found:
            continue
        candidate = max(found, key=lambda c: c.score)
        if candidate.key not in best or candidate.score > best[candidate.key].score + 1:
            best[candidate.key] = candidate
    return sorted(best.values(), key=lambda c: c.line)


def _candidates(at: int, line: Line, headings: Sequence[Heading]) -> Iterator[_Candidate]:
    plain = line.plain
    head = plain[:90]
    if _HINT.search(head) is None or _CONTENTS.search(head) is not None:
        return
    match = _ENUMERATED.match(head)
    body = plain[match.end() :] if match else plain
    label = bare(body[:120])
    for key, heading in enumerate(headings):
        weight = _enumerator_weight(match, key)
        if line.in_grid and weight < 1:
            continue
        if len(body) <= MAX_HEADING and not body.rstrip("：:").endswith(("。", "；", "，")):
            if label in heading.exact:
                yield _Candidate(at, key, 3 + weight, len(line.text), len(plain))
                continue
            if heading.matches(label):
                yield _Candidate(at, key, 2 + weight, len(line.text), len(plain))
                continue
        if weight >= 2 and len(label) > 3:
            cut = _running_on(plain, match.end() if match else 0, heading)
            if cut is not None:
                yield _Candidate(at, key, 1.5 + weight, _same_cut(line, cut), cut)


def _enumerator_weight(match: re.Match[str] | None, key: int) -> float:
    """How much the enumerator speaks for section number `key`."""
    if match is None:
        return 0.5
    if match["bracket"]:
        return -2.5
    numeral = match["numeral"] or match["part"] or match["bare"]
    if numeral is not None:
        return 2.0 if _NUMERALS.find(numeral) == key and len(numeral) == 1 else 0.8
    return 1.0 if match["arabic"] == str(key + 1) else -0.5


def _running_on(plain: str, start: int, heading: Heading) -> int | None:
    """Where a heading that runs on into its text ends: after the longest whole variant."""
    best: int | None = None
    longest = 0
    for variant in heading.exact:
        if len(variant) > longest:
            end = _match_bare(plain, start, variant)
            if end is not None:
                best, longest = end, len(variant)
    return best


def _match_bare(plain: str, start: int, variant: str) -> int | None:
    at = start
    for wanted in variant:
        while at < len(plain) and not bare(plain[at]):
            at += 1
        if at >= len(plain) or plain[at] != wanted:
            return None
        at += 1
    while at < len(plain) and plain[at] in " \u3000：:。.*":
        at += 1
    return at


def _same_cut(line: Line, cut_plain: int) -> int:
    """The cut in the text as served; both forms are equal unless the text was normalised."""
    if line.text == line.plain:
        return cut_plain
    wanted = len(compact(line.plain[:cut_plain]))
    share = len(line.text) * wanted // max(len(compact(line.plain)), 1)
    return min(len(line.text), share)


# --- cutting


def _cut(
    document: Document,
    lines: list[Line],
    chosen: list[_Candidate],
    headings: Sequence[Heading],
    *,
    pre2019: bool,
) -> Split:
    findings: list[Finding] = []
    if not chosen:
        start = _after_head(document, lines, len(lines))
        return Split((), tuple(lines[start:]), (), pre2019, ())
    sections: list[Section] = []
    tail: tuple[Line, ...] = ()
    for place, candidate in enumerate(chosen):
        end = chosen[place + 1].line if place + 1 < len(chosen) else len(lines)
        body = lines[candidate.line + 1 : end]
        if place + 1 == len(chosen):
            again = _second_copy(body, headings)
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


def _second_copy(body: Sequence[Line], headings: Sequence[Heading]) -> int:
    """Where the first heading comes again behind the last section; len(body) where it does not."""
    for at, line in enumerate(body):
        if not line.in_grid and any(c.key == 0 and c.score > 4 for c in _candidates(at, line, headings)):
            return at
    return len(body)


def _copy_finding(first: Line, rest: Sequence[Line]) -> Finding:
    """The same text once more (a page with two views of it), or a second report."""
    if any(line.plain == first.plain for line in rest[1:]):
        return finding("repeated_text", locator=rest[0].locator)
    return finding("two_reports", locator=rest[0].locator, raw=rest[0].plain)


def _section(candidate: _Candidate, line: Line, body: list[Line], headings: Sequence[Heading]) -> Section:
    rest, rest_plain = line.text[candidate.cut :].strip(), line.plain[candidate.cut_plain :].strip()
    texts = ([rest] if rest else []) + [one.text for one in body]
    plains = ([rest_plain] if rest_plain else []) + [one.plain for one in body]
    raw, normal = compact("".join(texts)), compact("".join(plains))
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
        match = _ENUMERATED.match(section.heading)
        numeral = (match["numeral"] or match["part"] or match["bare"]) if match else None
        if numeral is not None and _NUMERALS.find(numeral) != section.order - 1:
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
