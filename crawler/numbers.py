"""A list of 索引号 to look for, and what came of each. Pure: the spider asks, this keeps the books.

    # one number a line, or a CSV with a column 索引号 (and, if you like, 单位名称)
    001008006002065/2024-154563

A number is found where a page itself shows it: whether a portal's search matches whole numbers or parts is
unknown (portals.md §12). That a search finds nothing proves no absence.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from archive.context import WalkResult
from archive.index_number import IndexNumber, canonical_form, parse_index_number
from archive.warc.capture import Pointer
from crawler.answers import Trouble

MAX_HITS = 5  # pages opened per portal and number: more hits mean that the search ignored the number


class NumbersError(Exception):
    """A list that cannot be used: one line that names the file, what is wrong, and what to do."""


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    number: tuple[str, ...]
    publisher: tuple[str, ...]
    placeholders: tuple[str, ...]


@cache
def _words() -> _Words:
    path = Path(__file__).parent / "data" / "index_numbers.yml"
    return _Words.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One number of the list. `publisher` is whose document it is, where the list says so."""

    number: IndexNumber
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class NumberList:
    """What a file asks for, each number once, and what in it is none."""

    wanted: tuple[Wanted, ...]
    faults: tuple[str, ...] = ()  # lines that hold no number, one plain line each
    repeats: tuple[str, ...] = ()  # numbers that stand there twice, told but no fault


class Outcome(StrEnum):
    """What came of a number. The worst of several portals counts only where none has found it."""

    FOUND = "found"
    INCOMPLETE = "incomplete"
    DECLINED = "declined"
    NOT_FOUND = "not_found"
    NO_SEARCH = "no_search"  # the platform has no known index search, and nobody was asked


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that shows the number."""

    portal: str
    url: str
    title: str
    pointer: Pointer | None
    held: bool = False  # it was archived already


@dataclass
class Search:
    """One number looked for on one portal."""

    portal: str
    wanted: Wanted
    forms: list[str]  # spellings left to ask for
    hits: list[Hit] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pages: int = 0  # of the search, read
    opened: int = 0  # documents
    unopened: int = 0  # rows that the cap left out
    asked: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.hits:
            return Outcome.FOUND
        if self.troubles or self.unopened:
            only_declined = bool(self.troubles) and not self.unopened
            only_declined = only_declined and all(t.result is WalkResult.DECLINED for t in self.troubles)
            return Outcome.DECLINED if only_declined else Outcome.INCOMPLETE
        return Outcome.NOT_FOUND if self.asked else Outcome.NO_SEARCH

    def names(self, printed: str | None) -> bool:
        """Whether a list prints this very number beside a document."""
        return printed is not None and canonical_form(printed) == self.wanted.number.canonical

    def may_be(self, printed: str | None) -> bool:
        """Whether a row may be the number's document: it prints that number, or none."""
        return not printed or self.names(printed)

    def hit(self, hit: Hit) -> None:
        """A document that shows the number, once each."""
        if all(hit.url != known.url for known in self.hits):
            self.hits.append(hit)

    def words(self) -> str:
        """Everything that is to be told of it, in words for people."""
        told = [trouble.words for trouble in self.troubles]
        if len(self.hits) > 1:
            told.append(f"{len(self.hits)} 个页面显示同一索引号 pages show this number")
        if self.unopened and not self.hits:
            told.append(
                f"另有 {self.unopened} 条结果未打开，检索可能未按索引号筛选 more hits were not opened: "
                "the search may ignore the number"
            )
        return "；".join(dict.fromkeys([*told, *self.notes]))


def search_of(portal: str, wanted: Wanted) -> Search:
    """A search that has not begun. As printed first: sites keep the hyphen that the canonical form drops."""
    printed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", wanted.number.raw))
    return Search(portal, wanted, list(dict.fromkeys((printed, wanted.number.canonical))))


def overall(searches: Iterable[Search]) -> dict[str, Outcome]:
    """By number, canonical: found if any portal found it, else the reason that leaves most open."""
    outcomes: dict[str, set[Outcome]] = {}
    for search in searches:
        outcomes.setdefault(search.wanted.number.canonical, set()).add(search.outcome)
    return {number: next(kind for kind in Outcome if kind in found) for number, found in outcomes.items()}


def read_numbers(path: Path) -> NumberList:
    """The list in a file: UTF-8 or GB 18030, one number a line or CSV. Raises NumbersError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NumbersError(f"{path}: 读不出 cannot be read: {error.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    faults: list[str] = []
    repeats: list[str] = []
    wanted: dict[str, Wanted] = {}
    for line, cell, publisher in _cells(text):
        number = parse_index_number(cell)
        if number is None:
            faults.append(f"{path.name} 第 {line} 行不像索引号 not an index number, line {line}: {cell[:40]}")
        elif number.canonical in wanted:
            repeats.append(number.raw)
        else:
            wanted[number.canonical] = Wanted(number, publisher or None)
    if not wanted:
        raise NumbersError(
            f"{path}: 没有索引号，应每行一个，或 CSV 含“索引号”列 no index number: one a line, or CSV"
        )
    return NumberList(tuple(wanted.values()), tuple(faults), tuple(repeats))


def _cells(text: str) -> Iterator[tuple[int, str, str]]:
    """(line, number, publisher) for each line that is neither blank nor a comment."""
    lines = text.splitlines() or [""]
    head = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    columns = _columns(next(csv.reader(lines[head : head + 1], delimiter=_delimiter(lines[head])), []))
    if columns is None:
        for at, line in enumerate(lines, 1):
            cell = line.partition("#")[0].strip()
            if cell:
                yield at, cell, ""
        return
    number, publisher = columns
    rows = csv.reader(lines[head + 1 :], delimiter=_delimiter(lines[head]))
    for row in rows:
        cell = row[number].strip().lstrip("'") if number < len(row) else ""
        if cell.startswith("#") or cell in _words().placeholders:
            continue
        named = row[publisher].strip() if publisher is not None and publisher < len(row) else ""
        yield head + 1 + rows.line_num, cell, named


def _columns(head: Sequence[str]) -> tuple[int, int | None] | None:
    """Where a CSV's head has the number and the publisher; None for a line that is no head."""
    names = [re.sub(r"\s+", "", name) for name in head]
    number = next((at for at, name in enumerate(names) if name in _words().number), None)
    publisher = next((at for at, name in enumerate(names) if name in _words().publisher), None)
    return None if number is None else (number, publisher)


def _delimiter(head: str) -> str:
    return max((",", "\t", ";"), key=head.count)
