"""A seed's flattened text as blocks again: paragraphs as they stand, tables with their true spans.

Two layouts of flattened tables occur (golden/SCHEMA.md): one cell per line between lines of bare pipes, and
one row per line. The text of every cell and paragraph is kept to the letter.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.portals.tables import Block, Para, Rows, layout

SEEDS = Path(__file__).parents[1] / "seeds"


@cache
def seed_text(name: str) -> str:
    """The seed whose file name starts with `name`, for example `001`."""
    return next(SEEDS.glob(f"{name}_*.txt")).read_text("utf-8")


@cache
def seed_blocks(name: str) -> tuple[Block, ...]:
    """The whole text in order, without the metadata rows of 001: the page draws those itself."""
    blocks: list[Block] = []
    lines = [line.strip() for line in seed_text(name).splitlines()]
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and "|" in lines[end]:
            end += 1
        if end == start:
            if lines[start]:
                blocks.append(Para(lines[start]))
            start += 1
            continue
        rows = _rows(lines[start:end])
        if not rows[0][0].startswith("索引号"):
            blocks.append(layout(rows))
        start = end
    return tuple(blocks)


def _rows(lines: list[str]) -> Rows:
    one_cell_per_line = lines[0] == "|"
    rows: Rows = []
    if one_cell_per_line:
        for line in lines:
            if line == "|":
                rows.append([])
            elif line.strip("|").strip():
                rows[-1].append(line.removesuffix("|").strip())
    else:
        rows = [[cell.strip() for cell in line.split("|") if cell.strip()] for line in lines]
    return [row for row in rows if row and not row[0].startswith("---")]
