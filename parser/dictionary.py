"""The data dictionary: every table and column of an export, every statutory cell, in Chinese and English.

Words: data/dictionary.yml; the cells' labels are the tables that the parser itself reads by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from parser.labels import APPLICATIONS, DISCLOSURE, REVIEW

_FORMATS = ("v2019", "v2021")
_WIDE = "cells_wide"


class Words(BaseModel):
    """How a table or column is called; `unit` where it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str
    unit: str = ""


class Break(BaseModel):
    """A report year from which a series means something else. `of`: a table's key, or all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int
    of: str
    zh: str
    en: str


class Dictionary(BaseModel):
    """data/dictionary.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    tables: dict[str, Words]
    columns: dict[str, Words]
    breaks: tuple[Break, ...]

    def column(self, table: str, name: str) -> Words:
        """The words of a column. Raises KeyError for one that nobody described."""
        return self.columns.get(f"{table}.{name}") or self.columns[name]


@dataclass(frozen=True, slots=True)
class CellTerm:
    """One cell of the three tables."""

    key: str
    zh: str
    unit: str
    formats: tuple[str, ...]

    @property
    def table(self) -> str:
        """Key of its table."""
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the dictionary."""

    table: str
    key: str
    zh: str
    en: str
    unit: str
    formats: str
    series_breaks: str


@cache
def dictionary() -> Dictionary:
    """The table of words, read once. Raises ValueError where it is wrong."""
    text = (files("parser") / "data" / "dictionary.yml").read_text(encoding="utf-8")
    return Dictionary.model_validate(yaml.safe_load(text))


@cache
def cell_terms() -> tuple[CellTerm, ...]:
    """Every cell that a format has, in printed order: table 二, 三, 四; keys as SCHEMA.md."""
    return (*_disclosure(), *_applications(), *_review())


def entries(tables: Mapping[str, Iterable[str]]) -> list[Entry]:
    """The dictionary of an export: a line a column of each table, the wide table's cells among them.

    Raises KeyError for a column that has no words.
    """
    words, cells = dictionary(), {term.key: term for term in cell_terms()}
    found = []
    for table, columns in tables.items():
        head = words.tables[table]
        found.append(Entry(table, "", head.zh, head.en, "", "", _breaks("all")))
        for name in columns:
            if table == _WIDE and name in cells:
                found.append(_cell_entry(cells[name]))
            else:
                column = words.column(table, name)
                found.append(Entry(table, name, column.zh, column.en, column.unit, "", ""))
    return found


def _cell_entry(term: CellTerm) -> Entry:
    english = term.key.replace(".", " / ").replace("_", " ")
    return Entry(_WIDE, term.key, term.zh, english, term.unit, "; ".join(term.formats), _breaks(term.table))


def _breaks(of: str) -> str:
    return "; ".join(f"{b.year}：{b.zh} {b.en}" for b in dictionary().breaks if b.of in {of, "all"})


def _disclosure() -> Iterable[CellTerm]:
    columns = {column.key: column for column in DISCLOSURE.columns}
    for row in DISCLOSURE.rows:
        keys = dict.fromkeys(key for version in _FORMATS for key in row.columns_in(version))
        for key in keys:
            column = columns[key]
            versions = tuple(version for version in _FORMATS if key in row.columns_in(version))
            name = (*row.exact, *row.any)[0]
            unit = "万元 10,000 yuan" if column.money else "件 count"
            yield CellTerm(
                f"proactive_disclosure.{row.key}.{key}",
                f"{row.item} {name}／{column.label_in(versions[-1])}",
                unit,
                versions,
            )


def _applications() -> Iterable[CellTerm]:
    for row in APPLICATIONS.rows:
        group, subgroup = APPLICATIONS.group_label(row)
        label = "／".join(part for part in (group, subgroup, row.label) if part)
        for column in APPLICATIONS.columns:
            yield CellTerm(
                f"applications.{row.key}.{column.key}", f"{label}／{column.label}", "件 count", row.versions
            )


def _review() -> Iterable[CellTerm]:
    for key, label in REVIEW.labels.items():
        yield CellTerm(f"review_litigation.{key}", label, "件 count", _FORMATS)
