"""Which cells of a relation that fails may be wrong: those that no other relation vouches for.

A number that stands in two relations is held by both. If one cell is wrong by d, every relation that it takes
part in is off by d, and all others hold: then that cell alone is named. Else a cell is cleared by a relation
that holds; but what is left must be able to explain every difference, or nobody is cleared. So wrong numbers
that hide each other leave the whole relation named, but for two large ones that changed places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Number = int | float
_TELLING = 100  # a difference of two numbers that is hardly met by chance


@dataclass(frozen=True, slots=True)
class Relation:
    """`left` = `right`, sums over cells; None where it cannot be worked out."""

    id: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    lhs: Number | None
    rhs: Number | None

    @property
    def evaluable(self) -> bool:
        return self.lhs is not None and self.rhs is not None

    @property
    def off(self) -> Number:
        """How much the left side is above the right."""
        return 0 if self.lhs is None or self.rhs is None else self.lhs - self.rhs

    @property
    def cells(self) -> tuple[str, ...]:
        return (*self.left, *self.right)

    def sign(self, cell: str) -> int:
        """By how much the difference grows with the cell's number."""
        return 1 if cell in self.left else -1


def suspects(
    relations: Sequence[Relation], numbers: Mapping[str, Number | None]
) -> dict[str, tuple[str, ...]]:
    """The cells that may be wrong, by the id of each relation that fails. `numbers`: by cell."""
    failing = [relation for relation in relations if relation.off]
    if not failing:
        return {}
    of_cell: dict[str, list[Relation]] = {cell: [] for relation in failing for cell in relation.cells}
    for relation in relations:
        if relation.evaluable:
            for cell in relation.cells:
                if cell in of_cell:
                    of_cell[cell].append(relation)
    named = {relation.id: _named(relation, of_cell) for relation in failing}
    for group in _groups(failing, named):
        if not _explains(group, named, of_cell):
            named |= {relation.id: relation.cells for relation in group}
    exchanged = _exchanged(failing, named, of_cell, numbers)
    return named if exchanged is None else {relation.id: exchanged for relation in failing}


def _exchanged(
    failing: Sequence[Relation],
    named: Mapping[str, Sequence[str]],
    of_cell: Mapping[str, Sequence[Relation]],
    numbers: Mapping[str, Number | None],
) -> tuple[str, ...] | None:
    """The two numbers that break two relations, and nothing else, by having changed places."""
    if len(failing) != 2 or any(named[relation.id] != relation.cells for relation in failing):
        return None
    one, other = failing
    pairs = [
        (x, y)
        for x in one.cells
        for y in other.cells
        if abs((numbers[x] or 0) - (numbers[y] or 0)) >= _TELLING
        and not any(_broken_after(x, y, of_cell, numbers))
    ]
    return pairs[0] if len(pairs) == 1 else None


def _broken_after(
    x: str, y: str, of_cell: Mapping[str, Sequence[Relation]], numbers: Mapping[str, Number | None]
) -> Iterator[Relation]:
    """The relations of either cell that fail once the two are changed back."""
    change = (numbers[y] or 0) - (numbers[x] or 0)
    for relation in {relation.id: relation for relation in (*of_cell[x], *of_cell[y])}.values():
        off = relation.off
        off += relation.sign(x) * change if x in relation.cells else 0
        off -= relation.sign(y) * change if y in relation.cells else 0
        if off:
            yield relation


def _named(relation: Relation, of_cell: Mapping[str, Sequence[Relation]]) -> tuple[str, ...]:
    alone = tuple(cell for cell in relation.cells if _may_be_alone(cell, of_cell[cell]))
    if any(len(of_cell[cell]) > 1 for cell in alone):
        return alone
    left = tuple(cell for cell in relation.cells if all(other.off for other in of_cell[cell]))
    return left or relation.cells


def _may_be_alone(cell: str, relations: Iterable[Relation]) -> bool:
    """All relations of the cell fail, and by the same amount."""
    return len({relation.off * relation.sign(cell) for relation in relations} | {0}) == 2 and all(
        relation.off for relation in relations
    )


def _groups(failing: Iterable[Relation], named: Mapping[str, Sequence[str]]) -> Iterator[list[Relation]]:
    """Relations that name a cell in common, together."""
    left = list(failing)
    while left:
        group, cells = [left.pop()], set[str]()
        for relation in group:  # grows while it is walked
            cells |= set(named[relation.id])
            near = [other for other in left if cells & set(named[other.id])]
            group += near
            left = [other for other in left if other not in near]
        yield group


def _explains(
    group: Sequence[Relation],
    named: Mapping[str, Sequence[str]],
    of_cell: Mapping[str, Sequence[Relation]],
) -> bool:
    """Whether some errors of the named cells make every difference: linear equations with a solution."""
    cells = list(dict.fromkeys(cell for relation in group for cell in named[relation.id]))
    touched = {relation.id: relation for cell in cells for relation in of_cell[cell]}
    failing = [relation for relation in touched.values() if relation.off]
    rows = [
        [Fraction(relation.sign(cell) if cell in relation.cells else 0) for cell in cells]
        + [Fraction(relation.off)]
        for relation in failing
    ]
    return _solvable(rows, len(cells))


def _solvable(rows: list[list[Fraction]], width: int) -> bool:
    """Gauss; each row ends with its right side."""
    done = 0
    for column in range(width):
        pivot = next((at for at in range(done, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        first = rows[done]
        for at in range(done + 1, len(rows)):
            factor = rows[at][column] / first[column]
            if factor:
                rows[at] = [a - factor * b for a, b in zip(rows[at], first, strict=True)]
        done += 1
    return all(not row[-1] for row in rows[done:])
