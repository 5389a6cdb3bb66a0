"""Every kind of damage to what is said beside the tables, and the names that the pages give them."""

from __future__ import annotations

from tests.parser import mutations_said, mutations_told
from tests.parser.mutating_words import KINDS
from tests.parser.mutations import MUTATIONS

__all__ = ["KINDS", "OWN", "PRACTICE_3", "STATUTE_3", "STATUTE_6", "mutations_said", "mutations_told"]

#: The names of statute.md §6 (what real reports showed), each with the kind that does it.
STATUTE_6 = {
    "title with two years or one year twice": ("title_with_the_year_twice", "title_of_another_year"),
    "截至2087年底": ("until_an_impossible_year",),
    "202020年12月31日": ("year_with_digits_doubled",),
    "a column path named 2019 but dated 2026-01": ("column_of_another_year",),
    "第二十条第 with the item number lost and a blank for 规章": ("item_number_lost",),
    "template residue 该部分以表格形式报告": ("words_of_the_form_left",),
    "identical cells deduplicated": ("identical_neighbours_dropped", "deduplicated_and_damaged"),
    "tables absent, images or scripts": ("table_is_a_picture",),
    "/ and blanks for zero": ("blank_cells", "blank_zeros", "zeros_left_blank"),
    "last year's outlook kept": ("outlook_of_last_year",),
    "我乡 in a 镇 report": ("our_township_in_a_town",),
    "the tables of one form under another year": ("tables_of_another_form",),
}
#: The ids of practice.md §3.
PRACTICE_3 = frozenset(
    [
        *("N1b", "N9", "N10", "N11", "N12", "N13", "Y3", "Y4", "S2", "S3", "S4", "S5"),
        *("H1", "T5", "T6", "T7", "T8", "D3", "C4", "C4b", "C4c", "C5", "C6", "C7"),
    ]
)
#: Those of statute.md §3, beside the sums.
STATUTE_3 = frozenset(
    [
        *("N1", "N2", "N3", "N4", "N5", "N6", "N7", "P1", "Y1", "Y2", "D1", "D2"),
        *("T1", "T2", "T3", "T4", "C1", "C2", "C3"),
    ]
)
#: Kinds of our own: damage that neither page names.
OWN = tuple(
    name for name in MUTATIONS if name != "nothing" and not any(name in kinds for kinds in STATUTE_6.values())
)
