"""The tables of an export by name, and what makes each safe to pass on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from archive.audit.run import Audit
from archive.export import basic
from archive.export.conduct import accountability, fees
from archive.export.evidence import date_evidence
from archive.export.indicators import indicators
from archive.export.masking import masked
from archive.export.model import Kind, Table
from archive.export.panel import panel
from archive.export.revisions import revisions
from archive.export.similarity import similarity
from archive.export.source import Source
from archive.export.sums import county_sums

_MAKERS: Mapping[str, Callable[[Source, Audit, Sequence[str]], Table]] = {
    "panel": lambda source, audit, _: panel(audit, source),
    "reports": lambda source, _, __: basic.reports(source),
    "cells": lambda source, _, keys: basic.cells(source, keys),
    "cells_wide": lambda source, _, keys: basic.cells_wide(source, keys),
    "findings": lambda source, _, __: basic.findings(source),
    "facts": lambda source, _, __: basic.facts(source),
    "revisions": lambda source, _, __: revisions(source),
    "indicators": lambda source, audit, _: indicators(source, audit),
    "date_evidence": lambda source, _, __: date_evidence(source),
    "accountability": lambda source, _, __: accountability(source),
    "fees": lambda source, _, __: fees(source),
    "similarity": lambda source, _, __: similarity(source),
    "county_sums": lambda source, audit, _: county_sums(source, audit),
}
TABLES = tuple(_MAKERS)


def export_table(name: str, source: Source, audit: Audit, cell_keys: Sequence[str]) -> Table:
    """One table, personal numbers masked. `cell_keys`: every cell of SCHEMA.md, in its order."""
    table = _MAKERS[name](source, audit, cell_keys)
    texts = [column for column, kind in table.columns.items() if kind is Kind.TEXT]
    for row in table.rows:
        for column in texts:
            if isinstance(value := row.get(column), str):
                row[column] = masked(value)
    return table
