"""The seeds' tables flattened in every other layout that text extractors use: the same numbers come out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import extract
from parser import parse
from parser.document import Document, Grid
from tests.extract.pages import register

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
LAYOUTS = ("markdown", "pipes", "tabs", "cells", "leading", "blanks")
# A header broken over two rows, with blank cells before it, has no reading in these layouts.
BEYOND = {("004", "cells"), ("004", "leading")}
CASES = [(path, layout) for path in SEEDS for layout in LAYOUTS if (path.stem[:3], layout) not in BEYOND]


def rows(grid: Grid) -> list[list[str]]:
    return [[c.text.replace("\n", " ") for c in grid.cells if c.row == row] for row in range(grid.n_rows)]


def flattened(row: list[str], layout: str) -> list[str]:
    match layout:
        case "markdown":
            return [f"| {' | '.join(row)} |"]
        case "pipes":
            return [" | ".join(row) + " |"]
        case "tabs":
            return ["\t".join(row)]
        case "cells":
            return ["|", *(f"{cell} |" if cell else "|" for cell in row)]
        case "leading":
            return [row[0] or "　", *(f"| {cell}" if cell else "|" for cell in row[1:]), "|"]
        case _:
            return ["    ".join(cell for cell in row if cell)]


@cache
def seed(path: Path) -> Document:
    return extract.read_file(path, register=register())


def numbers(document: Document) -> dict[tuple[str, ...], object]:
    tables = parse(document).tables
    found: dict[tuple[str, ...], object] = {}
    for row in (*(tables.proactive_disclosure or ()), *(tables.applications or ())):
        found |= {(row.key, key): cell.value for key, cell in row.cells.items()}
    return found | {(key,): cell.value for key, cell in (tables.review_litigation or {}).items()}


@pytest.mark.parametrize(
    ("path", "layout"), CASES, ids=[f"{path.stem[:3]}-{layout}" for path, layout in CASES]
)
def test_the_same_numbers_in_every_layout(path: Path, layout: str) -> None:
    document = seed(path)
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            lines += [line for row in rows(block) for line in flattened(row, layout)]
        else:
            lines.append(block.text)
    again = extract.read("\n".join(lines).encode(), name="seed.txt", register=register())
    assert numbers(again) == numbers(document)
    assert len(numbers(document)) > 180
