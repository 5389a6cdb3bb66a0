"""What every reader of a source does with blocks: their text, normal form, grids from rows, lines joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extract.normal import Normaliser
from parser.document import Block, Cell, Grid, GridSource, Paragraph


def block_text(block: Block) -> str:
    """A block's text in reading order; a grid's cells are parted by tabs."""
    return block.text if isinstance(block, Paragraph) else "\t".join(cell.text for cell in block.cells)


def normalise(blocks: Iterable[Block], normaliser: Normaliser) -> tuple[Block, ...]:
    """The same blocks with `plain` filled in by the document's own normaliser.

    Most texts are in normal form as they are printed: a block of which that holds is given back itself.
    """
    done: list[Block] = []
    plain = normaliser.plain
    for block in blocks:
        if isinstance(block, Paragraph):
            text = plain(block.text)
            done.append(block if text == block.plain else replace(block, plain=text))
            continue
        texts = [plain(cell.text) for cell in block.cells]
        if all(cell.plain == text for cell, text in zip(block.cells, texts, strict=True)):
            done.append(block)
            continue
        cells = tuple(replace(c, plain=text) for c, text in zip(block.cells, texts, strict=True))
        done.append(Grid(cells, block.n_rows, block.n_columns, block.source, block.locator))
    return tuple(done)


def as_plain(blocks: Iterable[Block], normaliser: Normaliser) -> list[Block]:
    """The same blocks with their normal form in the place of their text."""
    done: list[Block] = []
    for block in normalise(blocks, normaliser):
        if isinstance(block, Paragraph):
            done.append(Paragraph(block.plain, block.plain, block.locator, block.confidence))
            continue
        cells = tuple(replace(c, text=c.plain) for c in block.cells)
        done.append(Grid(cells, block.n_rows, block.n_columns, block.source, block.locator))
    return done


def placed(block: Block, place: str) -> Block:
    """The block with its locators behind that of what holds it."""
    if isinstance(block, Paragraph):
        return replace(block, locator=f"{place} {block.locator}")
    cells = tuple(replace(c, locator=f"{place} {c.locator}") for c in block.cells)
    return Grid(cells, block.n_rows, block.n_columns, block.source, f"{place} {block.locator}")


def grid_from_rows(rows: Sequence[Sequence[tuple[str, str]]], source: GridSource, locator: str = "") -> Grid:
    """A grid without spans from rows of (text, locator); empty cells are kept, short rows stay short."""
    cells = tuple(
        Cell(row, column, text, text, place)
        for row, texts in enumerate(rows)
        for column, (text, place) in enumerate(texts)
    )
    return Grid(cells, len(rows), max((len(row) for row in rows), default=0), source, locator)


def joint(before: str, after: str) -> str:
    """What stands between two lines that are one text: a blank between Latin words, else nothing."""
    letters = before[-1:].isascii() and after[:1].isascii() and before[-1:].isalpha() and after[:1].isalpha()
    return " " if letters else ""
