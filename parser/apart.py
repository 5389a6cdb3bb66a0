"""Two reports in one file, told apart: the first is read, and where the second begins is a finding.

A file that holds a county's report and its office's, or two years of one publisher, has the statutory
headings twice with text between them. Without this, what the first lacks would be read from the second. The
same text once more (a page with two views of it) is no second report, nor is a list of contents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parser.document import Block, Document, Finding, Grid, Paragraph
from parser.findings import finding
from parser.headings import MAX_HEADING, surely_heads
from parser.kind import is_report_title
from parser.lines import Line

MIN_HEADINGS = 4  # of six, in each of two reports
MIN_TEXT = 150  # characters between a report's first headings; a list of contents has none
MAX_TITLE = 6  # blocks from a report's title to its first heading


def first_report(document: Document, lines: Sequence[Line]) -> tuple[Document, tuple[Finding, ...]]:
    """The document without what follows its first report, and the finding that tells of it.

    `lines`: those of the document (parser.lines).
    """
    heads = [block for block in document.blocks if _may_head(block)]
    if len(heads) < 2 * MIN_HEADINGS or sum([surely_heads(ln) == 0 for ln in lines if not ln.in_grid]) < 2:
        return document, ()
    keys = [surely_heads(line) for line in lines]
    starts = [at for at, key in enumerate(keys) if key == 0 and _is_report(lines, keys, at)]
    if len(starts) < 2 or _same(lines, *starts[:2]):
        return document, ()
    second = lines[starts[1]]
    end = _block_of(document.blocks, second)
    if end is None:
        return document, ()
    end = _with_its_head(document.blocks, end)
    raw = next((b.plain for b in document.blocks[end : end + 1] if isinstance(b, Paragraph)), second.plain)
    told = finding("two_reports", locator=document.blocks[end].locator, raw=raw[:80])
    return replace(document, blocks=document.blocks[:end]), (told,)


def _may_head(block: Block) -> bool:
    return isinstance(block, Paragraph) and len(block.plain) <= MAX_HEADING


def _is_report(lines: Sequence[Line], keys: Sequence[int | None], start: int) -> bool:
    """Whether other headings, with text between them, follow a first heading before it comes again."""
    seen, text = {0}, 0
    for line, key in zip(lines[start + 1 :], keys[start + 1 :], strict=True):
        if key == 0:
            return False
        if key is None:
            text += len(line.plain)
        else:
            seen.add(key)
        if len(seen) >= MIN_HEADINGS and text >= MIN_TEXT:
            return True
    return False


def _same(lines: Sequence[Line], first: int, second: int) -> bool:
    """Whether what follows the two headings begins alike: one text, shown twice."""
    return [line.plain for line in lines[first + 1 : first + 3]] == [
        line.plain for line in lines[second + 1 : second + 3]
    ]


def _block_of(blocks: Sequence[Block], line: Line) -> int | None:
    """The place of the paragraph that holds a line; None for one inside a table."""
    return next(
        (
            at
            for at, block in enumerate(blocks)
            if not isinstance(block, Grid) and block.locator == line.locator and line.plain in block.plain
        ),
        None,
    )


def _with_its_head(blocks: Sequence[Block], at: int) -> int:
    """Where the second report's title stands, its introduction included; else its first heading."""
    for before in range(at - 1, max(at - 1 - MAX_TITLE, 0), -1):
        block = blocks[before]
        if isinstance(block, Grid):
            break
        if len(block.plain) <= 2 * MAX_HEADING and is_report_title(block.plain):
            return before
    return at
