"""Names of cells, rows, columns and tables (tests/golden/SCHEMA.md) as the statutory forms call them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from parser.dictionary import cell_terms
from parser.labels import APPLICATIONS

TABLES = {"proactive_disclosure": "表二", "applications": "表三", "review_litigation": "表四"}
_MOST = 3  # places told by name
_COLUMNS = {column.key: column.label for column in APPLICATIONS.columns}


@cache
def _words() -> dict[str, str]:
    words = dict(TABLES)
    for term in cell_terms():
        table = TABLES[term.table]
        words[term.key] = f"{table} {term.zh}"
        row = term.key.rpartition(".")[0]
        if row not in words:
            words[row] = f"{table} {term.zh.rpartition('／')[0]}"
    return words


def place_name(name: str) -> str | None:
    """`applications.carried_over.total` → 表三 二、上年结转…数量／总计; None for what is no place."""
    table, star, column = name.partition(".*.")
    if star:
        return f"{TABLES[table]} {_COLUMNS[column]}列" if column in _COLUMNS else None
    return _words().get(name)


def place_names(names: Iterable[str]) -> str:
    """The first places of a finding, and how many there are if there are more; empty where there are none."""
    places = list(dict.fromkeys(_known(names)))
    more = f"等{len(places)}处" if len(places) > _MOST else ""
    return "；".join(places[:_MOST]) + more


def _known(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        place = place_name(name)
        if place is not None:
            yield place
