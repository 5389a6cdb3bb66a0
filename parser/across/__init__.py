"""Checks that compare reports: with the body's last report, with its peers, a county with its units.

statute.md §3 (C1–C3, P1), practice.md §3 (C4–C7, N12, T5, T6). Each is a function of numbers and words
already read; a relation whose data one of the reports does not give yields no check.
"""

from __future__ import annotations

from parser.across.area import area_checks
from parser.across.figures import Figures, figures_of
from parser.across.peers import Peers, peer_checks, peers_of
from parser.across.words import ACROSS
from parser.across.years import fee_checks, year_checks

#: What the checks of this package are called before the first dot, and the codes of their findings.
FAMILIES = frozenset({"C1", "C2", "C3", "C4", "C4b", "C4c", "C5", "C6", "C7", "N12", "P1", "T5", "T6"})
CODES = FAMILIES | {"C1_explained", "C1_column", "P1_sum"}

__all__ = [
    "ACROSS",
    "CODES",
    "FAMILIES",
    "Figures",
    "Peers",
    "area_checks",
    "fee_checks",
    "figures_of",
    "peer_checks",
    "peers_of",
    "year_checks",
]
