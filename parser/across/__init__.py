"""Checks that compare reports: with the body's last report, with its peers, a county with its units.

statute.md §3 (C1–C3, P1), practice.md §3 (C4–C7, N12, T5, T6). Each is a function of numbers and words
already read; a relation whose data one of the reports does not give yields no check.
"""

from __future__ import annotations

from parser.across.area import area_checks
from parser.across.figures import Figures, figures_of
from parser.across.peers import Peers, peer_checks, peers_of
from parser.across.years import year_checks

__all__ = ["Figures", "Peers", "area_checks", "figures_of", "peer_checks", "peers_of", "year_checks"]
