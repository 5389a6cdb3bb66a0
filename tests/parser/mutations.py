"""Every kind of damage to the tables, and two that do several at once."""

from __future__ import annotations

import random

from tests.parser import mutations_layout, mutations_numbers
from tests.parser.drawing import Drawing
from tests.parser.mutating import MUTATIONS, mutation
from tests.parser.mutations_cells import identical_neighbours_dropped

__all__ = ["MUTATIONS", "mutations_layout", "mutations_numbers"]


@mutation
def nothing(rng: random.Random, drawing: Drawing) -> set[str]:
    return set()


_ALONE = frozenset(
    [
        "second_report",
        "halves",
        "table_four_in_two",
        "number_row_in_two",
        "swapped_outcomes",
        "swapped_columns",
        "lost_head",
        "lost_head_cell",
        "dropped_head_cell",
        "dropped_column",
        "merged_down",
        "rows_run_together",
        "broken_with_repeated_head",
        "lost_head_lines",
        "row_cut_by_page",
        "doubled_table",
        "identical_neighbours_dropped",
        "stray_number",
        "serial_numbers",
        "zeros_left_blank",
        "head_without_rowspans",
        "numbers_exchanged",
        "wrong_number_summed_up",
        "deduplicated_and_damaged",
    ]
)


@mutation
def compound(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two kinds of damage at once."""
    one, two = rng.sample([name for name in MUTATIONS if name != "compound" and name not in _ALONE], 2)
    undetermined = MUTATIONS[one](rng, drawing) | MUTATIONS[two](rng, drawing)
    drawing.misprinted.clear()  # the other damage may have taken away every sum that could tell
    return undetermined


@mutation
def deduplicated_and_damaged(rng: random.Random, drawing: Drawing) -> set[str]:
    """Damage to a report, then an extractor that leaves out repeated cells."""
    name = rng.choice(
        [
            name
            for name in MUTATIONS
            if name not in _ALONE and "compound" not in name and name != "deduplicated_and_damaged"
        ]
    )
    hit = MUTATIONS[name](rng, drawing)
    drawing.misprinted.clear()
    return hit | identical_neighbours_dropped(rng, drawing)
